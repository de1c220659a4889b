"""Tells which letters of a sheet stand in level lines and which in upright ones: columns, as they are called here."""

from itertools import compress

import numpy as np
from numpy.typing import NDArray

from ocr.components import union
from ocr.drawings.joining import Strokes, all_around, joined, neighbours, side_by_side
from ocr.drawings.sizes import Sizes

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_GAP_IN_LINE = 0.9
_GAP_IN_COLUMN = 0.8
_GAP_IN_WORD = 0.35
_ALIKE = 0.3
_TALL = 1.25
# Lines of so many letters, columns of so many, take in what is so far within their rows.
_LONG_LINE, _LONG_COLUMN = 5, 2
_WITHIN, _MOSTLY, _HALF = 0.75, 0.6, 0.5


def by_direction(
    boxes: Ints, letters: Ints, dots: list[Ints], sizes: Sizes, strokes: Strokes
) -> tuple[list[Ints], list[Ints]]:
    """The letters in lines and in columns, with dots where these hold them together.

    What a letter's neighbours say is not always so: in notes set close a short word stands over another one, in a word
    that runs upwards two letters may stand side by side, and a long line knows better than either.
    """
    level, upright = _Taking(boxes, sizes, strokes), _Taking(boxes, sizes, strokes, is_upright=True)
    stands = _stands(boxes[letters], sizes)
    lines = joined(boxes, list(letters[stands <= 0][:, None]), dots, sizes, _GAP_IN_LINE, strokes)
    lines, standing = level(lines, list(letters[stands > 0][:, None]), _LONG_LINE, _WITHIN)
    undecided = [len(m) == 1 and stands[np.searchsorted(letters, m[0])] == 0 for m in lines]
    columns = [*compress(lines, undecided), *standing]
    columns = joined(upright.boxes, columns, dots, sizes, _GAP_IN_COLUMN)
    lines = [m for m, one in zip(lines, undecided, strict=True) if not one]
    columns, lines = upright(columns, lines, _LONG_COLUMN, _MOSTLY)
    # One letter is no column: the dot above it may be another line's.
    columns = [one if len(one := m[np.isin(m, letters)]) == 1 else m for m in columns]
    return _without_short(lines, columns, letters[stands > 0], level)


class _Taking:
    """Lines, or columns, with what stands loose beside or between them."""

    def __init__(self, boxes: Ints, sizes: Sizes, strokes: Strokes, is_upright: bool = False) -> None:
        self.boxes = boxes[:, [1, 0, 3, 2]] if is_upright else boxes
        self._strokes = strokes.upended() if is_upright else strokes
        self._gap = _GAP_IN_COLUMN if is_upright else _GAP_IN_LINE
        self._sizes = sizes

    def __call__(
        self, lines: list[Ints], loose: list[Ints], fewest: int, within: float
    ) -> tuple[list[Ints], list[Ints]]:
        """Lines with all that is loose beside those of `fewest` parts and more, and has so much of its height `within`
        their rows; and what is left of that."""
        while taken := self._beside(lines, loose, fewest, within):
            added = [*lines, *(loose[k] for k in taken)]
            lines = side_by_side(self.boxes, added, self._sizes, self._gap, self._strokes)
            loose = [m for k, m in enumerate(loose) if k not in taken]
        return lines, loose

    def _beside(self, lines: list[Ints], loose: list[Ints], fewest: int, within: float) -> set[int]:
        long = [m for m in lines if len(m) >= fewest]
        if not long or not loose:
            return set()
        box = all_around(self.boxes, [*long, *loose])
        one, other = neighbours(box, self._sizes, self._gap)
        apart = (one < len(long)) != (other < len(long))
        one, other = one[apart], other[apart]
        free = ~self._strokes.part(box, one, other)
        line, letter = np.minimum(one, other)[free], np.maximum(one, other)[free]
        shared = np.minimum(box[line, 3], box[letter, 3]) - np.maximum(box[line, 1], box[letter, 1])
        keeps = shared >= within * (box[letter, 3] - box[letter, 1])
        return set((letter[keeps] - len(long)).tolist())


def _without_short(
    lines: list[Ints], columns: list[Ints], standing: Ints, level: _Taking
) -> tuple[list[Ints], list[Ints]]:
    """Lines and columns, where letters that stand alone, or in twos as an alef and its hamza, may be a line's."""
    for count, within in ((1, _HALF), (2, _WITHIN)):
        short = [len(m) == count and bool(np.isin(m, standing).any()) for m in columns]
        lines, left = level(lines, [*compress(columns, short)], 1, within)
        columns = [*(m for m, one in zip(columns, short, strict=True) if not one), *left]
    return lines, columns


def with_touching(
    boxes: Ints, lines: list[Ints], columns: list[Ints], touching: list[Ints], sizes: Sizes, strokes: Strokes
) -> tuple[list[Ints], list[Ints]]:
    """The lines and columns with letters beside them that touch strokes; what stands by itself is none."""
    lines, touching = _Taking(boxes, sizes, strokes)(lines, touching, 2, _HALF)
    columns, _ = _Taking(boxes, sizes, strokes, is_upright=True)(columns, touching, _LONG_COLUMN, _MOSTLY)
    return lines, columns


def _stands(box: Ints, sizes: Sizes) -> Ints:
    """For every letter 1 where those close to it stand above and below, -1 where beside it, 0 where none is close."""
    words = []
    # Under one another stand letters of lines as well: those of one upright word are about as wide as one another.
    for axes, alike in (([0, 1, 2, 3], 0.0), ([1, 0, 3, 2], _ALIKE)):
        label = union(len(box), *neighbours(box[:, axes], sizes, _GAP_IN_WORD, alike))
        first, last = np.full((len(box), 2), np.iinfo(np.int64).max), np.zeros((len(box), 2), np.int64)
        np.minimum.at(first, label, box[:, :2])
        np.maximum.at(last, label, box[:, 2:])
        words.append(((last - first)[label], np.bincount(label, minlength=len(box))[label] == 1))
    (across, alone_across), (down, alone_down) = words
    width, height = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
    # A word of Arabic is often one connected part, told from an alef by its breadth.
    alone = alone_across & alone_down
    upright = np.where(alone, (height > 2 * width) & (width > sizes.mark), down[:, 1] > _TALL * across[:, 0])
    level = np.where(alone, width > 2 * height, ~upright)
    return upright.astype(np.int64) - level
