"""What a coloured stamp's ring runs through is read, and coloured writing stays."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.preparation import grey_of
from ocr.recognition import Recogniser
from ocr.stamps import without_stamps
from tests.ocr.drawing import page
from tests.ocr.test_recognition import read

VIOLET, BLUE, RED = (75, 46, 131), (30, 60, 150), (170, 30, 40)


def stamped(paper: Image.Image, colour: tuple[int, int, int], centre: tuple[int, int]) -> Image.Image:
    """The paper under a ring of 38 mm with a thin one inside, at 200 dots an inch; black ink stays black."""
    ink = Image.new("RGB", paper.size, "white")
    draw = ImageDraw.Draw(ink)
    for radius, width in ((150, 7), (135, 2)):
        draw.ellipse([c + s * radius for s in (-1, 1) for c in centre], outline=colour, width=width)
    shares = np.asarray(ink, np.uint16) * np.asarray(paper.convert("RGB"), np.uint16)
    return Image.fromarray((shares // 255).astype(np.uint8))


@pytest.mark.parametrize("colour", [VIOLET, BLUE, RED])
def test_numbers_below_a_ring_are_read(colour: tuple[int, int, int], recogniser: Recogniser) -> None:
    paper = page(
        ["رقم الإنذار 3136725", "قيمة المخالفة ٤٥٣٫٥٠٠", "رقم القسيمة 8114/1985"], width=1200, height=700
    )
    plain, _ = read(paper, recogniser)
    number = next(word for word in plain if word.text.startswith("3136"))
    under = stamped(paper, colour, (number.x + 150, number.y + 60))
    words, _ = read(under, recogniser)
    assert [w.text for w in words if w.number_kind or w.text[0].isdigit()] == [
        w.text for w in plain if w.number_kind or w.text[0].isdigit()
    ]


def test_coloured_writing_tables_and_grey_pages_are_left_alone() -> None:
    written = page(["كتب هذا بحبر أزرق", "ورقم الهاتف 24815000"], width=1200, height=500)
    blue = Image.merge("RGB", [written.point([c + v * (255 - c) // 255 for v in range(256)]) for c in BLUE])
    table = blue.copy()
    ImageDraw.Draw(table).rectangle((60, 60, 1140, 440), outline=BLUE, width=3)
    for picture in (blue, table, written, written.convert("1")):
        grey = grey_of(picture)
        assert without_stamps(picture, grey, 200) is grey


def test_a_stamp_that_is_transparent_leaves_no_trace() -> None:
    unseen = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ImageDraw.Draw(unseen).ellipse((150, 150, 450, 450), outline=(60, 0, 0, 0), width=8)
    grey = grey_of(unseen)
    assert without_stamps(unseen, grey, 200).getextrema() == grey.getextrema() == (255, 255)
