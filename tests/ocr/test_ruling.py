"""Ruled lines are found whole, and taken away without the writing that crosses them."""

import numpy as np

from ocr.ruling import rules_of


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
    assert left.sum() < 1.5 * (20 * 6 + 26 * 6)


def test_tells_where_rules_run() -> None:
    rules = rules_of(form(), 18.0)
    assert [tuple(box) for box in rules.level[:, [0, 2]]] == [(40, 460)] * 2
    assert [tuple(box) for box in rules.upright[:, [1, 3]]] == [(50, 252)] * 2


def test_finds_no_rule_in_writing() -> None:
    ink = np.zeros((200, 400), bool)
    ink[90:110, 20:380:9] = ink[91:110, 21:380:9] = True
    assert not rules_of(ink, 18.0).ink.any()
