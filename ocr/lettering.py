"""Puts what was read in a line into words: in the order they are read, each in the box of its own ink."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.cutting import Line
from ocr.engines import Reading
from ocr.line_reader import HEIGHT, ILLEGIBLE, Glyph
from ocr.reading_order import meetings, mirror, mirrored_positions, reading_order
from ocr.shapes import Word

_CLOSE = 1.35
_CLOSE_STROKE = 2.0
_MARKS = frozenset("/-")
# The comma of Arabic-Indic decimals has the shape of the letter reh, and of a comma: between digits it is neither.
_DECIMAL_COMMA = re.compile("(?<=[٠-٩])[ر,](?=[٠-٩])")
# What has three digits behind it and one more mark after them parts thousands, whatever mark it looks like.
_THOUSANDS = re.compile("(?<=[٠-٩])[.,٫](?=[٠-٩]{3}[.,٫٬])")

# Between two numbers the letter is a sign, and its size says nothing.
_TIMES = re.compile("(?<=[0-9٠-٩] )X(?= [0-9٠-٩])")

# A sign of times stands with a blank on both its sides or with none: 4.60x 5.70 is 4.60 x 5.70.
_HALF_PARTED = re.compile("(?<=[0-9٠-٩])(?=[xX×*] [0-9٠-٩])|(?<=[0-9٠-٩] [xX×*])(?=[0-9٠-٩])")


def closed(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs without blanks that stand inside a number, where its digits keep their usual distance.

    A small zero leaves much paper on both sides, which can look like the end of a word.
    """
    digits = [g.character.isdigit() for g in glyphs]
    steps = [
        b.position - a.position
        for a, b in pairwise(glyphs)
        if a.character.isdigit() and b.character.isdigit()
    ]
    if not steps:
        return list(glyphs)
    usual = float(np.median(steps))
    inside = [d or g.character in _MARKS for d, g in zip(digits, glyphs, strict=True)]
    return [
        g for i, g in enumerate(glyphs)
        if not (
            g.character == " " and 0 < i < len(glyphs) - 1 and inside[i - 1] and inside[i + 1]
            and (digits[i - 1] or digits[i + 1])
            and glyphs[i + 1].position - glyphs[i - 1].position
            <= usual * (_CLOSE_STROKE if "/" in (glyphs[i - 1].character, glyphs[i + 1].character) else _CLOSE)
        )
    ]  # fmt: skip


def parted(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs with blanks where those that stand close show none: between Latin and Arabic words, beside `x`."""
    text = "".join(g.character for g in glyphs)
    out = list(glyphs)
    for k in sorted({*meetings(text), *(m.end() for m in _HALF_PARTED.finditer(text))}, reverse=True):
        out.insert(
            k, replace(glyphs[k], character=" ", position=(glyphs[k - 1].position + glyphs[k].position) / 2)
        )
    return out


def printed(glyphs: Sequence[Glyph]) -> str:
    """Their text in visual order, each glyph one character, signs in and between numbers as they are meant."""
    text = _DECIMAL_COMMA.sub("٫", "".join(g.character for g in glyphs))
    return _TIMES.sub("x", _THOUSANDS.sub("٬", text))


def words_of_glyphs(glyphs: Sequence[Glyph], shape: tuple[int, ...]) -> list[Reading]:
    """Words in the order they are read, from glyphs as printed, in pixels of a picture of `shape` (height, width).

    A word with marks that the network calls illegible has no confidence at all: what is left of it is no word.
    """
    glyphs = parted(closed(glyphs))
    visual = printed(glyphs)
    if not visual.strip():
        return []
    scale = shape[0] / HEIGHT
    mirrored = mirrored_positions(visual)
    words: list[Reading] = []
    waiting: list[int] = []
    for i in [*reading_order(visual), -1]:
        if i >= 0 and visual[i] != " ":
            waiting.append(i)
            continue
        if waiting:
            text = "".join(mirror(visual[k]) if k in mirrored else visual[k] for k in waiting)
            sure = [glyphs[k].probability for k in waiting]
            left, right = _extent(glyphs, waiting, shape[1] / scale)
            confidence = 0.0 if ILLEGIBLE in text else 50 * (float(np.mean(sure)) + min(sure))
            words.append(Reading(text, left * scale, 0.0, right * scale, float(shape[0]), confidence))
        waiting = []
    return words


def _extent(glyphs: Sequence[Glyph], members: Sequence[int], width: float) -> tuple[float, float]:
    """From half-way to the glyph before the word to half-way to the glyph after it."""
    first, last = min(members), max(members)
    at = [g.position for g in glyphs]
    spaces = [g.character == " " for g in glyphs]
    left = 0.0 if first == 0 else at[first - 1] if spaces[first - 1] else (at[first - 1] + at[first]) / 2
    right = (
        width if last == len(at) - 1
        else at[last + 1] if spaces[last + 1] else (at[last] + at[last + 1]) / 2
    )  # fmt: skip
    return left, right


def boxed(reading: Reading, width: int, line: Line, owner: NDArray[np.int32], source: str) -> Word:
    """The word in the tightest box around its ink on the straightened page (pixels of `owner`), given its reading in a
    picture of the line that is `width` wide."""
    scale = (line.right - line.left) / width
    left, right = line.left + reading.left * scale, line.left + reading.right * scale
    x0, x1 = max(0, int(left)), min(owner.shape[1], int(np.ceil(right)))
    y0, y1 = line.piece.top, line.piece.bottom
    here = owner[y0:y1, x0:x1] == line.piece.label
    if here.any():
        columns, rows = np.flatnonzero(here.any(0)), np.flatnonzero(here.any(1))
        x1, x0 = x0 + int(columns[-1]) + 1, x0 + int(columns[0])
        y1, y0 = y0 + int(rows[-1]) + 1, y0 + int(rows[0])
    return Word(
        reading.text, x0, y0, max(1, x1 - x0), max(1, y1 - y0), round(reading.confidence, 1), line.piece.row,
        source=source,
    )  # fmt: skip
