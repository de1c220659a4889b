"""Finds the pieces of line on a page: runs of writing on one row, parted where the gap is wide.

Works on bilevel ink at about 150 dots an inch, already straight and without table rules. All sizes are relative to
the height of the text itself, which is measured, so a drawing, a form and an enlarged title are cut alike.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, components_of
from ocr.marks import attach, boxes_of, is_slight, noughts, rejoined
from ocr.segmentation import Ints, clusters, parted, split
from ocr.touching import lines_apart

# A page of small print in many columns has some hundreds; so many could not be read in the time of a page.
_MOST_PIECES = 4000
# Lines are 1.1 to 2.4 times as high as text is measured to be. Higher ones in many pieces are those of broken letters.
_USUAL_LINE, _BROKEN_LINE = 1.75, 2.2
_MANY_PIECES, _FEWEST_WORDS = 2.0, 8


@dataclass(frozen=True)
class Piece:
    """Box of a piece of line, in pixels of the ink it was found in, and the row it belongs to, from 0."""

    left: int
    top: int
    right: int
    bottom: int
    row: int
    label: int


@dataclass(frozen=True)
class Layout:
    """Pieces in rows from the top, and for every pixel of ink the label of its piece (-1: none).

    There are none, and `is_writing` is not so, where there would be more than any page has.
    """

    pieces: tuple[Piece, ...]
    owner: NDArray[np.int32]
    text_height: float
    is_writing: bool = True


def text_height_of(parts: Components) -> float:
    """The height of the larger half of the writing's connected parts, without specks, pictures and rules."""
    height, width = parts.height, parts.width
    likely = (height >= 4) & (height <= 120) & (width <= 12 * height) & (parts.area >= 8)
    likely &= height * 12 >= width
    if likely.sum() < 5:
        return 18.0
    heights, weights = height[likely], np.sqrt(parts.area[likely].astype(float))
    order = np.argsort(heights)
    share = np.cumsum(weights[order]) / weights.sum()
    return float(heights[order][int(np.searchsorted(share, 0.5))])


def layout_of(ink: NDArray[np.bool_], walls: Ints | None = None) -> Layout:
    """The pieces of line in `ink`; none crosses one of `walls`: boxes (left, top, right, bottom) of upright rules."""
    parts = components_of(ink)
    walls = walls if walls is not None else np.zeros((0, 4), np.int64)
    if not len(parts):
        return Layout((), np.full(ink.shape, -1, np.int32), 18.0)
    size = text_height_of(parts)
    layout = _laid_out(parts, ink.shape, size, walls)
    truer = _height_by_lines(layout)
    return _laid_out(parts, ink.shape, truer, walls) if truer else layout


def _height_by_lines(layout: Layout) -> float | None:
    """The height of text by that of its lines, where thin strokes are so broken that most parts are no whole letters.

    Lines then fall to pieces of a word and less, which still are as high as lines are.
    """
    high = [p.bottom - p.top for p in layout.pieces if p.right - p.left > 5 * layout.text_height]
    rows = len({p.row for p in layout.pieces})
    if len(high) < _FEWEST_WORDS or len(layout.pieces) < _MANY_PIECES * rows:
        return None
    line = float(np.median(high))
    return line / _USUAL_LINE if line > _BROKEN_LINE * layout.text_height else None


def _laid_out(parts: Components, shape: tuple[int, int], size: float, walls: Ints) -> Layout:
    writing = (parts.height <= 4.5 * size) & (parts.width <= 30 * size)
    writing &= parts.area >= max(2, (size / 12) ** 2)
    body = writing & (parts.height >= 0.4 * size) & (parts.area >= 0.06 * size * size)
    seeds: list[Ints] = []
    for members in clusters(parts, body, 2.0 * size):
        parts, apart = lines_apart(parts, members, size)
        lines = [part for line in apart for part in parted(parts, line, size)]
        seeds += [piece for line in lines for piece in split(parts, line, 3.0 * size, walls)]
    if len(seeds) > _MOST_PIECES:
        return Layout((), np.full(shape, -1, np.int32), size, is_writing=False)
    writing = np.append(writing, np.ones(len(parts) - len(writing), bool))
    piece_of = np.full(len(parts), -1, np.int32)
    # A raised hamza or a lone mark is no line: it joins one if a line is near, and stands alone if none is.
    small = [piece for piece in seeds if is_slight(parts, piece, size)]
    large = [piece for piece in seeds if not is_slight(parts, piece, size)]
    for found, piece in enumerate(large):
        piece_of[piece] = found
    found = len(large)
    if found:
        attach(parts, np.flatnonzero(writing & (piece_of < 0)), piece_of, found, size)
        # One after the other: the last nought of 1.000 is near the nought before it and far from any other digit.
        dots = writing & noughts(parts, size)
        while attach(parts, np.flatnonzero(dots & (piece_of < 0)), piece_of, found, size, 0.25):
            continue
    for piece in small:
        if (piece_of[piece] < 0).all():
            piece_of[piece] = found
            found += 1
    if not found:
        return Layout((), np.full(shape, -1, np.int32), size)
    piece_of, found = rejoined(parts, piece_of, found, size, walls)
    boxes = boxes_of(parts, piece_of, found)
    rows = _rows(boxes, size)
    pieces = []
    for label, box in enumerate(boxes):
        left, top, right, bottom = (int(v) for v in box)
        pieces.append(Piece(left, top, right, bottom, int(rows[label]), label))
    pieces.sort(key=lambda p: (p.row, -p.right))
    return Layout(tuple(pieces), parts.painted(piece_of, shape), size)


def close_groups(parts: Components, size: float) -> int:
    """How many groups the letters fall into when those closer than letters of a word are joined along the rows."""
    letters = (parts.height <= 4 * size) & (parts.width <= 4 * size)
    letters &= (parts.height >= 0.4 * size) | (parts.width >= 0.4 * size)
    return len(clusters(parts, letters, 0.5 * size))


def _rows(boxes: Ints, size: float) -> NDArray[np.int64]:
    """Row numbers from the top: pieces that overlap by half of the lower one's height share a row."""
    rows = np.zeros(len(boxes), np.int64)
    bands: list[list[float]] = []
    for i in np.argsort((boxes[:, 1] + boxes[:, 3]) / 2, kind="stable"):
        top, bottom = float(boxes[i, 1]), float(boxes[i, 3])
        middle = (top + bottom) / 2
        for band in bands[-6:]:
            shared = min(bottom, band[1]) - max(top, band[0])
            if shared > 0.5 * min(bottom - top, band[1] - band[0]) and abs(middle - band[2]) < 0.8 * size:
                rows[i] = int(band[3])
                break
        else:
            bands.append([top, bottom, middle, float(len(bands))])
            rows[i] = len(bands) - 1
    return rows
