"""What numbers of a kind must satisfy beside their shape: dates that exist, civil IDs that check themselves.

All take ASCII text and answer whether it is such a number.
"""

import re
from calendar import monthrange
from collections.abc import Callable

_DATE = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})")
_GREGORIAN = range(1900, 2101)
_HIJRI = range(1300, 1501)
_WEIGHTS = (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CENTURIES = {"1": 1800, "2": 1900, "3": 2000}


def is_date(text: str) -> bool:
    """A day that exists, Gregorian of 1900 to 2100 or Hijri of 1300 to 1500; year first or last, also of two digits.

    Which Hijri months have 30 days depends on whose calendar it was, so every one may.
    """
    found = _DATE.fullmatch(text)
    if not found:
        return False
    first, month, last = found[1], int(found[3]), found[4]
    if len(first) > 2 and len(last) > 2:
        return False
    year, day = (first, last) if len(first) > 2 else (last, first)
    if len(year) not in (2, 4) or not 1 <= month <= 12:
        return False
    if len(year) == 2:
        return 1 <= int(day) <= 31
    if int(year) in _HIJRI:
        return 1 <= int(day) <= 30
    return int(year) in _GREGORIAN and 1 <= int(day) <= monthrange(int(year), month)[1]


def is_civil_id(text: str) -> bool:
    """Kuwait's: `CYYMMDDSSSSK` with a birth date that exists and K the check digit,
    11 - ((2,1,6,3,7,9,10,5,8,4,2) . (the first eleven digits) mod 11).

    Source: prakhar.me/articles/kuwait-civil-id-checksum and math.stackexchange.com question 672303, which agree.
    """
    return bool(re.fullmatch(r"\d{12}", text)) and _born(text) and _check_digit(text) == int(text[11])


def _born(text: str) -> bool:
    year, month, day = _CENTURIES.get(text[0], 0) + int(text[1:3]), int(text[3:5]), int(text[5:7])
    return year >= 1800 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _check_digit(text: str) -> int:
    return 11 - sum(w * int(d) for w, d in zip(_WEIGHTS, text[:11], strict=True)) % 11


CHECKS: dict[str, Callable[[str], bool]] = {
    "civil-id": is_civil_id,
    "date": is_date,
}
# Those which hardly any misreading satisfies.
CHECK_DIGITS = frozenset({"civil-id"})
