"""The archive's pure decisions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.errors import FileEmpty, FileTooLarge
from chalicelib.archive.page_words import PageWords, decode, encode
from chalicelib.archive.rules import (
    KINDS,
    SIZE_LIMIT,
    check_filing,
    check_size,
    document_reason,
    document_state,
    refusal_reason,
)
from chalicelib.kernel.errors import FieldsInvalid
from chalicelib.ports.ocr import Word

TODAY = date(2026, 11, 22)
STATES = st.sampled_from(["read", "read with doubts", "refused"])
WORDS = st.builds(
    Word,
    text=st.text(
        st.characters(
            exclude_characters=" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0",
            exclude_categories=["Zs", "Zl", "Zp", "Cs"],
        ),
        min_size=1,
        max_size=12,
    ),
    x=st.integers(0, 15000),
    y=st.integers(0, 15000),
    width=st.integers(1, 3000),
    height=st.integers(1, 300),
    confidence=st.integers(0, 100).map(float),
    line=st.integers(0, 200),
    doubt=st.booleans(),
)


def filing(**given):
    whole = {"kind": "other", "title": "", "owner": "", "year": "", "parcel": None, "confidential": False}
    return check_filing(**{**whole, **given}, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "year"), [("١٩٨٧", 1987), (" 2011 ", 2011), ("۲۰۱۱", 2011), ("", None), ("‏٢٠٢٦‏", 2026)]
)
def test_years_are_taken_in_any_digits(typed, year):
    assert filing(year=typed).year == year


@pytest.mark.parametrize(
    "typed", ["2027", "1700", "0", "١٢", "99999999999", "0000020111", "9" * 5000, "ألفان", "20-11x", "٢٠١١م"]
)
def test_years_that_cannot_be_are_refused(typed):
    with pytest.raises(FieldsInvalid) as refused:
        filing(year=typed)
    assert list(refused.value.fields) == ["year"]


def test_every_field_at_fault_is_named_at_once():
    with pytest.raises(FieldsInvalid) as refused:
        filing(kind="poem", year="x", title="ع" * 301)
    assert set(refused.value.fields) == {"kind", "year", "title"}


def test_texts_lose_stray_spaces_only():
    assert filing(title="  رخصة   بناء ", owner="أحمد\tعلي").title == "رخصة بناء"
    assert all(filing(kind=kind).kind == kind for kind in KINDS)


def test_sizes():
    check_size(1)
    check_size(SIZE_LIMIT)
    with pytest.raises(FileEmpty):
        check_size(0)
    with pytest.raises(FileTooLarge):
        check_size(SIZE_LIMIT + 1)


@given(st.lists(STATES, max_size=12))
def test_a_document_is_refused_only_when_no_page_is_left(states):
    state = document_state(states)
    assert (state == "refused") == all(one == "refused" for one in states)
    assert (state == "read") == (bool(states) and set(states) == {"read"})


@given(st.lists(st.tuples(STATES, st.sampled_from(["a", "b"])), max_size=8))
def test_a_reason_is_given_exactly_when_a_document_is_not_simply_read(pages):
    pages = [(state, None if state == "read" else reason) for state, reason in pages]
    state, reason = document_state([state for state, _ in pages]), document_reason(pages)
    assert (reason is None) == (state == "read")
    refused = [reason for state, reason in pages if state == "refused"]
    assert not refused or reason == refused[0]


def test_a_name_that_promises_otherwise_is_mislabelled():
    assert refusal_reason("unsupported-type", {"actual": "application/zip"}, "صك.PDF") == (
        "mislabelled",
        {"actual": "application/zip", "claimed": "application/pdf"},
    )
    assert refusal_reason("unsupported-type", {}, "notes.txt")[0] == "unsupported-type"
    assert refusal_reason("truncated-file", {}, "صك.pdf")[0] == "truncated-file"


@given(st.lists(WORDS, max_size=40).map(tuple))
def test_words_come_back_as_they_were_kept(words):
    page = PageWords(words)
    assert decode(encode(page)) == page
    assert encode(page) == encode(page)
    assert page.text.split(" ") == [word.text for word in words] or not words
