"""Drawings: their texts are words, wherever blocks and attributes hide them."""

import io
import struct
import subprocess
import sys

import ezdxf
import pytest
from ezdxf.document import Drawing
from ezdxf.enums import TextEntityAlignment
from ezdxf.math import Vec2

from ocr.formats import open_source
from ocr.formats.sheet import Lettered
from ocr.shapes import Limits


def pages(document: Drawing) -> list[Lettered]:
    """The pages of a drawing once written to a file."""
    text = io.StringIO()
    document.write(text)
    source = open_source(io.BytesIO(text.getvalue().encode()), "plan.dxf", Limits())
    return [page for n in range(1, source.pages + 1) if isinstance(page := source.page(n), Lettered)]


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
    (sheet,) = pages(document)
    words = {w.text: w for w in sheet.words}
    assert {"Ground", "floor", "Plot", "12", "لوحة", "رقم", "A-07"} <= set(words)
    assert max(sheet.width, sheet.height) in range(3990, 4003)
    assert words["A-07"].x > sheet.width / 2 > words["Plot"].x
    assert words["لوحة"].x > words["رقم"].x
    assert sheet.draw().getextrema() != (255, 255)


def test_a_sheet_of_paper_is_a_page_and_its_title_block_names_fields() -> None:
    document = ezdxf.new("R2010")
    document.modelspace().add_text("غرفة نوم", height=5).set_placement((10, 10))
    block = document.blocks.new("BORDER")
    paper = document.layout("Layout1")
    tags = {
        "SHEET_NO": "A-07",
        "DRAWING_TITLE": "مسقط الدور الأول",
        "SCALE": "1:50",
        "CHECKED_BY": "H. Saleh",
    }
    for k, tag in enumerate(tags):
        block.add_attdef(tag, (0, 10 * k), height=3)
    paper.add_blockref("BORDER", (200, 20)).add_auto_attribs(tags)
    paper.add_lwpolyline([(0, 0), (400, 0), (400, 300), (0, 300)], close=True)
    model, sheet = pages(document)
    assert {w.text for w in model.words} == {"غرفة", "نوم"}
    assert model.fields == ()
    assert {f.name: f.text for f in sheet.fields} == {
        "sheet_number": "A-07", "title": "مسقط الدور الأول", "scale": "1:50", "checked_by": "H. Saleh",
    }  # fmt: skip
    for field in sheet.fields:
        assert " ".join(sheet.words[k].text for k in field.words) == field.text


def test_tags_of_doors_and_windows_are_no_fields() -> None:
    document = ezdxf.new("R2010")
    block = document.blocks.new("DOOR")
    for tag in ("NAME", "WIDTH", "DATE"):
        block.add_attdef(tag, (0, 0), height=3)
    document.modelspace().add_blockref("DOOR", (0, 0)).add_auto_attribs(
        {"NAME": "D1", "WIDTH": "90", "DATE": "2016"}
    )
    (sheet,) = pages(document)
    assert sheet.fields == ()
    assert {w.text for w in sheet.words} == {"D1", "90", "2016"}


def test_what_is_frozen_off_or_invisible_is_not_read() -> None:
    document = ezdxf.new("R2010")
    document.layers.add("FROZEN").freeze()
    document.layers.add("OFF").off()
    space = document.modelspace()
    for k, (text, attributes) in enumerate(
        [
            ("shown", {}),
            ("frozen", {"layer": "FROZEN"}),
            ("off", {"layer": "off"}),
            ("unseen", {"invisible": 1}),
        ]
    ):
        space.add_text(text, height=5, dxfattribs=attributes).set_placement((0, 20 * k))
    (sheet,) = pages(document)
    assert [w.text for w in sheet.words] == ["shown"]


def test_dimensions_are_words_also_inside_blocks() -> None:
    document = ezdxf.new("R2010", setup=True)
    block = document.blocks.new("PART")
    block.add_linear_dim(base=(0, 60), p1=(0, 0), p2=(0.8, 0), text="<> تقريبا").render()
    space = document.modelspace()
    space.add_linear_dim(base=(0, 20), p1=(0, 0), p2=(1.235, 0)).render()
    space.add_blockref("PART", (0, 100))
    (sheet,) = pages(document)
    assert {w.text for w in sheet.words} == {"123.5", "80", "تقريبا"}


def test_words_stand_where_their_alignment_puts_them() -> None:
    document = ezdxf.new("R2010")
    space = document.modelspace()
    space.add_lwpolyline([(0, 0), (400, 0), (400, 300), (0, 300)], close=True)
    for text, place, align in (
        ("LEFT", (100, 50), TextEntityAlignment.LEFT),
        ("RIGHT", (100, 100), TextEntityAlignment.RIGHT),
        ("MIDDLE", (100, 150), TextEntityAlignment.MIDDLE_CENTER),
        ("TOP", (100, 200), TextEntityAlignment.TOP_LEFT),
    ):
        space.add_text(text, height=10).set_placement(place, align=align)
    space.add_mtext("CENTRE", dxfattribs={"char_height": 10, "insert": (300, 150), "attachment_point": 5})
    (sheet,) = pages(document)
    words = {w.text: w for w in sheet.words}
    x, bottom = 1000, sheet.height - 1
    assert words["LEFT"].x == pytest.approx(x, abs=5)
    assert words["RIGHT"].x + words["RIGHT"].width == pytest.approx(x, abs=5)
    assert words["MIDDLE"].x + words["MIDDLE"].width / 2 == pytest.approx(x, abs=5)
    assert words["MIDDLE"].y + words["MIDDLE"].height / 2 == pytest.approx(bottom - 1500, abs=5)
    assert words["TOP"].y == pytest.approx(bottom - 2000, abs=5)
    assert words["CENTRE"].x + words["CENTRE"].width / 2 == pytest.approx(3000, abs=5)
    assert words["CENTRE"].y + words["CENTRE"].height / 2 == pytest.approx(bottom - 1500, abs=40)


def test_formatting_codes_are_not_text() -> None:
    document = ezdxf.new("R2010")
    document.modelspace().add_mtext(
        "{\\fArial|b1;\\H1.4x;غرفة} \\C1;نوم\\P\\S1/2; %%c20", dxfattribs={"char_height": 5}
    )
    document.modelspace().add_text("%%ulevel%%u %%p0.00", height=5).set_placement((0, 50))
    (sheet,) = pages(document)
    assert {w.text for w in sheet.words} == {"غرفة", "نوم", "1/2", "Ø20", "level", "±0.00"}


def test_texts_stand_row_by_row_whatever_their_size_and_rows_run_as_their_script_does() -> None:
    document = ezdxf.new("R2010")
    space = document.modelspace()
    for text, height, place in (
        ("Note", 2.5, (0, 80)), ("Plan", 20, (0, 100)), ("المالك", 5, (200, 40)), ("سالم", 5, (100, 41)),
        ("3.20", 2.5, (50, 20)), ("4.60", 2.5, (0, 20.5)),
    ):  # fmt: skip
        space.add_text(text, height=height).set_placement(place)
    (sheet,) = pages(document)
    assert [w.text for w in sheet.words] == ["Plan", "Note", "المالك", "سالم", "4.60", "3.20"]


def test_a_leader_whose_stored_picture_is_damaged_costs_only_itself() -> None:
    document = ezdxf.new("R2010")
    space = document.modelspace()
    space.add_text("معيشة", height=5).set_placement((0, 0))
    leader = space.add_multileader_mtext()
    leader.set_content("مطبخ")
    leader.build(Vec2(50, 50))
    leader.multileader.proxy_graphic = struct.pack(
        "<4L", 16, 1, 4, 1
    )  # a part of 4 bytes, when its head has 8
    (sheet,) = pages(document)
    assert [w.text for w in sheet.words] == ["معيشة"]


def test_texts_of_stored_pictures_need_nothing_that_a_confined_reader_could_no_longer_load() -> None:
    loaded = "import sys, ocr.formats.dxf; print('encodings.utf_16_le' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout == "True\n"
