"""The order in which pieces of line are read: row by row, and column by column where a page is set in columns.

A table and a page in two columns both have a gap running down them. In columns of prose the lines fill their column on
both sides of it; in a table or a form they mostly do not, and there a row is what belongs together.

The pieces of a row run the way of the page, whatever script is in them: the English half of an Arabic letterhead comes
second, and so do the numbers of an Arabic table. On an English page a table with Arabic in it is an Arabic one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ocr.layout import Piece
from ocr.reading_order import is_right_to_left, script_of

_FEWEST_ROWS = 5
_FILLED = 0.72
_ARABIC_TABLE = 0.3


@dataclass(frozen=True)
class Gutter:
    """Rows `first` to `last` (inclusive) stand in two columns, parted somewhere between `left` and `right`."""

    first: int
    last: int
    left: int
    right: int


def rows_in_order(texts: Mapping[Piece, str]) -> list[list[Piece]]:
    """The pieces row by row in the order they are read, given what stands in each; a column's rows come together."""
    leftward = is_right_to_left(" ".join(texts.values()))
    rows: dict[int, list[Piece]] = {}
    for piece in texts:
        rows.setdefault(piece.row, []).append(piece)
    ordered = [sorted(rows[k], key=lambda p: p.left) for k in sorted(rows)]
    out: list[list[Piece]] = []
    at = 0
    while at < len(ordered):
        gutter = _gutter(ordered, at)
        if gutter is None:
            table = _table(ordered, at)
            arabic, latin = script_of(" ".join(texts[piece] for row in table for piece in row))
            turned = leftward or (len(table[0]) > 1 and arabic > _ARABIC_TABLE * latin)
            out += [row[::-1] if turned else row for row in table]
            at += len(table)
            continue
        middle = (gutter.left + gutter.right) / 2
        left, right = [], []
        for row in ordered[gutter.first : gutter.last + 1]:
            left.append([p for p in row if p.left < middle][:: -1 if leftward else 1])
            right.append([p for p in row if p.left >= middle][:: -1 if leftward else 1])
        out += [row for row in ([*right, *left] if leftward else [*left, *right]) if row]
        at = gutter.last + 1
    return out


def _table(rows: list[list[Piece]], first: int) -> list[list[Piece]]:
    """The row `first`, and if it has cells the rows with cells that follow it."""
    last = first + 1
    while len(rows[first]) > 1 and last < len(rows) and len(rows[last]) > 1 and _gutter(rows, last) is None:
        last += 1
    return rows[first:last]


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
