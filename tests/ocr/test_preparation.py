"""Paper becomes white, coloured stamps pale, print stays."""

import numpy as np
from PIL import Image

from ocr.preparation import even, grey_of, ink_of


def printed() -> np.ndarray:
    """Where a page of strokes has ink."""
    ink = np.zeros((1400, 1000), bool)
    for y in range(100, 1300, 60):
        ink[y : y + 24, 100:900][:, np.arange(800) % 9 < 4] = True
    return ink


def test_sees_through_the_shadow_of_a_fold() -> None:
    ink = printed()
    across = np.arange(1000)
    light = 1 - 0.65 * np.exp(-(((across - 600) / 60) ** 2)) - 0.4 * np.exp(-across / 80)
    page = np.where(ink, 0.15, 1.0) * light * 250
    found = ink_of(even(Image.fromarray(page.astype(np.uint8))))
    assert (found != ink).mean() < 0.002


def test_leaves_a_picture_that_is_dark_all_over() -> None:
    dark = Image.new("L", (600, 800), 20)
    assert even(dark).getextrema() == (20, 20)


def test_pales_colours_and_keeps_print() -> None:
    page = Image.new("RGB", (40, 40), "white")
    page.paste((200, 30, 60), (0, 0, 20, 20))
    page.paste((30, 28, 33), (20, 20, 40, 40))
    grey = grey_of(page)
    assert (grey.getpixel((10, 10)), grey.getpixel((30, 30))) == (200, 33)
