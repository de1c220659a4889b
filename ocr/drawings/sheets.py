"""Reads a large sheet: its text is found among the lines of the drawing, gathered, read, and put back in its place."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocr.components import Components, components_of
from ocr.drawings.blocks import in_order
from ocr.drawings.gathering import Way, gathered
from ocr.drawings.paper import is_drawn_on, is_large, shrinking
from ocr.drawings.pieces import PieceOfText, pieces_of
from ocr.drawings.sizes import Sizes, could_be_written
from ocr.drawings.ways import ROOMY, best_read
from ocr.levelling import as_it_lay, levelled, skew_of
from ocr.preparation import even, grey_of, ink_of
from ocr.recognition import Recogniser
from ocr.shapes import Word

# Below this the longest line of a note still keeps within its height.
_SKEWED = 0.2
_MOST_PIECES = 4000
_SAMPLED = 10
_CERTAIN = 80.0
_LEAD = 1.3
_MOSTLY = 0.6
_CLEARLY = 2.0
# Paper without shadows: that much of a sheet is as good as white.
_WHITE, _CLEAN = 250, 0.75
_TRANSPOSED = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Sheet:
    """The sheet the right way up, the degrees clockwise it was turned, its skew, and its words on it."""

    image: Image.Image
    turned: int
    skew: float
    words: tuple[Word, ...]


@dataclass(frozen=True)
class _Found:
    """A sheet as it lies, level, at the scale of reading, and its pieces of text."""

    grey: Image.Image
    skew: float
    parts: Components
    pieces: list[PieceOfText]
    sizes: Sizes


def is_drawing(image: Image.Image, dpi: int) -> bool:
    """Whether a page is to be read as a drawing: all of A2 and above, and what has mostly strokes on it from A3 on."""
    if not is_drawn_on(image.size, dpi) or is_large(image.size, dpi):
        return is_large(image.size, dpi)
    grey, sizes = _shrunk(image, dpi)
    parts = components_of(ink_of(grey))
    strokes = parts.area[~could_be_written(parts, sizes)].sum()
    return bool(strokes > _MOSTLY * parts.area.sum())


def read_sheet(image: Image.Image, dpi: int, recogniser: Recogniser) -> Sheet:
    """Words of a sheet, whichever way it lies and its texts run. What is hardly lettering is left out."""
    found = _found(image, dpi)
    turn = _turn_of(found, recogniser)
    if turn:
        image = image.transpose(_TRANSPOSED[turn])
        found = _found(image, dpi)
    words = best_read(found.grey, found.parts, found.pieces, recogniser)
    in_place = in_order(found.pieces, words, found.sizes)
    return Sheet(image, turn, found.skew, tuple(_on_sheet(word, found, image.size) for word in in_place))


def _found(image: Image.Image, dpi: int) -> _Found:
    grey, sizes = _shrunk(image, dpi)
    ink = ink_of(grey)
    skew = skew_of(ink)
    if abs(skew) >= _SKEWED:
        grey = Image.fromarray(levelled(np.asarray(grey), skew, 255))
        ink = ink_of(grey)
    else:
        skew = 0.0
    parts = components_of(ink)
    del ink  # a byte for each pixel of the sheet, which would else be held beside all that follows
    pieces, parts = pieces_of(parts, sizes)
    pieces = sorted(pieces, key=lambda p: -len(p.members))[:_MOST_PIECES]
    return _Found(grey, skew, parts, pieces, sizes)


def _shrunk(image: Image.Image, dpi: int) -> tuple[Image.Image, Sizes]:
    """The page in grey at the scale of reading, evenly lit, and the sizes of lettering there."""
    factor = shrinking(dpi)
    grey = grey_of(image)
    grey = grey.reduce(factor) if factor > 1 else grey
    histogram = grey.histogram()
    is_clean = sum(histogram[_WHITE:]) > _CLEAN * sum(histogram)
    return grey if is_clean else even(grey), Sizes.at(dpi / factor)


def _turn_of(found: _Found, recogniser: Recogniser) -> int:
    """The degrees clockwise that turn the sheet upright: those at which most of its longer texts can be read."""
    words = sorted((p for p in found.pieces if len(p.members) >= 3), key=lambda p: -p.length)
    sides = {is_upright: [p for p in words if p.is_upright == is_upright] for is_upright in (False, True)}
    score = {}
    for turn in (0, 180, 90, 270):
        side = sides[turn in (90, 270)]
        chosen = side[:_SAMPLED]
        page = gathered(found.grey, found.parts, [Way(p, turn, ROOMY) for p in chosen])
        taste = recogniser.sample(page.prepared, len(chosen))
        readings = [r for line in taste.readings.values() for r in line] if taste else []
        score[turn] = sum(len(r.text) for r in readings if r.confidence >= _CERTAIN)
        most = sum(p.length for p in side) > _CLEARLY * sum(p.length for p in sides[turn in (0, 180)])
        if most and score[turn] > _MOSTLY * sum(len(r.text) for r in readings):
            return turn
    best = max(score, key=lambda turn: score[turn])
    return best if score[best] > _LEAD * score[0] else 0


def _on_sheet(word: Word, found: _Found, size: tuple[int, int]) -> Word:
    """The word's box from the levelled page of reading to the sheet of `size` pixels."""
    corners = np.array(
        [(x, y) for x in (word.x, word.x + word.width) for y in (word.y, word.y + word.height)], float
    )
    corners = as_it_lay(corners, found.grey.size, found.skew) * np.array(size) / np.array(found.grey.size)
    left, top = np.clip(np.floor(corners.min(0)), 0, np.array(size) - 1).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(0)), 1, size).astype(int)
    return replace(
        word, x=int(left), y=int(top), width=max(1, int(right - left)), height=max(1, int(bottom - top))
    )
