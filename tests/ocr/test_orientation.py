"""Pages that lie wrong: turned by quarters, or seen from behind."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from ocr.accuracy import character_error_rate
from ocr.commands import text_of
from ocr.formats import open_source
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.shapes import Limits, Page
from tests.ocr.drawing import page

LETTER = [
    "بلدية مرسى النور",
    "السيد المحترم مدير الإدارة",
    "نرجو الموافقة على ترميم المنزل",
    "القسيمة رقم ٤٧١٥",
]


def read(image: Image.Image, recogniser: Recogniser) -> Page:
    """The page as read from a file of it."""
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(200, 200))
    file.seek(0)
    return read_page(open_source(file, "page.png", Limits()), 1, recogniser, Limits())


def test_reads_a_mirrored_page_from_behind_and_says_so(recogniser: Recogniser) -> None:
    image = ImageOps.mirror(page(LETTER))
    found = read(image, recogniser)
    assert (found.state, found.reason) == ("read with doubts", "page-mirrored")
    assert character_error_rate(text_of(found.words), "\n".join(LETTER)) < 0.05
    ink = np.asarray(image) < 128
    for word in found.words:
        assert ink[word.y : word.y + word.height, word.x : word.x + word.width].any()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_calls_no_page_mirrored_that_is_only_turned(turn: int, recogniser: Recogniser) -> None:
    found = read(page(LETTER).rotate(turn, expand=True), recogniser)
    assert (found.rotation, found.reason) == (turn, None)
