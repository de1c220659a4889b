"""Who asks, behind servers of our own and before those of strangers."""

import pytest

from chalicelib.web.request import address_of


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),  # nobody stands in front: anybody may have written it
        ("127.0.0.1", "192.0.2.1", 1, "192.0.2.1"),  # a town's own proxy
        ("127.0.0.1", "203.0.113.9, 192.0.2.1", 1, "192.0.2.1"),  # and a caller who wrote another before
        ("198.51.100.7", "192.0.2.1, 198.51.100.7", 1, "192.0.2.1"),  # CloudFront; API Gateway has added it
        ("198.51.100.7", "203.0.113.9, 192.0.2.1, 198.51.100.7", 1, "192.0.2.1"),
        ("127.0.0.1", "192.0.2.1, 198.51.100.7", 2, "192.0.2.1"),
        ("127.0.0.1", "", 1, "127.0.0.1"),  # past the proxy, from this machine
        ("198.51.100.7", "2001:db8::1, 198.51.100.7", 1, "2001:db8::1"),
        ("", "", 0, ""),
    ],
)
def test_the_caller_is_seen_past_our_own_servers_only(peer, forwarded, proxies, expected):
    assert address_of(peer, forwarded, proxies) == expected
