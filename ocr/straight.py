"""A page made level and even, and the way back from its pixels to those of the page as it is."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocr.components import components_of
from ocr.layout import Layout, layout_of, text_height_of
from ocr.preparation import Bilevel, even, grey_of, ink_of, rules_of, skew_of, straightened
from ocr.shapes import Word

_WORKING_DPI = 150


@dataclass(frozen=True)
class Straight:
    """A page ready for cutting: level, evenly lit, in full size; its ink at a scale where text is 10 to 30 high."""

    grey: Image.Image
    ink: Bilevel
    scale: float
    angle: float


@dataclass(frozen=True)
class Prepared:
    """A page cut into pieces of line, not yet read."""

    page: Straight
    layout: Layout


def prepared(image: Image.Image, dpi: int) -> Prepared:
    """Straightens a page and finds its lines."""
    page = straighten(image, dpi)
    return Prepared(page, layout_of(page.ink))


def straighten(image: Image.Image, dpi: int) -> Straight:
    """Prepares a page and measures at which scale to look for its lines."""
    grey = even(grey_of(image))
    scale = min(1.0, _WORKING_DPI / dpi)
    angle = None
    for _ in range(3):
        small = _scaled(grey, scale)
        if angle is None:
            angle = skew_of(ink_of(small))
            if abs(angle) >= 0.08:
                grey = straightened(grey, angle)
                small = _scaled(grey, scale)
        ink = ink_of(small)
        parts = components_of(ink)
        size = text_height_of(parts)
        if size > 32 and scale > 0.05:
            scale *= 18 / size
        elif size < 9 and scale < 1.0 and len(parts) > 20:
            scale = min(1.0, scale * 14 / size)
        else:
            break
    ink = ink & ~rules_of(ink, size)
    return Straight(grey, ink, scale, angle or 0.0)


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
    if page.angle:
        centre = np.array(size, float) / 2
        turn = np.radians(page.angle)
        offset = corners - centre
        corners = centre + offset @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    low, high = corners.min(0), corners.max(0)
    x, y = max(0, int(low[0])), max(0, int(low[1]))
    return replace(
        word, x=x, y=y,
        width=max(1, min(size[0], int(np.ceil(high[0]))) - x),
        height=max(1, min(size[1], int(np.ceil(high[1]))) - y),
    )  # fmt: skip
