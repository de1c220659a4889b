"""Finds the pieces of text on a drawing: connected parts of the size of letters, joined with those in line with them.

Everything is told by size on paper, in millimetres, because a drawing's lettering keeps to what can be read in print,
while its lines, arcs and hatches are as large as what they draw.
"""

from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, union

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MM_PER_INCH = 25.4
_LETTER = (0.9, 14.0)
_LONGEST = 70.0
_SPECK = 0.15
_FAINTEST = 0.10
_FAINTEST_LARGE = 0.14
_FRAME = 0.4
_USUAL = 3.0
_MARK = 1.6
_MARK_SHARE = 0.4
_AT_ONCE = 1000
_USUAL_SHARE = 0.7
_GAP_IN_LINE = 0.9
_GAP_IN_COLUMN = 0.8
_GAP_IN_WORD = 0.35
_SHARED = 0.25
_TALL = 1.25


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
    short, long = np.minimum(wide, high), np.maximum(wide, high)
    written = (short <= sizes.tallest) & (long <= sizes.longest) & (long >= sizes.speck)
    written &= parts.area >= _FAINTEST * wide * high
    body = written & (long >= sizes.least)
    letters = np.flatnonzero(body)
    stands = _stands(boxes[letters], sizes)
    lines = _lines(parts, boxes, letters[stands <= 0], written, sizes)
    undecided = [len(m) == 1 and stands[np.searchsorted(letters, m[0])] == 0 for m in lines]
    columns = _columns(boxes, [*compress(lines, undecided), *letters[stands > 0][:, None]], sizes)
    groups = [(m, False) for m, one in zip(lines, undecided, strict=True) if not one]
    groups += [(m, len(m) > 1 or bool(high[m[0]] > _TALL * wide[m[0]])) for m in columns]
    marks = [m for m, _ in groups if _is_slight(boxes, m, sizes)]
    groups = [(m, u) for m, u in groups if not _is_slight(boxes, m, sizes)]
    found = _attached(boxes, [*np.flatnonzero(written & ~body)[:, None], *marks], groups, sizes)
    return [PieceOfText(*_around(boxes, members), members, is_upright) for members, is_upright in found]


def _stands(box: Ints, sizes: Sizes) -> Ints:
    """For every letter 1 where those close to it stand above and below, -1 where beside it, 0 where none is close."""
    extents = []
    for axes in ([0, 1, 2, 3], [1, 0, 3, 2]):
        turned = box[:, axes]
        label = union(len(box), *_neighbours(turned, sizes, _GAP_IN_WORD))
        first, last = np.full(len(box), np.iinfo(np.int64).max), np.zeros(len(box), np.int64)
        np.minimum.at(first, label, turned[:, 0])
        np.maximum.at(last, label, turned[:, 2])
        is_alone = np.bincount(label, minlength=len(box))[label] == 1
        extents.append((last[label] - first[label], is_alone))
    (across, alone_across), (down, alone_down) = extents
    width, height = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
    # A word of Arabic is often one connected part, told from an alef by its breadth.
    alone = alone_across & alone_down
    upright = np.where(alone, (height > 2 * width) & (width > sizes.mark), down > _TALL * across)
    level = np.where(alone, width > 2 * height, ~upright)
    return upright.astype(np.int64) - level


def _is_slight(boxes: Ints, members: Ints, sizes: Sizes) -> bool:
    return len(members) == 1 and bool(_extent(boxes[members[0]]) < sizes.mark)


def _around(boxes: Ints, members: Ints) -> tuple[int, int, int, int]:
    left, top = boxes[members, :2].min(0)
    right, bottom = boxes[members, 2:].max(0)
    return int(left), int(top), int(right), int(bottom)


def _lines(parts: Components, boxes: Ints, body: Ints, written: Bools, sizes: Sizes) -> list[Ints]:
    """Groups of letters that stand side by side, with no stroke of the drawing between them."""
    box = boxes[body]
    one, other = _neighbours(box, sizes, _GAP_IN_LINE)
    row = (np.maximum(box[one, 1], box[other, 1]) + np.minimum(box[one, 3], box[other, 3])) // 2
    drawn = ~written[parts.run_component]
    stride = int(boxes[:, 2].max()) + 1
    starts = parts.run_row[drawn] * stride + parts.run_start[drawn]
    ends = parts.run_row[drawn] * stride + parts.run_end[drawn]
    after = np.searchsorted(ends, row * stride + box[one, 2], "right")
    starts = np.append(starts, np.iinfo(np.int64).max)
    free = starts[after] >= row * stride + box[other, 0]
    label = union(len(body), one[free], other[free])
    return [body[group] for group in _groups(label, np.arange(len(body)))]


def _groups(label: Ints, members: Ints) -> list[Ints]:
    if not len(members):
        return []
    order = members[np.argsort(label[members], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _columns(boxes: Ints, letters: list[Ints], sizes: Sizes) -> list[Ints]:
    """Groups of those that stand one above another like the letters of a word on its side."""
    if not letters:
        return []
    members = np.concatenate(letters)
    one, other = _neighbours(boxes[members][:, [1, 0, 3, 2]], sizes, _GAP_IN_COLUMN)
    label = union(len(members), one, other)
    return [members[group] for group in _groups(label, np.arange(len(members)))]


def _neighbours(box: Ints, sizes: Sizes, share: float) -> tuple[Ints, Ints]:
    """Pairs of boxes, left one first, that share rows and stand no farther apart than that share of their size."""
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
    box = np.array([_around(boxes, members) for members, _ in groups])
    upright = np.array([u for _, u in groups])
    size = np.where(upright, box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    size = np.clip(size, sizes.least, sizes.tallest)
    # A dot of a large title is larger than a letter of a note: what is small beside its neighbour is a mark of it.
    small = np.flatnonzero(_extent(box) < _MARK_SHARE * sizes.tallest)
    loose = [*marks, *(groups[k][0] for k in small)]
    if not loose:
        return groups
    home = _nearest(np.array([_around(boxes, members) for members in loose]), box, size, upright, sizes)
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
