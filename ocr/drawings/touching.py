"""Parts lines of notes set so close that letters of two of them touch: the lines, and the letters where they touch."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components
from ocr.segmentation import lines_among

Ints = NDArray[np.int64]

_FEWEST_OF_LINES = 10
_SEVERAL_LINES = 2.8
# Of the usual letter: one that is taller may be two, and where two touch there is no more ink than this.
_TALL = 1.6
_TOUCH = 0.5
_SHORT_OF = 0.25


def lines_apart(parts: Components, members: Ints, least: float) -> tuple[Components, list[Ints]]:
    """The members line by line, and the parts: those that reach from one line into the next are two from there on.

    A tail reaches down to a head, and all letters of either are one connected part.
    """
    letters = members[parts.height[members] >= least]
    if len(letters) < _FEWEST_OF_LINES:
        return parts, [members]
    size = float(np.median(parts.height[letters]))
    if parts.bottom[members].max() - parts.top[members].min() <= _SEVERAL_LINES * size:
        return parts, [members]
    lines = lines_among(parts, members, size)
    cuts = _cuts(parts, members, lines, size)
    if not cuts:
        return parts, lines
    halves = np.arange(len(parts), len(parts) + len(cuts))
    parts = _cut(parts, cuts)
    return parts, lines_among(parts, np.concatenate([members, halves]), size)


def _cuts(parts: Components, members: Ints, lines: list[Ints], size: float) -> list[tuple[int, int]]:
    """Parts that stand in two lines, and the row at which the second begins, from the top."""
    middle = (parts.top + parts.bottom) / 2
    is_tall = parts.height > _TALL * size
    centres = sorted(
        float(np.median(middle[usual]))
        for usual in (line[~is_tall[line] & (parts.height[line] >= 0.5 * size)] for line in lines)
        if len(usual)
    )
    slack, cuts = _SHORT_OF * size, []
    for upper, lower in pairwise(centres):
        for part in members[is_tall[members]]:
            first, last = max(round(upper), parts.top[part] + 1), min(round(lower), parts.bottom[part])
            if parts.top[part] < upper + slack and parts.bottom[part] > lower - slack and first < last:
                ink = np.zeros(last - first, np.int64)
                runs = np.flatnonzero(parts.run_component == part)
                runs = runs[(parts.run_row[runs] >= first) & (parts.run_row[runs] < last)]
                np.add.at(ink, parts.run_row[runs] - first, parts.run_end[runs] - parts.run_start[runs])
                if ink.min() <= _TOUCH * size:
                    cuts.append((int(part), first + int(ink.argmin())))
    return cuts


def _cut(parts: Components, cuts: list[tuple[int, int]]) -> Components:
    """The parts, and as many more behind them: of each that is cut, what stands at that row and below."""
    component = parts.run_component.copy()
    newest: dict[int, int] = {}
    for new, (part, row) in enumerate(cuts, len(parts)):
        component[(component == newest.get(part, part)) & (parts.run_row >= row)] = new
        newest[part] = new
    changed = {part for part, _ in cuts} | set(range(len(parts), len(parts) + len(cuts)))
    left, top, right, bottom, area = (
        np.append(values, np.zeros(len(cuts), np.int64))
        for values in (parts.left, parts.top, parts.right, parts.bottom, parts.area)
    )
    for part in changed:
        runs = component == part
        row, start, end = parts.run_row[runs], parts.run_start[runs], parts.run_end[runs]
        left[part], top[part], right[part], bottom[part] = start.min(), row.min(), end.max(), row.max() + 1
        area[part] = (end - start).sum()
    return Components(
        left, top, right, bottom, area, parts.run_row, parts.run_start, parts.run_end, component
    )
