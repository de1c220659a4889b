"""A page made level and even, and the way back from its pixels to those of the page as it is."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocr.bed import punched, without_bed
from ocr.components import components_of
from ocr.drawings.paper import is_large
from ocr.layout import Layout, layout_of, text_height_of
from ocr.levelling import as_it_lay, levelled, skew_of
from ocr.preparation import Bilevel, even, grey_of, ink_of
from ocr.rings import rings_of
from ocr.ruling import Rules, dotted, rules_of
from ocr.shapes import Word
from ocr.stamps import without_stamps

_WORKING_DPI = 150
# Large paper that is no drawing is read from afar: letters of three centimetres are common, and still measured so.
_LARGE_PAPERS_DPI = 75


@dataclass(frozen=True)
class Straight:
    """A page ready for cutting: evenly lit, in full size, as it lies; its ink level and at a scale where text is 10 to
    30 high, without the rules and the dots of dotted lines, which are kept apart. Lines of the page fall to the right
    by `angle` degrees."""

    grey: Image.Image
    ink: Bilevel
    scale: float
    angle: float
    rules: Rules | None = None


@dataclass(frozen=True)
class Prepared:
    """A page cut into pieces of line, not yet read."""

    page: Straight
    layout: Layout


def prepared(image: Image.Image, dpi: int) -> Prepared:
    """Straightens a page and finds its lines."""
    page = straighten(image, dpi)
    return Prepared(page, layout_of(page.ink, walls=page.rules.upright if page.rules else None))


def straighten(image: Image.Image, dpi: int) -> Straight:
    """Prepares a page and measures at which scale to look for its lines."""
    grey = even(without_bed(without_stamps(image, grey_of(image), dpi)))
    scale = min(1.0, (_LARGE_PAPERS_DPI if is_large(image.size, dpi) else _WORKING_DPI) / dpi)
    ink = ink_of(_scaled(grey, scale))
    angle = skew_of(ink)
    for _ in range(3):
        ink = levelled(ink, angle, False)
        parts = components_of(ink)
        size = text_height_of(parts)
        if size > 32 and scale > 0.05:
            scale *= 18 / size
        elif size < 9 and scale < 1.0 and len(parts) > 20:
            scale = min(1.0, scale * 14 / size)
        else:
            break
        ink = ink_of(_scaled(grey, scale))
    else:
        ink = levelled(ink, angle, False)
        parts = components_of(ink)
    rules = rules_of(ink, size)
    gone = dotted(parts, size) | punched(parts, dpi * scale)
    if gone.any():
        rules.ink[parts.painted(np.where(gone, 0, -1).astype(np.int32), ink.shape) == 0] = True
    ink = ink & ~rules.ink
    rings = rings_of(ink, size, dpi * scale)
    if rings is not None:
        rules.ink[rings] = True
        ink &= ~rings
    return Straight(grey, ink, scale, angle, rules)


def _scaled(grey: Image.Image, scale: float) -> Image.Image:
    if scale >= 1.0:
        return grey
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def on_page(word: Word, page: Straight) -> Word:
    """The word's box turned back from the straightened page to the page as it is."""
    size = page.grey.size
    across, down = size[0] / page.ink.shape[1], size[1] / page.ink.shape[0]
    corners = np.array(
        [(x, y) for x in (word.x, word.x + word.width) for y in (word.y, word.y + word.height)], float
    ) * (across, down)
    corners = as_it_lay(corners, size, page.angle)
    low, high = corners.min(0), corners.max(0)
    x, y = max(0, int(low[0])), max(0, int(low[1]))
    return replace(
        word, x=x, y=y,
        width=max(1, min(size[0], int(np.ceil(high[0]))) - x),
        height=max(1, min(size[1], int(np.ceil(high[1]))) - y),
    )  # fmt: skip
