"""Ruled lines are found whole, and taken away without the writing that crosses them."""

import numpy as np

from ocr.components import Components, components_of
from ocr.ruling import dotted, rules_of


def form() -> np.ndarray:
    """A box of rules 2 thick with strokes of writing in it, one of them through its lower rule."""
    ink = np.zeros((300, 500), bool)
    ink[50:52, 40:460] = ink[250:252, 40:460] = True
    ink[50:252, 40:42] = ink[50:252, 458:460] = True
    ink[120:140, 100:106] = ink[236:262, 200:206] = True
    return ink


def test_takes_rules_away_and_leaves_strokes_whole() -> None:
    rules = rules_of(form(), 18.0)
    left = form() & ~rules.ink
    assert left[120:140, 100:106].all()
    assert left[236:262, 200:206].all()
    assert left.sum() == 20 * 6 + 26 * 6


def test_where_rules_cross_nothing_is_left_of_them() -> None:
    ink = form()
    ink[50:252, 240:242] = ink[149:152, 40:460] = True
    assert components_of(ink & ~rules_of(ink, 18.0).ink).area.tolist() == [20 * 6, 26 * 6]


def test_tells_where_rules_run() -> None:
    rules = rules_of(form(), 18.0)
    assert [tuple(box) for box in rules.level[:, [0, 2]]] == [(40, 460)] * 2
    assert [tuple(box) for box in rules.upright[:, [1, 3]]] == [(50, 252)] * 2


def test_finds_no_rule_in_writing() -> None:
    ink = np.zeros((200, 400), bool)
    ink[90:110, 20:380:9] = ink[91:110, 21:380:9] = True
    assert not rules_of(ink, 18.0).ink.any()


def dots(*places: tuple[float, float]) -> Components:
    ink = np.zeros((200, 900), bool)
    for x, y in places:
        ink[round(y) : round(y) + 3, round(x) : round(x) + 3] = True
    return components_of(ink)


def test_dotted_lines_are_told_also_a_little_aslant_and_where_writing_stands_on_them() -> None:
    line = [(20 + 11 * k, 100 + 0.01 * k) for k in range(60) if not 20 <= k < 35]
    assert dotted(dots(*line), 18.0).all()


def test_dots_of_letters_and_noughts_are_no_dotted_line() -> None:
    random = np.random.default_rng(3)
    letters = [(x, 40 + random.integers(0, 3)) for x in np.cumsum(random.integers(6, 40, 30))]
    noughts = [(20 + 12 * k, 120) for k in range(7)]
    assert not dotted(dots(*letters, *noughts), 18.0).any()
