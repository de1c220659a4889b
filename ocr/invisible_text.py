"""The words of a page as invisible text over its picture: one run a cell, in the order in which they stand.

Runs are in *visual* order, from the left, because that is what readers of PDFs expect of text that a page shows: they
turn right-to-left text round themselves. Each word is stretched, with the space after it, up to the next.
"""

from collections.abc import Iterator, Sequence
from math import cos, radians, sin
from statistics import median

from bidi.algorithm import get_display

from ocr.geometry import Box, turned, turned_size
from ocr.glyphless import ADVANCE, encoded
from ocr.shapes import TEXT_LAYER, Page

# A gap wider than so many heights of the text parts cells.
_CELL_GAP = 3.0
_NARROWEST = 0.1

Placed = tuple[str, Box]


def invisible_text(page: Page, font: str, width: float, height: float) -> bytes:
    """Operators that lay the page's words over it; `width` and `height` are points of the page as scanned.

    Words of the page's own text layer are left out, for they are there already.
    """
    if not page.width or not page.height:
        return b""
    across, down = turned_size((page.width, page.height), page.rotation)
    wide, high = turned_size((width, height), page.rotation)  # type: ignore[arg-type]
    runs = [
        _run(cell, wide / across, high / down, high, font, page.skew)
        for line in _lines(page) for cell in _cells(line)
    ]  # fmt: skip
    if not runs:
        return b""
    upright = {
        0: (1, 0, 0, 1, 0, 0),
        90: (0, 1, -1, 0, width, 0),
        180: (-1, 0, 0, -1, width, height),
        270: (0, -1, 1, 0, 0, height),
    }
    return b"\n".join([b"q", _numbers(*upright[page.rotation]) + b" cm BT 3 Tr", *runs, b"ET Q"])


def _lines(page: Page) -> Iterator[list[Placed]]:
    """Words of each line on the upright page."""
    lines: dict[int, list[Placed]] = {}
    for word in page.words:
        if word.source != TEXT_LAYER and word.text:
            box = turned((word.x, word.y, word.width, word.height), (page.width, page.height), page.rotation)
            lines.setdefault(word.line, []).append((word.text, box))
    yield from lines.values()


def _cells(line: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The words of each cell from the left."""
    far = _CELL_GAP * median(height for _, (_, _, _, height) in line)
    cell: list[Placed] = []
    reach = 0
    for text, box in sorted(line, key=lambda word: word[1][0]):
        if cell and box[0] - reach > far:
            yield cell
            cell = []
        cell.append((text, box))
        reach = max(reach, box[0] + box[2])
    yield cell


def _run(
    cell: Sequence[Placed], across: float, down: float, page_height: float, font: str, skew: float
) -> bytes:
    """One run of text from the left edge of the first word to the right edge of the last."""
    slope = radians(skew)
    start = cell[0][1][0] * across
    size = max(1.0, median(box[3] for _, box in cell) * down)
    bottom = median((box[1] + box[3]) * down - (box[0] * across - start) * sin(slope) for _, box in cell)
    out = [
        f"/{font} {size:.2f} Tf".encode(),
        _numbers(cos(slope), -sin(slope), sin(slope), cos(slope), start, page_height - bottom) + b" Tm",
    ]
    at = start
    lefts = [box[0] * across for _, box in cell]
    last, (left, _, width, _) = cell[-1]
    for text, after in zip([text for text, _ in cell[:-1]], lefts[1:], strict=True):
        # With its space: pdfium leaves out some single characters that are shown alone.
        room = max(after - at, _NARROWEST * size)
        out.append(_shown(get_display(text, base_dir="R") + " ", room, size))
        at += room
    out.append(
        _shown(get_display(last, base_dir="R"), max((left + width) * across - at, _NARROWEST * size), size)
    )
    return b"\n".join(out)


def _shown(text: str, room: float, size: float) -> bytes:
    return f"{100 * room / (len(text) * ADVANCE * size):.2f} Tz ".encode() + encoded(text) + b" Tj"


def _numbers(*values: float) -> bytes:
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values).encode()
