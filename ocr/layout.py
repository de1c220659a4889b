"""Finds the pieces of line on a page: runs of writing on one row, parted where the gap is wide.

Works on bilevel ink at about 150 dots an inch, already straight and without table rules. All sizes are relative to
the height of the text itself, which is measured, so a drawing, a form and an enlarged title are cut alike.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, components_of, components_of_runs

Ints = NDArray[np.int64]

# How far letters may reach over the middle of a rule and still stand beside it.
_SLACK = 3
# Paper between the noughts of a number in typefaces that set them wide, in heights of the text.
_NOUGHTS_APART = 0.9
# A page of small print in many columns has some hundreds; so many could not be read in the time of a page.
_MOST_PIECES = 4000


@dataclass(frozen=True)
class Piece:
    """Box of a piece of line, in pixels of the ink it was found in, and the row it belongs to, from 0."""

    left: int
    top: int
    right: int
    bottom: int
    row: int
    label: int


@dataclass(frozen=True)
class Layout:
    """Pieces in rows from the top, and for every pixel of ink the label of its piece (-1: none).

    There are none, and `is_writing` is not so, where there would be more than any page has.
    """

    pieces: tuple[Piece, ...]
    owner: NDArray[np.int32]
    text_height: float
    is_writing: bool = True


def text_height_of(parts: Components) -> float:
    """The height of the larger half of the writing's connected parts, without specks, pictures and rules."""
    height, width = parts.height, parts.width
    likely = (height >= 4) & (height <= 120) & (width <= 12 * height) & (parts.area >= 8)
    likely &= height * 12 >= width
    if likely.sum() < 5:
        return 18.0
    heights, weights = height[likely], np.sqrt(parts.area[likely].astype(float))
    order = np.argsort(heights)
    share = np.cumsum(weights[order]) / weights.sum()
    return float(heights[order][int(np.searchsorted(share, 0.5))])


def layout_of(ink: NDArray[np.bool_], walls: Ints | None = None) -> Layout:
    """The pieces of line in `ink`; none crosses one of `walls`: boxes (left, top, right, bottom) of upright rules."""
    parts = components_of(ink)
    walls = walls if walls is not None else np.zeros((0, 4), np.int64)
    if not len(parts):
        return Layout((), np.full(ink.shape, -1, np.int32), 18.0)
    size = text_height_of(parts)
    writing = (parts.height <= 4.5 * size) & (parts.width <= 30 * size)
    writing &= parts.area >= max(2, (size / 12) ** 2)
    body = writing & (parts.height >= 0.4 * size) & (parts.area >= 0.06 * size * size)
    piece_of = np.full(len(parts), -1, np.int32)
    seeds: list[Ints] = []
    for members in _clusters(parts, body, 2.0 * size):
        lines = [part for line in lines_among(parts, members, size) for part in _parted(parts, line, size)]
        for line in lines:
            for piece in _split(parts, line, 3.0 * size, walls):
                seeds.append(piece)
    if len(seeds) > _MOST_PIECES:
        return Layout((), np.full(ink.shape, -1, np.int32), size, is_writing=False)
    # A raised hamza or a lone mark is no line: it joins one if a line is near, and stands alone if none is.
    small = [piece for piece in seeds if _is_slight(parts, piece, size)]
    large = [piece for piece in seeds if not _is_slight(parts, piece, size)]
    for found, piece in enumerate(large):
        piece_of[piece] = found
    found = len(large)
    if found:
        _attach(parts, np.flatnonzero(writing & (piece_of < 0)), piece_of, found, size)
        # One after the other: the last nought of 1.000 is near the nought before it and far from any other digit.
        noughts = writing & _noughts(parts, size)
        while _attach(parts, np.flatnonzero(noughts & (piece_of < 0)), piece_of, found, size, 0.25):
            continue
    for piece in small:
        if (piece_of[piece] < 0).all():
            piece_of[piece] = found
            found += 1
    if not found:
        return Layout((), np.full(ink.shape, -1, np.int32), size)
    piece_of, found = _rejoined(parts, piece_of, found, size, walls)
    boxes = _boxes(parts, piece_of, found)
    rows = _rows(boxes, size)
    pieces = []
    for label, box in enumerate(boxes):
        left, top, right, bottom = (int(v) for v in box)
        pieces.append(Piece(left, top, right, bottom, int(rows[label]), label))
    pieces.sort(key=lambda p: (p.row, -p.right))
    return Layout(tuple(pieces), parts.painted(piece_of, ink.shape), size)


def close_groups(parts: Components, size: float) -> int:
    """How many groups the letters fall into when those closer than letters of a word are joined along the rows."""
    letters = (parts.height <= 4 * size) & (parts.width <= 4 * size)
    letters &= (parts.height >= 0.4 * size) | (parts.width >= 0.4 * size)
    return len(_clusters(parts, letters, 0.5 * size))


def _clusters(parts: Components, chosen: NDArray[np.bool_], gap: float) -> list[Ints]:
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


def _parted(parts: Components, line: Ints, size: float) -> list[Ints]:
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


def _split(parts: Components, line: Ints, gap: float, walls: Ints) -> list[Ints]:
    """Parts a line where no component stands for `gap`, and at walls."""
    order = line[np.argsort(parts.left[line])]
    reach = np.maximum.accumulate(parts.right[order])
    left = parts.left[order]
    apart = left[1:] - reach[:-1] > gap
    for x in _walls_beside(walls, int(parts.top[line].min()), int(parts.bottom[line].max())):
        apart |= (reach[:-1] <= x + _SLACK) & (left[1:] >= x - _SLACK)
    return np.split(order, np.flatnonzero(apart) + 1)


def _walls_beside(walls: Ints, top: int, bottom: int) -> list[int]:
    """Where walls stand that run along most of the rows from `top` to `bottom`."""
    shared = np.minimum(walls[:, 3], bottom) - np.maximum(walls[:, 1], top)
    near = walls[shared > 0.6 * (bottom - top)]
    return ((near[:, 0] + near[:, 2]) // 2).tolist()


def _noughts(parts: Components, size: float) -> NDArray[np.bool_]:
    """What may be an Arabic-Indic nought: a solid dot, larger than a speck."""
    across, down = parts.width / size, parts.height / size
    shaped = (across > 0.13) & (across < 0.55) & (down > 0.13) & (down < 0.55)
    return shaped & (parts.area > 0.5 * parts.width * parts.height)


def _attach(
    parts: Components, loose: Ints, piece_of: NDArray[np.int32], found: int, size: float, reach: float = 0.8
) -> bool:
    """Gives dots, marks and short strokes to the piece of line nearest to them, no further above or below it than
    `reach`; says whether it gave any."""
    boxes = _boxes(parts, piece_of, found)
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


def _rejoined(
    parts: Components, piece_of: NDArray[np.int32], found: int, size: float, walls: Ints
) -> tuple[NDArray[np.int32], int]:
    """Joins pieces again that small marks, counted only now, bring close: the noughts of 2004 are mere dots."""
    boxes = _boxes(parts, piece_of, found).tolist()
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
                    mine[2] <= x + _SLACK and other[0] >= x - _SLACK
                    for x in _walls_beside(walls, *other[1::2])
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


def _is_slight(parts: Components, piece: Ints, size: float) -> bool:
    height = int(parts.bottom[piece].max() - parts.top[piece].min())
    width = int(parts.right[piece].max() - parts.left[piece].min())
    return height < 0.75 * size and width < 1.5 * size


def _boxes(parts: Components, piece_of: NDArray[np.int32], found: int) -> Ints:
    boxes = np.zeros((found, 4), np.int64)
    boxes[:, :2] = 1 << 40
    mine = np.flatnonzero(piece_of >= 0)
    label = piece_of[mine]
    np.minimum.at(boxes[:, 0], label, parts.left[mine])
    np.minimum.at(boxes[:, 1], label, parts.top[mine])
    np.maximum.at(boxes[:, 2], label, parts.right[mine])
    np.maximum.at(boxes[:, 3], label, parts.bottom[mine])
    return boxes


def _rows(boxes: Ints, size: float) -> NDArray[np.int64]:
    """Row numbers from the top: pieces that overlap by half of the lower one's height share a row."""
    rows = np.zeros(len(boxes), np.int64)
    bands: list[list[float]] = []
    for i in np.argsort((boxes[:, 1] + boxes[:, 3]) / 2, kind="stable"):
        top, bottom = float(boxes[i, 1]), float(boxes[i, 3])
        middle = (top + bottom) / 2
        for band in bands[-6:]:
            shared = min(bottom, band[1]) - max(top, band[0])
            if shared > 0.5 * min(bottom - top, band[1] - band[0]) and abs(middle - band[2]) < 0.8 * size:
                rows[i] = int(band[3])
                break
        else:
            bands.append([top, bottom, middle, float(len(bands))])
            rows[i] = len(bands) - 1
    return rows
