"""Lifts letters off the strokes that they touch: a door's arc through a name, a wall at its last letter."""

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, components_of_runs, union
from ocr.drawings.bands import counted
from ocr.drawings.sizes import Sizes, could_be_written

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Of the tallest letter: how far a stroke runs at least where nothing touches it, and how broad it is at most.
_SHORTEST_STROKE = 0.5
_BROADEST_STROKE = 0.1
# Pixels by which one row of a stroke is broader than the next.
_UNEVEN = 2
# Of the least letter, and of its box: what is lower or fainter is a rest of a stroke.
_SLIGHTEST = 0.5
_FAINTEST = 0.1
# Pixels of strokes on a sheet, four times those of a crowded plan: what has more is a picture.
_MOST_INK = 4_000_000


def lifted(parts: Components, drawn: Bools, sizes: Sizes) -> tuple[Components, Ints]:
    """The parts with more behind them, and which those are: what is left of the drawn ones without their strokes, as
    large as letters. The drawn ones themselves keep their boxes, but no runs: nobody looks at their ink any more.

    A stroke runs far with one breadth. Where a letter touches it, the ink of both is broader: so much of the stroke
    stays with the letter. Lines that cross a letter lengthwise take their own breadth out of it.
    """
    row, start, end = (x[drawn[parts.run_component]] for x in (parts.run_row, parts.run_start, parts.run_end))
    is_short = end - start < sizes.tallest
    ink = row[is_short], start[is_short], end[is_short]
    if (ink[2] - ink[1]).sum() > _MOST_INK:
        return parts, np.zeros(0, np.int64)
    for _ in range(2):  # strokes that stand, then, along the columns, strokes that lie
        is_stroke = _are_strokes(*ink, sizes)
        ink = _across(*(x[~is_stroke] for x in ink))
    left = components_of_runs(*ink)
    short, long = np.minimum(left.width, left.height), np.maximum(left.width, left.height)
    fits = could_be_written(left, sizes) & (long >= sizes.least) & (short >= _SLIGHTEST * sizes.least)
    fits &= left.area >= _FAINTEST * left.width * left.height
    return _with(parts, ~drawn, left, fits), np.arange(len(parts), len(parts) + fits.sum())


def _with(parts: Components, inked: Bools, more: Components, chosen: Bools) -> Components:
    """The parts, those of them that are `inked` with their runs, and behind them the chosen ones of others."""
    number = np.cumsum(chosen) - 1 + len(parts)
    kept, runs = inked[parts.run_component], chosen[more.run_component]
    return Components(
        *(
            np.concatenate([mine, others[chosen]])
            for mine, others in (
                (parts.left, more.left), (parts.top, more.top), (parts.right, more.right),
                (parts.bottom, more.bottom), (parts.area, more.area),
            )
        ),
        *(
            np.concatenate([mine[kept], others[runs]])
            for mine, others in (
                (parts.run_row, more.run_row), (parts.run_start, more.run_start), (parts.run_end, more.run_end),
                (parts.run_component, number[more.run_component]),
            )
        ),
    )  # fmt: skip


def _are_strokes(row: Ints, start: Ints, end: Ints, sizes: Sizes) -> Bools:
    """Which runs are of strokes: one below the other, alone in their rows, and about as long as one another."""
    if not len(row):
        return np.zeros(0, np.bool_)
    length = end - start
    stride = int(end.max()) + 2
    first = np.searchsorted(row * stride + end, (row + 1) * stride + start, "left")
    below = np.searchsorted(row * stride + start, (row + 1) * stride + end, "right") - first
    below = np.maximum(below, 0)
    one = np.flatnonzero(below == 1)
    other = first[one]
    above = np.bincount(np.repeat(first, below) + counted(below), minlength=len(row))
    alone = (above[other] == 1) & (np.abs(length[one] - length[other]) <= _UNEVEN)
    chain = union(len(row), one[alone], other[alone])
    rows = np.bincount(chain, minlength=len(row))
    breadth = np.bincount(chain, length, minlength=len(row)) / np.maximum(1, rows)
    is_stroke = (rows >= _SHORTEST_STROKE * sizes.tallest) & (breadth <= _BROADEST_STROKE * sizes.tallest)
    return is_stroke[chain] & (length <= breadth[chain] + _UNEVEN)


def _across(row: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """The same ink in runs along its columns: column, start and end of each, in order."""
    if not len(row):
        return row, start, end
    length = end - start
    x = (np.repeat(start, length) + counted(length)).astype(np.int32)
    y = np.repeat(row.astype(np.int32), length)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    first = np.flatnonzero((x[1:] != x[:-1]) | (y[1:] != y[:-1] + 1)) + 1
    first = np.concatenate([[0], first])
    last = np.append(first[1:], len(x)) - 1
    return x[first].astype(np.int64), y[first].astype(np.int64), y[last].astype(np.int64) + 1
