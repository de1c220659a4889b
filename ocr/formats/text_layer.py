"""Words from the letters of a born-digital page, by where they stand and not by the order they are stored in.

Standing letters have one order, left to right, whatever the program that wrote the file thought of Arabic; so text
that is stored backwards comes out right as well.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.reading_order import is_right_to_left, mirror, mirrored_positions, reading_order, reads_backwards
from ocr.shapes import TEXT_LAYER, Word

_WORD_GAP = 0.14
_SURE_WORD_GAP = 0.3
_UNSPACED = 0.1
_THIN = 0.02
_CELL_GAP = 1.6
_SAME = 0.01
_NEAR_ROWS = 8
_OPENING, _CLOSING = "([{«", ")]}»"
_BRACKETS = frozenset(_OPENING + _CLOSING + "<>‹›")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Letters:
    """Characters in stored order ("" where white space was only supposed). `boxes` holds left, top, right, bottom of
    each in points from the top left; `level` where the line of a character runs level."""

    characters: Sequence[str]
    boxes: Floats
    level: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.characters)


@dataclass(frozen=True)
class Glyphs:
    """What stands at a place: the letters of one glyph (a ligature has several), in logical order, or a space; its box;
    and where in the file it is stored."""

    texts: list[str]
    boxes: Floats
    stored: NDArray[np.intp]

    def chosen(self, places: NDArray[np.intp]) -> "Glyphs":
        """These of them, in this order."""
        return Glyphs([self.texts[i] for i in places.tolist()], self.boxes[places], self.stored[places])


@dataclass(frozen=True)
class Rows:
    """Glyphs of letters by row from the top, in a row from the left; the row of each; whether a space that has a width,
    or any space at all, is before it."""

    glyphs: Glyphs
    row: NDArray[np.intp]
    spaced: NDArray[np.bool_]
    parted: NDArray[np.bool_]


def words_of_letters(letters: Letters, scale: float) -> list[Word]:
    """Words in reading order; boxes multiplied by `scale`."""
    rows = _in_rows(_glyphs(letters, letters.level))
    glyphs, cells = rows.glyphs, _cells(rows)
    read = list(_read(glyphs, cells, backwards=False))
    if reads_backwards(text for text, _, _ in read):
        read = list(_read(glyphs, cells, backwards=True))
    read += _steep(letters, cells[-1][0].row + 1 if cells else 0)
    if not read:
        return []
    # Boxes of all words at once: numpy is slow on a few numbers and fast on many.
    members = [len(boxes) for _, boxes, _ in read]
    starts = np.cumsum([0, *members[:-1]])
    boxes = np.concatenate([boxes for _, boxes, _ in read]) * scale
    corner = np.maximum(np.minimum.reduceat(boxes[:, :2], starts), 0).astype(int)
    size = np.maximum(np.rint(np.maximum.reduceat(boxes[:, 2:], starts)).astype(int) - corner, 1)
    return [
        Word(text, x, y, width, height, 100.0, line, source=TEXT_LAYER)
        for (text, _, line), (x, y, width, height) in zip(
            read, np.hstack((corner, size)).tolist(), strict=True
        )
    ]


@cache
def _plain(character: str) -> str:
    """The letter without its presentation form; nothing for vowel signs and what cannot be seen."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", character)
        if unicodedata.category(c) not in ("Mn", "Cf", "Cc", "Co") and c not in "\u0640\ufffd"
    ).strip()  # fmt: skip


def _glyphs(letters: Letters, wanted: NDArray[np.bool_]) -> Glyphs:
    plain = [" " if c.isspace() else _plain(c) for c in letters.characters]
    there = np.flatnonzero(wanted & np.array([bool(p) for p in plain], np.bool_))
    boxes = letters.boxes[there]
    if not len(there):
        return Glyphs([], boxes, there)
    # Letters that are stored together at one place are those of one glyph.
    first = np.ones(len(there), np.bool_)
    first[1:] = (np.abs(np.diff(boxes[:, :3], axis=0)) >= _SAME).any(1) | (np.diff(there) > 1)
    starts = np.flatnonzero(first)
    at = there.tolist()
    texts = ["".join([plain[i] for i in at[a:b]]) for a, b in pairwise([*starts.tolist(), len(at)])]
    return Glyphs(texts, boxes[starts], there[starts])


def _in_rows(glyphs: Glyphs) -> Rows:
    """The glyphs where they are read, each once."""
    boxes = glyphs.boxes
    if not len(boxes):
        return Rows(glyphs, np.zeros(0, np.intp), np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    # Glyphs of one height at one height belong to one row, and are placed as one.
    steps = np.rint(boxes[:, 1::2] / _SAME).astype(np.int64)
    _, one, place = np.unique(steps[:, 0] * 10_000_000 + steps[:, 1], return_index=True, return_inverse=True)
    usual = float(np.median(boxes[:, 3] - boxes[:, 1]))
    row = _rows(boxes[one, 1], boxes[one, 3], usual)[place]
    order = np.lexsort((boxes[:, 0] + boxes[:, 2], row))
    order = order[_unstacked(glyphs.chosen(order), row[order])]
    order = order[_once(glyphs.chosen(order), row[order])]
    ordered, row = glyphs.chosen(order), row[order]
    letters = np.array([i for i, text in enumerate(ordered.texts) if text != " "], np.intp)
    white = np.array([text == " " for text in ordered.texts], np.bool_)
    # A space without width is one that pdfium was told of (ActualText), not one that stands there.
    wide = white & (ordered.boxes[:, 2] - ordered.boxes[:, 0] > _THIN * usual)
    return Rows(ordered.chosen(letters), row[letters], _before(wide, letters), _before(white, letters))


def _before(spaces: NDArray[np.bool_], letters: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether there is a space between each letter and the letter before it."""
    seen = np.cumsum(spaces)[letters]
    return np.diff(seen, prepend=seen[:1]) > 0


def _unstacked(glyphs: Glyphs, row: NDArray[np.intp]) -> NDArray[np.intp]:
    """The order of glyphs where one stands above another: as they are stored, in the direction that is stored there."""
    left, right, stored = glyphs.boxes[:, 0], glyphs.boxes[:, 2], glyphs.stored
    order = np.arange(len(stored))
    inside = (left[1:] >= left[:-1]) & (right[1:] <= right[:-1]) | (left[1:] <= left[:-1]) & (
        right[1:] >= right[:-1]
    )
    stacked = np.flatnonzero(inside & (np.diff(row) == 0) & (np.abs(np.diff(stored)) == 1)).tolist()
    if stacked:
        place = dict(zip(stored.tolist(), left.tolist(), strict=True))
        for i in stacked:
            first = min(stored[i], stored[i + 1])
            before, after = place.get(first - 1), place.get(first + 2)
            if before is not None and after is not None and (after > before) != (stored[i + 1] > stored[i]):
                order[i], order[i + 1] = order[i + 1], order[i]
    return order


def _rows(tops: Floats, bottoms: Floats, usual: float) -> NDArray[np.intp]:
    """The row of each extent: those that share most of their height. Dots and marks come to rows that others made."""
    rows: list[tuple[float, float]] = []
    row_of = np.zeros(len(tops), np.intp)
    small = bottoms - tops < 0.5 * usual
    for i in np.lexsort((tops + bottoms, small)).tolist():
        top, bottom = float(tops[i]), float(bottoms[i])
        middle = (top + bottom) / 2
        for k in range(len(rows) - 1, -1 if small[i] else max(-1, len(rows) - 1 - _NEAR_ROWS), -1):
            above, below = rows[k]
            shared = min(below, bottom) - max(above, top)
            if shared > 0.6 * min(below - above, bottom - top) and above <= middle <= below:
                row_of[i] = k
                break
        else:
            row_of[i] = len(rows)
            rows.append((top, bottom))
    rank = np.empty(len(rows), np.intp)
    rank[np.argsort([top + bottom for top, bottom in rows], kind="stable")] = np.arange(len(rows))
    return rank[row_of]


def _once(glyphs: Glyphs, row: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which glyphs do not stand inside the same glyph: some typefaces draw dots as glyphs of their own."""
    left, right = glyphs.boxes[:, 0], glyphs.boxes[:, 2]
    kinds: dict[str, int] = {}
    kind = np.array([kinds.setdefault(text, len(kinds)) for text in glyphs.texts])
    keep = np.ones(len(kind), np.bool_)
    for step in (1, 2, 3):
        a, b = slice(None, -step), slice(step, None)
        shared = np.minimum(right[a], right[b]) - np.maximum(left[a], left[b])
        alike = (kind[a] == kind[b]) & (row[a] == row[b]) & (shared > 0)
        width_a, width_b = (right - left)[a], (right - left)[b]
        keep[a] &= ~(alike & (width_a < width_b) & (shared >= 0.5 * width_a))
        keep[b] &= ~(alike & (width_b < width_a) & (shared >= 0.5 * width_b))
    return keep


@dataclass(frozen=True)
class Cell:
    """Glyphs `start` to `end` of a row, and before which of them there is a gap between words."""

    row: int
    start: int
    end: int
    gaps: list[int]


# A word as it is read: text, the boxes of its glyphs, its line.
Read = tuple[str, Floats, int]


def _cells(placed: Rows) -> list[list[Cell]]:
    """The cells of each row, from the left. Where nearly every gap holds a space, spaces say more than gaps do."""
    glyphs, row, spaced = placed.glyphs, placed.row, placed.spaced
    if not len(row):
        return []
    left, right = glyphs.boxes[:, 0], glyphs.boxes[:, 2]
    height = _height(glyphs.boxes)[1:]
    # Rows are set far apart, so that one running maximum serves all of them.
    apart = row * (right.max() - left.min() + 1)
    reach = np.maximum.accumulate(right + apart) - apart
    gap = left[1:] - reach[:-1]
    cell = np.flatnonzero((np.diff(row) > 0) | (gap > _CELL_GAP * height)) + 1
    wide = (gap > _WORD_GAP * height) & (gap < _CELL_GAP * height) & (np.diff(row) == 0)
    trusted = (wide & ~placed.parted[1:]).sum() < _UNSPACED * wide.sum()
    parted = gap > np.where(trusted & ~placed.parted[1:], _SURE_WORD_GAP, _WORD_GAP) * height
    parted |= spaced[1:] & (gap > _THIN * height)
    parted = np.setdiff1d(np.flatnonzero(parted) + 1, cell)
    bounds = [0, *cell.tolist(), len(row)]
    within = np.searchsorted(parted, bounds).tolist()
    rows: list[list[Cell]] = []
    for (start, end), (first, last) in zip(pairwise(bounds), pairwise(within), strict=True):
        if not rows or row[start] != rows[-1][0].row:
            rows.append([])
        rows[-1].append(Cell(int(row[start]), start, end, parted[first:last].tolist()))
    return rows


def _height(boxes: Floats) -> Floats:
    """Height of the line at each glyph: some boxes are as high as the font, some as the glyph."""
    height = boxes[:, 3] - boxes[:, 1]
    padded = np.pad(height, 2)
    return np.lib.stride_tricks.sliding_window_view(padded, 5).max(1)


def _read(glyphs: Glyphs, rows: list[list[Cell]], backwards: bool) -> Iterator[Read]:
    for cells in rows:
        letters = "".join([text[0] for text in glyphs.texts[cells[0].start : cells[-1].end]])
        leftward = is_right_to_left(letters) and not backwards
        for cell in reversed(cells) if leftward else cells:
            yield from _read_cell(glyphs, cell, backwards)


def _read_cell(glyphs: Glyphs, cell: Cell, backwards: bool) -> Iterator[Read]:
    texts = glyphs.texts
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
            yield text, glyphs.boxes[min(at) : max(at) + 1], cell.row
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
            glyphs = _glyphs(letters, inside)
            if glyphs.texts:
                yield "".join(glyphs.texts), glyphs.boxes, line
            waiting = []
        if i is not None and not white:
            waiting.append(i)
