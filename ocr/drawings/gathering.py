"""Gathers the pieces of text of a sheet, each turned level, on one small page that is read like any other."""

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

_WIDTH = 2400
_SPACE = 8
_RIM = 5


@dataclass(frozen=True)
class Gathered:
    """The page of gathered pieces, ready for reading. Piece `k` was turned by `turns[k]` degrees clockwise."""

    prepared: Prepared
    pieces: tuple[PieceOfText, ...]
    turns: tuple[int, ...]

    def returned(self, words: Sequence[Word]) -> list[list[Word]]:
        """For each piece its words, boxed where they stand on the sheet."""
        own: list[list[Word]] = [[] for _ in self.pieces]
        boxes = {p.label: p for p in self.prepared.layout.pieces}
        owner = self.prepared.layout.owner
        for word in words:
            label = _label_at(owner, word)
            if label < 0:
                continue
            here, piece, turn = boxes[label], self.pieces[label], self.turns[label]
            size = (here.right - here.left, here.bottom - here.top)
            x, y, width, height = turned(
                (word.x - here.left, word.y - here.top, word.width, word.height), size, -turn
            )
            own[label].append(
                replace(word, x=piece.left + x, y=piece.top + y, width=width, height=height, line=label)
            )
        return own


def gathered(
    grey: Image.Image, parts: Components, wanted: Sequence[tuple[PieceOfText, int]], text_height: float
) -> Gathered:
    """The page on which every wanted piece stands by itself, turned by so many degrees clockwise."""
    runs = _RunsOf(parts)
    masks = [np.rot90(runs.mask(piece), -turn // 90) for piece, turn in wanted]
    places, size = _shelved([mask.shape for mask in masks])
    owner = np.full((size[1], size[0]), -1, np.int32)
    page = Image.new("L", size, 255)
    pieces = []
    for label, ((piece, turn), mask, (x, y)) in enumerate(zip(wanted, masks, places, strict=True)):
        height, width = mask.shape
        owner[y : y + height, x : x + width][mask] = label
        page.paste(_alone(grey, piece, turn, mask), (x - _RIM, y - _RIM))
        pieces.append(Piece(x, y, x + width, y + height, label, label))
    layout = Layout(tuple(pieces), owner, text_height)
    prepared = Prepared(Straight(page, owner >= 0, 1.0, 0.0), layout)
    return Gathered(prepared, tuple(p for p, _ in wanted), tuple(t for _, t in wanted))


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


def _alone(grey: Image.Image, piece: PieceOfText, turn: int, mask: NDArray[np.bool_]) -> Image.Image:
    """The piece with the grey rim of its strokes, and nothing else that stands in its box."""
    box = (piece.left - _RIM, piece.top - _RIM, piece.right + _RIM, piece.bottom + _RIM)
    picture = np.rot90(np.asarray(grey.crop(box)), -turn // 90)
    return Image.fromarray(np.where(_widened(np.pad(mask, _RIM)), picture, np.uint8(255)))


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


def _shelved(shapes: Sequence[tuple[int, ...]]) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Places (x, y) for boxes of these shapes (height, width) on shelves, and the size of the whole."""
    width = max([_WIDTH, *(shape[1] + 2 * _SPACE + 2 * _RIM for shape in shapes)])
    places = [(0, 0)] * len(shapes)
    x, y, tallest = 0, 0, 0
    for k in sorted(range(len(shapes)), key=lambda k: -shapes[k][0]):
        high, wide = shapes[k]
        if x + wide + 2 * (_SPACE + _RIM) > width:
            x, y, tallest = 0, y + tallest, 0
        places[k] = (x + _SPACE + _RIM, y + _SPACE + _RIM)
        x += wide + 2 * (_SPACE + _RIM)
        tallest = max(tallest, high + 2 * (_SPACE + _RIM))
    return places, (width, max(1, y + tallest))


def _label_at(owner: NDArray[np.int32], word: Word) -> int:
    here = owner[word.y : word.y + word.height, word.x : word.x + word.width]
    labels = here[here >= 0]
    return int(np.bincount(labels).argmax()) if labels.size else -1
