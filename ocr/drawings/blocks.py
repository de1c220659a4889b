"""The order in which a sheet is read: block by block, for its texts stand together by what they belong to."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocr.components import union
from ocr.drawings.pieces import PieceOfText
from ocr.drawings.sizes import Sizes
from ocr.reading_order import is_right_to_left
from ocr.shapes import Word

_DOWN = 1.3
_ACROSS = 2.0


def in_order(pieces: Sequence[PieceOfText], words_of: Sequence[list[Word]], sizes: Sizes) -> list[Word]:
    """The words of all pieces: blocks from the top, in each its rows, in each row its pieces as its script runs.

    `line` counts the rows. Text that runs up or down the sheet is a line of its own.
    """
    told = [k for k, words in enumerate(words_of) if words]
    if not told:
        return []
    box = np.array([[pieces[k].left, pieces[k].top, pieces[k].right, pieces[k].bottom] for k in told])
    upright = np.array([pieces[k].is_upright for k in told])
    out: list[Word] = []
    line = 0
    for block in _blocks(box, upright, sizes):
        for row in _rows(box[block]):
            inside = [told[k] for k in block[row]]
            text = " ".join(w.text for k in inside for w in words_of[k])
            for k in reversed(inside) if is_right_to_left(text) else inside:
                out += [replace(word, line=line) for word in words_of[k]]
            line += 1
    return out


def _blocks(box: NDArray[np.int64], upright: NDArray[np.bool_], sizes: Sizes) -> list[NDArray[np.int64]]:
    """Level pieces that stand close beside or below one another, from the top; upright ones each by themselves."""
    size = np.clip(box[:, 3] - box[:, 1], sizes.usual, sizes.tallest)
    pairs = []
    order = np.argsort(box[:, 1], kind="stable")
    tops = box[order, 1]
    for k in np.flatnonzero(~upright):
        reach = np.searchsorted(tops, box[k, 3] + _DOWN * size[k], "right")
        since = np.searchsorted(tops, box[k, 1], "left")
        others = order[since:reach]
        gap = np.maximum(box[others, 0] - box[k, 2], box[k, 0] - box[others, 2])
        close = others[
            (gap <= _ACROSS * np.minimum(size[others], size[k])) & ~upright[others] & (others != k)
        ]
        pairs += [(k, other) for other in close]
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    label = union(len(box), one, other)
    groups = [np.flatnonzero(label == name) for name in np.unique(label)]
    return sorted(groups, key=lambda g: (int(box[g, 1].min()), -int(box[g, 2].max())))


def _rows(box: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Members of a block row by row, each row from the left."""
    middle = (box[:, 1] + box[:, 3]) / 2
    rows: list[list[int]] = []
    for k in np.argsort(middle, kind="stable"):
        if rows and middle[k] < box[rows[-1][0], 3] and box[k, 1] < middle[rows[-1][0]]:
            rows[-1].append(int(k))
        else:
            rows.append([int(k)])
    return [np.array(sorted(row, key=lambda k: box[k, 0])) for row in rows]
