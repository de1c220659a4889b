"""Cells of a ruled table that hold several lines: a cell is read to its end before the next one of its row begins."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.layout import Piece
from ocr.reading_order import is_right_to_left, script_of
from ocr.ruling import Rules

Ints = NDArray[np.int64]
Row = list[Piece]
# The edges about a cell (left, top, right, bottom), and those above and below a row of cells.
Cell = tuple[int, int, int, int]
Band = tuple[int, int]

# How far letters may reach over a rule, and how far apart two rules of one edge may be.
_SLACK = 4
_ARABIC_TABLE = 0.3


def cell_by_cell(rows: list[Row], texts: Mapping[Piece, str], rules: Rules) -> list[Row]:
    """The rows in reading order, given what stands in each piece: where a row of a table has cells of several lines,
    their lines come cell by cell. Cells of one line each stay one row."""
    grid = Grid.of(rules)
    bands: dict[Band, dict[Cell, Row]] = {}
    for piece in texts:
        if (cell := _cell_of(piece, grid)) is not None:
            bands.setdefault((cell[1], cell[3]), {}).setdefault(cell, []).append(piece)
    band_of: dict[Piece, Band] = {}
    for band, cells in bands.items():
        if len(cells) > 1 and any(len({p.row for p in inside}) > 1 for inside in cells.values()):
            band_of.update((piece, band) for inside in cells.values() for piece in inside)
    out: list[Row] = []
    for row in rows:
        for band in dict.fromkeys(band_of[piece] for piece in row if piece in band_of):
            out += _lines_of(bands.pop(band, {}), texts)
        out.append([piece for piece in row if piece not in band_of])
    return [row for row in out if row]


@dataclass(frozen=True)
class Grid:
    """Level and upright rules (boxes left, top, right, bottom), and for each the edge that it is part of: edges are
    numbered from the top and from the left, and a rule in pieces, or a little aslant, is one edge."""

    level: Ints
    upright: Ints
    rows: Ints
    columns: Ints

    @classmethod
    def of(cls, rules: Rules) -> "Grid":
        """The grid that rules make."""
        return cls(rules.level, rules.upright, _edges(rules.level[:, 1::2]), _edges(rules.upright[:, ::2]))


def _cell_of(piece: Piece, grid: Grid) -> Cell | None:
    """The nearest edges on all four sides; None where one is missing."""
    x, y = (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
    across = (grid.level[:, 0] <= x) & (x <= grid.level[:, 2])
    down = (grid.upright[:, 1] <= y) & (y <= grid.upright[:, 3])
    above = across & (grid.level[:, 3] <= piece.top + _SLACK)
    below = across & (grid.level[:, 1] >= piece.bottom - _SLACK)
    before = down & (grid.upright[:, 2] <= piece.left + _SLACK)
    after = down & (grid.upright[:, 0] >= piece.right - _SLACK)
    if not (above.any() and below.any() and before.any() and after.any()):
        return None
    return (
        int(grid.columns[before].max()), int(grid.rows[above].max()),
        int(grid.columns[after].min()), int(grid.rows[below].min()),
    )  # fmt: skip


def _edges(extents: Ints) -> Ints:
    """The number of the edge of each rule, given where each begins and ends across its run."""
    middles = extents.mean(1)
    order = np.argsort(middles, kind="stable")
    edges = np.zeros(len(extents), np.int64)
    edges[order] = np.cumsum(np.diff(middles[order], prepend=middles[order][:1]) > 2 * _SLACK)
    return edges


def _lines_of(cells: dict[Cell, Row], texts: Mapping[Piece, str]) -> list[Row]:
    """The lines of cells, the cells in the direction of their table."""
    arabic, latin = script_of(" ".join(texts[piece] for inside in cells.values() for piece in inside))
    out: list[Row] = []
    for cell in sorted(cells, reverse=arabic > _ARABIC_TABLE * latin):
        inside = sorted(cells[cell], key=lambda p: p.left)
        leftward = is_right_to_left(" ".join(texts[piece] for piece in inside))
        for number in sorted({piece.row for piece in inside}):
            line = [piece for piece in inside if piece.row == number]
            out.append(line[::-1] if leftward else line)
    return out
