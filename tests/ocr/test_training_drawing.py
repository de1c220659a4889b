"""What lines are drawn like: a number is read as its label says, be it borrowed, varied or made narrow."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageFont, features

from ocr.line_reader import HEIGHT, MODEL, LineReader
from ocr.training.drawing import Mask, Pen
from ocr.training.text import Piece
from ocr.training.typefaces import ARABIC_DIGITS, Typeface

FONTS = Path(__file__).parents[2] / "node_modules" / "@expo-google-fonts"
TO_ARABIC = str.maketrans("0123456789", ARABIC_DIGITS)
pytestmark = pytest.mark.skipif(not features.check("raqm"), reason="raqm is absent: Pillow's wheels bring it")


def typeface(name: str) -> Typeface:
    file = FONTS / name
    with TTFont(file, lazy=True) as font:
        return Typeface(file, file.stem, 1.0, frozenset(map(chr, font.getBestCmap())))


FACES = (
    typeface("amiri/400Regular/Amiri_400Regular.ttf"),
    typeface("noto-naskh-arabic/500Medium/NotoNaskhArabic_500Medium.ttf"),
)


def pen(seed: int, *faces: Typeface) -> Pen:
    return Pen(faces or FACES, (FACES[0].file,), Random(seed))


def cut(ink: Mask) -> Mask:
    """Dark on light, with a little paper around, as high as the reader wants it."""
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    written = np.pad(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 6)
    width = max(8, round(written.shape[1] * HEIGHT / len(written)))
    return 255 - np.asarray(Image.fromarray(written).resize((width, HEIGHT), Image.Resampling.LANCZOS))


def test_a_numbers_label_is_what_is_drawn() -> None:
    random = Random(1447)
    numbers = []
    for _ in range(60):
        a, b, c = (f"{random.randint(100, 999)}" for _ in range(3))
        numbers += [
            a + b,
            f"{a},{b}.{c}",
            f"{a}/{b}",
            f"{a}٬{b}٫{c}".translate(TO_ARABIC),
            (b + c).translate(TO_ARABIC),
        ]
    drawn = [pen(seed).draw([Piece("رقم", "arabic"), Piece(n, "number")]) for seed, n in enumerate(numbers)]
    lines = [line for line in drawn if line is not None]
    assert [line.label for line in lines] == [f"{number} مقر" for number in numbers]
    read = LineReader(MODEL).read([cut(line.ink) for line in lines])
    said = ["".join(glyph.character for glyph in glyphs) for glyphs in read]
    wrong = [(line.label, text) for line, text in zip(lines, said, strict=True) if text != line.label]
    # The reader errs now and then; a drawing that is not its label would be wrong nearly always.
    assert len(wrong) <= 0.1 * len(lines), wrong


def test_a_narrowed_number_is_less_wide_as_high_and_not_empty() -> None:
    face = FACES[0]
    font = ImageFont.truetype(face.file, 42, layout_engine=ImageFont.Layout.RAQM)
    whole = Pen._run("٤٧١٥", font, 42, rtl=False)
    assert whole is not None
    for seed in range(20):
        narrow = pen(seed)._narrowed(whole)
        assert len(narrow) == len(whole)
        assert 0.6 * whole.shape[1] < narrow.shape[1] < whole.shape[1]
        assert np.array_equal(narrow.any(1), whole.any(1))


def test_a_number_is_borrowed_only_from_a_typeface_that_has_all_of_it() -> None:
    poor = replace(FACES[1], characters=FACES[1].characters - {"٫"})
    found = {pen(seed, FACES[0], poor)._other_file("١٫٥") for seed in range(40)}
    assert FACES[0].file in found and poor.file not in found
    assert pen(1, poor)._other_file("١٫٥") is None
