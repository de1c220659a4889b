"""Sentences by id, in Arabic and English, from Project Fluent files."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fluent.runtime import FluentBundle, FluentResource

from chalicelib.kernel.dates import Language, gregorian_long, hijri_long
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.money import Money

CURRENCY_SIGNS: dict[Language, dict[str, str]] = {
    "ar": {"KWD": "د.ك", "SAR": "ر.س", "ILS": "شيكل", "AED": "د.إ"},
    "en": {},
}
Day = date | datetime
_FSI, _LRI, _PDI = "\u2068", "\u2066", "\u2069"
# Before and between the items of a list: without the mark an Arabic one of numbers would run from left to right.
_LISTS: dict[Language, tuple[str, str]] = {"ar": ("\u200f", "، "), "en": ("", ", ")}


class UnknownSentence(KeyError):
    """A template asks for an id that no Fluent file has."""


class Localisation:
    """Texts of one language. Arguments are wrapped in bidi isolates by Fluent."""

    def __init__(self, folder: Path, language: Language, timezone: str) -> None:
        self.language: Language = language
        self._zone = ZoneInfo(timezone)
        self._bundle = FluentBundle([language])
        for file in sorted((folder / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))

    def text(self, id: str, /, **arguments: Any) -> str:
        """The sentence; UnknownSentence when there is none in this language."""
        if not self._bundle.has_message(id):
            raise UnknownSentence(id)
        message = self._bundle.get_message(id)
        if message.value is None:
            raise UnknownSentence(id)
        said, _errors = self._bundle.format_pattern(
            message.value, {name: self._said(value) for name, value in arguments.items()}
        )
        return str(said)

    def known(self, id: str, /, **arguments: Any) -> str | None:
        """The sentence for what may have none: a name that another release gave."""
        return self.text(id, **arguments) if self._bundle.has_message(id) else None

    def refusal(self, refusal: Refusal) -> str:
        """What a refusal says to a person: id `refusal-<code>`, its data as arguments."""
        return self.text(f"refusal-{refusal.code}", **refusal.data)

    def money(self, amount: Money) -> str:
        """`10.500 د.ك`: every decimal, the number isolated so that it never turns round."""
        sign = CURRENCY_SIGNS[self.language].get(amount.currency, amount.currency)
        return f"{_LRI}{amount}{_PDI}\u00a0{sign}"

    def date(self, day: Day) -> str:
        """`12 فبراير 2026`, in the municipality's own time zone."""
        return f"{_FSI}{gregorian_long(self._local(day), self.language)}{_PDI}"

    def hijri(self, day: Day) -> str:
        """The Hijri date beside it."""
        return f"{_FSI}{hijri_long(self._local(day), self.language)}{_PDI}"

    def when(self, moment: datetime) -> str:
        """Date and time of day."""
        return f"{self.date(moment)} {_LRI}{moment.astimezone(self._zone):%H:%M}{_PDI}"

    def _local(self, day: Day) -> Day:
        return day.astimezone(self._zone).date() if isinstance(day, datetime) else day

    def _said(self, value: Any) -> Any:
        if isinstance(value, Money):
            return self.money(value)
        if isinstance(value, datetime):
            return self.when(value.astimezone(UTC))
        if isinstance(value, date):
            return self.date(value)
        if isinstance(value, bool) or value is None:
            return str(value).lower()
        if isinstance(value, (int, float, str)):
            return value
        if isinstance(value, Mapping):
            return str(value.get(f"name_{self.language}", value))
        if isinstance(value, (list, tuple, set)):
            mark, comma = _LISTS[self.language]
            return mark + comma.join(f"{_FSI}{item}{_PDI}" for item in value)
        return str(value)


@lru_cache(maxsize=8)
def localisation(folder: Path, language: Language, timezone: str) -> Localisation:
    """The texts of a language, read once a process."""
    return Localisation(folder, language, timezone)
