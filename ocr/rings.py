"""Rings of round stamps in the ink: where they run, and which pixels are theirs alone and may be taken away.

A ring of no colour cannot be told from print by its colour, and joins all that it crosses into one figure too large for
writing. It is told by its shape: a thin circle, found among tall figures by trying circles through three of their
points (random sample consensus, Fischler and Bolles 1981).
"""

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components, components_of, grown

Bilevel = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Inches: the radius of round stamps, which are 10 to 80 mm across.
_SMALLEST, _LARGEST = 0.2, 1.6
# Heights of the text: lower figures are letters, and higher ones than the second are taken for writing by nobody.
_TALL, _NO_WRITING = 2.2, 4.5
_MOST_RINGS = 6
# Circles tried, at so many points each, and those that are looked at more closely and fitted.
_TRIED, _SEEN_AT = 1500, 24
_CLOSER, _CLOSER_AT, _FITTED = 40, 120, 3
_FEWEST_PIXELS = 100
# Share of the circle that has ink: of a ring, and at most where it would run if it were so much smaller or larger (in
# heights of the text): what is full there too is no line.
_RING, _BESIDE, _ASIDE = 0.75, 0.5, 0.25


def rings_of(ink: Bilevel, text_height: float, dpi: float) -> Bilevel | None:
    """Where rings have ink that is no crossing stroke's; of those only that meet writing, or fall into arcs like it."""
    parts = components_of(ink)
    tall = parts.height >= _TALL * text_height
    tall &= ~_crests(parts, np.flatnonzero(tall), text_height)
    y, x, part = _pixels(parts, tall)
    gone = np.zeros(ink.shape, np.bool_)
    for _ in range(_MOST_RINGS):
        circle = _ring_among(y, x, part, dpi, text_height)
        if circle is None:
            break
        outside = np.hypot(y - circle[1], x - circle[0]) - circle[2]
        on_it = np.abs(outside) <= max(2.0, 0.15 * text_height)
        touching = np.isin(part, part[on_it])
        if (outside[touching] > 0.5 * text_height).any() or (
            parts.height[part[on_it]] < _NO_WRITING * text_height
        ).any():
            ring = on_it.copy()
            ring[on_it] = _is_alone(circle, ink, y[on_it], x[on_it], round(0.5 * text_height))
            gone[y[ring], x[ring]] = True
        y, x, part = y[~on_it], x[~on_it], part[~on_it]
    return gone if gone.any() else None


def _pixels(parts: Components, chosen: Bilevel) -> tuple[Ints, Ints, Ints]:
    """Rows, columns and parts of the ink of the chosen parts, part by part."""
    runs = np.flatnonzero(chosen[parts.run_component])
    runs = runs[np.argsort(parts.run_component[runs], kind="stable")]
    start = parts.run_start[runs]
    lengths = parts.run_end[runs] - start
    x = np.arange(lengths.sum()) + np.repeat(start - np.cumsum(lengths) + lengths, lengths)
    return np.repeat(parts.run_row[runs], lengths), x, np.repeat(parts.run_component[runs], lengths)


def _crests(parts: Components, tall: Ints, text_height: float) -> Bilevel:
    """Which of the tall parts are round, larger than letters, and have nothing hanging on them outside."""
    round_ones = tall[
        (parts.height[tall] >= _NO_WRITING * text_height)
        & (np.abs(parts.width[tall] - parts.height[tall]) <= 0.05 * parts.height[tall])
    ]
    found = np.zeros(len(parts), np.bool_)
    found[round_ones] = True
    y, x, part = _pixels(parts, found)
    across, down = (
        x + 0.5 - (parts.left + parts.right)[part] / 2,
        y + 0.5 - (parts.top + parts.bottom)[part] / 2,
    )
    outside = np.hypot(across, down) > (parts.width + parts.height)[part] / 4 + 2
    found[part[outside]] = False
    return found


def _ring_among(y: Ints, x: Ints, part: Ints, dpi: float, text_height: float) -> Floats | None:
    """Middle (across, down) and radius of the fullest circle through the pixels, if it is a ring."""
    if len(y) < _FEWEST_PIXELS:
        return None
    left, top = int(x.min()), int(y.min())
    picture = np.zeros((int(y.max()) - top + 3, int(x.max()) - left + 3), np.bool_)
    picture[y - top + 1, x - left + 1] = True
    near = grown(picture)
    corner = np.array([left - 1, top - 1, 0])
    circles = _circles(y, x, part)
    circles = circles[(circles[:, 2] >= _SMALLEST * dpi) & (circles[:, 2] <= _LARGEST * dpi)]
    for points, most in ((_SEEN_AT, _CLOSER), (_CLOSER_AT, _FITTED)):
        circles = circles[np.argsort(-_fullness(circles - corner, near, points))[:most]]
    circles = np.array([_fitted(circle, y, x) for circle in circles]).reshape(-1, 3)
    full = _fullness(circles - corner, near, _CLOSER_AT)
    if not len(full) or full.max() < _RING:
        return None
    ring = circles[full.argmax()]
    aside = [0, 0, _ASIDE * text_height + 2]
    beside = np.array([ring - aside, ring + aside]) - corner
    return ring if _fullness(beside, near, _CLOSER_AT).min() <= _BESIDE else None


def _circles(y: Ints, x: Ints, part: Ints) -> Floats:
    """Circles through three points of one part, as (across, down, radius)."""
    chance = np.random.default_rng(len(y))
    first = chance.integers(len(y), size=_TRIED)
    begin, end = np.searchsorted(part, part[first], "left"), np.searchsorted(part, part[first], "right")
    a, b, c = (
        np.stack([x[at], y[at]], 1).astype(float)
        for at in (first, *(begin + (chance.random(_TRIED) * (end - begin)).astype(np.int64) for _ in "bc"))
    )
    b, c = b - a, c - a
    twice = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    usable = np.abs(twice) > 1
    a, b, c, twice = a[usable], b[usable], c[usable], twice[usable]
    bb, cc = (b**2).sum(1), (c**2).sum(1)
    across, down = (c[:, 1] * bb - b[:, 1] * cc) / twice, (b[:, 0] * cc - c[:, 0] * bb) / twice
    return np.stack([a[:, 0] + across, a[:, 1] + down, np.hypot(across, down)], 1)


def _fitted(circle: Floats, y: Ints, x: Ints) -> Floats:
    """The circle nearest to the pixels beside it, by least squares (Kåsa 1976)."""
    for reach in (5.0, 2.5):
        beside = np.abs(np.hypot(y - circle[1], x - circle[0]) - circle[2]) <= reach
        if beside.sum() < _FEWEST_PIXELS:
            break
        terms = np.stack([x[beside] - circle[0], y[beside] - circle[1], np.ones(beside.sum())])
        p, q, s = np.linalg.solve(terms @ terms.T, terms @ (terms[:2] ** 2).sum(0))
        circle = np.array([circle[0] + p / 2, circle[1] + q / 2, np.sqrt(max(1.0, s + (p**2 + q**2) / 4))])
    return circle


def _fullness(circles: Floats, near: Bilevel, points: int) -> Floats:
    """The share of each circle that has ink, seen at so many points."""
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    x = np.rint(circles[:, :1] + circles[:, 2:] * np.cos(angles)).astype(np.int64)
    y = np.rint(circles[:, 1:2] + circles[:, 2:] * np.sin(angles)).astype(np.int64)
    inside = (x >= 0) & (y >= 0) & (x < near.shape[1]) & (y < near.shape[0])
    return (near[np.where(inside, y, 0), np.where(inside, x, 0)] & inside).mean(1)


def _is_alone(circle: Floats, ink: Bilevel, y: Ints, x: Ints, enough: int) -> Bilevel:
    """Whether the ink through each pixel, along the radius, is no longer than the ring is thick."""
    across, down = (x - circle[0]) / circle[2], (y - circle[1]) / circle[2]
    extent = np.ones(len(y), np.int64)
    for way in (1, -1):
        going = np.arange(len(y))
        for step in range(1, enough + 1):
            at_y = np.rint(y[going] + way * step * down[going]).astype(np.int64)
            at_x = np.rint(x[going] + way * step * across[going]).astype(np.int64)
            inside = (at_y >= 0) & (at_x >= 0) & (at_y < ink.shape[0]) & (at_x < ink.shape[1])
            going = going[inside][ink[at_y[inside], at_x[inside]]]
            extent[going] += 1
    return extent <= np.median(extent) + 1
