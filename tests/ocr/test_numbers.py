"""What a number is, whether it is a right one, and when a person should look at it."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.cutting import cut
from ocr.doubts import Judgement, Number, judged
from ocr.line_reader import LineReader
from ocr.number_checks import is_civil_id, is_date
from ocr.number_formats import STANDARD, NumberFormats, number_formats
from ocr.numbers import bare, ill_formed, number_in, regrouped, same_number
from ocr.recognition import Recogniser
from ocr.straight import prepared
from tests.ocr.drawing import page
from tests.ocr.test_recognition import read

MARSA = number_formats("samples/municipality/number-formats.json")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2004/03/12", True), ("12/03/2004", True), ("29-02-2024", True), ("1429/02/30", True), ("3/7/98", True),
        ("2004/13/12", False), ("29/02/2023", False), ("1429/13/01", False), ("2004/03", False), ("0987/06/02", False),
        ("2004/03-12", False), ("2004/12/2004", False), ("01987/06/02", False), ("2004/00/10", False),
    ],
)  # fmt: skip
def test_knows_days_that_exist(text: str, right: bool) -> None:
    assert is_date(text) is right


def test_knows_a_civil_id_by_its_check_digit() -> None:
    assert is_civil_id("271032212379")
    assert not is_civil_id("27103221237")
    assert not is_civil_id("271332212379")


@given(st.integers(0, 11), st.integers(1, 9))
def test_no_single_wrong_digit_makes_a_civil_id(place: int, more: int) -> None:
    right = "271032212379"
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    assert not is_civil_id(wrong)


@pytest.mark.parametrize(
    ("word", "number"),
    [("(٢٧٫٥٠٠)،", "27.500"), ("616م", "616"), ("MN-3-0127.", "MN-3-0127"), ("+965", "+965"), ("م", "")],
)
def test_takes_the_number_out_of_its_word(word: str, number: str) -> None:
    assert number_in(word) == number


@pytest.mark.parametrize(
    "written",
    ["٢٠٫٠٠", "٠٫٨٠", "٢٠٠٨/٠٣/٠٩", "0734", "٨:٤٥", "١٩٨٧/٣/٠٥٦٢", "RD-5-0347", "1:18,400", "(9/1)."],
)
def test_leaves_well_formed_numbers_alone(written: str) -> None:
    assert not ill_formed(written)


@pytest.mark.parametrize(
    "misread",
    ["٢٥٫٠", "٠٧٣٤٠", "8١", "m٧", "7٥٠", "٢٠.١١/٠٦٥٨", "٢١/٩/٢:٢٥", "٣٩-٢%", "٠٦٠٫٥٠٠", "٢:٦", "24.736.250"],
)
def test_knows_what_no_one_writes(misread: str) -> None:
    assert ill_formed(misread)


def test_a_number_without_what_stands_around_it() -> None:
    assert [bare(text) for text in ("(٢٧٫٥٠٠)،", "٢-", "-2", "3180%", ".SQ-2-0619")] == [
        "٢٧٫٥٠٠", "٢", "2", "3180%", "SQ-2-0619",
    ]  # fmt: skip


def test_points_that_no_number_has_are_commas() -> None:
    assert regrouped("32.439.750") == "32,439.750"
    assert regrouped("12.500") == "12.500"
    assert regrouped("25.04.2012") == "25.04.2012"
    sums = (
        STANDARD.verdict("32.439.750", ["المبلغ"], ["د.ك"]),
        STANDARD.verdict("32,439.750", ["المبلغ"], ["د.ك"]),
    )
    assert [verdict.holds for verdict in sums] == [False, True]


def test_a_look_without_its_line_may_see_letters_of_the_same_shape() -> None:
    assert same_number("180", "18O")
    assert same_number("٢٥٫٠٠", "٢٥ر٠٠")
    assert same_number("5000 0100", "50000100")
    assert same_number("٨٧.", "٠٨٧")
    assert not same_number("٢٥٫٠٠", "٢٥٠٠")
    assert not same_number("2018/09/18", "2018/09/13")


@pytest.mark.parametrize(
    ("word", "before", "after", "kind", "holds"),
    [
        ("٢٠٠٤/٠٣/١٢", [], [], "date", True),
        ("٠١٩٨٧/٠٦/٠٢", [], [], "date", False),
        ("١", ["الموافق:"], ["ربيع"], "date", True),
        ("271032212379", ["الرقم", "المدني:"], [], "civil-id", True),
        ("271032212378", [], [], "civil-id", False),
        ("27103221237", ["الرقم", "المدنى:"], [], "civil-id", False),
        ("133412087756", ["مرجع"], [], None, None),
        ("٢٧٫٥٠٠", ["وقدرها"], ["د.ك"], "amount", True),
        ("٢٧٫٥٠", ["وقدرها"], ["د.ك"], "amount", False),
        ("12.5KD", [], [], "amount", False),
        ("٣٤٤", ["القسيمة", "رقم"], ["قطعة"], "parcel", True),
        ("22451967", ["رقم", "الهاتف"], [], "phone", True),
        ("2245196", ["هاتف"], [], "phone", False),
        ("4965-62960775", [], [], "phone", False),
        ("5000", ["هاتف"], ["0177"], "phone", None),
        ("12:75", ["الوقت:"], [], "time", False),
    ],
)
def test_tells_kinds_by_label_unit_and_shape(
    word: str, before: list[str], after: list[str], kind: str | None, holds: bool | None
) -> None:
    verdict = STANDARD.verdict(word, before, after)
    assert (verdict.kind, verdict.holds) == (kind, holds)


@pytest.mark.parametrize(
    ("word", "before", "kind", "holds"),
    [
        ("MN-3-0127", [], "parcel", True),
        ("1N-3-0127", ["القسيمة"], "parcel", None),
        ("MV-3-0127", [], "parcel", False),
        ("S1-0103", ["رقم", "المحل:"], "premises", False),
        ("HL-2022-00256", [], "licence", True),
        ("HL-2022-0025", [], "licence", False),
        ("١٩٨٧/٣/٠٥٦٢", ["رقم", "الملف"], "file", True),
    ],
)
def test_a_municipality_says_how_its_numbers_look(
    word: str, before: list[str], kind: str, holds: bool | None
) -> None:
    verdict = MARSA.verdict(word, before, [])
    if holds is None:
        assert verdict.kind == kind
    else:
        assert (verdict.kind, verdict.holds) == (kind, holds)


def test_wrong_formats_are_refused() -> None:
    with pytest.raises(ValueError, match="luhn"):
        NumberFormats([{"kind": "card", "check": "luhn"}])


@pytest.fixture(scope="module")
def reader() -> LineReader:
    return LineReader()


def _judgement(drawn: str, claimed: str, confidence: float, label: str, reader: LineReader) -> Judgement:
    """What is said of a number that was drawn as one thing and read as another."""
    line = cut(prepared(page([drawn], width=900, height=500), 200))[0]
    ink = line.piece
    alone = partial(line.alone, ink.left, ink.top, ink.right, ink.bottom)
    return judged([Number(claimed, confidence, [label], [], alone)], reader, STANDARD)[0]


@pytest.mark.parametrize("number", ["٢٠٠٤/٠٣/١٢", "4715", "٢٧٫٥٠٠"])
def test_believes_a_number_that_every_look_agrees_on(number: str, reader: LineReader) -> None:
    assert _judgement(number, number, 90, "رقم", reader).doubt is None


@pytest.mark.parametrize(
    ("drawn", "claimed", "told"),
    [("4715", "4175", "4715"), ("٢٧٫٥٠٠", "(٢٧٥٠٠).", "(٢٧٫٥٠٠)."), ("٢٧٫٥٠٠", "٢٧.٥٠٠", "٢٧٫٥٠٠")],
)
def test_what_both_looks_say_stands_and_stays_in_doubt(
    drawn: str, claimed: str, told: str, reader: LineReader
) -> None:
    assert _judgement(drawn, claimed, 99, "رقم", reader) == Judgement(told, None, "readings-differ")


def test_no_look_takes_away_what_a_number_must_be(reader: LineReader) -> None:
    right = "271032212379"
    assert _judgement("271032212319", right, 99, "المدني", reader) == Judgement(right, "civil-id", None)
    assert _judgement("2004/13/12", "2004/12/12", 99, "التاريخ", reader).text == "2004/12/12"
    # No label says what it is, and what is drawn has lost a digit or a mark: it claims to be nothing.
    assert _judgement("27103221237", right, 99, "رقم", reader) == Judgement(right, "civil-id", None)
    assert _judgement("200412/12", "2004/12/12", 99, "رقم", reader) == Judgement(
        "2004/12/12", "date", "readings-differ"
    )


@pytest.mark.parametrize(
    ("read", "told"),
    [("271032-212379", "271032212379"), ("1:989/10/04", "1989/10/04"), ("24.736.250", "24,736.250")],
)
def test_a_mark_too_many_goes_where_the_rest_is_proof(read: str, told: str, reader: LineReader) -> None:
    # No look can help: what is drawn is neither.
    judgement = _judgement("4715 88", read, 99, "رقم", reader)
    assert (judgement.text, judgement.doubt is not None) == (told, True)


def test_nothing_becomes_what_no_one_writes(reader: LineReader) -> None:
    assert _judgement("2:6", "26", 99, "رقم", reader) == Judgement("26", None, "readings-differ")
    assert _judgement("31%", "-45", 99, "رقم", reader) == Judgement("-45", None, "readings-differ")


def test_doubts_what_is_hardly_legible(reader: LineReader) -> None:
    assert _judgement("4715", "4715", 55, "رقم", reader).doubt == "unsure"
    assert _judgement("4715", "4715", 55, "القسيمة", reader).doubt is None


def test_a_check_digit_tells_the_right_reading_and_the_doubt_stays(reader: LineReader) -> None:
    told = _judgement("271032212379", "271032212319", 99, "المدني", reader)
    assert told == Judgement("271032212379", "civil-id", "check-failed")


def test_what_no_one_writes_gives_way_to_what_both_looks_say_and_stays_in_doubt(reader: LineReader) -> None:
    assert _judgement("4715", "471٥", 99, "رقم", reader) == Judgement("4715", None, "ill-formed")


def test_a_number_that_fails_is_never_changed_without_evidence(reader: LineReader) -> None:
    told = _judgement("271032212378", "271032212378", 99, "المدني", reader)
    assert told == Judgement("271032212378", "civil-id", "check-failed")


def test_numbers_of_a_page_say_what_they_are(recogniser: Recogniser) -> None:
    words, _ = read(
        page(["الرقم المدني 271032212379", "التاريخ ٢٠٠٤/١٣/١٢"], width=1200, height=600), recogniser
    )
    assert [(w.number_kind, w.doubt_reason) for w in words if w.number_kind] == [
        ("civil-id", None), ("date", "check-failed"),
    ]  # fmt: skip
    assert [w.doubt for w in words if w.number_kind] == [False, True]
