"""Connected components agree with a flood fill, pixel for pixel."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ocr.components import components_of


def flooded(ink: np.ndarray) -> set[tuple[int, int, int, int, int]]:
    """Box and area of every component, the slow way."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(ink), strict=True)}
    found = set()
    while left:
        waiting, part = [left.pop()], []
        while waiting:
            y, x = waiting.pop()
            part.append((y, x))
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            waiting += near
        ys, xs = [y for y, _ in part], [x for _, x in part]
        found.add((min(xs), min(ys), max(xs) + 1, max(ys) + 1, len(part)))
    return found


@given(arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 14))))
def test_finds_what_a_flood_fill_finds(ink: np.ndarray) -> None:
    parts = components_of(ink)
    boxes = zip(parts.left, parts.top, parts.right, parts.bottom, parts.area, strict=True)
    assert {tuple(int(v) for v in box) for box in boxes} == flooded(ink)
    painted = parts.painted(np.arange(len(parts), dtype=np.int32), ink.shape)
    assert ((painted >= 0) == ink).all()
