"""Letters of a born-digital page in rows, from the left: where they stand, each once, and what parts them."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_SAME = 0.01
_THIN = 0.02
_FEW = 3
_ENOUGH = 0.4
_MOST = 0.6
_NEAR_ROWS = 8
# Letters that join nothing to their left: no ligature begins with one.
_APART = frozenset("اأإآٱدذرزوؤةىء")

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Letters:
    """Characters in stored order (NUL where white space was only supposed). `boxes` holds left, top, right, bottom of
    each in points from the top left; `level` where the line of a character runs level."""

    characters: str
    boxes: Floats
    level: Flags

    def __len__(self) -> int:
        return len(self.characters)


@dataclass(frozen=True)
class Glyphs:
    """What stands at a place: the letters of one glyph (a ligature has several), in logical order, a space, or nothing
    for a mark that is not read; its box; and where in the file it is stored."""

    texts: list[str]
    boxes: Floats
    stored: Places


@dataclass(frozen=True)
class Rows:
    """Letters by row from the top, in a row from the left. Of each: its row, the gap before it and the height of the
    line there, and whether a space that has a width, or any space at all, is before it."""

    texts: list[str]
    boxes: Floats
    row: Places
    gap: Floats
    height: Floats
    spaced: Flags
    parted: Flags


def glyphs_of(letters: Letters, wanted: Flags) -> Glyphs:
    """The wanted letters as glyphs, in stored order."""
    plain = [_plain(c) for c in letters.characters]
    there = np.flatnonzero(wanted & np.array([p is not None for p in plain], np.bool_))
    boxes = letters.boxes[there]
    if not len(there):
        return Glyphs([], boxes, there)
    # Letters that are stored together at one place are those of one glyph.
    first = np.ones(len(there), np.bool_)
    first[1:] = (np.abs(np.diff(boxes[:, :3], axis=0)) >= _SAME).any(1) | (np.diff(there) > 1)
    starts = np.flatnonzero(first)
    at = there.tolist()
    texts = [
        plain[at[a]] or "" if b - a == 1 else _ligature("".join(plain[i] or "" for i in at[a:b]))
        for a, b in pairwise([*starts.tolist(), len(at)])
    ]
    return Glyphs(texts, boxes[starts], there[starts])


@cache
def _plain(character: str) -> str | None:
    """The letter without its presentation form, a space for white space, nothing for a vowel sign; None for what cannot
    be seen."""
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", character)
    seen = "".join(
        c
        for c in plain
        if unicodedata.category(c) not in ("Mn", "Cf", "Cc", "Co") and c not in "\u0640\ufffd"
    ).strip()
    return seen or ("" if any(unicodedata.category(c) == "Mn" for c in plain) else None)


def _ligature(text: str) -> str:
    """Letters of one glyph in logical order, which some files have the other way round."""
    return text[::-1] if text[:1] in _APART else text


def rows_of(glyphs: Glyphs) -> Rows:
    """The glyphs where they are read, each once."""
    boxes = glyphs.boxes
    if not len(boxes):
        none = np.zeros(0, np.bool_)
        return Rows([], boxes, np.zeros(0, np.intp), np.zeros(0), np.zeros(0), none, none)
    row = _row_of(boxes)
    order = np.lexsort((boxes[:, 0] + boxes[:, 2], row))
    order = order[_unstacked(boxes[order], glyphs.stored[order], row[order])]
    texts = np.array(glyphs.texts, object)
    order = order[_once(texts[order], boxes[order], row[order])]
    texts, boxes, row = texts[order], boxes[order], row[order]
    white = texts == " "
    # A space without width is one that pdfium was told of (ActualText), not one that stands there.
    wide = white & (boxes[:, 2] - boxes[:, 0] > _THIN * np.median(boxes[:, 3] - boxes[:, 1]))
    letters = np.flatnonzero(~white & (texts != ""))
    # Rows are set far apart, so that one running maximum serves all of them.
    apart = row * (boxes[:, 2].max() - boxes[:, 0].min() + 1)
    reach = np.maximum.accumulate(np.where(white, -np.inf, boxes[:, 2] + apart)) - apart
    gap = boxes[1:, 0] - reach[:-1]
    return Rows(
        texts[letters].tolist(), boxes[letters], row[letters], np.r_[0.0, gap][letters], _height(boxes[letters]),
        _before(wide, letters), _before(white, letters),
    )  # fmt: skip


def _row_of(boxes: Floats) -> Places:
    """The row of each glyph. Glyphs of one height at one height belong together; those that many share make rows, the
    others (dots, marks, letters put together from parts) come to the row that they share most of their height with."""
    steps = np.rint(boxes[:, 1::2] / _SAME).astype(np.int64)
    _, one, place, count = np.unique(
        steps[:, 0] * 10_000_000 + steps[:, 1], return_index=True, return_inverse=True, return_counts=True
    )
    tops, bottoms = boxes[one, 1], boxes[one, 3]
    small = (bottoms - tops < 0.5 * np.median(boxes[:, 3] - boxes[:, 1])) | (count < _FEW)
    rows: list[tuple[float, float]] = []
    row_of = np.full(len(tops), -1, np.intp)
    for i in np.lexsort((tops + bottoms, small))[: len(small) - small.sum()].tolist():
        top, bottom = float(tops[i]), float(bottoms[i])
        for k in range(len(rows) - 1, max(-1, len(rows) - 1 - _NEAR_ROWS), -1):
            above, below = rows[k]
            if min(below, bottom) - max(above, top) >= _MOST * min(below - above, bottom - top):
                row_of[i] = k
                break
        else:
            row_of[i] = len(rows)
            rows.append((top, bottom))
    rest = np.flatnonzero(small)
    if rows and len(rest):
        shared = _shared(rows, tops[rest], bottoms[rest])
        row_of[rest] = np.where(shared.max(1) >= _ENOUGH, shared.argmax(1), -1)
    for i in np.flatnonzero(row_of < 0).tolist():
        row_of[i] = len(rows)
        rows.append((float(tops[i]), float(bottoms[i])))
    rank = np.empty(len(rows), np.intp)
    rank[np.argsort([top + bottom for top, bottom in rows], kind="stable")] = np.arange(len(rows))
    return rank[row_of][place]


def _shared(rows: list[tuple[float, float]], tops: Floats, bottoms: Floats) -> Floats:
    """How much of the lesser height each extent shares with each row, 0 to 1; one without height, all or nothing."""
    above, below = np.array(rows).reshape(-1, 2).T
    shared = np.minimum(below, bottoms[:, None]) - np.maximum(above, tops[:, None])
    lesser = np.minimum(below - above, (bottoms - tops)[:, None])
    return np.where(lesser > 0, shared / np.maximum(lesser, 1e-9), shared >= 0)


def _unstacked(boxes: Floats, stored: Places, row: Places) -> Places:
    """The order of glyphs where one stands above another: as they are stored, in the direction that is stored there."""
    left, right = boxes[:, 0], boxes[:, 2]
    order = np.arange(len(stored))
    within = (left[1:] >= left[:-1]) & (right[1:] <= right[:-1])
    around = (left[1:] <= left[:-1]) & (right[1:] >= right[:-1])
    stacked = np.flatnonzero(
        (within | around) & (np.diff(row) == 0) & (np.abs(np.diff(stored)) == 1)
    ).tolist()
    place = dict(zip(stored.tolist(), left.tolist(), strict=True)) if stacked else {}
    for i in stacked:
        first = min(stored[i], stored[i + 1])
        before, after = place.get(first - 1), place.get(first + 2)
        if before is not None and after is not None and (after > before) != (stored[i + 1] > stored[i]):
            order[i], order[i + 1] = order[i + 1], order[i]
    return order


def _once(texts: NDArray[np.object_], boxes: Floats, row: Places) -> Flags:
    """Which glyphs do not stand inside the same glyph: some typefaces draw dots as glyphs of their own."""
    left, right = boxes[:, 0], boxes[:, 2]
    width = right - left
    keep = np.ones(len(texts), np.bool_)
    for step in (1, 2, 3):
        a, b = slice(None, -step), slice(step, None)
        shared = np.minimum(right[a], right[b]) - np.maximum(left[a], left[b])
        alike = (row[a] == row[b]) & (shared > 0) & (texts[a] == texts[b])
        keep[a] &= ~(alike & (width[a] < width[b]) & (shared >= 0.5 * width[a]))
        keep[b] &= ~(alike & (width[b] < width[a]) & (shared >= 0.5 * width[b]))
    return keep


def _height(boxes: Floats) -> Floats:
    """Height of the line at each glyph: some boxes are as high as the font, some as the glyph."""
    own = boxes[:, 3] - boxes[:, 1]
    height = own.copy()
    for step in (1, 2):
        np.maximum(height[step:], own[:-step], out=height[step:])
        np.maximum(height[:-step], own[step:], out=height[:-step])
    return height


def _before(spaces: Flags, letters: Places) -> Flags:
    """Whether there is a space between each letter and the letter before it."""
    seen = np.cumsum(spaces)[letters]
    return np.diff(seen, prepend=seen[:1]) > 0
