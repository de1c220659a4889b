"""Parts lines set so close that letters of two of them touch: the lines, and the letters where they touch."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components
from ocr.segmentation import lines_among

Ints = NDArray[np.int64]

# Of the usual letter's height: a part that is taller may be two, and where two touch there is no more ink than this.
_TALL = 1.6
_TOUCH = 0.5
_SHORT_OF = 0.25
# Of the way from the middle of one line to that of the next: nearer to either, a stroke of its own letters is cut.
_MARGIN = 0.25


def lines_apart(parts: Components, members: Ints, size: float) -> tuple[Components, list[Ints]]:
    """The members line by line, and the parts: those that reach from one line into the next are two from there on.

    A tail reaches down to a head, and all letters of either are one connected part. `size` is a usual letter's height.
    """
    lines = lines_among(parts, members, size)
    if len(lines) < 2:
        return parts, lines
    spans = _spans(parts, members, lines, size)
    runs = _runs_of(parts, [part for part, _, _ in spans])
    cuts = _cuts(parts, spans, runs, _TOUCH * size)
    if not cuts:
        return parts, lines
    halves = np.arange(len(parts), len(parts) + len(cuts))
    parts = _cut(parts, cuts, runs)
    return parts, lines_among(parts, np.concatenate([members, halves]), size)


def _spans(parts: Components, members: Ints, lines: list[Ints], size: float) -> list[tuple[int, int, int]]:
    """Parts that stand in two lines, and the rows from which and to which the second may begin, from the top."""
    middle = (parts.top + parts.bottom) / 2
    is_tall = parts.height > _TALL * size
    centres = sorted(
        float(np.median(middle[usual]))
        for usual in (line[~is_tall[line] & (parts.height[line] >= 0.5 * size)] for line in lines)
        if len(usual)
    )
    tall, slack = members[is_tall[members]], _SHORT_OF * size
    top, bottom = parts.top[tall], parts.bottom[tall]
    spans: list[tuple[int, int, int]] = []
    for upper, lower in pairwise(centres):
        margin = _MARGIN * (lower - upper)
        first, last = np.maximum(round(upper + margin), top + 1), np.minimum(round(lower - margin), bottom)
        both = (top < upper + slack) & (bottom > lower - slack) & (first < last)
        spans += zip(tall[both].tolist(), first[both].tolist(), last[both].tolist(), strict=True)
    return spans


def _runs_of(parts: Components, chosen: list[int]) -> dict[int, Ints]:
    """The runs of ink of each of the parts, from the top. A sheet has a million, so all are looked at but once."""
    is_chosen = np.zeros(len(parts), np.bool_)
    is_chosen[chosen] = True
    runs = np.flatnonzero(is_chosen[parts.run_component])
    runs = runs[np.argsort(parts.run_component[runs], kind="stable")]
    part, first = np.unique(parts.run_component[runs], return_index=True)
    return dict(zip(part.tolist(), np.split(runs, first[1:]), strict=False))


def _cuts(
    parts: Components, spans: list[tuple[int, int, int]], runs: dict[int, Ints], most: float
) -> list[tuple[int, int]]:
    """The parts that have a row of no more ink than `most` there, and that row, at which the second begins."""
    cuts = []
    for part, first, last in spans:
        own = runs[part]
        own = own[(parts.run_row[own] >= first) & (parts.run_row[own] < last)]
        ink = np.zeros(last - first, np.int64)
        np.add.at(ink, parts.run_row[own] - first, parts.run_end[own] - parts.run_start[own])
        if ink.min() <= most:
            cuts.append((part, first + int(ink.argmin())))
    return cuts


def _cut(parts: Components, cuts: list[tuple[int, int]], runs: dict[int, Ints]) -> Components:
    """The parts, and as many more behind them: of each that is cut, what stands at that row and below."""
    newest: dict[int, int] = {}
    halves: dict[int, Ints] = {}
    for new, (part, row) in enumerate(cuts, len(parts)):
        cut = newest.get(part, part)
        own = halves.get(cut, runs[part])
        below = parts.run_row[own] >= row
        halves[cut], halves[new], newest[part] = own[~below], own[below], new
    component = parts.run_component.copy()
    left, top, right, bottom, area = (
        np.append(values, np.zeros(len(cuts), np.int64))
        for values in (parts.left, parts.top, parts.right, parts.bottom, parts.area)
    )
    for half, own in halves.items():
        component[own] = half
        rows, start, end = parts.run_row[own], parts.run_start[own], parts.run_end[own]
        left[half], top[half], right[half], bottom[half] = start.min(), rows.min(), end.max(), rows.max() + 1
        area[half] = (end - start).sum()
    return Components(
        left, top, right, bottom, area, parts.run_row, parts.run_start, parts.run_end, component
    )
