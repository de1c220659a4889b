"""Finds the pieces of text on a drawing: parts of the size of letters, joined with those in line with them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components
from ocr.drawings.attaching import attached
from ocr.drawings.directions import by_direction, with_touching
from ocr.drawings.joining import Strokes, extent
from ocr.drawings.lifting import lifted
from ocr.drawings.sizes import Sizes, could_be_written
from ocr.touching import lines_apart

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_FAINTEST = 0.10
_FAINTEST_LARGE = 0.11
_FRAME = 0.4
_FEWEST_STROKES = 4
_ALIKE_STROKES = 0.75
_THIN = 0.28
_LONG = 3.5
_TALL = 1.25
_FEWEST_OF_LINES = 10
_SEVERAL_LINES = 2.8


@dataclass(frozen=True)
class PieceOfText:
    """Components that stand in one line, the box around them in pixels of the ink, and whether they run up or down."""

    left: int
    top: int
    right: int
    bottom: int
    members: Ints
    is_upright: bool

    @property
    def length(self) -> int:
        """How far it runs along its line."""
        return self.bottom - self.top if self.is_upright else self.right - self.left


def pieces_of(parts: Components, sizes: Sizes) -> tuple[list[PieceOfText], Components]:
    """The pieces of text among the parts of a sheet, and those parts, two of one where letters of two lines touch."""
    boxes = _boxes(parts)
    wide, high = parts.width, parts.height
    long = np.maximum(wide, high)
    written = could_be_written(parts, sizes) & (long >= sizes.speck)
    written &= parts.area >= _FAINTEST * wide * high
    written &= (np.minimum(wide, high) <= _FRAME * sizes.tallest) | (
        parts.area >= _FAINTEST_LARGE * wide * high
    )
    letters = np.flatnonzero(written & (long >= sizes.least))
    dots = list(np.flatnonzero(written & (long < sizes.least))[:, None])
    strokes = Strokes(parts, ~written)
    lines, columns = by_direction(boxes, letters, dots, sizes, strokes)
    parts, more = lifted(parts, ~written, sizes)
    boxes = _boxes(parts)
    wide, high = parts.width, parts.height
    lines, columns = with_touching(boxes, lines, columns, list(more[:, None]), sizes, strokes)
    groups = [(m, False) for m in lines]
    groups += [(m, len(m) > 1 or bool(high[m[0]] > _TALL * wide[m[0]])) for m in columns]
    marks = [m for m, _ in groups if _is_slight(boxes, m, sizes)]
    groups = [
        (m, u) for m, u in groups
        if not _is_slight(boxes, m, sizes) and not _is_hatch(wide[m], high[m], parts.area[m])
    ]  # fmt: skip
    members = {int(k) for m, _ in groups for k in m}
    marks += [dot for dot in dots if int(dot[0]) not in members]
    found: list[tuple[Ints, bool]] = []
    for members_of, is_upright in attached(boxes, marks, groups, sizes):
        lines_of = [members_of]
        if not is_upright:
            parts, lines_of = _line_by_line(parts, members_of, sizes)
        found += [(line, is_upright) for line in lines_of]
    boxes = _boxes(parts)
    return [PieceOfText(*_around(boxes, m), m, is_upright) for m, is_upright in found], parts


def _line_by_line(parts: Components, members: Ints, sizes: Sizes) -> tuple[Components, list[Ints]]:
    letters = members[parts.height[members] >= sizes.least]
    if len(letters) < _FEWEST_OF_LINES:
        return parts, [members]
    size = float(np.median(parts.height[letters]))
    if parts.bottom[members].max() - parts.top[members].min() <= _SEVERAL_LINES * size:
        return parts, [members]
    return lines_apart(parts, members, size)


def _is_hatch(wide: Ints, high: Ints, area: Ints) -> bool:
    """Whether these are strokes and no letters: four and more of one size, each thin for its box or long and narrow."""
    if len(wide) < _FEWEST_STROKES:
        return False
    usual = np.median(wide), np.median(high)
    alike = (np.abs(wide - usual[0]) <= 0.15 * usual[0] + 1) & (
        np.abs(high - usual[1]) <= 0.15 * usual[1] + 1
    )
    if alike.mean() < _ALIKE_STROKES:
        return False
    return bool(np.median(area / (wide * high)) < _THIN or max(usual) > _LONG * min(usual))


def _is_slight(boxes: Ints, members: Ints, sizes: Sizes) -> bool:
    return len(members) == 1 and bool(extent(boxes[members[0]]) < sizes.mark)


def _boxes(parts: Components) -> Ints:
    return np.stack([parts.left, parts.top, parts.right, parts.bottom], 1)


def _around(boxes: Ints, members: Ints) -> tuple[int, int, int, int]:
    left, top = boxes[members, :2].min(0)
    right, bottom = boxes[members, 2:].max(0)
    return int(left), int(top), int(right), int(bottom)
