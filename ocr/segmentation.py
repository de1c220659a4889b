"""Parts the letters of a page into lines: by closeness along the rows, at valleys of ink, at wide gaps and at walls."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, components_of_runs

Ints = NDArray[np.int64]

# How far letters may reach over the middle of a rule and still stand beside it.
SLACK = 3


def clusters(parts: Components, chosen: NDArray[np.bool_], gap: float) -> list[Ints]:
    """Groups of components whose ink stands on shared raster rows with gaps no wider than `gap`."""
    kept = chosen[parts.run_component]
    row, start, end = parts.run_row[kept], parts.run_start[kept], parts.run_end[kept]
    component = parts.run_component[kept]
    if not len(row):
        return []
    breaks = np.ones(len(row), bool)
    breaks[1:] = (row[1:] != row[:-1]) | (start[1:] - end[:-1] > gap)
    joined = np.cumsum(breaks) - 1
    first = np.flatnonzero(breaks)
    last = np.append(first[1:], len(row)) - 1
    blobs = components_of_runs(row[first], start[first], end[last])
    blob_of_component = np.full(len(parts), -1, np.int64)
    blob_of_component[component] = blobs.run_component[joined]
    members = np.flatnonzero(chosen)
    order = members[np.argsort(blob_of_component[members], kind="stable")]
    cuts = np.flatnonzero(np.diff(blob_of_component[order])) + 1
    return np.split(order, cuts)


def lines_among(parts: Components, members: Ints, size: float) -> list[Ints]:
    """Parts a cluster into lines at the valleys of its ink profile, each component going to one line whole."""
    top, bottom = int(parts.top[members].min()), int(parts.bottom[members].max())
    if bottom - top < 2.0 * size:
        return [members]
    profile = _profile(parts, members, top, bottom)
    window = max(3, round(0.5 * size) | 1)
    smooth = np.convolve(profile, np.hanning(window + 2)[1:-1] / np.hanning(window + 2).sum(), "same")
    peaks = _peaks(smooth, 1.15 * size)
    if len(peaks) < 2:
        return [members]
    centres = np.array(peaks, float) + top
    # A component goes to the line in whose band most of its box lies; bands end at the valleys.
    edges = [a + int(smooth[a : b + 1].argmin()) + top for a, b in pairwise(peaks)]
    middle = (parts.top[members] + parts.bottom[members]) / 2
    home = np.searchsorted(np.array(edges), middle)
    # A tall component (a descender reaching far down) belongs where its top half lies, near a centre.
    tall = parts.height[members] > 1.6 * size
    for i in np.flatnonzero(tall):
        overlaps = [
            max(0.0, min(parts.bottom[members[i]], c + size / 2) - max(parts.top[members[i]], c - size / 2))
            for c in centres
        ]
        home[i] = int(np.argmax(overlaps))
    return [members[home == k] for k in range(len(centres)) if (home == k).any()]


def parted(parts: Components, line: Ints, size: float) -> list[Ints]:
    """The line as two where its letters stand on two levels: a short line under a long one hides in its profile."""
    letters = line[parts.height[line] >= 0.5 * size]
    if len(letters) < 6 or np.ptp(parts.bottom[letters]) < 1.5 * size:
        return [line]
    middle = (parts.top + parts.bottom) / 2
    at = middle[letters]
    low, high = float(at.min()), float(at.max())
    for _ in range(8):
        upper = at < (low + high) / 2
        if upper.all() or not upper.any():
            return [line]
        low, high = float(at[upper].mean()), float(at[~upper].mean())
    spread = max(float(np.abs(at[upper] - low).mean()), float(np.abs(at[~upper] - high).mean()))
    tall = float(np.median(parts.height[letters]))
    if (
        high - low < 1.2 * max(size, tall)
        or spread > 0.2 * (high - low)
        or min(upper.sum(), (~upper).sum()) < 3
    ):
        return [line]
    above = middle[line] < (low + high) / 2
    return [line[above], line[~above]]


def split(parts: Components, line: Ints, gap: float, walls: Ints) -> list[Ints]:
    """Parts a line where no component stands for `gap`, and at walls."""
    order = line[np.argsort(parts.left[line])]
    reach = np.maximum.accumulate(parts.right[order])
    left = parts.left[order]
    apart = left[1:] - reach[:-1] > gap
    for x in walls_beside(walls, int(parts.top[line].min()), int(parts.bottom[line].max())):
        apart |= (reach[:-1] <= x + SLACK) & (left[1:] >= x - SLACK)
    return np.split(order, np.flatnonzero(apart) + 1)


def walls_beside(walls: Ints, top: int, bottom: int) -> list[int]:
    """Where walls stand that run along most of the rows from `top` to `bottom`."""
    shared = np.minimum(walls[:, 3], bottom) - np.maximum(walls[:, 1], top)
    near = walls[shared > 0.6 * (bottom - top)]
    return ((near[:, 0] + near[:, 2]) // 2).tolist()


def _profile(parts: Components, members: Ints, top: int, bottom: int) -> NDArray[np.float64]:
    """Ink per raster row, a component's ink spread evenly over its box: enough to see the lines."""
    profile = np.zeros(bottom - top + 1)
    density = parts.area[members] / parts.height[members]
    np.add.at(profile, parts.top[members] - top, density)
    np.add.at(profile, parts.bottom[members] - top, -density)
    return np.cumsum(profile)[:-1]


def _peaks(smooth: NDArray[np.float64], apart: float) -> list[int]:
    """Rows of the highest ink, at least `apart` from one another and parted by a real valley."""
    rising = np.flatnonzero((smooth[1:-1] >= smooth[:-2]) & (smooth[1:-1] > smooth[2:])) + 1
    chosen: list[int] = []
    for i in sorted((int(i) for i in rising), key=lambda i: -smooth[i]):
        if smooth[i] < 0.08 * smooth.max():
            break
        fits = True
        for j in chosen:
            low, high = min(i, j), max(i, j)
            valley = smooth[low : high + 1].min()
            if high - low < apart or valley > 0.72 * min(smooth[i], smooth[j]):
                fits = False
                break
        if fits:
            chosen.append(i)
    return sorted(chosen)
