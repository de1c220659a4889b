"""What a ring of no colour runs through is read; round figures that touch no writing stay."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.recognition import Recogniser
from ocr.rings import rings_of
from tests.ocr.drawing import page
from tests.ocr.test_recognition import read
from tests.ocr.test_stamps import stamped

LINES = ["رقم الإنذار 3136725", "قيمة المخالفة ٤٥٣٫٥٠٠", "رقم القسيمة 8114/1985"]


def black(paper: Image.Image) -> np.ndarray:
    return np.asarray(paper.convert("L")) < 128


@pytest.mark.parametrize("grey", [0, 90])
def test_lines_that_a_ring_joins_are_read(grey: int, recogniser: Recogniser) -> None:
    paper = page(LINES, width=1200, height=700)
    plain, _ = read(paper, recogniser)
    number = next(word for word in plain if word.text.startswith("3136"))
    under = stamped(paper, (grey, grey, grey), (number.x + 160, number.y + 130)).convert("L")
    words, _ = read(under, recogniser)
    assert {"3136725", "٤٥٣٫٥٠٠", "8114/1985"} <= {word.text for word in words}


def test_only_the_ring_goes_and_not_what_crosses_it() -> None:
    ring = Image.new("L", (600, 600), 255)
    draw = ImageDraw.Draw(ring)
    draw.ellipse((150, 150, 450, 450), outline=0, width=4)
    draw.rectangle((100, 290, 560, 300), fill=0)
    gone = rings_of(black(ring), 20, 150)
    assert gone is not None
    left = black(ring) & ~gone
    assert left[290:301, 100:561].all()
    assert left.sum() < 1.1 * 11 * 461


@pytest.mark.parametrize("shape", ["ring", "square", "disc"])
def test_what_is_no_ring_over_writing_stays(shape: str) -> None:
    paper = Image.new("L", (600, 600), 255)
    draw = ImageDraw.Draw(paper)
    box = (150, 150, 450, 450)
    if shape == "ring":
        draw.ellipse(box, outline=0, width=4)
    elif shape == "square":
        draw.rectangle(box, outline=0, width=4)
        draw.line((100, 300, 560, 300), fill=0, width=8)
    elif shape == "disc":
        draw.ellipse(box, fill=0)
        draw.line((100, 300, 560, 300), fill=0, width=8)
    assert rings_of(black(paper), 20, 150) is None
