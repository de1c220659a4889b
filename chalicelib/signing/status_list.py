"""Which licences are revoked: one bit a licence, zlib-packed, signed as a CWT.

Shape of the IETF Token Status List: anyone may fetch it whole, so asking says nothing about
which licence is being checked.
"""

import zlib
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from chalicelib.ports.keys import Keys
from chalicelib.signing.errors import TokenInvalid
from chalicelib.signing.token import sign_cwt, verify_cwt

CONTENT_TYPE = "application/statuslist+cwt"
LARGEST_LIST = 8_000_000

_TYPE, _SUBJECT, _EXPIRES, _ISSUED, _LIST = 16, 2, 4, 6, 65533


def issue_status_list(
    revoked: Collection[int], size: int, keys: Keys, uri: str, now: datetime, valid_for: timedelta
) -> bytes:
    """The signed list of `size` licences of which the indexes in `revoked` no longer hold."""
    bits = bytearray((size + 7) // 8)
    for index in revoked:
        if not 0 <= index < size:
            raise ValueError(f"{index} is outside a list of {size}")
        bits[index // 8] |= 1 << index % 8
    claims = {
        _SUBJECT: uri,
        _ISSUED: int(now.timestamp()),
        _EXPIRES: int((now + valid_for).timestamp()),
        _LIST: {"bits": 1, "lst": zlib.compress(bytes(bits), 9)},
    }
    return sign_cwt(claims, keys, {_TYPE: CONTENT_TYPE})


def is_revoked(token: bytes, index: int, public_keys: Iterable[bytes], now: datetime) -> bool:
    """Whether a signed, current list says `index` is revoked; TokenInvalid for any other list or index."""
    claims = verify_cwt(token, public_keys)
    try:
        if index < 0 or claims[_LIST]["bits"] != 1 or datetime.fromtimestamp(claims[_EXPIRES], UTC) <= now:
            raise TokenInvalid
        bits = zlib.decompressobj().decompress(claims[_LIST]["lst"], LARGEST_LIST)
        return bool(bits[index // 8] >> index % 8 & 1)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, zlib.error) as error:
        raise TokenInvalid from error
