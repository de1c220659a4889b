"""What looks like writing and is none keeps no confidence."""

import pytest

from ocr.layout import Piece
from ocr.legibility import weighed
from ocr.lettering import words_of_glyphs
from ocr.line_reader import ILLEGIBLE, Glyph
from ocr.shapes import Word


def believed(text: str, width: float, height: float, confidence: float) -> bool:
    """Whether a piece so many text heights wide and high keeps what was read in it."""
    piece = Piece(0, 0, round(16 * width), round(16 * height), 0, 0)
    word = Word(text, 0, 0, piece.right, piece.bottom, confidence, 0)
    return weighed([word], piece, 16.0)[0].confidence == confidence


@pytest.mark.parametrize(
    ("text", "width", "height", "confidence", "kept"),
    [
        # A crest, the side of a box, an ornament, a signature, a stray stroke.
        ("يط", 4.6, 4.8, 80, False),
        ("[", 0.2, 4.2, 99, False),
        ("صح", 2.3, 0.4, 92, False),
        ("لم", 8.6, 3.4, 48, False),
        ("ك", 1.7, 1.0, 56, False),
        # Short words, titles and numbers.
        ("عضو", 3.2, 2.1, 98, True),
        ("١", 0.3, 1.0, 60, True),
        ("سند", 6.0, 3.5, 99, True),
        ("قطعة أرض", 5.0, 1.2, 50, True),
        ("-", 2.0, 0.2, 90, True),
        ("العدد", 2.2, 0.62, 99.9, True),
    ],
)
def test_disbelieves_pictures_and_believes_writing(
    text: str, width: float, height: float, confidence: float, kept: bool
) -> None:
    assert believed(text, width, height, confidence) is kept


def test_disbelieves_words_with_marks_that_are_no_print() -> None:
    glyphs = [Glyph(c, 10.0 * k, 0.99) for k, c in enumerate(f"دلب {ILLEGIBLE}م")]
    assert [(w.text[-1], w.confidence > 90) for w in words_of_glyphs(glyphs, (40, 80))] == [
        (ILLEGIBLE, False), ("د", True),
    ]  # fmt: skip
