"""Pieces of line: where they are parted, and where not."""

import numpy as np

from ocr.layout import layout_of


def letters(ink: np.ndarray, left: int, top: int, count: int) -> None:
    """A row of marks the size of letters, 16 high, 4 apart."""
    for k in range(count):
        ink[top : top + 16, left + 14 * k : left + 14 * k + 10] = True


def test_parts_a_row_where_the_gap_is_wide_and_nowhere_else() -> None:
    ink = np.zeros((100, 600), bool)
    letters(ink, 20, 40, 8)
    letters(ink, 20 + 14 * 8 + 20, 40, 8)
    letters(ink, 420, 40, 8)
    assert [(p.left, p.right) for p in layout_of(ink).pieces] == [(420, 528), (20, 260)]


def test_lets_no_piece_cross_a_wall() -> None:
    ink = np.zeros((100, 600), bool)
    letters(ink, 20, 40, 8)
    letters(ink, 20 + 14 * 8 + 20, 40, 8)
    walls = np.array([[139, 10, 142, 90]])
    assert [(p.left, p.right) for p in layout_of(ink, walls).pieces] == [(152, 260), (20, 128)]


def test_a_number_whose_noughts_stand_far_apart_is_one_piece() -> None:
    """The ٢٠٠٤ of typefaces that set noughts wide: small dots in the middle of the line, much paper around them."""
    ink = np.zeros((100, 600), bool)
    letters(ink, 20, 40, 4)
    for x in (86, 105):
        ink[46:51, x : x + 5] = True
    letters(ink, 124, 40, 1)
    assert [(p.left, p.right) for p in layout_of(ink).pieces] == [(20, 134)]


def test_a_faint_last_nought_is_not_left_behind() -> None:
    """The 500 of an amount whose last nought lost its corners."""
    ink = np.zeros((100, 600), bool)
    letters(ink, 20, 40, 4)
    ink[46:51, 86:91] = True
    dot = ["0110", "1111", "0110", "0110", "0100"]
    ink[46:51, 105:109] = [[c == "1" for c in row] for row in dot]
    assert [(p.left, p.right) for p in layout_of(ink).pieces] == [(20, 109)]


def test_letters_of_two_lines_that_touch_stay_each_in_its_own() -> None:
    """A tail of the upper line runs into a head of the lower one: both lines had become one, and hardly legible."""
    ink = np.zeros((120, 700), bool)
    letters(ink, 20, 20, 40)
    letters(ink, 20, 60, 40)
    ink[36:60, 106:109] = True
    upper, lower = layout_of(ink).pieces
    assert (upper.top, lower.bottom) == (20, 76)
    assert 36 < upper.bottom <= 60
    assert upper.bottom - 1 <= lower.top < 60


def test_lines_of_broken_letters_are_no_single_words() -> None:
    """A fax has lost the thin strokes: what is left is lower than letters, and gaps between words are wide for it."""
    ink = np.zeros((400, 900), bool)
    for top in range(20, 380, 50):
        for word in range(20, 820, 84):
            for k in range(5):
                level = top + 7 * (k % 3)
                ink[level : level + 9, word + 12 * k : word + 12 * k + 10] = True
    assert len(layout_of(ink).pieces) == 8
