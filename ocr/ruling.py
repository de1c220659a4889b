"""Ruled lines: where they run, and which pixels are theirs alone and may be taken away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, components_of_runs, runs_of

Bilevel = NDArray[np.bool_]


@dataclass(frozen=True)
class Rules:
    """Pixels of rules where no stroke of writing crosses them, and the boxes (left, top, right, bottom) of the level
    and of the upright rules themselves, crossings included."""

    ink: Bilevel
    level: NDArray[np.int64]
    upright: NDArray[np.int64]


def rules_of(ink: Bilevel, text_height: float) -> Rules:
    """The rules of a page that lies level: long and thin, along its rows or its columns."""
    level, across = _level_rules(ink, text_height)
    upright, down = _level_rules(np.ascontiguousarray(ink.T), text_height)
    return Rules(level | upright.T, across, down[:, [1, 0, 3, 2]])


def _level_rules(ink: Bilevel, text_height: float) -> tuple[Bilevel, NDArray[np.int64]]:
    shortest = max(30, round(4.5 * text_height))
    thickest = max(3, round(0.3 * text_height))
    # Ink within one pixel above or below counts, so that a slightly slanted rule is still one run.
    near = ink.copy()
    near[1:] |= ink[:-1]
    near[:-1] |= ink[1:]
    row, start, end = runs_of(near)
    long = end - start >= shortest
    row, start, end = row[long], start[long], end[long]
    rules = np.zeros_like(ink)
    for y, a, b in zip(row.tolist(), start.tolist(), end.tolist(), strict=True):
        rules[y, a:b] = ink[y, a:b]
    y, x = np.nonzero(rules)
    # A stroke that crosses the rule makes the ink of its column taller than a rule is thick.
    crossed = _upright_extent(ink, y, x, thickest) > thickest
    rules[y[crossed], x[crossed]] = False
    return rules, _thin(components_of_runs(row, start, end), thickest + 2)


def _upright_extent(
    ink: Bilevel, y: NDArray[np.int64], x: NDArray[np.int64], enough: int
) -> NDArray[np.int64]:
    """The length of the upright run of ink through each of the pixels, counted no further than `enough` each way."""
    extent = np.ones(len(y), np.int64)
    for step in (1, -1):
        going = np.ones(len(y), bool)
        for k in range(1, enough + 1):
            at = y + k * step
            going &= (at >= 0) & (at < len(ink))
            going[going] = ink[at[going], x[going]]
            extent += going
    return extent


def _thin(parts: Components, thickest: int) -> NDArray[np.int64]:
    thin = parts.area <= thickest * parts.width
    return np.stack((parts.left, parts.top, parts.right, parts.bottom), axis=1)[thin]
