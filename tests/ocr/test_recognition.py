"""Golden pages: drawn, damaged as scanners do, and read back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.accuracy import character_error_rate, distance, doubts_of, number_recall
from ocr.commands import text_of
from ocr.engines import Reading
from ocr.line_reader import Glyph, LineReader
from ocr.orientation import upright
from ocr.recognition import Recogniser, is_shaky_latin
from ocr.second_reader import second_reader
from ocr.shapes import DIGIT_READER, LINE_READER, Word
from ocr.straight import prepared
from tests.ocr.drawing import AMIRI, NASKH, page

LETTER = [
    "بلدية مرسى النور",
    "إدارة التراخيص الهندسية",
    "تاريخ الطلب ٢٠٠٤/٠٣/١٢",
    "رقم القسيمة ٤٧١٥ قطعة ٩",
    "السيد المحترم مدير الإدارة",
    "نرجو الموافقة على ترميم المنزل",
    "رقم الهاتف 22451967",
]


def read(image: Image.Image, recogniser: Recogniser) -> tuple[list[Word], int]:
    """Words and the turn that made the page upright."""
    page = upright(image, 200, recogniser)
    return recogniser.words(page.prepared, page.sample), page.turned


@pytest.mark.parametrize("font", [NASKH, AMIRI])
def test_reads_a_clean_letter(font: str, recogniser: Recogniser) -> None:
    words, _ = read(page(LETTER, font), recogniser)
    assert character_error_rate(text_of(words), "\n".join(LETTER)) < 0.05
    assert number_recall(text_of(words), "\n".join(LETTER)) == 1.0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turns_the_page_upright(turn: int, recogniser: Recogniser) -> None:
    image = page(LETTER)
    words, turned = read(image.rotate(turn, expand=True), recogniser)
    assert turned == turn
    assert character_error_rate(text_of(words), "\n".join(LETTER)) < 0.05


@pytest.mark.parametrize("angle", [-2.5, 1.2])
def test_reads_a_slanted_page_and_boxes_words_where_they_stand(angle: float, recogniser: Recogniser) -> None:
    image = page(LETTER).rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    words, _ = read(image, recogniser)
    assert character_error_rate(text_of(words), "\n".join(LETTER)) < 0.08
    ink = np.asarray(image) < 128
    inside = np.zeros_like(ink)
    for word in words:
        box = slice(word.y, word.y + word.height), slice(word.x, word.x + word.width)
        assert ink[box].any()
        inside[box] = True
    assert (ink & inside).sum() > 0.97 * ink.sum()


def test_sees_through_coloured_stamps_and_rules(recogniser: Recogniser) -> None:
    image = page(LETTER).convert("RGB")
    draw = ImageDraw.Draw(image)
    for k in range(len(LETTER) + 1):
        draw.line((300, 150 + k * 108, 1600, 150 + k * 108), (20, 20, 20), 3)
    draw.ellipse((900, 300, 1400, 800), outline=(200, 30, 60), width=14)
    words, _ = read(image, recogniser)
    assert character_error_rate(text_of(words), "\n".join(LETTER)) < 0.08


class Slip(LineReader):
    """Reads one digit for another, but not in a look at the number alone."""

    def read(self, pictures: Sequence[NDArray[np.uint8]]) -> list[list[Glyph]]:
        lines = super().read(pictures)
        for glyphs in lines:
            shown = "".join(glyph.character for glyph in glyphs)
            if "4715" in shown and len(shown) > 6:
                at = shown.index("4715")
                glyphs[at + 1] = replace(glyphs[at + 1], character="1")
        return lines


def test_a_number_as_a_look_at_it_alone_has_it_says_so() -> None:
    words, _ = read(page(["رقم القسيمة 4715 وقطعة 9"]), Recogniser(Slip()))
    (number,) = (word for word in words if len(word.text) == 4 and word.text.isdigit())
    assert (number.text, number.source, number.doubt) == ("4715", DIGIT_READER, True)
    assert {word.source for word in words if word is not number} == {LINE_READER}


def test_keeps_cells_apart_and_rows_together(recogniser: Recogniser) -> None:
    image = page(["المساحة", "الطابق"])
    image.paste(page(["٤٠٠", "الأول"]).crop((1200, 0, 1654, 2339)), (300, 0))
    words, _ = read(image, recogniser)
    assert text_of(words).splitlines() == ["المساحة ٤٠٠", "الطابق الأول"]


@pytest.mark.parametrize(
    ("text", "confidence", "shaky"),
    [("PROIFT", 65.0, True), ("NT٨CONSuLT", 61.0, True), ("PROjECT", 96.0, True), ("PROJECT", 98.0, False),
     ("TLE١T", 99.0, True), ("المشروع", 60.0, False),
     ("MN-3-0127", 60.0, False), ("x", 40.0, False)],
)  # fmt: skip
def test_a_second_reader_is_asked_about_latin_words_in_doubt_but_about_no_code(
    text: str, confidence: float, shaky: bool
) -> None:
    assert is_shaky_latin(Word(text, 0, 0, 90, 30, confidence, 0)) == shaky


def test_no_second_reader_is_asked_about_latin_words_that_ours_is_sure_of(tessdata: Path | None) -> None:
    second = second_reader(str(tessdata)) if tessdata else None
    if second is None or "eng" not in second.languages:
        pytest.skip("this machine has no second reader for Latin")
    words, _ = read(page([*LETTER, "Marsa Municipality"]), Recogniser(LineReader(), second))
    latin = [word for word in words if word.text.isascii() and word.text.isalpha()]
    assert [(word.text, word.source) for word in latin] == [
        ("Marsa", LINE_READER),
        ("Municipality", LINE_READER),
    ]


@dataclass(frozen=True)
class Speller:
    """A second reader that reads one word, whatever it is shown."""

    says: str
    name: str = "speller"
    languages: frozenset[str] = frozenset({"eng"})

    def read(self, pictures: Sequence[NDArray[np.uint8]], language: str) -> list[list[Reading]]:
        return [[Reading(self.says, 0, 0, picture.shape[1], 40, 90.0)] for picture in pictures]


@pytest.mark.parametrize(
    ("says", "words"),
    [("CONSULTANT", ["CONSULTANT"]), ("RESULTANT", ["RESULTANT", "TANT"])],
    ids=["the same letters", "others"],
)
def test_a_latin_word_that_seemed_two_is_one_where_the_second_reader_says_so(
    says: str, words: list[str]
) -> None:
    laid = upright(page(["الاستشاري CONSULTANT"]), 200, Recogniser(LineReader()))
    ((label, (whole, arabic)),) = laid.sample.readings.items()
    assert whole.text == "CONSULTANT"
    cut = whole.left + 0.6 * (whole.right - whole.left)
    halves = [
        replace(whole, text="CONSUL", right=cut, confidence=80.0),
        replace(whole, text="TANT", left=cut, confidence=99.0),
    ]
    sample = replace(laid.sample, readings={label: [*halves, arabic]})
    found = Recogniser(LineReader(), Speller(says)).words(laid.prepared, sample)
    latin = [word for word in found if word.text.isascii()]
    assert [word.text for word in latin] == words
    assert sum(word.width for word in latin) > 0.9 * (whole.right - whole.left)


def test_finds_nothing_on_blank_paper(recogniser: Recogniser) -> None:
    assert read(Image.new("L", (1200, 1600), 250), recogniser) == ([], 0)


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("", "", 0), ("abc", "", 3), ("كتاب", "كتب", 1), ("abcd", "bcde", 2)]
)
def test_counts_edits(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits


def test_counts_right_and_wrong_numbers_in_doubt() -> None:
    read = [
        ("٢٠٠٤/٠٣/١٢", False),
        ("MN-3-0127.", True),
        ("4175", True),
        ("18", False),
        ("1/3", False),
        ("م", True),
    ]
    truth = "رقم 4715 في 12/03/2004 للقسيمة MN-3-0127 صفحة 1 / 3"
    assert doubts_of(read, truth) == {(True, False): 2, (True, True): 1, (False, True): 1, (False, False): 1}


@pytest.mark.parametrize("number", ["١٢٫٠٠", "٤٬٥٠٠٫٠٠٠", "٢٠٠٠"])
def test_keeps_every_nought_of_a_number(number: str) -> None:
    """They are mere dots, the last of them far from any other digit."""
    image = page(["القسيمة رقم", "المساحة", number, "الطول"], AMIRI)
    layout = prepared(image, 200).layout
    piece = sorted(layout.pieces, key=lambda p: p.row)[2]
    ink = np.asarray(image.resize(layout.owner.shape[::-1]))[piece.top : piece.bottom] < 128
    columns = np.flatnonzero(ink.any(0))
    assert piece.left <= columns[0] + 1
    assert piece.right >= columns[-1]
