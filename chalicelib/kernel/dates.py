"""Days as people here read them: Gregorian with the month's name, and Hijri (Umm al-Qura)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hijridate import Gregorian

Language = Literal["ar", "en"]

GREGORIAN_MONTHS: dict[Language, tuple[str, ...]] = {
    "ar": (
        *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
        *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}

HIJRI_MONTHS: dict[Language, tuple[str, ...]] = {
    "ar": (
        *("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة"),
        *("رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"),
    ),
    "en": (
        *("Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Akhir", "Jumada al-Ula", "Jumada al-Akhirah"),
        *("Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah"),
    ),
}

# The Umm al-Qura table starts and ends here; outside it a Hijri day would be a guess.
FIRST_DAY, LAST_DAY = date(1924, 8, 1), date(2077, 11, 16)


@dataclass(frozen=True, order=True)
class HijriDate:
    """A day of the Umm al-Qura calendar."""

    year: int
    month: int
    day: int


def to_hijri(day: date) -> HijriDate:
    """The Umm al-Qura day of a Gregorian day; ValueError outside FIRST_DAY to LAST_DAY."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{day} is outside the Umm al-Qura table")
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    return HijriDate(hijri.year, hijri.month, hijri.day)


def gregorian_long(day: date, language: Language) -> str:
    """`22 نوفمبر 2026` or `22 November 2026`: the month is named, so day and month cannot be confused."""
    return f"{day.day} {GREGORIAN_MONTHS[language][day.month - 1]} {day.year}"


def hijri_long(day: date, language: Language) -> str:
    """The Hijri day of a Gregorian day, with its era: `12 جمادى الآخرة 1448 هـ`; ValueError as `to_hijri`."""
    hijri = to_hijri(day)
    era = {"ar": "هـ", "en": "AH"}[language]
    return f"{hijri.day} {HIJRI_MONTHS[language][hijri.month - 1]} {hijri.year} {era}"
