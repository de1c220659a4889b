"""The municipality Diwan serves: one file of facts, read at start."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Municipality:
    """Facts that pages, licences and rules need. Amounts are in `currency`; days fall in `timezone`."""

    code: str
    name_ar: str
    name_en: str
    currency: str
    timezone: str
    parcel_pattern: str
    office: dict[str, Any]


def read_municipality(file: Path) -> Municipality:
    """The municipality described by a JSON file; KeyError names what the file lacks."""
    facts = json.loads(file.read_text(encoding="utf-8"))
    return Municipality(
        code=facts["code"],
        name_ar=facts["name"]["ar"],
        name_en=facts["name"]["en"],
        currency=facts["currency"],
        timezone=facts["timezone"],
        parcel_pattern=facts["parcel_number"]["pattern"],
        office=facts["office"],
    )
