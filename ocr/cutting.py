"""Cuts the pictures of single lines out of a page, each along its own slope: the page itself is never turned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.components import grown
from ocr.layout import Layout, Piece
from ocr.levelling import as_it_lay
from ocr.line_reader import HEIGHT
from ocr.straight import Prepared, Straight

_MARGIN = 0.09
_WIDEST = 6_000
_DETAIL = 64
_STRAGGLING = 1.35
# Pixels of the page for one of the picture from which on the steps from one to the next are too long.
_COARSE = 1.5


@dataclass(frozen=True)
class Line:
    """A piece of line, and where its picture is cut: `left` to `right` and `top` to `bottom` in pixels of the ink."""

    prepared: Prepared
    piece: Piece
    left: int
    top: int
    right: int
    bottom: int

    @cached_property
    def picture(self) -> NDArray[np.uint8]:
        """40 pixels high, for our own reader."""
        return self.at_height(HEIGHT)

    @cached_property
    def detail(self) -> NDArray[np.uint8]:
        """Up to 64 pixels high, for another reader."""
        height = round((self.bottom - self.top) / self._ink_pixels)
        return self.at_height(min(_DETAIL, max(HEIGHT, height)))

    @property
    def scale(self) -> float:
        """Pixels of the ink for each one of `picture`."""
        return (self.right - self.left) / self.picture.shape[1]

    @property
    def _ink_pixels(self) -> float:
        """Pixels of the ink for each one of the page."""
        return self.prepared.page.ink.shape[0] / self.prepared.page.grey.height

    def alone(self, left: float, top: float, right: float, bottom: float, share: float) -> NDArray[np.uint8]:
        """The ink between these edges (pixels of the page's ink) as a line of its own, filling `share` of 40 pixels."""
        need = (bottom - top) / share
        middle, aside = (top + bottom) / 2, max(2.0, 0.15 * need)
        rows, columns = self.prepared.page.ink.shape
        return replace(
            self,
            left=max(0, round(left - aside)), top=max(0, round(middle - need / 2)),
            right=min(columns, round(right + aside)), bottom=min(rows, round(middle + need / 2)),
        ).picture  # fmt: skip

    def at_height(self, height: int) -> NDArray[np.uint8]:
        """The line in grey, level, with rules and ink of other lines painted over."""
        page = self.prepared.page
        across, down = page.grey.width / page.ink.shape[1], page.grey.height / page.ink.shape[0]
        zoom = height / ((self.bottom - self.top) * down)
        width = min(_WIDEST, max(8, round((self.right - self.left) * across * zoom)))
        box = (self.left * across, self.top * down, self.right * across, self.bottom * down)
        picture = _part(page, box, (width, height))
        owner = self.prepared.layout.owner[self.top : self.bottom, self.left : self.right]
        others = (owner >= 0) & (owner != self.piece.label)
        if page.rules:
            others |= page.rules.ink[self.top : self.bottom, self.left : self.right]
        if others.any():
            # Ink has soft edges, which go with it.
            others = grown(others) & (owner != self.piece.label)
            mask = Image.fromarray(others.astype(np.uint8)).resize((width, height), Image.Resampling.NEAREST)
            picture = np.where(np.asarray(mask) > 0, np.uint8(255), picture)
        return picture


def cut(prepared: Prepared, pieces: Sequence[Piece] | None = None) -> list[Line]:
    """Every piece of line of the page (or `pieces` only), in their order, without what is too small."""
    usual = _usual(prepared.layout)
    chosen = prepared.layout.pieces if pieces is None else pieces
    lines = [_around(prepared, piece, usual) for piece in chosen]
    return [line for line in lines if line.right - line.left >= 3 and line.bottom - line.top >= 3]


@dataclass(frozen=True)
class _Usual:
    """Of the long lines of a page, half are no higher: from top to bottom, and where nine tenths of the ink are."""

    height: float
    band: float


def _usual(layout: Layout) -> _Usual:
    long = [p for p in layout.pieces if p.right - p.left > 5 * layout.text_height]
    if len(long) < 3:
        return _Usual(1.9 * layout.text_height, 1.3 * layout.text_height)
    bands = [bottom - top for top, bottom in (_band(layout, p) for p in long)]
    return _Usual(float(np.median([p.bottom - p.top for p in long])), float(np.median(bands)))


def _band(layout: Layout, piece: Piece) -> tuple[int, int]:
    """The rows between which nine tenths of the piece's ink are."""
    owner = layout.owner[piece.top : piece.bottom, piece.left : piece.right]
    ink = np.cumsum((owner == piece.label).sum(1))
    top, bottom = np.searchsorted(ink, (0.05 * ink[-1], 0.95 * ink[-1]))
    return piece.top + int(top), piece.top + int(bottom) + 1


def _around(prepared: Prepared, piece: Piece, usual: _Usual) -> Line:
    top, bottom = float(piece.top), float(piece.bottom)
    if bottom - top > _STRAGGLING * usual.height:
        band = _band(prepared.layout, piece)
        if band[1] - band[0] < _STRAGGLING * usual.band:
            # A line of usual print that letters of the next line hang on: its own height is that of the others.
            middle, reach = (band[0] + band[1]) / 2, 0.55 * usual.height
            top, bottom = max(top, middle - reach), min(bottom, middle + reach)
    need = max(bottom - top, min(usual.height, 2.2 * (bottom - top)))
    middle = (top + bottom) / 2
    reach = need * (0.5 + _MARGIN)
    rows, columns = prepared.page.ink.shape
    return Line(
        prepared, piece,
        max(0, round(piece.left - 0.1 * need)), max(0, round(middle - reach)),
        min(columns, round(piece.right + 0.1 * need) + 1), min(rows, round(middle + reach) + 1),
    )  # fmt: skip


def _part(page: Straight, box: tuple[float, float, float, float], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The part of the level page in `box` as a picture of `size`, taken from the page as it lies."""
    left, top, right, bottom = box
    if not page.angle:
        shrinks = size[1] < bottom - top
        how = Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR
        return np.asarray(page.grey.resize(size, how, box))
    corners = np.array([(left, top), (right, top), (left, bottom)])
    origin, along, below = as_it_lay(corners, page.grey.size, page.angle)
    # Taking values from between pixels blurs, so it is done at twice the size: down, where the slope moves them, and
    # across where pixels would be passed over.
    fine = 2 if right - left > _COARSE * size[0] else 1, 2
    along, below = (along - origin) / size[0] / fine[0], (below - origin) / size[1] / fine[1]
    turn = (along[0], below[0], origin[0], along[1], below[1], origin[1])
    picture = page.grey.transform(
        (fine[0] * size[0], fine[1] * size[1]),
        Image.Transform.AFFINE,
        turn,
        Image.Resampling.BILINEAR,
        fillcolor=255,
    )
    return np.asarray(picture.reduce(fine))
