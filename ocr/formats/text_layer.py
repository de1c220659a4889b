"""Words from the letters of a born-digital page, by where they stand and not by the order they are stored in.

Standing letters have one order, left to right, whatever the program that wrote the file thought of Arabic; so text
that is stored backwards comes out right as well.
"""

import codecs
import re
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np

from ocr.formats.text_rows import Codes, Flags, Floats, Letters, Rows, glyphs_of, rows_of
from ocr.reading_order import (
    has_letters,
    is_right_to_left,
    mirror,
    mirrored_positions,
    reading_order,
    reads_backwards,
    turned,
)
from ocr.shapes import TEXT_LAYER, Word

# Loaded now, because a confined reader can no longer load it.
_CODEC = codecs.lookup("utf-32-le")

_WORD_GAP = 0.14
_SURE_WORD_GAP = 0.3
_UNSPACED = 0.1
_THIN = 0.02
_CELL_GAP = 1.6
_OPENING, _CLOSING = "([{«", ")]}»"
_BRACKET = re.compile(r"[()\[\]{}«»<>‹›]")


class Cell(NamedTuple):
    """A cell of a row as it is printed, from the left: its letters, with a space where words part, and the same as far
    as order goes, with one letter for a ligature; where on the page it begins, and its row."""

    text: str
    seen: str
    start: int
    row: int


@dataclass(frozen=True)
class Printed:
    """All cells from the top and the left, the boxes of all letters and (empty) of what parts them, and whether the
    page reads from the right."""

    cells: list[Cell]
    boxes: Floats
    leftward: bool


@dataclass
class Found:
    """Words in the order they are read: their text, where on the page they begin and end, their line."""

    texts: list[str]
    starts: list[int]
    ends: list[int]
    lines: list[int]


def words_of_letters(letters: Letters, scale: float) -> list[Word]:
    """Words in reading order; boxes multiplied by `scale`."""
    rows = rows_of(glyphs_of(letters, letters.level))
    printed = _printed(rows)
    found = _read(printed, rows.several, backwards=False)
    if reads_backwards(found.texts):
        found = _read(printed, rows.several, backwards=True)
    boxes = _boxes(printed, found)
    if not letters.level.all():
        steep = _steep(letters)
        found.texts += [text for text, _ in steep]
        found.lines += [printed.cells[-1].row + 1 if printed.cells else 0] * len(steep)
        boxes = np.concatenate(
            [boxes, *(np.hstack((b[:, :2].min(0), b[:, 2:].max(0)))[None] for _, b in steep)]
        )
    # Boxes of all words at once: numpy is slow on a few numbers and fast on many.
    boxes *= scale
    corner = np.maximum(boxes[:, :2], 0).astype(int)
    size = np.maximum(np.rint(boxes[:, 2:]).astype(int) - corner, 1)
    sides = (*corner.T.tolist(), *size.T.tolist())
    return list(map(Word, found.texts, *sides, repeat(100.0), found.lines, repeat(False), repeat(TEXT_LAYER)))


def _printed(rows: Rows) -> Printed:
    """The page's letters in cells. Where nearly every gap holds a space, spaces say more than gaps do."""
    count = len(rows.row)
    if not count:
        return Printed([], rows.boxes, False)
    begins, parted = _parted(rows)
    apart = begins | parted
    at = np.arange(count)
    at[1:] += apart.cumsum()
    codes = np.full(at[-1] + 1, ord(" "), np.uint32)
    codes[at] = rows.codes
    first = np.flatnonzero(np.concatenate(((True,), begins)))
    codes[at[first[1:]] - 1] = ord("\n")
    text = seen = _decoded(codes)
    if rows.several:
        text_of = rows.several
        seen = text.translate({code: letters[0] for code, letters in text_of.items()})
    boxes = np.full((len(codes) + 1, 4), (np.inf, np.inf, -np.inf, -np.inf))
    boxes[at] = rows.boxes
    cells = map(Cell, text.split("\n"), seen.split("\n"), at[first].tolist(), rows.row[first].tolist())
    return Printed(list(cells), boxes, is_right_to_left(_spelt(text, rows.several)))


def _parted(rows: Rows) -> tuple[Flags, Flags]:
    """Before which letters, the first left out, another cell begins, and before which another word."""
    row, gap, height = rows.row, rows.gap[1:], rows.height[1:]
    new_row = row[1:] > row[:-1]
    begins = new_row | (gap > _CELL_GAP * height)
    wide = (gap > _WORD_GAP * height) & (gap < _CELL_GAP * height) & ~new_row
    unspaced = ~rows.parted[1:]
    trusted = np.count_nonzero(wide & unspaced) < _UNSPACED * np.count_nonzero(wide)
    parted = gap > (np.where(unspaced, _SURE_WORD_GAP, _WORD_GAP) if trusted else _WORD_GAP) * height
    return begins, parted | (rows.spaced[1:] & (gap > _THIN * height))


def _decoded(codes: Codes) -> str:
    return _CODEC.decode(codes.tobytes())[0]


def _spelt(text: str, several: dict[int, str]) -> str:
    """The text with the letters of each ligature."""
    return text.translate(several) if several else text


def _boxes(printed: Printed, found: Found) -> Floats:
    """The box of each word."""
    if not found.texts:
        return np.zeros((0, 4))
    bounds = np.array((found.starts, found.ends)).T.ravel()
    corner = np.minimum.reduceat(printed.boxes[:, :2], bounds)[::2]
    return np.hstack((corner, np.maximum.reduceat(printed.boxes[:, 2:], bounds)[::2]))


def _read(printed: Printed, several: dict[int, str], backwards: bool) -> Found:
    """Rows of several cells run the way of the page, whatever script their cells are in."""
    found = Found([], [], [], [])
    leftward = printed.leftward and not backwards
    cells = sorted(printed.cells, key=lambda cell: (cell.row, -cell.start)) if leftward else printed.cells
    for cell in cells:
        if leftward and " " in cell.text and not has_letters(cell.seen):
            # Numbers alone do not say which of them comes first.
            end = cell.start + len(cell.text)
            for text, seen in zip(
                reversed(cell.text.split(" ")), reversed(cell.seen.split(" ")), strict=True
            ):
                _read_cell(found, Cell(text, seen, end - len(text), cell.row), backwards=False)
                end -= len(text) + 1
        else:
            _read_cell(found, cell, backwards)
    if several:
        found.texts = _spelt("\n".join(found.texts), several).split("\n")
    return found


def _read_cell(found: Found, cell: Cell, backwards: bool) -> None:
    text, seen, start, row = cell
    if seen.isascii():
        words = text.split(" ")
        for word in words:
            found.starts.append(start)
            start += len(word) + 1
            found.ends.append(start - 1)
    elif not backwards and (leftward := turned(seen, text)):
        words = leftward.split(" ")
        end = start + len(text)
        for word in words:
            found.ends.append(end)
            end -= len(word)
            found.starts.append(end)
            end -= 1
    else:
        order = list(range(len(seen))) if backwards else reading_order(seen)
        letters = list(text)
        for i in _mirrored(seen) if _BRACKET.search(seen) else ():
            letters[i] = mirror(letters[i])
        words = "".join([letters[i] for i in order]).split(" ")
        done = 0
        for word in words:
            at = order[done : done + len(word)]
            found.starts.append(start + min(at))
            found.ends.append(start + max(at) + 1)
            done += len(word) + 1
    found.texts += words
    found.lines += [row] * len(words)


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


def _steep(letters: Letters) -> list[tuple[str, Floats]]:
    """Words of text that runs up or down the page, in stored order, each with the boxes of its letters."""
    words: list[tuple[str, Floats]] = []
    places, boxes = np.flatnonzero(~letters.level).tolist(), letters.boxes
    waiting: list[int] = []
    for before, i in zip([None, *places], [*places, None], strict=True):
        white = i is None or chr(letters.codes[i]).isspace()
        far = False
        if before is not None and i is not None:
            size = max(boxes[i, 2] - boxes[i, 0], boxes[i, 3] - boxes[i, 1])
            far = bool((np.abs(boxes[i, :2] - boxes[before, :2]) > 2.5 * size).any())
        if waiting and (white or far):
            inside = np.zeros(len(letters), np.bool_)
            inside[waiting] = True
            glyphs = glyphs_of(letters, inside)
            if text := _spelt(_decoded(glyphs.codes[glyphs.codes != 0]), glyphs.several):
                words.append((text, glyphs.boxes))
            waiting = []
        if i is not None and not white:
            waiting.append(i)
    return words
