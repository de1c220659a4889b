"""What stands near what on a sheet is found by bands of its rows, and is what the plain rule finds, pair by pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.drawings import bands
from ocr.drawings.attaching import nearest
from ocr.drawings.bands import Bands
from ocr.drawings.joining import neighbours
from ocr.drawings.sizes import Sizes

Ints = NDArray[np.int64]
SIZES = Sizes.at(60)


def boxes(most: int, fewest: int = 0, longest: int = 40) -> st.SearchStrategy[Ints]:
    """Boxes on a small sheet, many of them close together."""
    side = st.integers(1, longest)
    box = st.tuples(st.integers(0, 90), st.integers(0, 90), side, side)
    return st.lists(box, min_size=fewest, max_size=most).map(
        lambda found: np.array([(x, y, x + w, y + h) for x, y, w, h in found], np.int64).reshape(-1, 4)
    )


@pytest.fixture(params=[100_000, 3], ids=["at once", "in portions"], autouse=True)
def portions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "_AT_ONCE", request.param)


@given(boxes(20), boxes(20, longest=100), st.floats(0.5, 30))
def test_all_that_share_rows_and_columns_are_found_once(box: Ints, window: Ints, height: float) -> None:
    found = [
        pair
        for one, other in Bands(box, height).near(window[:, 0], window[:, 1], window[:, 2], window[:, 3])
        for pair in zip(one.tolist(), other.tolist(), strict=True)
    ]
    expected = {
        (i, j)
        for i, (left, top, right, bottom) in enumerate(window)
        for j, (x, y, _, lower) in enumerate(box)
        if left <= x <= right and y <= bottom and top <= lower
    }
    assert len(set(found)) == len(found)
    assert expected <= set(found)
    assert [i for i, _ in found] == sorted(i for i, _ in found)


@given(boxes(25), st.sampled_from([0.35, 0.9]), st.sampled_from([0.0, 0.3]))
def test_neighbours_are_those_of_the_plain_rule(box: Ints, share: float, alike: float) -> None:
    high, wide = box[:, 3] - box[:, 1], box[:, 2] - box[:, 0]
    near = share * np.maximum(np.minimum(high, np.maximum(wide, SIZES.usual)), 0.7 * SIZES.usual)
    expected = set()
    for i, (left, top, right, bottom) in enumerate(box):
        for j, (x, y, _, lower) in enumerate(box):
            shared = min(bottom, lower) - max(top, y)
            fits = (left, i) < (x, j) and x - right <= min(near[i], near[j])
            if fits and shared >= max(0.25 * min(high[i], high[j]), alike * max(high[i], high[j])):
                expected.add((i, j))
    one, other = neighbours(box, SIZES, share, alike)
    assert sorted(zip(one.tolist(), other.tolist(), strict=True)) == sorted(expected)


@given(st.data(), boxes(12, longest=8), boxes(12, fewest=1))
def test_a_mark_goes_where_the_plain_rule_puts_it(data: st.DataObject, marks: Ints, box: Ints) -> None:
    count = len(box)
    upright = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    size = np.array(
        data.draw(st.lists(st.floats(SIZES.least, SIZES.tallest), min_size=count, max_size=count))
    )
    expected = []
    for left, top, right, bottom in marks:
        best, home = np.inf, -1
        for k, (x, y, end, low) in enumerate(box):
            across, down = max(x - right, left - end, 0), max(y - bottom, top - low, 0)
            along, aside = (down, across) if upright[k] else (across, down)
            side = max(right - left, bottom - top)
            fits = along <= 0.5 * size[k] and aside <= 0.4 * size[k]
            fits &= side < size[k] and side <= max(SIZES.mark, 0.4 * size[k])
            if fits and along + 2 * aside < best:
                best, home = along + 2 * aside, k
        expected.append(home)
    assert nearest(marks, box, size, upright, SIZES).tolist() == expected
