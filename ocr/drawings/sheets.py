"""Reads a large sheet: its text is found among the lines of the drawing, gathered, read, and put back in its place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocr.components import Components, components_of
from ocr.drawings.blocks import in_order
from ocr.drawings.gathering import Way, gathered
from ocr.drawings.paper import is_drawn_on, is_large, shrinking
from ocr.drawings.pieces import PieceOfText, pieces_of
from ocr.drawings.sizes import Sizes, are_letters, common_size, could_be_written
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


@dataclass
class Look:
    """A page, and what it looks like at the scale at which a drawing's lettering is read: its grey, levelled, the skew
    it had, its parts, and the sizes of such lettering. Once pieces are found, `parts` are those they are made of."""

    image: Image.Image
    dpi: int
    grey: Image.Image
    skew: float
    parts: Components
    sizes: Sizes


def drawing_in(image: Image.Image, dpi: int) -> Look | None:
    """A look at a page that is to be read as a drawing, None at any other: a drawing is of A3 and above, and has mostly
    strokes on it; or of A2 and above, and its lettering is a drawing's, not a poster's."""
    if not is_drawn_on(image.size, dpi):
        return None
    look = look_at(image, dpi)
    parts, sizes = look.parts, look.sizes
    letters = are_letters(parts)
    strokes = parts.area[~(letters | could_be_written(parts, sizes))].sum()
    if strokes > _MOSTLY * parts.area.sum():
        return look
    is_small = common_size(parts, letters, sizes) <= sizes.lettering
    return look if is_small and is_large(image.size, dpi) else None


def look_at(image: Image.Image, dpi: int) -> Look:
    """The page at the scale of reading, evenly lit and level."""
    factor = shrinking(dpi)
    grey = grey_of(image)
    grey = grey.reduce(factor) if factor > 1 else grey
    histogram = grey.histogram()
    is_clean = sum(histogram[_WHITE:]) > _CLEAN * sum(histogram)
    grey = grey if is_clean else even(grey)
    ink = ink_of(grey)  # a byte for each pixel of the sheet, not held beside what follows
    skew = skew_of(ink)
    if abs(skew) >= _SKEWED:
        grey = Image.fromarray(levelled(np.asarray(grey), skew, 255))
        ink = ink_of(grey)
    else:
        skew = 0.0
    return Look(image, dpi, grey, skew, components_of(ink), Sizes.at(dpi / factor))


def read_sheet(look: Look, recogniser: Recogniser) -> Sheet:
    """Words of a sheet, whichever way it lies and its texts run. What is hardly lettering is left out."""
    pieces = _pieces(look)
    turn = _turn_of(look, pieces, recogniser)
    if turn:
        look = look_at(look.image.transpose(_TRANSPOSED[turn]), look.dpi)
        pieces = _pieces(look)
    words = best_read(look.grey, look.parts, pieces, recogniser)
    in_place = in_order(pieces, words, look.sizes)
    return Sheet(look.image, turn, look.skew, tuple(_on_sheet(word, look) for word in in_place))


def _pieces(look: Look) -> list[PieceOfText]:
    pieces, look.parts = pieces_of(look.parts, look.sizes)
    return sorted(pieces, key=lambda p: -len(p.members))[:_MOST_PIECES]


def _turn_of(look: Look, pieces: Sequence[PieceOfText], recogniser: Recogniser) -> int:
    """The degrees clockwise that turn the sheet upright: those at which most of its longer texts can be read."""
    words = sorted((p for p in pieces if len(p.members) >= 3), key=lambda p: -p.length)
    sides = {is_upright: [p for p in words if p.is_upright == is_upright] for is_upright in (False, True)}
    score = {}
    for turn in (0, 180, 90, 270):
        side = sides[turn in (90, 270)]
        chosen = side[:_SAMPLED]
        page = gathered(look.grey, look.parts, [Way(p, turn, ROOMY) for p in chosen])
        taste = recogniser.sample(page.prepared, len(chosen))
        readings = [r for line in taste.readings.values() for r in line] if taste else []
        score[turn] = sum(len(r.text) for r in readings if r.confidence >= _CERTAIN)
        most = sum(p.length for p in side) > _CLEARLY * sum(p.length for p in sides[turn in (0, 180)])
        if most and score[turn] > _MOSTLY * sum(len(r.text) for r in readings):
            return turn
    best = max(score, key=lambda turn: score[turn])
    return best if score[best] > _LEAD * score[0] else 0


def _on_sheet(word: Word, look: Look) -> Word:
    """The word's box from the levelled page of reading to the sheet."""
    size = look.image.size
    corners = np.array(
        [(x, y) for x in (word.x, word.x + word.width) for y in (word.y, word.y + word.height)], float
    )
    corners = as_it_lay(corners, look.grey.size, look.skew) * np.array(size) / np.array(look.grey.size)
    left, top = np.clip(np.floor(corners.min(0)), 0, np.array(size) - 1).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(0)), 1, size).astype(int)
    return replace(
        word, x=int(left), y=int(top), width=max(1, int(right - left)), height=max(1, int(bottom - top))
    )
