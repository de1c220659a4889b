"""Pages that lie aslant: the angle is found, the ink comes to lie level, and places are found again."""

import numpy as np
import pytest
from PIL import Image

from ocr.levelling import as_it_lay, levelled, skew_of


def page() -> np.ndarray:
    """Lines as dark as print."""
    ink = np.zeros((900, 700), bool)
    for y in range(100, 800, 40):
        ink[y : y + 12, 90:600] = True
    return ink


@pytest.mark.parametrize("angle", [-5.0, -1.3, 0.4, 2.0])
def test_finds_the_angle_and_takes_it_out(angle: float) -> None:
    slanted = np.asarray(Image.fromarray(page()).rotate(-angle))
    assert skew_of(slanted) == pytest.approx(angle, abs=0.11)
    level = levelled(slanted, angle, False)
    assert skew_of(level) == pytest.approx(0, abs=0.11)
    assert (level & page()).sum() > 0.85 * page().sum()


@pytest.mark.parametrize("angle", [-0.7, 0.25, 1.3])
def test_finds_the_angle_of_a_page_of_long_rules(angle: float) -> None:
    """Rules are sharp at their own angle only: half a degree beside it, the page had looked as well at any other."""
    chance = np.random.default_rng(0)
    ink = np.zeros((1500, 1100), bool)
    ink[240:243, 80:1020] = ink[1400:1403, 80:1020] = True
    for y in range(300, 1200, 44):
        for x in range(100, 950, 16):
            top = y + int(chance.integers(14))
            ink[top : top + int(chance.integers(4, 12)), x : x + 10] = chance.random() < 0.8
    slanted = np.asarray(Image.fromarray(ink).rotate(-angle))
    assert skew_of(slanted) == pytest.approx(angle, abs=0.11)


def test_leaves_a_level_page_alone() -> None:
    assert skew_of(page()) == 0.0
    assert (levelled(page(), 0.0, False) == page()).all()


@pytest.mark.parametrize("angle", [-4.0, 1.5])
def test_knows_where_a_point_lay(angle: float) -> None:
    spots = [(100, 200), (650, 850), (350, 450)]
    for x, y in spots:
        slanted = np.zeros((900, 700), bool)
        slanted[y - 2 : y + 3, x - 2 : x + 3] = True
        at_y, at_x = (float(v.mean()) for v in np.nonzero(levelled(slanted, angle, False)))
        assert as_it_lay(np.array([(at_x, at_y)]), (700, 900), angle)[0] == pytest.approx((x, y), abs=1.1)
