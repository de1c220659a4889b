"""Two pages on one picture: a book laid open, or two sheets side by side on the glass."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.layout import Piece

_WIDE = 1.15
_INNER_MARGINS = 0.04
_FEWEST_ROWS = 5


def fold_of(
    pieces: Sequence[Piece], size: tuple[int, int], rules: NDArray[np.int64] | None = None
) -> float | None:
    """Where the fold is, left to right in pixels of a picture of `size` (width, height); None on a single page.

    A spread is wider than high, has rows on both sides, and a strip without writing down its whole middle, which no
    level rule (boxes left, top, right, bottom) crosses either.
    """
    width, height = size
    if width < _WIDE * height:
        return None
    free = np.ones(width, bool)
    for left, right in [(p.left, p.right) for p in pieces] + [
        (r[0], r[2]) for r in (rules if rules is not None else ())
    ]:
        free[max(0, left) : right] = False
    middle = np.flatnonzero(free[int(0.4 * width) : int(0.6 * width)]) + int(0.4 * width)
    strips = np.split(middle, np.flatnonzero(np.diff(middle) > 1) + 1)
    widest = max(strips, key=len)
    if len(widest) < _INNER_MARGINS * width:
        return None
    fold = float(widest.mean())
    sides = [len({p.row for p in pieces if (p.left < fold) == is_left}) for is_left in (True, False)]
    return fold if min(sides) >= _FEWEST_ROWS else None
