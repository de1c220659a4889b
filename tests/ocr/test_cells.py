"""Cells of a table that hold several lines are read one after the other."""

import numpy as np
from PIL import Image, ImageDraw

from ocr.cells import cell_by_cell
from ocr.columns import rows_in_order
from ocr.layout import Piece
from ocr.line_reader import LineReader
from ocr.recognition import Recogniser
from ocr.ruling import Rules
from ocr.straight import prepared
from tests.ocr.drawing import page

# A table of two columns, its lower level rule in two pieces, a little apart.
LEVEL = np.array([[0, 0, 400, 2], [0, 100, 210, 102], [190, 103, 400, 105], [0, 140, 400, 142]])
UPRIGHT = np.array([[0, 0, 2, 142], [200, 0, 202, 142], [398, 0, 400, 142]])
RULES = Rules(np.zeros((150, 400), bool), LEVEL, UPRIGHT)


def read(texts: dict[tuple[int, int, int], str], rules: Rules) -> list[str]:
    """What the rows say, given left edge, top and row of each piece."""
    pieces = {
        Piece(left, top, left + 90, top + 20, row, k): text
        for k, ((left, top, row), text) in enumerate(texts.items())
    }
    rows = cell_by_cell(rows_in_order(pieces), pieces, rules)
    return [" ".join(pieces[piece] for piece in row) for row in rows]


def test_cells_of_several_lines_are_read_to_their_end() -> None:
    table = {
        (290, 20, 0): "المخالفة الأولى", (60, 20, 0): "يزال البناء",
        (290, 50, 1): "بناء بغير", (60, 50, 1): "خلال شهر",
        (290, 75, 2): "ترخيص",
        (290, 112, 3): "التاريخ", (60, 112, 3): "٢٠٢٤",
    }  # fmt: skip
    assert read(table, RULES) == [
        "المخالفة الأولى", "بناء بغير", "ترخيص", "يزال البناء", "خلال شهر", "التاريخ ٢٠٢٤",
    ]  # fmt: skip


def test_an_english_table_runs_from_the_left() -> None:
    table = {(60, 20, 0): "Steel", (290, 20, 0): "To be", (60, 50, 1): "beams", (290, 50, 1): "replaced"}
    assert read(table, RULES) == ["Steel", "beams", "To be", "replaced"]


def test_without_cells_rows_stay_rows() -> None:
    rows = {(290, 20, 0): "الاسم", (60, 20, 0): "سالم", (290, 50, 1): "القسيمة", (60, 50, 1): "12"}
    none = Rules(RULES.ink, np.zeros((0, 4), np.int64), np.zeros((0, 4), np.int64))
    assert read(rows, none) == ["الاسم سالم", "القسيمة 12"]
    one_line_a_cell = {(290, 112, 0): "الاسم", (60, 112, 0): "سالم"}
    assert read(one_line_a_cell, RULES) == ["الاسم سالم"]


def test_a_drawn_table_is_read_cell_by_cell() -> None:
    right = page(["المخالفة بناء", "غرفة في الارتداد", "بغير ترخيص"], width=800, height=600)
    left = page(["إزالة الغرفة", "خلال شهر واحد"], width=800, height=600)
    sheet = Image.new("L", (1700, 700), 255)
    sheet.paste(right, (850, 20))
    sheet.paste(left, (20, 20))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((30, 90, 1660, 560), outline=0, width=4)
    draw.line((840, 90, 840, 560), 0, 4)
    words = Recogniser(LineReader()).words(prepared(sheet, 200), None)
    assert " ".join(word.text for word in words) == (
        "المخالفة بناء غرفة في الارتداد بغير ترخيص إزالة الغرفة خلال شهر واحد"
    )
