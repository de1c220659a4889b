"""The civil ID: what it accepts, what it refuses, and which slips of the hand it catches."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.kernel.civil_id import CivilIdMalformed, birth_date, check_digit, parse_civil_id

SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
NOISE = ("", " ", "  ", "\t", "\u00a0", "\u200f", "\u202a", "\u2069 ", "-")


@st.composite
def civil_ids(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
    body = f"{2 if born.year < 2000 else 3}{born:%y%m%d}{draw(st.integers(0, 9999)):04d}"
    check = check_digit(body)
    assume(check is not None)
    return f"{body}{check}"


def test_worked_by_hand() -> None:
    # 2·2 + 8·1 + 5·6 + 0·3 + 6·7 + 1·9 + 5·10 + 0·5 + 0·8 + 4·4 + 2·2 = 163 = 14·11 + 9; 11 - 9 = 2
    assert check_digit("28506150042") == 2
    assert parse_civil_id("285061500422") == "285061500422"
    assert birth_date("2850615") == date(1985, 6, 15)


@given(
    civil_ids(),
    st.lists(st.tuples(st.sampled_from(SCRIPTS), st.sampled_from(NOISE)), min_size=12, max_size=12),
)
def test_accepts_three_scripts_and_stray_spaces(civil_id: str, hands: list[tuple[str, str]]) -> None:
    typed = "".join(
        noise + script[int(digit)] for digit, (script, noise) in zip(civil_id, hands, strict=True)
    )
    assert parse_civil_id(typed + " ") == civil_id


@given(civil_ids(), st.integers(0, 11), st.integers(1, 9))
def test_refuses_any_one_wrong_digit(civil_id: str, place: int, shift: int) -> None:
    wrong = civil_id[:place] + str((int(civil_id[place]) + shift) % 10) + civil_id[place + 1 :]
    with pytest.raises(CivilIdMalformed):
        parse_civil_id(wrong)


@given(civil_ids(), st.integers(0, 10))
def test_refuses_neighbours_swapped(civil_id: str, place: int) -> None:
    left, right = civil_id[place], civil_id[place + 1]
    assume(left != right)
    with pytest.raises(CivilIdMalformed):
        parse_civil_id(civil_id[:place] + right + left + civil_id[place + 2 :])


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "length"),
        ("28506150042", "length"),
        ("2850615004222", "length"),
        ("28506150042x", "length"),
        ("²85061500422", "length"),
        ("485061500422", "birth-date"),
        ("285023000422", "birth-date"),
        ("285061500423", "check-digit"),
    ],
)
def test_says_what_to_look_at_again(typed: str, why: str) -> None:
    with pytest.raises(CivilIdMalformed) as refusal:
        parse_civil_id(typed)
    assert refusal.value.data == {"why": why, "field": "civil_id"}
