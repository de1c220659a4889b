"""Joins parts of the size of letters with those in line with them, where no stroke of the drawing stands between."""

from itertools import compress

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, union
from ocr.drawings.sizes import Sizes

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_AT_ONCE = 1000
_USUAL_SHARE = 0.7
_SHARED = 0.25
_SHORT = 2.0
_LONG_LINE = 5
_WITHIN = 0.75


class Strokes:
    """Where the drawing itself has ink."""

    def __init__(self, parts: Components, drawn: Bools) -> None:
        runs = drawn[parts.run_component]
        self._stride = int(parts.run_end.max(initial=0)) + 1
        self._starts = parts.run_row[runs] * self._stride + parts.run_start[runs]
        self._starts = np.append(self._starts, np.iinfo(np.int64).max)
        self._ends = parts.run_row[runs] * self._stride + parts.run_end[runs]

    def part(self, box: Ints, one: Ints, other: Ints) -> Bools:
        """Whether a stroke stands between two boxes, on the middle one of the rows that they share."""
        row = np.maximum(box[one, 1], box[other, 1]) + np.minimum(box[one, 3], box[other, 3])
        row = row // 2 * self._stride
        after = np.searchsorted(self._ends, row + box[one, 2], "right")
        return self._starts[after] < row + box[other, 0]


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
    groups = _side_by_side(boxes, letters, sizes, gap, strokes)
    groups = _side_by_side(boxes, groups, sizes, gap, strokes)
    short = list(extent(all_around(boxes, groups)) < _SHORT * sizes.tallest) if groups else []
    figures = list(compress(groups, short))
    bridged = _side_by_side(boxes, [*figures, *dots], sizes, gap, strokes)
    are_dots = {int(dot[0]) for dot in dots}
    rest = [m for m, is_short in zip(groups, short, strict=True) if not is_short]
    return rest + [m for m in bridged if not are_dots.issuperset(m.tolist())]


def taken_in(
    boxes: Ints, lines: list[Ints], standing: Ints, sizes: Sizes, gap: float, strokes: Strokes
) -> tuple[list[Ints], Ints]:
    """The lines with the letters beside or between them that keep to their rows, and the letters that are left.

    In notes set close a short word stands over another one, and neither is part of anything upright.
    """
    while len(taken := _beside(boxes, lines, standing, sizes, gap, strokes)):
        lines = _side_by_side(boxes, [*lines, *standing[taken][:, None]], sizes, gap, strokes)
        standing = np.delete(standing, taken)
    return lines, standing


def _beside(
    boxes: Ints, lines: list[Ints], standing: Ints, sizes: Sizes, gap: float, strokes: Strokes
) -> Ints:
    """Which of the letters stand next to a long line and in its rows."""
    long = [m for m in lines if len(m) >= _LONG_LINE]
    if not long or not len(standing):
        return np.zeros(0, np.int64)
    box = np.concatenate([all_around(boxes, long), boxes[standing]])
    one, other = neighbours(box, sizes, gap)
    free = ~strokes.part(box, one, other) & ((one < len(long)) != (other < len(long)))
    line, letter = np.minimum(one, other)[free], np.maximum(one, other)[free]
    shared = np.minimum(box[line, 3], box[letter, 3]) - np.maximum(box[line, 1], box[letter, 1])
    keeps = shared >= _WITHIN * (box[letter, 3] - box[letter, 1])
    return np.unique(letter[keeps]) - len(long)


def _side_by_side(
    boxes: Ints, groups: list[Ints], sizes: Sizes, gap: float, strokes: Strokes | None
) -> list[Ints]:
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
    height, width = box[:, 3] - box[:, 1], box[:, 2] - box[:, 0]
    size = np.minimum(height, np.maximum(width, sizes.usual))
    near = share * np.maximum(size, _USUAL_SHARE * sizes.usual)
    last = np.searchsorted(box[order, 0], box[order, 2] + near[order], "right")
    pairs = [np.zeros((2, 0), np.int64)]
    for start in range(0, len(box), _AT_ONCE):
        first = np.arange(start, min(len(box), start + _AT_ONCE))
        count = last[first] - first - 1
        one = np.repeat(first, count)
        other = one + 1 + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        one, other = order[one], order[other]
        shared = np.minimum(box[one, 3], box[other, 3]) - np.maximum(box[one, 1], box[other, 1])
        fits = shared >= _SHARED * np.minimum(height[one], height[other])
        fits &= shared >= alike * np.maximum(height[one], height[other])
        fits &= box[other, 0] - box[one, 2] <= np.minimum(near[one], near[other])
        pairs.append(np.stack([one[fits], other[fits]]))
    one, other = np.concatenate(pairs, 1)
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
