"""Turns a page upright: by the grain of its lines first, then by which way up it can be read."""

from dataclasses import dataclass

from PIL import Image

from ocr.components import components_of
from ocr.layout import Layout, close_groups
from ocr.preparation import Bilevel
from ocr.recognition import Recogniser, Sample
from ocr.straight import Prepared, prepared

_CONFIDENT = 82.0
_LEAD = 8.0
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Upright:
    """The page the right way up, the degrees clockwise it was turned, its lines, and a taste of them."""

    image: Image.Image
    turned: int
    prepared: Prepared
    sample: Sample | None


def upright(image: Image.Image, dpi: int, recogniser: Recogniser) -> Upright:
    """Turns the page by quarters until it can be read."""
    best = _turned(image, 0, dpi, recogniser)
    if best.sample is None:
        return best
    level = _runs_level(best.prepared.layout, best.prepared.page.ink)
    if best.sample.confidence >= _CONFIDENT and level:
        return best
    sure = best.sample.confidence
    for turn in (180,) if level and sure > 60 else (90, 270) if not level else (180, 90, 270):
        other = _turned(image, turn, dpi, recogniser)
        # Turning needs a reason: a page that reads as well as it lies is left alone, unless its lines stand upright.
        lead = _LEAD if level and not best.turned else 0.0 if best.turned else -_LEAD
        if other.sample and other.sample.confidence > sure + lead:
            best, sure = other, other.sample.confidence
    return best


def _turned(image: Image.Image, turn: int, dpi: int, recogniser: Recogniser) -> Upright:
    turned = image.transpose(_TURNS[turn]) if turn else image
    lines = prepared(turned, dpi)
    return Upright(turned, turn, lines, recogniser.sample(lines))


def _runs_level(layout: Layout, ink: Bilevel) -> bool:
    """Whether lines run level: letters stand closer to their neighbours along a line than across lines.

    So joining what stands close leaves fewer groups in the direction of the lines.
    """
    across, down = components_of(ink), components_of(ink.T)
    return close_groups(across, layout.text_height) <= close_groups(down, layout.text_height)
