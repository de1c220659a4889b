"""Glyphs of a line become words: by the spaces read, but for those that only look like spaces."""

import pytest

from ocr.lettering import printed, words_of_glyphs
from ocr.line_reader import Glyph


@pytest.mark.parametrize(
    ("glyphs", "words"),
    [
        # A nought has much paper on both sides, and so have strokes and hyphens: as near as usual, they part nothing.
        ([("2", 0), ("0", 10), (" ", 15), ("1", 20)], ["201"]),
        ([("2", 0), ("0", 10), (" ", 14), ("/", 19), (" ", 24), ("1", 29), ("2", 39)], ["20/12"]),
        ([("1", 0), ("2", 10), (" ", 14), ("/", 20), ("3", 32)], ["12/3"]),
        # Farther apart they are two numbers, and a mark by itself.
        ([("2", 0), ("0", 10), (" ", 20), ("1", 30), ("2", 40)], ["20", "12"]),
        ([("2", 0), ("0", 10), (" ", 20), ("-", 30), (" ", 40), ("1", 50), ("2", 60)], ["20", "-", "12"]),
    ],
)
def test_spaces_inside_numbers_are_measured(glyphs: list[tuple[str, float]], words: list[str]) -> None:
    line = [Glyph(character, position, 1.0) for character, position in glyphs]
    assert sorted(r.text for r in words_of_glyphs(line, (40, 90))) == sorted(words)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("١.١٨٣ر٢٥٠", "١٬١٨٣٫٢٥٠"),
        ("١٢,٥٠٠", "١٢٫٥٠٠"),
        ("٢٥.٠٤.٢٠١٢", "٢٥.٠٤.٢٠١٢"),
        ("1.183.250", "1.183.250"),
    ],
)
def test_signs_of_numbers_are_told_by_where_they_stand(read: str, meant: str) -> None:
    assert printed([Glyph(c, 10.0 * k, 1.0) for k, c in enumerate(read)]) == meant


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("REV.ةعجارملا", ["المراجعة", "REV."]),
        ("TITLEةحوللا", ["اللوحة", "TITLE"]),
        ("ةحوللاTITLE", ["TITLE", "اللوحة"]),
        ("Aةعطق", ["قطعةA"]),
        ("4.60x 5.70", ["4.60", "x", "5.70"]),
        ("4.60 x5.70", ["4.60", "x", "5.70"]),
        ("4.60x5.70", ["4.60x5.70"]),
    ],
)
def test_words_that_stand_too_close_to_show_a_blank_are_parted_where_none_can_be_one(
    line: str, words: list[str]
) -> None:
    glyphs = [Glyph(character, 10.0 * k, 1.0) for k, character in enumerate(line)]
    assert [r.text for r in words_of_glyphs(glyphs, (40, 10 * len(line)))] == words
