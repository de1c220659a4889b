"""Paper that lies on a dark bed reads as well as paper that fills the picture, and the bed says nothing."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.accuracy import character_error_rate
from ocr.bed import without_bed
from ocr.commands import text_of
from ocr.recognition import Recogniser
from tests.ocr.drawing import page
from tests.ocr.test_orientation import read
from tests.ocr.test_recognition import LETTER


def lying(
    paper: Image.Image, bed: int, angle: float = 0.0, noise: float = 0.0
) -> tuple[Image.Image, np.ndarray]:
    """The paper, punched twice, on a bed that is wider by 150 pixels, and where on the picture paper is."""
    size = (paper.width + 300, paper.height + 300)
    sheet = Image.new("L", paper.size, 255)
    for y in (900, 1400):
        ImageDraw.Draw(sheet).ellipse((60, y, 107, y + 47), fill=0)
    shown, where = Image.new("L", size, 0), Image.new("L", size, 0)
    shown.paste(paper, (150, 150))
    where.paste(sheet, (150, 150))
    shown, where = (x.rotate(angle, Image.Resampling.BICUBIC) for x in (shown, where))
    share = np.asarray(where) / 255.0
    grain = np.random.default_rng(5).normal(bed, noise, (size[1], size[0]))
    mixed = share * np.asarray(shown) + (1 - share) * grain
    return Image.fromarray(mixed.clip(0, 255).astype(np.uint8)), share > 0.5


@pytest.mark.parametrize(
    ("bed", "angle", "noise", "ink"), [(10, 2.5, 0, 0), (120, -3, 2, 0), (45, 1.5, 30, 0), (10, -1, 2, 150)]
)
def test_a_dark_bed_costs_no_word_and_adds_none(
    bed: int, angle: float, noise: float, ink: int, recogniser: Recogniser
) -> None:
    paper = page(LETTER).point([ink + v * (245 - ink) // 255 for v in range(256)])
    picture, on_paper = lying(paper, bed, angle, noise)
    found = read(picture, recogniser)
    assert (found.width, found.height) == picture.size
    assert character_error_rate(text_of(found.words), "\n".join(LETTER)) < 0.05
    dark = np.asarray(picture) < (ink + 245) // 2
    for word in found.words:
        box = slice(word.y, word.y + word.height), slice(word.x, word.x + word.width)
        assert on_paper[box].all()
        assert dark[box].any()


def test_a_wedge_of_the_bed_is_taken_away_and_no_ink_with_it() -> None:
    paper = page(LETTER)
    picture = paper.rotate(2, Image.Resampling.BICUBIC, fillcolor=0)
    white = paper.rotate(2, Image.Resampling.BICUBIC, fillcolor=255)
    cleared = np.asarray(without_bed(picture))
    assert (cleared < 128).sum() == (np.asarray(white) < 128).sum()


def test_paper_without_a_bed_is_left_alone() -> None:
    framed = page(LETTER)
    ImageDraw.Draw(framed).rectangle((60, 120, 1600, 2250), outline=0, width=12)
    across = np.arange(framed.width)
    gutter = np.asarray(page(LETTER)) * (1 - 0.7 * np.exp(-across / 90))
    table = page(LETTER)
    ImageDraw.Draw(table).rectangle((152, 120, 1600, 2250), outline=60, width=6)
    shaded = np.asarray(table) * (1 - 0.5 / (1 + np.exp((across - 70) / 20)))
    banner = page(LETTER)
    banner.paste(30, (0, 1800, 900, 2339))
    for picture in (
        framed,
        Image.fromarray(gutter.astype(np.uint8)),
        Image.fromarray(shaded.astype(np.uint8)),
        page([]),
        Image.new("L", (1654, 2339), 20),
    ):
        assert without_bed(picture) is picture
    inked = (np.asarray(page(LETTER)) < 128) & (np.asarray(without_bed(banner)) > 128)
    assert not inked[:, 900:].any()
