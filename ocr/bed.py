"""The bed that a sheet of paper lay on when it was scanned: what of it stands beside the sheet, or shows through it.

A dark bed is no writing, but its edge and its grain look like some: they spoil the angle at which lines are found,
and are read. So it is made as bright as the paper; where it is as bright already, nothing is to be done.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.components import Components

# Pixels across the copy on which the sheet is looked for: about a millimetre each.
_ACROSS = 200
# Grey levels by which a bed is darker than the paper.
_DARKER = 40
# Share of that difference which is overcome within so many pixels of the copy: shadows of folds take longer.
_STEP, _WITHIN = 0.5, 3
_INSET = 1.5
_STEEPEST = 0.15
# A side is straight if so many of the rows where it was met lie so near to one line; fewer rows show no side.
_OFF, _STRAIGHT, _FEWEST = 1.5, 0.7, 0.1
# Inches: holes of a punch are 6 mm wide, torn ones more.
_HOLE = (0.17, 0.36)


def without_bed(grey: Image.Image) -> Image.Image:
    """The page with everything beyond the straight edges of the sheet as bright as its paper, at the same size."""
    step = min(grey.size) // _ACROSS
    if not step:
        return grey
    small = np.asarray(grey.reduce(step)).astype(np.float32)
    inside = tuple(slice(side // 4, side - side // 4) for side in small.shape)
    paper = float(np.percentile(small[inside], 80))
    beyond = []
    for upright, far in product((True, False), (False, True)):
        rows = small if upright else small.T
        edge = _edge(rows[:, ::-1] if far else rows, paper)
        if edge:
            beyond.append(_strip(edge, rows.shape, upright, far, step))
    if not beyond:
        return grey
    cleared = grey.copy()
    draw = ImageDraw.Draw(cleared)
    for corners in beyond:
        draw.polygon(corners, fill=round(paper))
    return cleared


def _edge(rows: NDArray[np.float32], paper: float) -> tuple[float, float] | None:
    """The line x = a + b * row along which a dark bed ends that begins at the left; None where there is none."""
    bed = rows[:, :2].mean(axis=1)
    enough = _STEP * np.maximum(paper - bed, _DARKER)[:, None]
    # As dark as the bed all the way: beyond a shadow's soft end, the frame of a table has an edge as well.
    unbroken = np.logical_and.accumulate(rows - bed[:, None] < enough, axis=1)
    risen = (rows[:, _WITHIN:] - rows[:, :-_WITHIN] >= enough) & unbroken[:, :-_WITHIN]
    first = risen.argmax(axis=1)
    met = risen.any(axis=1) & (bed < paper - _DARKER) & (first < 0.4 * rows.shape[1])
    y, x = np.flatnonzero(met), first[met] + _WITHIN
    if len(y) < max(4, _FEWEST * len(rows)):
        return None
    half = len(y) // 2
    slope = float(np.median((x[half:] - x[: len(x) - half]) / (y[half:] - y[: len(y) - half])))
    start = float(np.median(x - slope * y))
    near = np.abs(x - slope * y - start) <= _OFF
    if near.mean() < _STRAIGHT or abs(slope) > _STEEPEST:
        return None
    return start, slope


def _strip(
    edge: tuple[float, float], shape: tuple[int, ...], upright: bool, far: bool, step: int
) -> list[tuple[float, float]]:
    """The corners of what lies beyond an edge, in pixels of the page."""
    height, width = shape
    corners = [
        (-1.0, 0.0),
        *((edge[0] + edge[1] * y + _INSET, float(y)) for y in (0, height)),
        (-1.0, float(height)),
    ]
    placed = [((width - x if far else x) * step, y * step) for x, y in corners]
    return placed if upright else [(y, x) for x, y in placed]


def punched(parts: Components, dpi: float) -> NDArray[np.bool_]:
    """Which parts are holes of a punch through which a dark bed shows: full discs of their size."""
    low, high = _HOLE[0] * dpi, _HOLE[1] * dpi
    sized = (np.minimum(parts.width, parts.height) >= low) & (np.maximum(parts.width, parts.height) <= high)
    across = np.maximum(parts.width, parts.height) / np.maximum(1, np.minimum(parts.width, parts.height))
    # A disc fills 79 % of its box.
    full = parts.area / np.maximum(1, parts.width * parts.height)
    return sized & (across < 1.25) & (full > 0.7) & (full < 0.9)
