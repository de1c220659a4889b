"""Cuts the pictures of single lines out of a straightened page."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.layout import Layout, Piece
from ocr.line_reader import HEIGHT
from ocr.straight import Prepared

_MARGIN = 0.09
_WIDEST = 6_000
_DETAIL = 64


@dataclass(frozen=True)
class Line:
    """A piece of line as cut out.

    `picture` is 40 pixels high for our own reader, `detail` up to 64 for another; `left` to `right` is where they
    lie on the straightened page, in pixels of its ink, and `scale` those pixels for each one of `picture`.
    """

    piece: Piece
    picture: NDArray[np.uint8]
    detail: NDArray[np.uint8]
    left: float
    right: float
    scale: float


def cut(prepared: Prepared, pieces: tuple[Piece, ...] | None = None) -> list[Line]:
    """The picture of every piece of line (or of `pieces` only), with ink of other lines painted over."""
    layout = prepared.layout
    usual = _usual_height(layout)
    whole = np.asarray(prepared.page.grey)
    chosen = layout.pieces if pieces is None else pieces
    return [line for piece in chosen if (line := _cut_one(layout, piece, usual, whole)) is not None]


def _usual_height(layout: Layout) -> float:
    heights = [p.bottom - p.top for p in layout.pieces if p.right - p.left > 5 * layout.text_height]
    if len(heights) < 3:
        return 1.9 * layout.text_height
    return float(np.median(heights))


def _cut_one(layout: Layout, piece: Piece, usual: float, whole: NDArray[np.uint8]) -> Line | None:
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
    image = Image.fromarray(picture)
    small = image.resize((width, HEIGHT), Image.Resampling.BOX if shrink < 1 else Image.Resampling.BILINEAR)
    if picture.shape[0] > _DETAIL:
        wide = max(8, round(picture.shape[1] * _DETAIL / picture.shape[0]))
        picture = np.asarray(image.resize((wide, _DETAIL), Image.Resampling.BOX))
    return Line(piece, np.asarray(small), picture, left_at, right_at, (right_at - left_at) / width)
