"""Title blocks: values are found on whichever side of their labels an office prints them, and nothing else is one."""

from collections.abc import Sequence

import pytest

from ocr.drawings.title_block import fields_of
from ocr.geometry import turned
from ocr.shapes import Word

ROWS = (
    ("رقم اللوحة", "A-101"),
    ("عنوان اللوحة", "مسقط الدور الأرضي"),
    ("المقياس", "1:100"),
    ("رقم المراجعة", "02"),
    ("التاريخ", "2016/03/28"),
    ("المكتب الهندسي", "مكتب الصواري للاستشارات الهندسية"),
)
VALUES = {
    "sheet_number": "A-101",
    "title": "مسقط الدور الأرضي",
    "scale": "1:100",
    "revision": "02",
    "date": "2016/03/28",
    "office": "مكتب الصواري للاستشارات الهندسية",
}
ENGLISH = ("Sheet No.", "Drawing Title", "Scale", "Rev.", "Date", "Consultant")


def words(places: Sequence[tuple[str, int, int]]) -> list[Word]:
    """Words of texts, each at its right end and line; letters 10 wide, 20 high."""
    out = []
    for text, right, y in places:
        line = len({w.line for w in out})
        for token in text.split():
            out.append(Word(token, right - 10 * len(token), y, 10 * len(token), 20, 95.0, line))
            right -= 10 * len(token) + 8
    return out


def read(found: Sequence[Word]) -> dict[str, str]:
    return {field.name: field.text for field in fields_of(found)}


@pytest.mark.parametrize(
    ("across", "down"), [(-300, 0), (400, 0), (0, 26), (0, -26)], ids=["left", "right", "below", "above"]
)
def test_finds_values_on_any_side_of_their_labels(across: int, down: int) -> None:
    places = []
    for k, (label, value) in enumerate(ROWS):
        places += [(label, 1000, 100 + 90 * k), (value, 1000 + across, 100 + 90 * k + down)]
    assert read(words(places)) == VALUES


def test_finds_values_behind_their_labels() -> None:
    assert read(words([(f"{a} : {b}", 1000, 100 + 40 * k) for k, (a, b) in enumerate(ROWS)])) == VALUES


def test_knows_labels_in_english_and_in_both_languages() -> None:
    both = [(f"{row[0]} {ENGLISH[k]}", row[1]) for k, row in enumerate(ROWS)]
    for rows in ([(ENGLISH[k], row[1]) for k, row in enumerate(ROWS)], both):
        places = []
        for k, (label, value) in enumerate(rows):
            places += [(label, 1000, 100 + 40 * k), (value, 600, 100 + 40 * k)]
        assert read(words(places)) == VALUES


def test_a_label_misread_by_a_letter_is_still_one() -> None:
    places = []
    for k, (label, value) in enumerate(ROWS):
        places += [(label.replace("المكتب", "العكتب"), 1000, 100 + 40 * k), (value, 600, 100 + 40 * k)]
    assert read(words(places))["office"] == VALUES["office"]


def test_says_which_words_a_value_is() -> None:
    places = []
    for k, (label, value) in enumerate(ROWS):
        places += [(label, 1000, 100 + 40 * k), (value, 600, 100 + 40 * k)]
    found = words(places)
    for field in fields_of(found):
        assert " ".join(found[k].text for k in field.words) == field.text


def test_finds_a_block_that_runs_up_the_side_of_the_sheet() -> None:
    places = []
    for k, (label, value) in enumerate(ROWS):
        places += [(label, 1000, 100 + 40 * k), (value, 600, 100 + 40 * k)]
    upright = []
    for word in words(places):
        x, y, width, height = turned((word.x, word.y, word.width, word.height), (1200, 800), 270)
        upright.append(Word(word.text, x, y, width, height, 95.0, word.line))
    assert read(upright) == VALUES


def test_what_makes_no_sense_is_no_value() -> None:
    places = []
    for k, (label, value) in enumerate(ROWS):
        text = "انظر الملاحظات" if label in ("المقياس", "التاريخ") else value
        places += [(label, 1000, 100 + 40 * k), (text, 600, 100 + 40 * k)]
    assert set(read(words(places))) == set(VALUES) - {"scale", "date"}


def test_a_form_with_dates_and_owners_is_no_title_block() -> None:
    rows = (
        ("المالك", "سالم المرساوي"),
        ("التاريخ", "2016/03/28"),
        ("القسيمة", "RD-5-0344"),
        ("الموقع", "السدرة"),
    )
    places = []
    for k, (label, value) in enumerate(rows):
        places += [(label, 1000, 100 + 40 * k), (value, 600, 100 + 40 * k)]
    assert fields_of(words(places)) == ()


def test_labels_scattered_over_a_page_are_no_title_block() -> None:
    places = [(label, 1000 + 1500 * (k % 2), 100 + 1500 * k) for k, (label, _) in enumerate(ROWS)]
    assert fields_of(words(places)) == ()


def test_a_room_called_like_a_label_takes_no_value() -> None:
    places = [("المصمم", 500, 60), ("مطبخ", 300, 60)]
    for k, (label, value) in enumerate(ROWS):
        places += [(label, 1000, 100 + 40 * k), (value, 600, 100 + 40 * k)]
    assert read(words(places))["office"] == VALUES["office"]
