"""The parcel number: two letters of the area, the block, four digits of the parcel."""

import re
from dataclasses import dataclass

from chalicelib.kernel.arabic import clean_number
from chalicelib.parcels.errors import ParcelNumberMalformed

_SEPARATED = re.compile(r"([A-Z]{2})[\W_]*(\d{1,2})[\W_]+(\d{1,4})")
_RUN_TOGETHER = re.compile(r"([A-Z]{2})(\d{1,2})(\d{4})")


@dataclass(frozen=True)
class ParcelNumber:
    """A parcel number in its parts; `str` gives the one way it is written."""

    area: str
    block: int
    ordinal: int

    def __str__(self) -> str:
        return f"{self.area}-{self.block}-{self.ordinal:04d}"


def parse_parcel_number(text: str) -> ParcelNumber:
    """The number a person meant: digits of any script, any case, any of `- / .` or spaces between the parts.

    Raises ParcelNumberMalformed.
    """
    # The parts are told apart before the cleaning that takes spaces and dashes away.
    spaced = " ".join(filter(None, (clean_number(part) for part in re.split(r"[\s\-‐-―−_/\\.،,]+", text))))
    written = spaced.upper()
    found = _SEPARATED.fullmatch(written) or _RUN_TOGETHER.fullmatch(written)
    if found is None:
        raise ParcelNumberMalformed(field="parcel", number=text.strip()[:40])
    return ParcelNumber(found[1], int(found[2]), int(found[3]))
