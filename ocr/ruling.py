"""Ruled and dotted lines: where they run, and which pixels are theirs alone and may be taken away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, components_of_runs, runs_of

Bilevel = NDArray[np.bool_]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_BARE = 0.8
_SHORTEST = 60
# Of a dotted line: its dots against the height of letters, how far apart they stand at most, how many of one distance
# there are at least, and how much distances may differ.
_DOT = 0.4
_APART = 1.3
_FEWEST_DOTS = 9
_EVEN = 0.2
_BAND = 4


@dataclass(frozen=True)
class Rules:
    """Pixels of rules where no stroke of writing crosses them, and the boxes (left, top, right, bottom) of the level
    and of the upright rules themselves, crossings included."""

    ink: Bilevel
    level: Ints
    upright: Ints


def rules_of(ink: Bilevel, text_height: float) -> Rules:
    """The rules of a page that lies level: long and thin, along its rows or its columns."""
    y, x, lone, level = _level_rules(ink, text_height)
    across, down, lone_down, upright = _level_rules(np.ascontiguousarray(ink.T), text_height)
    lying, alone = np.zeros(ink.shape, np.bool_), np.zeros(ink.shape, np.bool_)
    lying[y, x] = True
    alone[y[lone], x[lone]] = True
    # Where two rules cross, the ink of each is as tall as the other is long: it is the rules' alone none the less.
    lone_down |= lying[down, across]
    alone[down[lone_down], across[lone_down]] = True
    return Rules(alone, level, upright[:, [1, 0, 3, 2]])


def _level_rules(ink: Bilevel, text_height: float) -> tuple[Ints, Ints, Bools, Ints]:
    """Row and column of every pixel of a level rule, whether it is no other stroke's, and the rules' boxes."""
    shortest = max(_SHORTEST, round(4.5 * text_height))
    thickest = max(3, round(0.3 * text_height))
    # Ink within one pixel above or below counts, so that a slightly slanted rule is still one run.
    near = ink.copy()
    near[1:] |= ink[:-1]
    near[:-1] |= ink[1:]
    row, start, end = runs_of(near)
    long = end - start >= shortest
    row, start, end = row[long], start[long], end[long]
    parts = components_of_runs(row, start, end)
    # Broad shapes are put aside before every pixel is looked at: a page may be nearly all ink.
    thin = parts.area <= (thickest + 2) * parts.width
    narrow = thin[parts.run_component]
    row, start, end = row[narrow], start[narrow], end[narrow]
    lengths = end - start
    y = np.repeat(row, lengths)
    x = np.arange(lengths.sum()) + np.repeat(start - np.cumsum(lengths) + lengths, lengths)
    part = np.repeat(parts.run_component[narrow], lengths)
    inked = ink[y, x]
    y, x, part = y[inked], x[inked], part[inked]
    # A stroke that crosses the rule makes the ink of its column taller than a rule is thick. Where that is so in many
    # places it is no rule, but the base of joined letters.
    alone = _upright_extent(ink, y, x, thickest) <= thickest
    share = np.bincount(part[alone], minlength=len(parts)) / np.maximum(
        1, np.bincount(part, minlength=len(parts))
    )
    bare = (share >= _BARE) & thin
    here = bare[part]
    boxes = np.stack((parts.left, parts.top, parts.right, parts.bottom), axis=1)
    return y[here], x[here], alone[here], boxes[bare]


def _upright_extent(ink: Bilevel, y: Ints, x: Ints, enough: int) -> Ints:
    """The length of the upright run of ink through each of the pixels, counted no further than `enough` each way."""
    extent = np.ones(len(y), np.int64)
    for step in (1, -1):
        going = np.arange(len(y))
        at = y
        for _ in range(enough):
            at = at + step
            inside = (at >= 0) & (at < len(ink))
            going, at = going[inside], at[inside]
            inked = ink[at, x[going]]
            going, at = going[inked], at[inked]
            extent[going] += 1
    return extent


def dotted(parts: Components, text_height: float) -> Bools:
    """Which parts are dots of a line to be filled in: small, at one height, many of them at one distance.

    Where writing stands on the line, what is left of it on both sides is told by its own dots.
    """
    small = np.flatnonzero((parts.height <= _DOT * text_height) & (parts.width <= _DOT * text_height))
    found = np.zeros(len(parts), np.bool_)
    x = (parts.left[small] + parts.right[small]) / 2
    y = (parts.top[small] + parts.bottom[small]) / 2
    # Bands overlap by half, so that no line falls between two of them.
    for shift in (0, _BAND // 2):
        band = (y + shift) // _BAND
        order = np.lexsort((x, band))
        gap = np.diff(x[order])
        usable = (np.diff(band[order]) == 0) & (gap <= _APART * text_height)
        same = usable[1:] & usable[:-1] & (np.abs(np.diff(gap)) <= np.maximum(1.0, _EVEN * gap[1:]))
        edges = np.flatnonzero(np.diff(np.r_[False, same, False]))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            # A run of n like distances has two dots more.
            if end - start + 2 >= _FEWEST_DOTS:
                found[small[order[start : end + 2]]] = True
    return found
