"""Parcel numbers as people type them, and what is said when there is no such parcel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.parcels.errors import ParcelNumberMalformed
from chalicelib.parcels.rules import ParcelNumber, parse_parcel_number


@pytest.mark.parametrize(
    "typed",
    [
        "MN-3-0121",
        " mn 3 121 ",
        "MN/٣/٠١٢١",
        "MN-۳-۰۱۲۱",
        "\u200fMN-3-0121\u200e",
        "MN–3–0121",
        "mn30121",
        "MN - 3 / 121",
    ],
)
def test_reads_a_number_however_it_is_typed(typed: str) -> None:
    assert str(parse_parcel_number(typed)) == "MN-3-0121"


@pytest.mark.parametrize(
    "typed", ["", "   ", "MN", "MN-3", "3-0121", "MN-3-01215", "MNX-3-0121", "MN-0x3-1", "قسيمة"]
)
def test_refuses_what_is_no_number(typed: str) -> None:
    with pytest.raises(ParcelNumberMalformed) as refused:
        parse_parcel_number(typed)
    assert refused.value.field == "parcel"


@given(
    st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    st.integers(0, 99),
    st.integers(0, 9999),
)
def test_what_is_written_is_read_back(area: str, block: int, ordinal: int) -> None:
    number = ParcelNumber(area, block, ordinal)
    assert parse_parcel_number(str(number)) == number
    assert parse_parcel_number(str(number).lower().replace("-", " ")) == number


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        number = parse_parcel_number(typed)
    except ParcelNumberMalformed:
        return
    assert parse_parcel_number(str(number)) == number
