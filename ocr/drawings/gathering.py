"""Gathers the pieces of text of a sheet on one small page that is read like any other: each level, alone, and all of
one height, for a sheet has lettering of every size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.components import Components
from ocr.drawings.pieces import PieceOfText
from ocr.geometry import turned
from ocr.layout import Layout, Piece
from ocr.shapes import Word
from ocr.straight import Prepared, Straight

# The height of a line, from the tallest letter to the lowest, that is read in exactly as many rows as it is cut in: one
# more row, and all would be scaled once more and blurred.
_LINE = 33
_IN_INK = 2.2
_LARGEST_ZOOM = 4.0
_WIDTH = 2400
_SPACE = 10
_RIM = 3
# A line of so many parts is as high as its band, the rows that hold nine tenths of its ink, and more, and no higher
# than this for its usual letter: deep tails and long arms would else make all its letters small. Longer ones lose their
# tips, where they leave what is cut out. In names of a few words such a band would leave out dots.
MANY = 28
_IN_BANDS = 1.25
_IN_LETTERS = 1.5
_CUT = 40


@dataclass(frozen=True)
class Way:
    """A way to read a piece: turned by so many degrees clockwise, in a line `room` times as high as its usual letter,
    or as high as its ink if that is higher."""

    piece: PieceOfText
    turn: int
    room: float


@dataclass(frozen=True)
class _Place:
    """Where a piece stands on the page: the box of its ink, its size there as a multiple of that on the sheet, and how
    many rows of its own are left out above."""

    x: int
    y: int
    width: int
    height: int
    zoom: float
    above: int = 0


@dataclass(frozen=True)
class Gathered:
    """The page of gathered pieces, ready for reading; the label of each is its number among `ways`."""

    prepared: Prepared
    ways: tuple[Way, ...]
    places: tuple[_Place, ...]

    def returned(self, words: Sequence[Word]) -> list[list[Word]]:
        """For each way its words, boxed where they stand on the sheet."""
        own: list[list[Word]] = [[] for _ in self.ways]
        owner = self.prepared.layout.owner
        for word in words:
            label = _label_at(owner, word)
            if label >= 0:
                own[label].append(self._on_sheet(word, label))
        return own

    def _on_sheet(self, word: Word, label: int) -> Word:
        piece, turn, place = self.ways[label].piece, self.ways[label].turn, self.places[label]
        left, top = (word.x - place.x) / place.zoom, (word.y - place.y) / place.zoom + place.above
        width, height = word.width / place.zoom, word.height / place.zoom
        box = (round(left), round(top), max(1, round(width)), max(1, round(height)))
        size = (piece.right - piece.left, piece.bottom - piece.top)
        x, y, width, height = turned(box, size if turn % 180 == 0 else size[::-1], -turn)
        return replace(word, x=piece.left + x, y=piece.top + y, width=width, height=height, line=label)


def gathered(grey: Image.Image, parts: Components, ways: Sequence[Way]) -> Gathered:
    """The page on which every piece stands by itself, as its way says."""
    runs = _RunsOf(parts)
    whole = [np.rot90(runs.mask(way.piece), -way.turn // 90) for way in ways]
    bands = [_band(parts, way, mask) for way, mask in zip(ways, whole, strict=True)]
    masks = [mask[top:bottom] for mask, (top, bottom, _) in zip(whole, bands, strict=True)]
    lines = [
        height if len(way.piece.members) >= MANY else line_height(parts, way)
        for way, (_, _, height) in zip(ways, bands, strict=True)
    ]
    places, size = _placed([mask.shape for mask in masks], lines)
    places = [replace(place, above=top) for place, (top, _, _) in zip(places, bands, strict=True)]
    owner = np.full((size[1], size[0]), -1, np.int32)
    page = Image.new("L", size, 255)
    pieces = []
    for label, (way, mask, place) in enumerate(zip(ways, masks, places, strict=True)):
        ink = Image.fromarray(mask).resize((place.width, place.height), Image.Resampling.NEAREST)
        owner[place.y : place.y + place.height, place.x : place.x + place.width][np.asarray(ink)] = label
        rim = round(_RIM * place.zoom)
        alone = _alone(grey, way, whole[label], bands[label][:2]).resize(
            (place.width + 2 * rim, place.height + 2 * rim),
            Image.Resampling.BILINEAR if place.zoom > 1 else Image.Resampling.BICUBIC,
        )
        page.paste(alone, (place.x - rim, place.y - rim))
        top = place.y - (_LINE - place.height) // 2
        pieces.append(Piece(place.x, top, place.x + place.width, top + _LINE, label, label))
    layout = Layout(tuple(pieces), owner, _LINE / 2)
    prepared = Prepared(Straight(page, owner >= 0, 1.0, 0.0), layout)
    return Gathered(prepared, tuple(ways), tuple(places))


def line_height(parts: Components, way: Way) -> float:
    """The height of the line in which a short piece is read that way."""
    piece = way.piece
    height = piece.right - piece.left if way.turn % 180 else piece.bottom - piece.top
    return max(height, min(way.room * _letter(parts, way), _IN_INK * height))


def _letter(parts: Components, way: Way) -> float:
    """The height of the usual letter as it is read."""
    letters = (parts.width if way.turn % 180 else parts.height)[way.piece.members]
    return float(np.median(letters[letters >= 0.4 * letters.max()]))


class _RunsOf:
    """The runs of ink of components, looked up by component."""

    def __init__(self, parts: Components) -> None:
        self._order = np.argsort(parts.run_component, kind="stable")
        self._first = np.searchsorted(parts.run_component[self._order], np.arange(len(parts) + 1))
        self._parts = parts

    def mask(self, piece: PieceOfText) -> NDArray[np.bool_]:
        """Where the piece has ink, in its own box."""
        runs = np.concatenate([self._order[self._first[k] : self._first[k + 1]] for k in piece.members])
        height, width = piece.bottom - piece.top, piece.right - piece.left
        edges = np.zeros((height, width + 1), np.int8)
        row = self._parts.run_row[runs] - piece.top
        edges[row, self._parts.run_start[runs] - piece.left] = 1
        np.add.at(edges, (row, self._parts.run_end[runs] - piece.left), -1)
        return np.cumsum(edges, 1, dtype=np.int8)[:, :width] > 0


def _band(parts: Components, way: Way, mask: NDArray[np.bool_]) -> tuple[int, int, float]:
    """The rows of the piece that are read, from and to, and the height of its line: all of a short one."""
    height = mask.shape[0]
    if len(way.piece.members) < MANY:
        return 0, height, height
    ink = np.cumsum(mask.sum(1))
    first, last = np.searchsorted(ink, (0.05 * ink[-1], 0.95 * ink[-1]))
    line = min(height, _IN_BANDS * (last + 1 - first), _IN_LETTERS * _letter(parts, way))
    middle, reach = (first + last + 1) / 2, line * _CUT / _LINE / 2
    return max(0, round(middle - reach)), min(height, round(middle + reach)), line


def _alone(grey: Image.Image, way: Way, mask: NDArray[np.bool_], rows: tuple[int, int]) -> Image.Image:
    """Those rows of the piece with the grey rim of its strokes, and nothing else that stands in its box."""
    piece = way.piece
    box = (piece.left - _RIM, piece.top - _RIM, piece.right + _RIM, piece.bottom + _RIM)
    picture = np.rot90(np.asarray(grey.crop(box)), -way.turn // 90)
    alone = np.where(_widened(np.pad(mask, _RIM)), picture, np.uint8(255))
    return Image.fromarray(alone[rows[0] : rows[1] + 2 * _RIM])


def _widened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with two more pixels on every side of its strokes."""
    for _ in range(2):
        rows = mask.copy()
        rows[1:] |= mask[:-1]
        rows[:-1] |= mask[1:]
        mask = rows.copy()
        mask[:, 1:] |= rows[:, :-1]
        mask[:, :-1] |= rows[:, 1:]
    return mask


def _placed(
    shapes: Sequence[tuple[int, ...]], lines: Sequence[float]
) -> tuple[list[_Place], tuple[int, int]]:
    """Places in rows for pieces of these shapes (height, width) and line heights, and the size of the whole."""
    zooms = [min(_LARGEST_ZOOM, _LINE / line) for line in lines]
    boxes = [
        (max(1, round(wide * zoom)), max(1, min(_CUT, round(high * zoom))))
        for (high, wide), zoom in zip(shapes, zooms, strict=True)
    ]
    width = max([_WIDTH, *(wide + 2 * _SPACE for wide, _ in boxes)])
    places = []
    x, y = 0, 0
    for (wide, high), zoom in zip(boxes, zooms, strict=True):
        if x + wide + 2 * _SPACE > width:
            x, y = 0, y + _LINE + 2 * _SPACE
        places.append(_Place(x + _SPACE, y + _SPACE + (_LINE - high) // 2, wide, high, zoom))
        x += wide + 2 * _SPACE
    return places, (width, y + _LINE + 2 * _SPACE)


def _label_at(owner: NDArray[np.int32], word: Word) -> int:
    here = owner[word.y : word.y + word.height, word.x : word.x + word.width]
    labels = here[here >= 0]
    return int(np.bincount(labels).argmax()) if labels.size else -1
