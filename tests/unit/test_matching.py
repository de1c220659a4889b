"""Routes are matched as API Gateway matches them."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.matching import Matcher

MATCHER = Matcher(["/", "/renew", "/renew/licences", "/renew/{application}", "/renew/{application}/check"])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", ("/", {})),
        ("/renew", ("/renew", {})),
        ("/renew/", ("/renew", {})),
        ("/renew/licences", ("/renew/licences", {})),
        ("/renew/licences/check", ("/renew/{application}/check", {"application": "licences"})),
        ("/renew/%D8%B1%D8%AE%D8%B5%D8%A9", ("/renew/{application}", {"application": "رخصة"})),
        ("/renew/a%2Fb", ("/renew/{application}", {"application": "a/b"})),
        ("/renew/a/b", None),
        ("/renew//check", None),
        ("/renew/%00", None),
        ("/nothing", None),
    ],
)
def test_fixed_words_win_and_parameters_take_one_segment(path, found):
    assert MATCHER.match(path) == found


@given(st.text(min_size=1, max_size=30).filter(lambda text: "\x00" not in text and text != "licences"))
def test_any_text_comes_through_a_parameter_whole(text):
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    found = MATCHER.match("/renew/" + quote(encodable, safe=""))
    assert found == ("/renew/{application}", {"application": encodable})


def test_two_names_for_one_place_are_a_mistake():
    with pytest.raises(ValueError, match="already"):
        Matcher(["/a/{b}", "/a/{c}/d"])
