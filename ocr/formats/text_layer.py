"""Words from the letters of a born-digital page, by where they stand and not by the order they are stored in.

Standing letters have one order, left to right, whatever the program that wrote the file thought of Arabic; so text
that is stored backwards comes out right as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ocr.formats.text_rows import Floats, Letters, Rows, glyphs_of, rows_of
from ocr.reading_order import (
    has_letters,
    is_right_to_left,
    mirror,
    mirrored_positions,
    reading_order,
    reads_backwards,
)
from ocr.shapes import TEXT_LAYER, Word

_WORD_GAP = 0.14
_SURE_WORD_GAP = 0.3
_UNSPACED = 0.1
_THIN = 0.02
_CELL_GAP = 1.6
_OPENING, _CLOSING = "([{«", ")]}»"
_LEFTWARD = re.compile("[،؛؟.:!]*[\u0620-\u064a][\u0620-\u064a،؛؟.:!]*")
_BRACKETS = frozenset(_OPENING + _CLOSING + "<>‹›")


@dataclass(frozen=True)
class Cell:
    """Letters `start` to `end` of a row, and before which of them there is a gap between words."""

    row: int
    start: int
    end: int
    gaps: list[int]


# A word as it is read: text, the boxes of its letters, its line.
Read = tuple[str, Floats, int]


def words_of_letters(letters: Letters, scale: float) -> list[Word]:
    """Words in reading order; boxes multiplied by `scale`."""
    rows = rows_of(glyphs_of(letters, letters.level))
    cells = _cells(rows)
    read = list(_read(rows, cells, backwards=False))
    if reads_backwards(text for text, _, _ in read):
        read = list(_read(rows, cells, backwards=True))
    read += _steep(letters, cells[-1][0].row + 1 if cells else 0)
    if not read:
        return []
    # Boxes of all words at once: numpy is slow on a few numbers and fast on many.
    starts = np.cumsum([0, *(len(boxes) for _, boxes, _ in read[:-1])])
    boxes = np.concatenate([boxes for _, boxes, _ in read]) * scale
    corner = np.maximum(np.minimum.reduceat(boxes[:, :2], starts), 0).astype(int)
    size = np.maximum(np.rint(np.maximum.reduceat(boxes[:, 2:], starts)).astype(int) - corner, 1)
    places = np.hstack((corner, size)).tolist()
    return [
        Word(text, x, y, width, height, 100.0, line, source=TEXT_LAYER)
        for (text, _, line), (x, y, width, height) in zip(read, places, strict=True)
    ]


def _cells(rows: Rows) -> list[list[Cell]]:
    """The cells of each row, from the left. Where nearly every gap holds a space, spaces say more than gaps do."""
    if not len(rows.row):
        return []
    row, gap, height = rows.row, rows.gap[1:], rows.height[1:]
    new_row = np.diff(row) > 0
    begins = new_row | (gap > _CELL_GAP * height)
    cell = np.flatnonzero(begins) + 1
    wide = (gap > _WORD_GAP * height) & (gap < _CELL_GAP * height) & ~new_row
    trusted = (wide & ~rows.parted[1:]).sum() < _UNSPACED * wide.sum()
    parted = gap > np.where(trusted & ~rows.parted[1:], _SURE_WORD_GAP, _WORD_GAP) * height
    parted |= rows.spaced[1:] & (gap > _THIN * height)
    between = np.flatnonzero(parted & ~begins) + 1
    bounds = [0, *cell.tolist(), len(row)]
    within = np.searchsorted(between, bounds).tolist()
    cells: list[list[Cell]] = []
    for (start, end), (first, last) in zip(pairwise(bounds), pairwise(within), strict=True):
        if not cells or row[start] != cells[-1][0].row:
            cells.append([])
        cells[-1].append(Cell(int(row[start]), start, end, between[first:last].tolist()))
    return cells


def _read(rows: Rows, cells: list[list[Cell]], backwards: bool) -> Iterator[Read]:
    """Rows of several cells run the way of the page, whatever script their cells are in."""
    leftward = not backwards and is_right_to_left("".join(rows.texts))
    for row in cells:
        for cell in reversed(row) if leftward else row:
            parts = [cell]
            if leftward and cell.gaps and not has_letters("".join(rows.texts[cell.start : cell.end])):
                # Numbers alone do not say which of them comes first.
                bounds = pairwise([cell.start, *cell.gaps, cell.end])
                parts = [Cell(cell.row, start, end, []) for start, end in bounds][::-1]
            for part in parts:
                yield from _read_cell(rows, part, backwards)


def _read_cell(rows: Rows, cell: Cell, backwards: bool) -> Iterator[Read]:
    texts = rows.texts
    if not backwards and _LEFTWARD.fullmatch("".join(texts[cell.start : cell.end])):
        # Nothing here runs to the right, so that each word is simply turned round.
        bounds = [cell.start, *cell.gaps, cell.end]
        for start, end in reversed([*pairwise(bounds)]):
            yield "".join(texts[start:end][::-1]), rows.boxes[start:end], cell.row
        return
    places = list(range(cell.start, cell.end))
    for gap in reversed(cell.gaps):
        places.insert(gap - cell.start, -1)
    visual = "".join([" " if i < 0 else texts[i][0] for i in places])
    mirrored = frozenset() if _BRACKETS.isdisjoint(visual) else _mirrored(visual)
    waiting: list[int] = []
    for k in [*(range(len(visual)) if backwards else reading_order(visual)), None]:
        if k is not None and places[k] >= 0:
            waiting.append(k)
        elif waiting:
            at = [places[i] for i in waiting]
            text = "".join([texts[i] for i in at])
            if not mirrored.isdisjoint(waiting):
                text = "".join(
                    [mirror(texts[places[i]]) if i in mirrored else texts[places[i]] for i in waiting]
                )
            yield text, rows.boxes[min(at) : max(at) + 1], cell.row
            waiting = []


def _mirrored(visual: str) -> frozenset[int]:
    """Brackets to turn. Most files store what was typed; those that store the shape are told by closing first."""
    candidates = mirrored_positions(visual)
    depth = wrong = 0
    for i in reading_order(visual):
        if i in candidates:
            depth += 1 if visual[i] in _OPENING else -1 if visual[i] in _CLOSING else 0
            if depth < 0:
                wrong, depth = wrong + 1, 0
    return frozenset(candidates if wrong and wrong + depth >= len(candidates) / 2 else ())


def _steep(letters: Letters, line: int) -> Iterator[Read]:
    """Words of text that runs up or down the page, in stored order."""
    if letters.level.all():
        return
    places, boxes = np.flatnonzero(~letters.level).tolist(), letters.boxes
    waiting: list[int] = []
    for before, i in zip([None, *places], [*places, None], strict=True):
        white = i is None or letters.characters[i].isspace()
        far = False
        if before is not None and i is not None:
            size = max(boxes[i, 2] - boxes[i, 0], boxes[i, 3] - boxes[i, 1])
            far = bool((np.abs(boxes[i, :2] - boxes[before, :2]) > 2.5 * size).any())
        if waiting and (white or far):
            inside = np.zeros(len(letters), np.bool_)
            inside[waiting] = True
            glyphs = glyphs_of(letters, inside)
            if text := "".join(glyphs.texts):
                yield text, glyphs.boxes, line
            waiting = []
        if i is not None and not white:
            waiting.append(i)
