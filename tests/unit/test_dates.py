"""Days as people read them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.dates import FIRST_DAY, LAST_DAY, HijriDate, gregorian_long, hijri_long, to_hijri


def test_the_month_is_named() -> None:
    assert gregorian_long(date(2026, 4, 3), "ar") == "3 أبريل 2026"
    assert gregorian_long(date(2026, 4, 3), "en") == "3 April 2026"


# First days of Ramadan and of the year as the Umm al-Qura calendar published them.
@pytest.mark.parametrize(
    ("gregorian", "hijri"),
    [
        (date(2024, 3, 11), HijriDate(1445, 9, 1)),
        (date(2025, 3, 1), HijriDate(1446, 9, 1)),
        (date(2025, 6, 26), HijriDate(1447, 1, 1)),
    ],
)
def test_hijri_days_of_record(gregorian: date, hijri: HijriDate) -> None:
    assert to_hijri(gregorian) == hijri


def test_hijri_in_words() -> None:
    assert hijri_long(date(2024, 3, 11), "ar") == "1 رمضان 1445 هـ"
    assert hijri_long(date(2024, 3, 11), "en") == "1 Ramadan 1445 AH"


@given(st.dates(FIRST_DAY, LAST_DAY - timedelta(days=1)))
def test_each_day_follows_the_one_before(day: date) -> None:
    today, tomorrow = to_hijri(day), to_hijri(day + timedelta(days=1))
    if tomorrow.day == 1:
        assert today.day in (29, 30)
        months = tomorrow.year * 12 + tomorrow.month - today.year * 12 - today.month
        assert months == 1
    else:
        assert tomorrow == HijriDate(today.year, today.month, today.day + 1)


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)])
def test_no_hijri_day_is_guessed_outside_the_table(day: date) -> None:
    with pytest.raises(ValueError, match="outside"):
        to_hijri(day)
