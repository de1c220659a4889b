"""The Kuwaiti civil ID: twelve digits that say when a person was born and check themselves.

Layout `CYYMMDDSSSSK`: C is the century of birth (1 for the 1800s, 2 for the 1900s, 3 for the 2000s), YYMMDD the
birth date, SSSS a serial number, K the check digit.

Source of the check digit: prakhar.me/articles/kuwait-civil-id-checksum and math.stackexchange.com question 672303,
which agree: K = 11 - ((2,1,6,3,7,9,10,5,8,4,2) . (the first eleven digits) mod 11). Eleven digits whose K would be
10 or 11 are never given out. The Public Authority for Civil Information publishes the layout, not the formula.
"""

import unicodedata
from datetime import date

from chalicelib.kernel.errors import Refusal

WEIGHTS = (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CENTURIES = {"1": 1800, "2": 1900, "3": 2000}

# Read from a card or pasted from a message, a number arrives with these between its digits.
_SEPARATORS = frozenset("-‐‑–_.")


class CivilIdMalformed(Refusal):
    """Not a civil ID. `data["why"]` is `length`, `birth-date` or `check-digit`: what to look at again."""

    code = "civil-id-malformed"


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit for eleven ASCII digits, or None when no number with these digits is given out."""
    weighed = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_eleven, strict=True))
    digit = 11 - weighed % 11
    return digit if digit < 10 else None


def birth_date(first_seven: str) -> date | None:
    """The birth date that the first seven ASCII digits tell, or None when there is no such day."""
    if first_seven[0] not in CENTURIES:
        return None
    try:
        return date(
            CENTURIES[first_seven[0]] + int(first_seven[1:3]), int(first_seven[3:5]), int(first_seven[5:7])
        )
    except ValueError:
        return None


def parse_civil_id(text: str) -> str:
    """Twelve ASCII digits from what a person typed.

    Digits may be ASCII, Arabic-Indic or Persian, mixed; spaces, hyphens and invisible marks (direction marks,
    no-break spaces) between them are dropped. Raises CivilIdMalformed.
    """
    digits = []
    for character in text:
        # Z: spaces of all kinds, Cf: direction marks and joiners, Cc: tabs and line ends.
        if character in _SEPARATORS or unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cf", "Cc"):
            continue
        value = unicodedata.decimal(character, None)
        if value is None:
            raise CivilIdMalformed(why="length", field="civil_id")
        digits.append(str(value))
    civil_id = "".join(digits)
    if len(civil_id) != 12:
        raise CivilIdMalformed(why="length", field="civil_id")
    if birth_date(civil_id[:7]) is None:
        raise CivilIdMalformed(why="birth-date", field="civil_id")
    if check_digit(civil_id[:11]) != int(civil_id[11]):
        raise CivilIdMalformed(why="check-digit", field="civil_id")
    return civil_id
