"""Joins parts of the size of letters with those in line with them, where no stroke of the drawing stands between."""

from copy import copy
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, union
from ocr.drawings.bands import Bands, counted
from ocr.drawings.sizes import Sizes

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_USUAL_SHARE = 0.7
_SHARED = 0.25
_SHORT = 2.0


class Strokes:
    """Where the drawing itself has ink."""

    def __init__(self, parts: Components, drawn: Bools) -> None:
        runs = drawn[parts.run_component]
        self._stride = int(parts.run_end.max(initial=0)) + 1
        self._starts = parts.run_row[runs] * self._stride + parts.run_start[runs]
        self._starts = np.append(self._starts, np.iinfo(np.int64).max)
        self._ends = parts.run_row[runs] * self._stride + parts.run_end[runs]
        self._is_upended = False

    def upended(self) -> "Strokes":
        """The same for boxes whose rows are columns."""
        other = copy(self)
        other._is_upended = not self._is_upended
        return other

    def part(self, box: Ints, one: Ints, other: Ints) -> Bools:
        """Whether a stroke stands between two boxes, on the middle one of the rows that they share."""
        row = np.maximum(box[one, 1], box[other, 1]) + np.minimum(box[one, 3], box[other, 3])
        if self._is_upended:
            return self._cross(row // 2, box[one, 2], box[other, 0])
        row = row // 2 * self._stride
        after = np.searchsorted(self._ends, row + box[one, 2], "right")
        return self._starts[after] < row + box[other, 0]

    def _cross(self, column: Ints, top: Ints, bottom: Ints) -> Bools:
        """Whether there is ink in the column on any of the rows."""
        count = np.maximum(bottom - top, 0)
        pair = np.repeat(np.arange(len(count)), count)
        row = np.repeat(top, count) + counted(count)
        place = row * self._stride + column[pair]
        inked = self._starts[np.searchsorted(self._ends, place, "right")] <= place
        return np.bincount(pair[inked], minlength=len(count)) > 0


def joined(
    boxes: Ints,
    letters: list[Ints],
    dots: list[Ints],
    sizes: Sizes,
    gap: float,
    strokes: Strokes | None = None,
) -> list[Ints]:
    """Letters that stand side by side in one line joined, with no stroke between them.

    Groups are joined again, for a space is wide beside a hyphen and as usual beside the line that has the hyphen;
    and short ones once more with the dots, for a colon stands between figures and parts them widely.
    """
    groups = side_by_side(boxes, letters, sizes, gap, strokes)
    groups = side_by_side(boxes, groups, sizes, gap, strokes)
    short = list(extent(all_around(boxes, groups)) < _SHORT * sizes.tallest) if groups else []
    figures = list(compress(groups, short))
    bridged = side_by_side(boxes, [*figures, *dots], sizes, gap, strokes)
    are_dots = {int(dot[0]) for dot in dots}
    rest = [m for m, is_short in zip(groups, short, strict=True) if not is_short]
    return rest + [m for m in bridged if not are_dots.issuperset(m.tolist())]


def side_by_side(
    boxes: Ints, groups: list[Ints], sizes: Sizes, gap: float, strokes: Strokes | None
) -> list[Ints]:
    """Groups that are neighbours joined where no stroke stands between them."""
    if not groups:
        return []
    box = all_around(boxes, groups)
    one, other = neighbours(box, sizes, gap)
    if strokes is not None:
        free = ~strokes.part(box, one, other)
        one, other = one[free], other[free]
    label = union(len(groups), one, other)
    return [np.concatenate([groups[k] for k in g]) for g in _groups(label, np.arange(len(groups)))]


def neighbours(box: Ints, sizes: Sizes, share: float, alike: float = 0.0) -> tuple[Ints, Ints]:
    """Pairs of boxes, left one first, that share rows and stand no farther apart than that share of their size.

    `alike` is how much of the taller one's rows they must share.
    """
    order = np.argsort(box[:, 0], kind="stable")
    box = box[order]
    height, width = box[:, 3] - box[:, 1], box[:, 2] - box[:, 0]
    size = np.minimum(height, np.maximum(width, sizes.usual))
    near = share * np.maximum(size, _USUAL_SHARE * sizes.usual)
    pairs = [np.zeros((2, 0), np.int64)]
    for one, other in Bands(box, sizes.usual).near(box[:, 0], box[:, 1], box[:, 2] + near, box[:, 3]):
        shared = np.minimum(box[one, 3], box[other, 3]) - np.maximum(box[one, 1], box[other, 1])
        fits = (one < other) & (shared >= _SHARED * np.minimum(height[one], height[other]))
        fits &= shared >= alike * np.maximum(height[one], height[other])
        fits &= box[other, 0] - box[one, 2] <= np.minimum(near[one], near[other])
        pairs.append(np.stack([one[fits], other[fits]]))
    one, other = order[np.concatenate(pairs, 1)]
    return one, other


def all_around(boxes: Ints, groups: list[Ints]) -> Ints:
    """The box around each group."""
    first = np.cumsum([0, *(len(members) for members in groups[:-1])])
    inside = boxes[np.concatenate(groups)]
    return np.hstack([np.minimum.reduceat(inside[:, :2], first), np.maximum.reduceat(inside[:, 2:], first)])


def extent(box: Ints) -> Ints:
    """The longer side of each box."""
    return np.maximum(box[..., 2] - box[..., 0], box[..., 3] - box[..., 1])


def _groups(label: Ints, members: Ints) -> list[Ints]:
    if not len(members):
        return []
    order = members[np.argsort(label[members], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
