"""The municipality itself: its names, currency and time zone, from its description file."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Municipality:
    """Whose Diwan this is. `code` names the office on receipts; `timezone` says when its days begin.

    Pages read with a confidence (0 to 100) below `outside_reading_below` may be shown to a reading service of others;
    None: none may.
    """

    code: str
    name_ar: str
    name_en: str
    short_name_ar: str
    short_name_en: str
    currency: str
    timezone: str
    office_name_ar: str
    office_name_en: str
    office_address_ar: str
    office_address_en: str
    office_hours_ar: str
    office_hours_en: str
    office_phone: str
    office_email: str
    outside_reading_below: float | None

    def local_day(self, moment: datetime) -> date:
        """The calendar day here at that moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()


def read_municipality(file: Path) -> Municipality:
    """The municipality described in a JSON file (samples/municipality/municipality.json shows the shape)."""
    given = json.loads(file.read_text(encoding="utf-8"))
    office = given["office"]
    return Municipality(
        code=given["code"],
        name_ar=given["name"]["ar"],
        name_en=given["name"]["en"],
        short_name_ar=given["short_name"]["ar"],
        short_name_en=given["short_name"]["en"],
        currency=given["currency"],
        timezone=given["timezone"],
        office_name_ar=office["name"]["ar"],
        office_name_en=office["name"]["en"],
        office_address_ar=office["address"]["ar"],
        office_address_en=office["address"]["en"],
        office_hours_ar=office["hours"]["ar"],
        office_hours_en=office["hours"]["en"],
        office_phone=office["phone"],
        office_email=office["email"],
        outside_reading_below=given.get("outside_reading_below"),
    )
