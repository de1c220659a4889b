"""Finds the pieces of text on a drawing: connected parts of the size of letters, joined with those in line with them.

Everything is told by size on paper, in millimetres, because a drawing's lettering keeps to what can be read in print,
while its lines, arcs and hatches are as large as what they draw.
"""

from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, union
from ocr.layout import lines_among

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MM_PER_INCH = 25.4
_LETTER = (0.9, 14.0)
_LONGEST = 70.0
_SPECK = 0.15
_FAINTEST = 0.10
_FAINTEST_LARGE = 0.11
_FRAME = 0.4
_USUAL = 3.0
_MARK = 1.6
_MARK_SHARE = 0.4
_AT_ONCE = 1000
_USUAL_SHARE = 0.7
_GAP_IN_LINE = 0.9
_GAP_IN_COLUMN = 0.8
_GAP_IN_WORD = 0.35
_ALIKE = 0.4
_FEWEST_STROKES = 4
_ALIKE_STROKES = 0.75
_THIN = 0.28
_LONG = 3.5
_SHARED = 0.25
_TALL = 1.25
_SHORT = 2.0
_FEWEST_OF_LINES = 10
_LONG_LINE = 5
_WITHIN = 0.75
_SEVERAL_LINES = 2.8


@dataclass(frozen=True)
class Sizes:
    """Sizes on paper in pixels of the ink: of the least and the tallest letter, the longest joined word, a speck."""

    least: float
    tallest: float
    longest: float
    speck: float
    usual: float
    mark: float

    @classmethod
    def at(cls, dpi: float) -> "Sizes":
        """The sizes at a resolution."""
        dot = dpi / _MM_PER_INCH
        return cls(
            _LETTER[0] * dot, _LETTER[1] * dot, _LONGEST * dot, _SPECK * dot, _USUAL * dot, _MARK * dot
        )


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


def pieces_of(parts: Components, sizes: Sizes) -> list[PieceOfText]:
    """The pieces of text among the connected parts of a sheet."""
    boxes = np.stack([parts.left, parts.top, parts.right, parts.bottom], 1)
    wide, high = parts.width, parts.height
    long = np.maximum(wide, high)
    written = could_be_written(parts, sizes) & (long >= sizes.speck)
    written &= parts.area >= _FAINTEST * wide * high
    written &= (np.minimum(wide, high) <= _FRAME * sizes.tallest) | (
        parts.area >= _FAINTEST_LARGE * wide * high
    )
    letters = np.flatnonzero(written & (long >= sizes.least))
    dots = list(np.flatnonzero(written & (long < sizes.least))[:, None])
    stands = _stands(boxes[letters], sizes)
    strokes = _Strokes(parts, ~written)
    lines = _joined(boxes, list(letters[stands <= 0][:, None]), dots, sizes, _GAP_IN_LINE, strokes)
    lines, standing = _taken_in(boxes, lines, letters[stands > 0], sizes, strokes)
    undecided = [len(m) == 1 and stands[np.searchsorted(letters, m[0])] == 0 for m in lines]
    upended = [*compress(lines, undecided), *standing[:, None]]
    columns = _joined(boxes[:, [1, 0, 3, 2]], upended, dots, sizes, _GAP_IN_COLUMN)
    groups = [(m, False) for m, one in zip(lines, undecided, strict=True) if not one]
    groups += [(m, len(m) > 1 or bool(high[m[0]] > _TALL * wide[m[0]])) for m in columns]
    marks = [m for m, _ in groups if _is_slight(boxes, m, sizes)]
    groups = [
        (m, u) for m, u in groups
        if not _is_slight(boxes, m, sizes) and not _is_hatch(wide[m], high[m], parts.area[m])
    ]  # fmt: skip
    joined = {int(k) for m, _ in groups for k in m}
    marks += [dot for dot in dots if int(dot[0]) not in joined]
    found = [
        (line, is_upright)
        for members, is_upright in _attached(boxes, marks, groups, sizes)
        for line in ([members] if is_upright else _apart(parts, members, sizes.least))
    ]
    return [PieceOfText(*_around(boxes, members), members, is_upright) for members, is_upright in found]


def _apart(parts: Components, members: Ints, least: float) -> list[Ints]:
    """The lines of a piece: those of notes set close touch one another where a tail reaches down to a head."""
    letters = members[parts.height[members] >= least]
    if len(letters) < _FEWEST_OF_LINES:
        return [members]
    size = float(np.median(parts.height[letters]))
    extent = int(parts.bottom[members].max() - parts.top[members].min())
    return lines_among(parts, members, size) if extent > _SEVERAL_LINES * size else [members]


def could_be_written(parts: Components, sizes: Sizes) -> Bools:
    """Which parts are no larger than letters, and words of joined letters, are."""
    short, long = np.minimum(parts.width, parts.height), np.maximum(parts.width, parts.height)
    return (short <= sizes.tallest) & (long <= sizes.longest)


def _stands(box: Ints, sizes: Sizes) -> Ints:
    """For every letter 1 where those close to it stand above and below, -1 where beside it, 0 where none is close."""
    words = []
    # Under one another stand letters of lines as well: those of one upright word are about as wide as one another.
    for axes, alike in (([0, 1, 2, 3], 0.0), ([1, 0, 3, 2], _ALIKE)):
        label = union(len(box), *_neighbours(box[:, axes], sizes, _GAP_IN_WORD, alike))
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
    return len(members) == 1 and bool(_extent(boxes[members[0]]) < sizes.mark)


def _all_around(boxes: Ints, groups: list[Ints]) -> Ints:
    """The box around each group."""
    first = np.cumsum([0, *(len(members) for members in groups[:-1])])
    inside = boxes[np.concatenate(groups)]
    return np.hstack([np.minimum.reduceat(inside[:, :2], first), np.maximum.reduceat(inside[:, 2:], first)])


def _around(boxes: Ints, members: Ints) -> tuple[int, int, int, int]:
    left, top = boxes[members, :2].min(0)
    right, bottom = boxes[members, 2:].max(0)
    return int(left), int(top), int(right), int(bottom)


class _Strokes:
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


def _joined(
    boxes: Ints,
    letters: list[Ints],
    dots: list[Ints],
    sizes: Sizes,
    gap: float,
    strokes: _Strokes | None = None,
) -> list[Ints]:
    """Letters that stand side by side in one line joined, with no stroke between them.

    Groups are joined again, for a space is wide beside a hyphen and as usual beside the line that has the hyphen;
    and short ones once more with the dots, for a colon stands between figures and parts them widely.
    """
    groups = _side_by_side(boxes, letters, sizes, gap, strokes)
    groups = _side_by_side(boxes, groups, sizes, gap, strokes)
    short = list(_extent(_all_around(boxes, groups)) < _SHORT * sizes.tallest) if groups else []
    figures = list(compress(groups, short))
    bridged = _side_by_side(boxes, [*figures, *dots], sizes, gap, strokes)
    are_dots = {int(dot[0]) for dot in dots}
    rest = [m for m, is_short in zip(groups, short, strict=True) if not is_short]
    return rest + [m for m in bridged if not are_dots.issuperset(m.tolist())]


def _taken_in(
    boxes: Ints, lines: list[Ints], standing: Ints, sizes: Sizes, strokes: _Strokes
) -> tuple[list[Ints], Ints]:
    """The lines with the letters beside or between them that keep to their rows, and the letters that are left.

    In notes set close a short word stands over another one, and neither is part of anything upright.
    """
    long = [m for m in lines if len(m) >= _LONG_LINE]
    if not long or not len(standing):
        return lines, standing
    box = np.concatenate([_all_around(boxes, long), boxes[standing]])
    one, other = _neighbours(box, sizes, _GAP_IN_LINE)
    free = ~strokes.part(box, one, other) & ((one < len(long)) != (other < len(long)))
    line, letter = np.minimum(one, other)[free], np.maximum(one, other)[free]
    shared = np.minimum(box[line, 3], box[letter, 3]) - np.maximum(box[line, 1], box[letter, 1])
    keeps = shared >= _WITHIN * (box[letter, 3] - box[letter, 1])
    taken = np.unique(letter[keeps]) - len(long)
    if not len(taken):
        return lines, standing
    joined = _side_by_side(boxes, [*lines, *standing[taken][:, None]], sizes, _GAP_IN_LINE, strokes)
    return joined, np.delete(standing, taken)


def _side_by_side(
    boxes: Ints, groups: list[Ints], sizes: Sizes, gap: float, strokes: _Strokes | None
) -> list[Ints]:
    if not groups:
        return []
    box = _all_around(boxes, groups)
    one, other = _neighbours(box, sizes, gap)
    if strokes is not None:
        free = ~strokes.part(box, one, other)
        one, other = one[free], other[free]
    label = union(len(groups), one, other)
    return [np.concatenate([groups[k] for k in g]) for g in _groups(label, np.arange(len(groups)))]


def _groups(label: Ints, members: Ints) -> list[Ints]:
    if not len(members):
        return []
    order = members[np.argsort(label[members], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _neighbours(box: Ints, sizes: Sizes, share: float, alike: float = 0.0) -> tuple[Ints, Ints]:
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


def _attached(
    boxes: Ints, marks: list[Ints], groups: list[tuple[Ints, bool]], sizes: Sizes
) -> list[tuple[Ints, bool]]:
    """The groups, each with the dots and marks that stand nearest to it; marks that are far from all are no text."""
    if not groups:
        return []
    box = _all_around(boxes, [members for members, _ in groups])
    upright = np.array([u for _, u in groups])
    size = np.where(upright, box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    size = np.clip(size, sizes.least, sizes.tallest)
    # A dot of a large title is larger than a letter of a note: what is small beside its neighbour is a mark of it.
    small = np.flatnonzero(_extent(box) < _MARK_SHARE * sizes.tallest)
    loose = [*marks, *(groups[k][0] for k in small)]
    if not loose:
        return groups
    home = _nearest(_all_around(boxes, loose), box, size, upright, sizes)
    taken = set(small[home[len(marks) :] >= 0].tolist())
    home[len(marks) :][np.isin(home[len(marks) :], list(taken))] = -1
    extra: list[list[Ints]] = [[] for _ in groups]
    for members, group in zip(loose, home, strict=True):
        if group >= 0:
            extra[group].append(members)
    return [
        (np.concatenate([members, *more]), is_upright)
        for k, ((members, is_upright), more) in enumerate(zip(groups, extra, strict=True))
        if k not in taken
    ]


def _extent(box: Ints) -> Ints:
    return np.maximum(box[..., 2] - box[..., 0], box[..., 3] - box[..., 1])


def _nearest(marks: Ints, box: Ints, size: Ints, upright: Bools, sizes: Sizes) -> Ints:
    """For each mark the group whose line it stands in, above or below; -1 where there is none."""
    home = np.full(len(marks), -1, np.int64)
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE, None, :]
        across = np.maximum(np.maximum(box[:, 0] - some[..., 2], some[..., 0] - box[:, 2]), 0)
        down = np.maximum(np.maximum(box[:, 1] - some[..., 3], some[..., 1] - box[:, 3]), 0)
        along, aside = np.where(upright, down, across), np.where(upright, across, down)
        extent = _extent(some)
        near = (along <= 0.5 * size) & (aside <= 0.4 * size) & (extent < size)
        near &= extent <= np.maximum(sizes.mark, _MARK_SHARE * size)
        distance = np.where(near, along + 2 * aside, np.inf)
        best = distance.argmin(1)
        home[start : start + _AT_ONCE] = np.where(np.isfinite(distance[np.arange(len(best)), best]), best, -1)
    return home
