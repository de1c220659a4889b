"""Looks up which boxes of a sheet stand near others, by bands of its rows: a sheet of dots has a quarter of a million,
too many to hold each against all."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.int64] | NDArray[np.float64]

_AT_ONCE = 100_000


class Bands:
    """Boxes (left, top, right, bottom), each known in every band of `height` rows that it reaches into."""

    def __init__(self, box: Ints, height: float) -> None:
        self._height = height
        self._order = np.argsort(box[:, 0], kind="stable")
        self._left = box[self._order, 0]
        self._bands = int(box[:, 3].max(initial=0) // height) + 1
        self._first, last = self._span(box[:, 1], box[:, 3])
        which, band = _spread(self._first[self._order], last[self._order])
        # Band by band from the left: a box is told by its place from the left.
        self._keys = np.sort(band * len(box) + which)

    def near(
        self, left: Numbers, top: Numbers, right: Numbers, bottom: Numbers
    ) -> Iterator[tuple[Ints, Ints]]:
        """Every pair of a window and a box that begins between its left and right, and stands in its bands, once.

        Pairs come in portions, in the order of the windows. All that share a row with a window are among them.
        """
        count = len(self._order)
        since, until = np.searchsorted(self._left, left), np.searchsorted(self._left, right, "right")
        first, last = self._span(top, bottom)
        window, band = _spread(first, last)
        start = np.searchsorted(self._keys, band * count + since[window])
        found = np.searchsorted(self._keys, band * count + until[window]) - start
        portion = np.cumsum(found) // _AT_ONCE
        for rows in np.split(np.arange(len(window)), np.flatnonzero(np.diff(portion)) + 1):
            which = np.repeat(rows, found[rows])
            key = self._keys[start[which] + counted(found[rows])]
            one, other = window[which], self._order[key % count]
            # What stands in several bands with a window is met first in that where the lower one begins.
            is_first = np.maximum(first[one], self._first[other]) == band[which]
            yield one[is_first], other[is_first]

    def _span(self, top: Numbers, bottom: Numbers) -> tuple[Ints, Ints]:
        """The first and the last band of each."""
        first, last = (
            np.clip(np.floor(rows / self._height), 0, self._bands - 1).astype(np.int64)
            for rows in (top, bottom)
        )
        return first, last


def _spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """For each number from first to last whose it is, and the number."""
    counts = last - first + 1
    return np.repeat(np.arange(len(counts)), counts), np.repeat(first, counts) + counted(counts)


def counted(counts: Ints) -> Ints:
    """0, 1, 2 ... for each of the counts."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
