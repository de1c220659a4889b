"""Gives what is no letter to the line it belongs to: dots, raised marks, and noughts that are dots themselves."""

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components
from ocr.segmentation import SLACK, Ints, walls_beside

# Paper between the noughts of a number in typefaces that set them wide, in heights of the text.
_NOUGHTS_APART = 0.9


def is_slight(parts: Components, piece: Ints, size: float) -> bool:
    """Whether it is lower than letters and no longer than one: no line by itself."""
    height = int(parts.bottom[piece].max() - parts.top[piece].min())
    width = int(parts.right[piece].max() - parts.left[piece].min())
    return height < 0.75 * size and width < 1.5 * size


def noughts(parts: Components, size: float) -> NDArray[np.bool_]:
    """What may be an Arabic-Indic nought: a solid dot, larger than a speck."""
    across, down = parts.width / size, parts.height / size
    shaped = (across > 0.13) & (across < 0.55) & (down > 0.13) & (down < 0.55)
    return shaped & (parts.area > 0.5 * parts.width * parts.height)


def attach(
    parts: Components, loose: Ints, piece_of: NDArray[np.int32], found: int, size: float, reach: float = 0.8
) -> bool:
    """Gives dots, marks and short strokes to the piece of line nearest to them, no further above or below it than
    `reach`; says whether it gave any."""
    boxes = boxes_of(parts, piece_of, found)
    given = False
    for start in range(0, len(loose), 2000):
        some = loose[start : start + 2000]
        across = np.maximum(
            np.maximum(
                boxes[None, :, 0] - parts.right[some, None], parts.left[some, None] - boxes[None, :, 2]
            ),
            0,
        )
        middle = (parts.top[some] + parts.bottom[some]) / 2
        centre = (boxes[:, 1] + boxes[:, 3]) / 2
        half = (boxes[:, 3] - boxes[:, 1]) / 2
        down = np.maximum(np.abs(middle[:, None] - centre[None, :]) - half[None, :], 0)
        # Inside two boxes at once, the nearer centre wins.
        distance = down * 2 + across + np.abs(middle[:, None] - centre[None, :]) * 0.05
        nearest = distance.argmin(1)
        close = (across[np.arange(len(some)), nearest] < 1.2 * size) & (
            down[np.arange(len(some)), nearest] < reach * size
        )
        piece_of[some[close]] = nearest[close]
        given = given or bool(close.any())
    return given


def rejoined(
    parts: Components, piece_of: NDArray[np.int32], found: int, size: float, walls: Ints
) -> tuple[NDArray[np.int32], int]:
    """Joins pieces again that small marks, counted only now, bring close: the noughts of 2004 are mere dots."""
    boxes = boxes_of(parts, piece_of, found).tolist()
    home = list(range(found))
    order = sorted(home, key=lambda i: boxes[i][0])
    for k, i in enumerate(order):
        for j in order[k + 1 :]:
            mine, other = boxes[home[i]], boxes[j]
            gap = other[0] - mine[2]
            if gap > _NOUGHTS_APART * size:
                break
            shared = min(mine[3], other[3]) - max(mine[1], other[1])
            lower = min(mine[3] - mine[1], other[3] - other[1])
            if home[j] == j and shared > 0.6 * lower and home[i] != j and gap > -0.5 * size:
                if any(
                    mine[2] <= x + SLACK and other[0] >= x - SLACK for x in walls_beside(walls, *other[1::2])
                ):
                    break
                home[j] = home[i]
                mine[2:] = max(mine[2], other[2]), max(mine[3], other[3])
                mine[1] = min(mine[1], other[1])
                break
    labels, dense = np.unique(home, return_inverse=True)
    joined = piece_of.copy()
    mine = piece_of >= 0
    joined[mine] = dense[piece_of[mine]]
    return joined, len(labels)


def boxes_of(parts: Components, piece_of: NDArray[np.int32], found: int) -> Ints:
    """Left, top, right and bottom of each of the `found` pieces, given which piece each part is of (-1: none)."""
    boxes = np.zeros((found, 4), np.int64)
    boxes[:, :2] = 1 << 40
    mine = np.flatnonzero(piece_of >= 0)
    label = piece_of[mine]
    np.minimum.at(boxes[:, 0], label, parts.left[mine])
    np.minimum.at(boxes[:, 1], label, parts.top[mine])
    np.maximum.at(boxes[:, 2], label, parts.right[mine])
    np.maximum.at(boxes[:, 3], label, parts.bottom[mine])
    return boxes
