"""The municipality itself: its names, currency and time zone, from its description file."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.kernel.money import EXPONENT
from chalicelib.parcels.errors import MunicipalityUnreadable


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
    """The municipality described in a JSON file (docs/runbooks/begin-a-town.md has its keys).

    Raises MunicipalityUnreadable.
    """
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise MunicipalityUnreadable(file=str(file), reason=error.strerror or "unreadable") from error
    except ValueError as error:
        raise MunicipalityUnreadable(file=str(file), reason=f"no JSON: {error}") from error

    def text(*keys: str) -> str:
        found = given
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, str) or not found:
            raise MunicipalityUnreadable(file=str(file), reason=f"{'.'.join(keys)} is missing or no text")
        return found

    currency, timezone = text("currency"), text("timezone")
    if currency not in EXPONENT:
        raise MunicipalityUnreadable(file=str(file), reason=f"currency is none of {', '.join(EXPONENT)}")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise MunicipalityUnreadable(file=str(file), reason="timezone is none, as Asia/Kuwait is") from None
    return Municipality(
        code=text("code"),
        name_ar=text("name", "ar"),
        name_en=text("name", "en"),
        short_name_ar=text("short_name", "ar"),
        short_name_en=text("short_name", "en"),
        currency=currency,
        timezone=timezone,
        office_name_ar=text("office", "name", "ar"),
        office_name_en=text("office", "name", "en"),
        office_address_ar=text("office", "address", "ar"),
        office_address_en=text("office", "address", "en"),
        office_hours_ar=text("office", "hours", "ar"),
        office_hours_en=text("office", "hours", "en"),
        office_phone=text("office", "phone"),
        office_email=text("office", "email"),
        outside_reading_below=given.get("outside_reading_below"),
    )
