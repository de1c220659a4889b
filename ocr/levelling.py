"""A page that lies aslant made level, and the way back.

A turn by a few degrees is two shears, and a shear moves whole columns or rows of pixels: a tenth of the work of
turning, and nothing is blurred.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STEEPEST = 6.0
# Below this a line of a page's width rises by less than the height of its letters.
_LEVEL = 0.08
# A page that lies aslant is 3 to 40 times sharper along its lines than along its edge; level pages whose lines were
# not set quite level are up to 1.6 times sharper somewhere, and read worse when turned.
_EVIDENT = 1.8
_MOST_POINTS = 60_000
_ROUGH_POINTS = 20_000
# Pixel rows taken together: between two rough angles the page is sharp at none, least of all a page of long rules.
_ROUGH_ROWS = 3


def skew_of(ink: NDArray[np.bool_]) -> float:
    """Degrees by which lines of text fall to the right (positive: clockwise), within six degrees.

    The sharpest profile wins: the angle at which rows are most clearly ink or paper.
    """
    step = max(1, max(ink.shape) // 1200)
    sparse = ink[::step, ::step]
    # The lower edges of the ink say as much about lines as all of it, and are far fewer.
    y, x = np.nonzero(sparse[:-1] & ~sparse[1:])
    if len(x) < 50:
        return 0.0
    xs, ys = x.astype(np.float32), y.astype(np.float32)

    def scores(angles: NDArray[np.float64], points: int, rows: int = 1) -> list[float]:
        every, few = max(1, len(xs) // points), np.float32(rows)
        return [_sharpness(xs[::every] / few, ys[::every] / few, a) for a in angles]

    rough = np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5)
    near = float(rough[int(np.argmax(scores(rough, _ROUGH_POINTS, _ROUGH_ROWS)))])
    fine = np.append(near + np.arange(-0.5, 0.51, 0.1), 0.0)
    found = scores(fine, _MOST_POINTS)
    best = int(np.argmax(found))
    return float(fine[best]) if abs(fine[best]) >= _LEVEL and found[best] > _EVIDENT * found[-1] else 0.0


def _sharpness(x: NDArray[np.float32], y: NDArray[np.float32], degrees: float) -> float:
    slope = np.float32(np.tan(np.radians(degrees)))
    shifted = y - x * slope
    rows = np.bincount((shifted - shifted.min()).astype(np.int32))
    return float((np.diff(rows).astype(float) ** 2).sum())


def levelled(page: NDArray[Any], degrees: float, paper: int) -> NDArray[Any]:
    """The page with lines that fall by `degrees` lying level, at the same size, about its middle."""
    if not degrees:
        return page
    slope = np.tan(np.radians(degrees))
    columns = np.full_like(page, paper)
    for first, last, shift in _steps(page.shape[1], slope):
        _move(page[:, first:last], columns[:, first:last], -shift)
    out = np.full_like(page, paper)
    for first, last, shift in _steps(page.shape[0], slope):
        _move(columns[first:last].T, out[first:last].T, shift)
    return out


def as_it_lay(points: NDArray[np.float64], size: tuple[float, float], degrees: float) -> NDArray[np.float64]:
    """Points (x, y) of a levelled page of `size` (width, height) where they lay before."""
    slope = np.tan(np.radians(degrees))
    x = points[:, 0] - (points[:, 1] - size[1] / 2) * slope
    return np.stack((x, points[:, 1] + (x - size[0] / 2) * slope), axis=1)


def _steps(length: int, slope: float) -> list[tuple[int, int, int]]:
    """Bands (first, last, shift) of positions that a shear about the middle moves by the same whole number."""
    shifts = np.round((np.arange(length) - length / 2) * slope).astype(np.int64)
    edges = [0, *(np.flatnonzero(np.diff(shifts)) + 1).tolist(), length]
    return [(a, b, int(shifts[a])) for a, b in pairwise(edges)]


def _move(source: NDArray[Any], target: NDArray[Any], down: int) -> None:
    """Copies rows of `source` to `target`, `down` rows lower; what leaves the page is lost."""
    rows = len(source)
    if down >= 0:
        target[down:] = source[: rows - down]
    else:
        target[:down] = source[-down:]
