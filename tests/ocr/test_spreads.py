"""Two pages on one picture are told from a wide page."""

import numpy as np
import pytest

from ocr.accuracy import character_error_rate
from ocr.commands import text_of
from ocr.layout import Piece
from ocr.recognition import Recogniser
from ocr.spreads import fold_of
from tests.ocr.drawing import page
from tests.ocr.test_recognition import read

SIZE = (1600, 1100)


def pieces(*spans: tuple[int, int], rows: int = 8) -> list[Piece]:
    """Rows of pieces with these left and right edges."""
    return [
        Piece(left, 100 + 40 * k, right, 120 + 40 * k, k, 10 * k + i)
        for k in range(rows) for i, (left, right) in enumerate(spans)
    ]  # fmt: skip


def test_finds_the_fold_between_two_pages() -> None:
    assert fold_of(pieces((100, 740), (860, 1500)), SIZE) == pytest.approx(800, abs=2)


def test_takes_no_wide_page_for_two() -> None:
    assert fold_of(pieces((100, 740), (860, 1500)), (1600, 2200)) is None
    assert fold_of([*pieces((100, 740), (860, 1500)), Piece(600, 40, 1000, 80, 9, 99)], SIZE) is None
    assert fold_of(pieces((100, 740), (860, 1500)), SIZE, np.array([[90, 300, 1510, 302]])) is None
    assert fold_of(pieces((860, 1500)), SIZE) is None


def test_reads_the_right_page_of_an_arabic_spread_before_the_left(recogniser: Recogniser) -> None:
    # Ragged, so that they are no columns of prose.
    first = ["بلدية مرسى النور", "القسيمة", "نرجو الموافقة على ترميم المنزل", "المالك", "الشارع", "المحترم"]
    second = ["نهاية الملف", "المنطقة", "السيد المحترم مدير الإدارة", "المدير", "التاريخ", "القسم"]
    spread = page(first, width=3308)
    spread.paste(page(second), (0, 0))
    words, _ = read(spread, recogniser)
    assert character_error_rate(text_of(words), "\n".join([*first, *second])) < 0.05
