"""What is filled into forms and sentences: names, places, and numbers of every kind that a municipality writes."""

import calendar
import re
from datetime import date, timedelta

import numpy as np

from chalicelib.kernel.civil_id import check_digit
from samples.corpus.words import FAMILY_NAMES, FIRST_NAMES, HIJRI_MONTHS, LATIN, WORDS
from samples.papers.script import indic, latin


class Values:
    """Draws values; numbers are in Arabic-Indic digits when `is_indic`, but for codes with Latin letters.

    Methods without arguments are slots of patterns.txt, as are the lists of WORDS and LATIN.
    """

    def __init__(self, random: np.random.Generator, is_indic: bool) -> None:
        self._random = random
        self._is_indic = is_indic

    def fill(self, pattern: str) -> str:
        """The pattern with every {slot} filled."""
        return re.sub(r"\{(\w+)\}", lambda slot: self.value(slot.group(1)), pattern)

    def value(self, slot: str) -> str:
        """What fills a slot of patterns.txt."""
        if slot in WORDS:
            return self.pick(WORDS[slot])
        if slot in LATIN:
            return latin(self.pick(LATIN[slot]))
        return str(getattr(self, slot)())

    def digits(self, text: str) -> str:
        """The text in this paper's digits."""
        return indic(text) if self._is_indic else text

    def pick(self, choices: tuple[str, ...] | list[str]) -> str:
        """One of the choices."""
        return choices[int(self._random.integers(len(choices)))]

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return int(self._random.integers(least, most + 1))

    def name(self) -> str:
        """A person's name of three or four parts."""
        firsts = [self.pick(FIRST_NAMES) for _ in range(self.between(2, 3))]
        return " ".join([*firsts, self.pick(FAMILY_NAMES)])

    def civil_id(self) -> str:
        """A valid civil ID."""
        while True:
            year, month = self.between(1950, 2009), self.between(1, 12)
            born = date(year, month, self.between(1, calendar.monthrange(year, month)[1]))
            first = f"{2 if year < 2000 else 3}{born:%y%m%d}{self.between(0, 9999):04}"
            digit = check_digit(first)
            if digit is not None:
                return self.digits(f"{first}{digit}")

    def date(self) -> str:
        """A Gregorian date in one of three or four ways of writing it."""
        day = date(1985, 1, 1) + timedelta(self.between(0, 15000))
        forms = [f"{day:%Y/%m/%d}", f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}"]
        # Hyphens turn the parts of a date in Arabic-Indic digits around when it is set: what was typed cannot be told.
        return self.digits(self.pick(forms if self._is_indic else [*forms, f"{day:%d-%m-%Y}"]))

    def hijri(self) -> str:
        """A Hijri date: named month or numbers."""
        day, month, year = self.between(1, 29), self.between(1, 12), self.between(1405, 1448)
        if self.between(0, 1):
            return f"{self.digits(str(day))} {HIJRI_MONTHS[month - 1]} {self.digits(str(year))} هـ"
        return self.digits(f"{year}/{month:02}/{day:02}") + " هـ"

    def year(self) -> str:
        """A Gregorian year."""
        return self.digits(str(self.between(1975, 2026)))

    def span(self) -> str:
        """A financial year."""
        first = self.between(1990, 2025)
        return self.digits(f"{first}/{first + 1}")

    def time(self) -> str:
        """A time of the day."""
        return self.digits(f"{self.between(1, 12)}:{self.between(0, 11) * 5:02}")

    def parcel(self) -> str:
        """A parcel's number, in Latin letters and ASCII digits as on file."""
        return f"{self.pick(['MN', 'RD', 'SQ'])}-{self.between(1, 9)}-{self.between(1, 999):04}"

    def plot(self) -> str:
        """A plot within its block."""
        return self.digits(str(self.between(10, 999)))

    def block(self) -> str:
        """A block of an area."""
        return self.digits(str(self.between(1, 12)))

    def file(self) -> str:
        """A file's or letter's number."""
        year, number = self.between(1985, 2026), self.between(10, 9999)
        return self.digits(
            self.pick([f"{year}/{number}", f"{year}/{self.between(1, 9)}/{number}", f"{number}/{year}"])
        )

    def permit(self) -> str:
        """A permit's number."""
        return self.digits(f"{self.between(1985, 2026)}/{self.between(1, 99999):05}")

    def number(self) -> str:
        """A register's number of three to seven digits."""
        return self.digits(str(self.between(10 ** (length := self.between(2, 6)), 10 ** (length + 1) - 1)))

    def reference(self) -> str:
        """A long reference."""
        return self.digits(str(self.between(10**9, 10**12 - 1)))

    def phone(self) -> str:
        """A telephone number of eight digits, with or without the country."""
        number = self.digits(f"{self.pick(['2', '5', '6', '9'])}{self.between(0, 9999999):07}")
        return latin(f"+965-{number}") if not self._is_indic and self.between(0, 4) == 0 else number

    def amount(self) -> str:
        """Dinars with three decimals, thousands apart at times."""
        dinars = self.between(1, 10 ** self.between(1, 5))
        fils = self.pick(["000", "500", "250", "750", f"{self.between(0, 999):03}"])
        return self.digits(f"{dinars:,}.{fils}" if self.between(0, 1) else f"{dinars}.{fils}")

    def m2(self) -> str:
        """A plot's area."""
        return self.digits(
            str(self.between(250, 4000)) if self.between(0, 1) else f"{self.between(250, 999)}.50"
        )

    def metres(self) -> str:
        """A length or a small area with two decimals."""
        return self.digits(f"{self.between(0, 60)}.{self.between(0, 19) * 5:02}")

    def count(self) -> str:
        """A small number."""
        return self.digits(str(self.between(2, 99)))

    def big(self) -> str:
        """A number of thousands."""
        number = self.between(1000, 999999)
        return self.digits(f"{number:,}" if self.between(0, 1) else str(number))

    def days(self) -> str:
        """A term in days."""
        return self.digits(self.pick(["7", "10", "14", "15", "30", "45", "60", "90", "180"]))

    def years(self) -> str:
        """A term in years."""
        return self.digits(str(self.between(2, 10)))

    def floors(self) -> str:
        """A number of one digit."""
        return self.digits(str(self.between(2, 9)))

    def percent(self) -> str:
        """A share."""
        return (
            self.digits(f"{self.between(2, 99)}.{self.between(1, 9)}" if self.between(0, 1) else self.count())
            + "%"
        )

    def scale(self) -> str:
        """A drawing's scale."""
        return self.digits(self.pick(["1:50", "1:100", "1:200", "1:500", "1:1000"]))

    def article(self) -> str:
        """An article and its paragraph."""
        return self.digits(f"{self.between(3, 99)}/{self.between(1, 9)}")

    def coordinate(self) -> str:
        """Degrees with four decimals."""
        return self.digits(f"{self.between(28, 48)}.{self.between(0, 9999):04}")

    def email(self) -> str:
        """An address."""
        return latin(
            f"{self.pick(['info', 'permits', 'archive', 'services'])}{self.between(1, 99)}@marsa.example"
        )

    def web(self) -> str:
        """A site."""
        return latin(f"www.marsa.example/{self.pick(['build', 'health', 'fees'])}")
