"""Words are given on the page as scanned, in lines that say how they are read."""

import io

import numpy as np
import pytest
from PIL import Image

from ocr.formats import open_source
from ocr.geometry import turned, turned_size
from ocr.pages import read_page
from ocr.placing import placed
from ocr.recognition import Recogniser
from ocr.shapes import Limits, Line, Page, Word
from tests.ocr.drawing import page


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90])
def test_a_turned_box_holds_the_same_ink(degrees: int) -> None:
    image = Image.new("1", (50, 30))
    image.paste(1, (4, 5, 4 + 10, 5 + 3))
    x, y, width, height = turned((4, 5, 10, 3), image.size, degrees)
    after = image.rotate(-degrees, expand=True)
    assert after.size == turned_size(image.size, degrees)
    assert after.getbbox() == (x, y, x + width, y + height)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_stand_on_the_page_as_scanned(turn: int, recogniser: Recogniser) -> None:
    scan = page(["بلدية مرسى النور", "رقم القسيمة ٤٧١٥", "Permit 2004"], width=1200, height=900).rotate(
        turn, expand=True
    )
    file = io.BytesIO()
    scan.save(file, "PNG", dpi=(200, 200))
    file.seek(0)
    read = read_page(open_source(file, "scan", Limits()), 1, recogniser, Limits())
    assert (read.width, read.height, read.rotation) == (*scan.size, turn)
    ink = np.asarray(scan) < 128
    inside = np.zeros_like(ink)
    for word in read.words:
        inside[word.y : word.y + word.height, word.x : word.x + word.width] = True
    assert (ink & inside).sum() > 0.97 * ink.sum()
    assert inside.sum() < 8 * ink.sum()


def test_lines_are_numbered_without_gaps_and_say_how_they_are_read() -> None:
    upright = Page(1, "read", width=100, height=200, rotation=90)
    words = [
        Word("رقم", 60, 10, 20, 8, 90.0, 3), Word("٤٧", 40, 11, 10, 8, 90.0, 3), Word("Permit", 5, 40, 30, 9, 90.0, 7),
        Word("12", 40, 40, 9, 9, 90.0, 7), Word("77", 5, 60, 9, 9, 90.0, 9),
    ]  # fmt: skip
    read = placed(upright, words)
    assert [(w.line, w.language) for w in read.words] == [
        (0, "ar"),
        (0, "ar"),
        (1, "en"),
        (1, "en"),
        (2, "und"),
    ]
    assert [(line.language, line.direction) for line in read.lines] == [
        ("ar", "rtl"), ("en", "ltr"), ("und", "ltr"),
    ]  # fmt: skip
    # Upright (40, 10)-(80, 19) of 100 by 200, before the page was turned by a quarter.
    assert (read.width, read.height) == (200, 100)
    assert read.lines[0] == Line(10, 20, 9, 40, "ar", "rtl")
