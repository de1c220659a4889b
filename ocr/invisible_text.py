"""The words of a page as invisible text over its picture.

Runs are in *visual* order, from the left, because that is what readers of PDFs expect of text that a page shows: they
turn right-to-left text round themselves. Each word is stretched, with the space after it, up to the next.

Where Latin words and codes like MN-3-0127 meet Arabic, pdfium (so Chrome) needs them on lines of their own: of one line
it gives the letters and the digits of a code in swapped places, and does not find it. So a line is written in pieces,
in the order in which they are read, and a small space off the baseline parts each from the next. poppler takes no
notice of it, mupdf begins a new line as well, pdf.js joins the pieces without a blank.
"""

import re
from collections.abc import Iterator, Sequence
from math import cos, radians, sin
from statistics import median
from typing import NamedTuple

from bidi.algorithm import get_display

from ocr.geometry import Box, turned, turned_size
from ocr.glyphless import ADVANCE, encoded
from ocr.reading_order import is_right_to_left, script_of
from ocr.shapes import TEXT_LAYER, Page

# Numbers with the signs around and between them: what readers leave as it stands when they turn a line round.
_AS_IT_STANDS = re.compile(r"([0-9\u0660-\u0669\u06f0-\u06f9+\-.,:/#%\u060c\u066a-\u066c]+)")
# A gap wider than so many heights of the text parts cells.
_CELL_GAP = 3.0
_NARROWEST = 0.1
# Degrees: poppler takes words apart that are written more aslant, so each word of such a line is written level.
_STEEP = 1.2
# A parting space, in heights of the text: too small to be selected, and so far from the baseline that pdfium begins a
# new line after it; beyond the whole line where lines run up or down the page.
_PARTING_SIZE = 0.1
_PARTING_RISE = 0.7
_SIDEWAYS_RISE = 2.5


class _Word(NamedTuple):
    """A word where it is to be written, in points of the upright page from its lower left corner.

    It reaches to `right`, with its space; `number` is its place among the page's words as they are read.
    """

    text: str
    number: int
    left: float
    right: float
    baseline: float
    size: float


def invisible_text(page: Page, font: str, width: float, height: float) -> bytes:
    """Operators that lay the page's words over it; `width` and `height` are points of the page as scanned.

    Words of the page's own text layer are left out, for they are there already.
    """
    if not page.width or not page.height:
        return b""
    runs = [_run(line, font, page) for line in _lines(page, width, height)]
    if not runs:
        return b""
    upright = {
        0: (1, 0, 0, 1, 0, 0),
        90: (0, 1, -1, 0, width, 0),
        180: (-1, 0, 0, -1, width, height),
        270: (0, -1, 1, 0, 0, height),
    }
    return b"\n".join([b"q", _numbers(*upright[page.rotation]) + b" cm BT 3 Tr", *runs, b"ET Q"])


def _lines(page: Page, width: float, height: float) -> Iterator[list[_Word]]:
    """Words of each line from the left; a line is as high, and stands where, most of its cell does."""
    across, down = turned_size((page.width, page.height), page.rotation)
    wide, high = turned_size((width, height), page.rotation)  # type: ignore[arg-type]
    lines: dict[int, list[tuple[Box, str, int]]] = {}
    for number, word in enumerate(page.words):
        if word.source != TEXT_LAYER and word.text:
            box = turned((word.x, word.y, word.width, word.height), (page.width, page.height), page.rotation)
            lines.setdefault(word.line, []).append((box, word.text, number))
    for line in lines.values():
        yield [
            word
            for cell in _cells(sorted(line))
            for word in _placed(cell, wide / across, high / down, high, page.skew)
        ]


def _cells(line: Sequence[tuple[Box, str, int]]) -> Iterator[list[tuple[Box, str, int]]]:
    """The words of each cell from the left."""
    far = _CELL_GAP * median(box[3] for box, _, _ in line)
    cell: list[tuple[Box, str, int]] = []
    reach = 0
    for word in line:
        box = word[0]
        if cell and box[0] - reach > far:
            yield cell
            cell = []
        cell.append(word)
        reach = max(reach, box[0] + box[2])
    yield cell


def _placed(
    cell: Sequence[tuple[Box, str, int]], across: float, down: float, page_height: float, skew: float
) -> Iterator[_Word]:
    slope = sin(radians(skew))
    lefts = [box[0] * across for box, _, _ in cell]
    size = max(1.0, median(box[3] for box, _, _ in cell) * down)
    level = median(
        (box[1] + box[3]) * down - left * slope for left, (box, _, _) in zip(lefts, cell, strict=True)
    )
    (last, _, width, _), text, _ = cell[-1]
    rights = [*lefts[1:], (last + width + width / len(text)) * across]
    for (_, text, number), left, right in zip(cell, lefts, rights, strict=True):
        yield _Word(text, number, left, right, page_height - level - left * slope, size)


def _run(line: Sequence[_Word], font: str, page: Page) -> bytes:
    """One line of text, piece by piece."""
    steep = abs(page.skew) > _STEEP
    slope = 0.0 if steep else radians(page.skew)
    turn = (cos(slope), -sin(slope), sin(slope), cos(slope))
    leftward = is_right_to_left(" ".join(word.text for word in line))
    # Upwards where the line, as it is read, goes up: away from the baseline of the piece before.
    rise = _SIDEWAYS_RISE if page.rotation % 180 else _PARTING_RISE
    if (page.skew >= 0) != leftward:
        rise = -rise

    def at(word: _Word, size: float, rise: float = 0) -> bytes:
        return f"/{font} {size:.2f} Tf ".encode() + _numbers(*turn, word.left, word.baseline + rise) + b" Tm"

    out: list[bytes] = []
    for piece in _pieces(line):
        if out:
            small = _PARTING_SIZE * piece[0].size
            out += [at(piece[0], small, rise * piece[0].size), _shown(" ", small, small)]
        arabic, latin = script_of(" ".join(word.text for word in piece))
        turns = arabic or (leftward and not latin)
        pen: float | None = None
        for word in piece:
            if steep or pen != word.left:
                out.append(at(word, word.size))
            # With a space, for pdfium leaves out some single characters that are shown alone.
            text = _turned_round(word.text) if turns else word.text
            out.append(_shown(text + " ", word.right - word.left, word.size))
            pen = word.right
    return b"\n".join(out)


def _pieces(line: Sequence[_Word]) -> list[list[_Word]]:
    """The line in pieces, in the order in which these are read; each from the left.

    A piece is Latin words or the numbers of a telephone with what is read in one line with them, or what stands between
    such pieces.
    """
    rightward: list[list[_Word]] = []
    for word in line:
        before = rightward[-1][-1] if rightward else None
        if before and word.number == before.number + 1 and not script_of(before.text + word.text)[0]:
            rightward[-1].append(word)
        else:
            rightward.append([word])
    pieces: list[list[_Word]] = []
    was_latin = True
    for words in rightward:
        arabic, latin = script_of(" ".join(word.text for word in words))
        # Numbers that are read to the right, as a telephone's are, would be turned round with the Arabic about them.
        is_latin = not arabic and (bool(latin) or len(words) > 1)
        if is_latin or was_latin:
            pieces.append(words)
        else:
            pieces[-1] += words
        was_latin = is_latin
    return sorted(pieces, key=lambda piece: min(word.number for word in piece))


def _turned_round(word: str) -> str:
    """The word so written that readers, which turn it round, give it back: not as it is printed, for the algorithm by
    which that is done moves the signs of numbers (+965, 12/ب)."""
    if script_of(word)[1]:
        return str(get_display(word, base_dir="R"))
    runs = _AS_IT_STANDS.split(word)[::-1]
    return "".join(run if number % 2 else get_display(run, base_dir="R") for number, run in enumerate(runs))


def _shown(text: str, room: float, size: float) -> bytes:
    room = max(room, _NARROWEST * size)
    return f"{100 * room / (len(text) * ADVANCE * size):.2f} Tz ".encode() + encoded(text) + b" Tj"


def _numbers(*values: float) -> bytes:
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values).encode()
