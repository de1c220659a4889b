"""In which order pieces of line are read: rows, tables and columns, on pages of either direction."""

from ocr.columns import rows_in_order
from ocr.layout import Piece


def read(*rows: dict[int, str], width: int = 90) -> list[str]:
    """What rows say in the order of reading, given the text at each left edge."""
    texts = {
        Piece(left, 30 * row, left + width, 30 * row + 20, row, 100 * row + left): text
        for row, line in enumerate(rows) for left, text in line.items()
    }  # fmt: skip
    return [" ".join(texts[piece] for piece in row) for row in rows_in_order(texts)]


def test_reads_rows_of_an_arabic_page_from_the_right_whatever_they_hold() -> None:
    letterhead = {0: "Marsa Al-Noor Municipality", 300: "بلدية مرسى النور"}
    table = {0: "المبلغ", 100: "رقم القسيمة", 300: "البند"}, {0: "12.500", 100: "MN-3-0127", 300: "1"}
    assert read(letterhead, *table, {100: "المدير العام للبلدية"}) == [
        "بلدية مرسى النور Marsa Al-Noor Municipality",
        "البند رقم القسيمة المبلغ",
        "1 MN-3-0127 12.500",
        "المدير العام للبلدية",
    ]


def test_reads_an_english_page_from_the_left_but_its_arabic_table_from_the_right() -> None:
    page = {0: "Two cores out of six gave less than they should have given"}, {0: "Date", 300: "2024"}
    table = {0: "السعر", 100: "Item", 300: "البند"}, {0: "42.500", 100: "Steel beam", 300: "حديد"}
    assert read(*page, {0: "Prices of all works"}, *table) == [
        "Two cores out of six gave less than they should have given",
        "Date 2024",
        "Prices of all works",
        "البند Item السعر",
        "حديد Steel beam 42.500",
    ]


def test_reads_columns_of_prose_one_after_the_other() -> None:
    rows = [{0: f"يسار {k}", 200: f"يمين {k}"} for k in range(6)]
    assert read(*rows, width=180) == [f"يمين {k}" for k in range(6)] + [f"يسار {k}" for k in range(6)]
