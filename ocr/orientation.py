"""Turns a page upright: by the grain of its lines, then by which way up it can be read; tells a mirror image."""

from dataclasses import dataclass, replace

from PIL import Image, ImageOps

from ocr.components import components_of
from ocr.layout import Layout, close_groups
from ocr.preparation import Bilevel
from ocr.recognition import Recogniser, Sample
from ocr.straight import Prepared, prepared

# Of 29 pages the right way round the least sure was read with 86, of the same pages otherwise the surest with 76.
_CERTAIN = 82.0
_LEAD = 8.0
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Upright:
    """The page the right way up, the degrees clockwise it was turned, its lines, and a taste of them. `mirrored` pages
    can be read only from behind: `prepared` and `sample` are those of the mirror image of `image`."""

    image: Image.Image
    turned: int
    prepared: Prepared
    sample: Sample | None
    mirrored: bool = False


def upright(image: Image.Image, dpi: int, recogniser: Recogniser) -> Upright:
    """Turns the page by quarters until it can be read."""
    best = _turned(image, 0, dpi, recogniser)
    if best.sample is None or best.sample.confidence >= _CERTAIN:
        return best
    level = _runs_level(best.prepared.layout, best.prepared.page.ink)
    sure = best.sample.confidence
    for turn in (180, 90, 270) if level else (90, 270, 180):
        other = _turned(image, turn, dpi, recogniser)
        # Turning needs a reason: a page that reads as well as it lies is left alone, unless its lines stand upright.
        lead = _LEAD if level and not best.turned else 0.0 if best.turned else -_LEAD
        if other.sample and other.sample.confidence > sure + lead:
            best, sure = other, other.sample.confidence
        if sure >= _CERTAIN:
            return best
    behind = _turned(ImageOps.mirror(best.image), 0, dpi, recogniser)
    if behind.sample and behind.sample.confidence >= max(_CERTAIN, sure + _LEAD):
        return replace(best, prepared=behind.prepared, sample=behind.sample, mirrored=True)
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
