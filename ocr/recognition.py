"""From a picture of a page to its words: prepare, cut into lines, read them, and put each word in its box."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.components import components_of
from ocr.layout import Layout, Piece, layout_of, text_height_of
from ocr.line_reader import HEIGHT, Glyph, LineReader
from ocr.preparation import Bilevel, even, grey_of, ink_of, rules_of, skew_of, straightened
from ocr.reading_order import is_right_to_left, mirror, mirrored_positions, reading_order
from ocr.second_reader import SecondReader
from ocr.shapes import Word

_WORKING_DPI = 150
_MARGIN = 0.09
_WIDEST = 6_000
_SAMPLED = 6
_SAMPLE_WIDTH = 400


@dataclass(frozen=True)
class Straight:
    """A page ready for cutting: level, evenly lit, in full size, with its ink at a scale where text is 10 to 30 high."""

    grey: Image.Image
    ink: Bilevel
    scale: float
    angle: float


@dataclass(frozen=True)
class Line:
    """A piece of line as cut out: its picture 40 pixels high and where that lies on the straightened page."""

    piece: Piece
    picture: NDArray[np.uint8]
    left: float
    top: float
    right: float
    bottom: float
    scale: float


@dataclass(frozen=True)
class Prepared:
    """A page cut into pieces of line, not yet read."""

    page: Straight
    layout: Layout


def prepared(image: Image.Image, dpi: int) -> Prepared:
    """Straightens a page and finds its lines."""
    page = straighten(image, dpi)
    return Prepared(page, layout_of(page.ink))


def straighten(image: Image.Image, dpi: int) -> Straight:
    """Prepares a page and measures at which scale to look for its lines."""
    grey = even(grey_of(image))
    scale = min(1.0, _WORKING_DPI / dpi)
    angle = None
    for _ in range(3):
        small = _scaled(grey, scale)
        if angle is None:
            angle = skew_of(ink_of(small))
            if abs(angle) >= 0.08:
                grey = straightened(grey, angle)
                small = _scaled(grey, scale)
        ink = ink_of(small)
        parts = components_of(ink)
        size = text_height_of(parts)
        if size > 32 and scale > 0.05:
            scale *= 18 / size
        elif size < 9 and scale < 1.0 and len(parts) > 20:
            scale = min(1.0, scale * 14 / size)
        else:
            break
    ink = ink & ~rules_of(ink, size)
    return Straight(grey, ink, scale, angle or 0.0)


def _scaled(grey: Image.Image, scale: float) -> Image.Image:
    if scale >= 1.0:
        return grey
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def cut(page: Straight, layout: Layout) -> list[Line]:
    """The picture of every piece of line, with ink of other lines painted over."""
    usual = _usual_height(layout)
    whole = np.asarray(page.grey)
    return [
        line for piece in layout.pieces if (line := _cut_one(page, layout, piece, usual, whole)) is not None
    ]


def _usual_height(layout: Layout) -> float:
    heights = [p.bottom - p.top for p in layout.pieces if p.right - p.left > 5 * layout.text_height]
    if len(heights) < 3:
        return 1.9 * layout.text_height
    return float(np.median(heights))


def _cut_one(
    page: Straight, layout: Layout, piece: Piece, usual: float, whole: NDArray[np.uint8]
) -> Line | None:
    height = piece.bottom - piece.top
    need = max(float(height), min(usual, 2.2 * height))
    middle = (piece.top + piece.bottom) / 2
    top, bottom = middle - need * (0.5 + _MARGIN), middle + need * (0.5 + _MARGIN)
    left, right = piece.left - 0.1 * need, piece.right + 0.1 * need
    rows, columns = layout.owner.shape
    top_at, bottom_at = max(0, round(top)), min(rows, round(bottom) + 1)
    left_at, right_at = max(0, round(left)), min(columns, round(right) + 1)
    across, down = whole.shape[1] / columns, whole.shape[0] / rows
    box = (
        round(left_at * across), round(top_at * down), round(right_at * across), round(bottom_at * down)
    )  # fmt: skip
    if box[2] - box[0] < 4 or box[3] - box[1] < 4:
        return None
    owner = layout.owner[top_at:bottom_at, left_at:right_at]
    others = ((owner >= 0) & (owner != piece.label)).astype(np.uint8) * 255
    picture = whole[box[1] : box[3], box[0] : box[2]]
    if others.any():
        mask = Image.fromarray(others).resize((picture.shape[1], picture.shape[0]), Image.Resampling.NEAREST)
        picture = np.where(np.asarray(mask) > 0, np.uint8(255), picture)
    shrink = HEIGHT / picture.shape[0]
    width = min(_WIDEST, max(8, round(picture.shape[1] * shrink)))
    small = Image.fromarray(picture).resize(
        (width, HEIGHT), Image.Resampling.BOX if shrink < 1 else Image.Resampling.BILINEAR
    )
    return Line(piece, np.asarray(small), left_at, top_at, right_at, bottom_at, (right_at - left_at) / width)


def words_of_line(line: Line, glyphs: Sequence[Glyph], owner: NDArray[np.int32]) -> list[Word]:
    """Words in the order they are read, boxed on the straightened page (pixels of `owner`), from glyphs as printed."""
    visual = "".join(g.character for g in glyphs)
    if not visual.strip():
        return []
    mirrored = mirrored_positions(visual)
    words: list[Word] = []
    waiting: list[int] = []
    for i in [*reading_order(visual), -1]:
        if i >= 0 and visual[i] != " ":
            waiting.append(i)
            continue
        if waiting:
            text = "".join(mirror(visual[k]) if k in mirrored else visual[k] for k in waiting)
            sure = [glyphs[k].probability for k in waiting]
            left, right = _extent(glyphs, waiting, line)
            words.append(_boxed(text, left, right, line, owner, 50 * (float(np.mean(sure)) + min(sure))))
        waiting = []
    return words


def _extent(glyphs: Sequence[Glyph], members: Sequence[int], line: Line) -> tuple[float, float]:
    """From half-way to the glyph before the word to half-way to the glyph after it."""
    first, last = min(members), max(members)
    at = [g.position for g in glyphs]
    spaces = [g.character == " " for g in glyphs]
    left = 0.0 if first == 0 else at[first - 1] if spaces[first - 1] else (at[first - 1] + at[first]) / 2
    right = (
        float(line.picture.shape[1]) if last == len(at) - 1
        else at[last + 1] if spaces[last + 1] else (at[last] + at[last + 1]) / 2
    )  # fmt: skip
    return line.left + left * line.scale, line.left + right * line.scale


def _boxed(
    text: str, left: float, right: float, line: Line, owner: NDArray[np.int32], confidence: float
) -> Word:
    """The word in the tightest box around its ink, given how far it may reach to either side."""
    x0, x1 = max(0, int(left)), min(owner.shape[1], int(np.ceil(right)))
    y0, y1 = line.piece.top, line.piece.bottom
    here = owner[y0:y1, x0:x1] == line.piece.label
    if here.any():
        columns, rows = np.flatnonzero(here.any(0)), np.flatnonzero(here.any(1))
        x1, x0 = x0 + int(columns[-1]) + 1, x0 + int(columns[0])
        y1, y0 = y0 + int(rows[-1]) + 1, y0 + int(rows[0])
    return Word(text, x0, y0, max(1, x1 - x0), max(1, y1 - y0), round(confidence, 1), line.piece.row)


class Recogniser:
    """Reads pages with our own line reader, and asks a second reader about the lines it is unsure of."""

    def __init__(self, reader: LineReader, second: SecondReader | None = None) -> None:
        self._reader = reader
        self._second = second

    def words(self, prepared: Prepared) -> list[Word]:
        """Words of an upright page in reading order, boxed in its own pixels."""
        page, layout = prepared.page, prepared.layout
        lines = cut(page, layout)
        readings = self._reader.read([line.picture for line in lines])
        rows: dict[int, list[tuple[Line, list[Word]]]] = {}
        for line, glyphs in zip(lines, readings, strict=True):
            words = words_of_line(line, glyphs, layout.owner)
            if words:
                rows.setdefault(line.piece.row, []).append((line, words))
        out: list[Word] = []
        for row in sorted(rows):
            cells = rows[row]
            leftward = is_right_to_left(" ".join(w.text for _, words in cells for w in words))
            cells.sort(key=lambda cell: -cell[0].right if leftward else cell[0].left)
            out += [w for _, words in cells for w in words]
        return [_on_page(w, page, page.grey.size) for w in out]

    def sample(self, prepared: Prepared) -> float | None:
        """Confidence (0 to 100) in a few of the page's longer lines as it lies; None when it has no lines."""
        page, layout = prepared.page, prepared.layout
        long = sorted(layout.pieces, key=lambda p: p.left - p.right)[:_SAMPLED]
        lines = cut(page, replace(layout, pieces=tuple(long)))
        sure = [
            g.probability for glyphs in self._reader.read([x.picture[:, :_SAMPLE_WIDTH] for x in lines])
            for g in glyphs if g.character != " "
        ]  # fmt: skip
        return 100 * float(np.mean(sure)) if len(sure) >= 4 else None


def _on_page(word: Word, page: Straight, size: tuple[int, int]) -> Word:
    """The word's box turned back from the straightened page to the page as it is."""
    across, down = size[0] / page.ink.shape[1], size[1] / page.ink.shape[0]
    corners = np.array(
        [(x, y) for x in (word.x, word.x + word.width) for y in (word.y, word.y + word.height)], float
    ) * (across, down)
    if page.angle:
        centre = np.array(size, float) / 2
        turn = np.radians(page.angle)
        offset = corners - centre
        corners = centre + offset @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    low, high = corners.min(0), corners.max(0)
    x, y = max(0, int(low[0])), max(0, int(low[1]))
    return replace(
        word, x=x, y=y,
        width=max(1, min(size[0], int(np.ceil(high[0]))) - x),
        height=max(1, min(size[1], int(np.ceil(high[1]))) - y),
    )  # fmt: skip
