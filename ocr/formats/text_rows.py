"""Letters of a born-digital page in rows, from the left: where they stand, each once, and what parts them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ocr.reading_order import RAISED

_SAME = 0.01
_THIN = 0.02
_FEW = 3
_ENOUGH = 0.4
_MOST = 0.6
_NEAR_ROWS = 8
# Letters that join nothing to their left: no ligature begins with one.
_RAISED = re.compile(f"[{RAISED}]")
_APART = frozenset("اأإآٱدذرزوؤةىء")

Codes = NDArray[np.uint32]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

_SPACE = ord(" ")
# Beside letters: what is not known yet (0), what cannot be seen, a mark, and from where on glyphs of several letters
# are told, in a plane that is private and so never read.
_UNSEEN, _MARK, _SEVERAL = 1, 2, 0xF0000
# The plain letter of each code point, learnt as it is met.
_PLAIN = np.zeros(0x110000, np.uint32)


@dataclass(frozen=True)
class Letters:
    """Code points in stored order (NUL where white space was only supposed). `boxes` holds left, top, right, bottom of
    each in points from the top left; `level` where the line of a character runs level."""

    codes: Codes
    boxes: Floats
    level: Flags

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Glyphs:
    """What stands at a place: the code point of a letter, a space, one of `several` for the letters of one glyph, or
    nothing (0) for a mark that is not read; its box; and where in the file it is stored.

    `several` holds the letters of each ligature, in logical order, under a code point of its own that is no letter.
    """

    codes: Codes
    several: dict[int, str]
    boxes: Floats
    stored: Places


@dataclass(frozen=True)
class Rows:
    """Letters by row from the top, in a row from the left. Of each: its row, the gap before it and the height of the
    line there, and whether a space that has a width, or any space at all, is before it."""

    codes: Codes
    several: dict[int, str]
    boxes: Floats
    row: Places
    gap: Floats
    height: Floats
    spaced: Flags
    parted: Flags


def glyphs_of(letters: Letters, wanted: Flags) -> Glyphs:
    """The wanted letters as glyphs, in stored order."""
    plain = _plain_codes(letters.codes)
    there = np.flatnonzero(wanted & (plain != _UNSEEN))
    boxes, codes = letters.boxes.take(there, 0), plain[there]
    # Letters that are stored together at one place are those of one glyph.
    first = np.ones(len(there), np.bool_)
    first[1:] = (there[1:] - there[:-1] > 1) | (np.abs(boxes[1:, :3] - boxes[:-1, :3]) >= _SAME).any(1)
    starts = np.flatnonzero(first)
    ends = np.concatenate((starts[1:], (len(there),)))
    codes = codes[starts]
    names: dict[str, int] = {}
    for k in np.flatnonzero((ends - starts > 1) | (codes == _SEVERAL)).tolist():
        members = letters.codes[there[starts[k] : ends[k]]].tolist()
        text = "".join([_plain(chr(code)) or "" for code in members])
        if len(members) > 1:
            text = _ligature(text)
        codes[k] = (
            (ord(text) if text else _MARK) if len(text) < 2 else names.setdefault(text, _SEVERAL + len(names))
        )
    codes[codes == _MARK] = 0
    return Glyphs(codes, {code: text for text, code in names.items()}, boxes.take(starts, 0), there[starts])


def _plain_codes(codes: Codes) -> Codes:
    """Each letter without its presentation form, or what stands for a letter that is none or several."""
    plain = _PLAIN[codes]
    if not plain.all():
        for code in set(codes[plain == 0].tolist()):
            text = _plain(chr(code))
            _PLAIN[code] = (
                _UNSEEN if text is None else _MARK if not text else ord(text) if len(text) == 1 else _SEVERAL
            )
        plain = _PLAIN[codes]
    return plain


@cache
def _plain(character: str) -> str | None:
    """The letter without its presentation form, a space for white space, nothing for a vowel sign; None for what cannot
    be seen. Raised digits stay raised: 12² is not 122."""
    if character.isspace():
        return " "
    if _RAISED.match(character):
        return character
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
    codes, boxes = glyphs.codes, glyphs.boxes
    if not len(boxes):
        none = np.zeros(0, np.bool_)
        return Rows(codes, {}, boxes, np.zeros(0, np.intp), np.zeros(0), np.zeros(0), none, none)
    row = _row_of(boxes)
    order = np.lexsort((boxes[:, 0] + boxes[:, 2], row))
    order = order[_unstacked(boxes.take(order, 0), glyphs.stored[order], row[order])]
    order = order[_once(codes[order], boxes.take(order, 0), row[order])]
    codes, boxes, row = codes[order], boxes.take(order, 0), row[order]
    white = codes == _SPACE
    left, top, right, bottom = boxes.T
    # A space without width is one that pdfium was told of (ActualText), not one that stands there.
    wide = white & (right - left > _THIN * _middle(bottom - top))
    letters = np.flatnonzero(~white & (codes != 0))
    # Rows are set far apart, so that one running maximum serves all of them.
    apart = row * (right.max() - left.min() + 1)
    reach = np.maximum.accumulate(np.where(white, -np.inf, right + apart)) - apart
    gap = np.zeros(len(row))
    gap[1:] = left[1:] - reach[:-1]
    boxes = boxes.take(letters, 0)
    return Rows(
        codes[letters], glyphs.several, boxes, row[letters], gap[letters], _height(boxes),
        _before(wide, letters), _before(white, letters),
    )  # fmt: skip


def _row_of(boxes: Floats) -> Places:
    """The row of each glyph. Glyphs of one height at one height belong together; those that many share make rows, the
    others (dots, marks, letters put together from parts) come to the row that they share most of their height with."""
    steps = np.rint(boxes[:, 1::2] / _SAME).astype(np.int64)
    extent = steps[:, 0] * 10_000_000 + steps[:, 1]
    # Neighbours mostly share theirs, so that there is little left to sort.
    runs = np.flatnonzero(np.concatenate(((True,), extent[1:] != extent[:-1])))
    lengths = np.concatenate((runs[1:], (len(extent),))) - runs
    _, one, place = np.unique(extent[runs], return_index=True, return_inverse=True)
    count = np.bincount(place, lengths)
    one, place = runs[one], np.repeat(place, lengths)
    tops, bottoms = boxes[one, 1], boxes[one, 3]
    small = (bottoms - tops < 0.5 * _middle(boxes[:, 3] - boxes[:, 1])) | (count < _FEW)
    rows: list[tuple[float, float]] = []
    row_of = np.full(len(tops), -1, np.intp)
    order = np.lexsort((tops + bottoms, small))[: np.count_nonzero(~small)]
    for i, top, bottom in zip(order.tolist(), tops[order].tolist(), bottoms[order].tolist(), strict=True):
        for k in range(len(rows) - 1, max(-1, len(rows) - 1 - _NEAR_ROWS), -1):
            above, below = rows[k]
            if below >= top and min(below, bottom) - max(above, top) >= _MOST * min(
                below - above, bottom - top
            ):
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
    further = left[1:] - left[:-1]
    longer = right[1:] - right[:-1]
    stacked = np.flatnonzero(
        (further * longer <= 0) & (row[1:] == row[:-1]) & (np.abs(stored[1:] - stored[:-1]) == 1)
    ).tolist()
    if not stacked:
        return order
    at = stored.tolist()
    place = dict(zip(at, left.tolist(), strict=True))
    for i in stacked:
        first = min(at[i], at[i + 1])
        before, after = place.get(first - 1), place.get(first + 2)
        if before is not None and after is not None and (after > before) != (at[i + 1] > at[i]):
            order[i], order[i + 1] = order[i + 1], order[i]
    return order


def _once(codes: Codes, boxes: Floats, row: Places) -> Flags:
    """Which glyphs do not stand inside the same glyph: some typefaces draw dots as glyphs of their own."""
    left, right = boxes[:, 0], boxes[:, 2]
    keep = np.ones(len(codes), np.bool_)
    for step in (1, 2, 3):
        alike = np.flatnonzero((codes[:-step] == codes[step:]) & (row[:-step] == row[step:]))
        other = alike + step
        width, others = right[alike] - left[alike], right[other] - left[other]
        shared = np.minimum(right[alike], right[other]) - np.maximum(left[alike], left[other])
        keep[alike[(shared > 0) & (width < others) & (shared >= 0.5 * width)]] = False
        keep[other[(shared > 0) & (others < width) & (shared >= 0.5 * others)]] = False
    return keep


def _height(boxes: Floats) -> Floats:
    """Height of the line at each glyph: some boxes are as high as the font, some as the glyph."""
    own = boxes[:, 3] - boxes[:, 1]
    height = own.copy()
    for step in (1, 2):
        np.maximum(height[step:], own[:-step], out=height[step:])
        np.maximum(height[:-step], own[step:], out=height[:-step])
    return height


def _middle(values: Floats) -> float:
    """One of the values that as many are above as below: their median, but for averaging, at a fifth of its price."""
    half = len(values) // 2
    return float(np.partition(values, half)[half])


def _before(spaces: Flags, letters: Places) -> Flags:
    """Whether there is a space between each letter and the letter before it."""
    seen = spaces.cumsum()[letters]
    return np.concatenate((seen[:1] < 0, seen[1:] > seen[:-1]))
