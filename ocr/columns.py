"""The order in which pieces of line are read: row by row, and column by column where a page is set in columns.

A table and a page in two columns both have a gap running down them. In columns of prose the lines fill their column on
both sides of it; in a table or a form they mostly do not, and there a row is what belongs together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr.layout import Piece

_FEWEST_ROWS = 5
_FILLED = 0.72


@dataclass(frozen=True)
class Gutter:
    """Rows `first` to `last` (inclusive) stand in two columns, parted somewhere between `left` and `right`."""

    first: int
    last: int
    left: int
    right: int


def rows_in_order(pieces: Sequence[Piece], rightmost_first: bool) -> list[list[Piece]]:
    """Rows of pieces in the order they are read; a column's rows come together."""
    rows: dict[int, list[Piece]] = {}
    for piece in pieces:
        rows.setdefault(piece.row, []).append(piece)
    ordered = [sorted(rows[k], key=lambda p: p.left) for k in sorted(rows)]
    out: list[list[Piece]] = []
    at = 0
    while at < len(ordered):
        gutter = _gutter(ordered, at)
        if gutter is None:
            out.append(ordered[at])
            at += 1
            continue
        middle = (gutter.left + gutter.right) / 2
        sides: tuple[list[list[Piece]], list[list[Piece]]] = ([], [])
        for row in ordered[gutter.first : gutter.last + 1]:
            for side, keep in (
                (0, [p for p in row if p.left < middle]),
                (1, [p for p in row if p.left >= middle]),
            ):
                if keep:
                    sides[side].append(keep)
        out += [*sides[1], *sides[0]] if rightmost_first else [*sides[0], *sides[1]]
        at = gutter.last + 1
    return out


def _gutter(rows: list[list[Piece]], first: int) -> Gutter | None:
    """The longest stretch of rows from `first` on that keep one gap free, if it looks like columns of prose."""
    if len(rows[first]) != 2:
        return None
    left, right = rows[first][0].right, rows[first][1].left
    last = first
    for k in range(first, len(rows)):
        low, high = left, right
        for a, b in zip(rows[k], rows[k][1:], strict=False):
            if a.right < right and b.left > left:
                low, high = max(low, a.right), min(high, b.left)
        middle = (low + high) / 2
        if low >= high or any(p.left < middle < p.right for p in rows[k]):
            break
        left, right, last = low, high, k
    both = [row for row in rows[first : last + 1] if row[0].right <= left and row[-1].left >= right]
    if len(both) < _FEWEST_ROWS:
        return None
    members = [p for row in rows[first : last + 1] for p in row]
    for side in ([p for p in members if p.right <= left], [p for p in members if p.left >= right]):
        width = max(p.right for p in side) - min(p.left for p in side)
        if np.median([p.right - p.left for p in side]) < _FILLED * width:
            return None
    return Gutter(first, last, left, right)
