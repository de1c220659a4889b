"""Drawings: their texts are words, wherever blocks and attributes hide them."""

import io

import ezdxf

from ocr.formats import open_source
from ocr.formats.sheet import Lettered
from ocr.shapes import Limits


def test_takes_words_from_texts_blocks_and_attributes() -> None:
    document = ezdxf.new("R2010")
    title = document.blocks.new("TITLE")
    title.add_text("لوحة رقم", height=5).set_placement((0, 10))
    title.add_attdef("SHEET", (0, 0), height=5)
    space = document.modelspace()
    space.add_line((0, 0), (400, 300))
    space.add_mtext(
        "Ground floor\\PPlot 12", dxfattribs={"char_height": 8, "insert": (50, 200), "width": 200}
    )
    space.add_blockref("TITLE", (300, 20)).add_auto_attribs({"SHEET": "A-07"})
    text = io.StringIO()
    document.write(text)
    sheet = open_source(io.BytesIO(text.getvalue().encode()), "plan.dxf", Limits()).page(1)
    assert isinstance(sheet, Lettered)
    words = {w.text: w for w in sheet.words}
    assert {"Ground", "floor", "Plot", "12", "لوحة", "رقم", "A-07"} <= set(words)
    assert max(sheet.width, sheet.height) in range(3990, 4003)
    assert words["A-07"].x > sheet.width / 2 > words["Plot"].x
    assert words["لوحة"].x > words["رقم"].x
    assert sheet.draw().getextrema() != (255, 255)
