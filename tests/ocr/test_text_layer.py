"""Born-digital pages: words by where their letters stand, whatever order they are stored in."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import typst
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ocr.commands import text_of
from ocr.formats import open_source
from ocr.formats.sheet import Lettered, Picture
from ocr.formats.text_layer import words_of_letters
from ocr.formats.text_rows import Letters
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.shapes import Limits
from tests.ocr.drawing import FONTS, page

LINES = ["بلدية مرسى النور", "رخصة رقم 4715 بتاريخ 12/03/2004", "Building Permit No. 77"]


Letter = tuple[str, float, float]
"""A character, the left edge of its box and the right one."""


def standing(visual: str, width: float = 6) -> list[Letter]:
    """Letters side by side from the left; spaces only part them, as where a file stores none."""
    return [(c, 50 + k * width, 50 + (k + 1) * width) for k, c in enumerate(visual) if c != " "]


def text(letters: Iterable[Letter]) -> str:
    stored = list(letters)
    boxes = np.array([(left, 10, right, 22) for _, left, right in stored], float)
    level = np.ones(len(stored), np.bool_)
    codes = np.array([ord(c) for c, _, _ in stored], np.uint32)
    return text_of(words_of_letters(Letters(codes, boxes, level), 2.0))


def test_reads_letters_stored_in_any_order() -> None:
    letters = standing("رونلا ىسرم ةيدلب")
    assert text(letters) == text(letters[::-1]) == "بلدية مرسى النور"


@pytest.mark.parametrize(
    ("visual", "logical"),
    [("3.5m² ةحاسملا", "المساحة 3.5m²"), ("²م ٦٠٠ ةحاسملا", "المساحة ٦٠٠ م²"), ("12² ددعلا", "العدد 12²")],
)
def test_raised_digits_are_no_digits_of_the_number_before_them(visual: str, logical: str) -> None:
    assert text(standing(visual)) == logical


def test_mends_text_that_was_drawn_backwards() -> None:
    assert text(standing("وزارة الداخلية")) == "وزارة الداخلية"


def test_keeps_the_letters_of_a_ligature_in_order() -> None:
    lam_alef = [(c, 50.0, 60.0) for c in "لا"]
    after = [(c, 44.0 - k * 6, 50.0 - k * 6) for k, c in enumerate("زم")]
    assert text([*lam_alef, *after]) == "لازم"


def test_reads_stacked_letters_in_the_order_of_the_file() -> None:
    """A letter that stands above the next one, as yeh above khah in Amiri."""
    assert text([("ر", 61, 67), ("ي", 55, 62), ("خ", 54, 63.5), ("ا", 50, 54)]) == "ريخا"


def test_parts_words_at_spaces_that_gaps_do_not_show() -> None:
    narrow = [("م", 62, 68), ("ن", 56, 62), (" ", 55.2, 56), ("أ", 50, 55.2), ("ر", 44, 50)]
    assert text(narrow) == "من أر"
    assert text([letter for letter in narrow if letter[0] != " "]) == "منأر"


@pytest.mark.parametrize("stored", ["مقر (٢)", "مقر )٢("])
def test_turns_brackets_only_when_the_file_stored_their_shape(stored: str) -> None:
    visual = stored.replace("مقر ", "") + " مقر"
    assert text(standing(visual)).count("(") == 1
    assert text(standing(visual)).index("(") < text(standing(visual)).index(")")


def test_reads_a_typeset_page(tmp_path: Path) -> None:
    if not FONTS.is_dir():
        pytest.skip("the typefaces of package.json are absent: run ./diwan once")
    source = (
        '#set page(paper: "a4")\n#set text(font: "Noto Naskh Arabic", lang: "ar", size: 14pt)\n'
        + "\n\n".join(LINES)
    )
    file = tmp_path / "typeset.pdf"
    file.write_bytes(typst.compile(source.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True))
    with file.open("rb") as stream:
        sheet = open_source(stream, file.name, Limits()).page(1)
    assert isinstance(sheet, Lettered)
    assert text_of(sheet.words).splitlines() == LINES
    assert all(
        w.x >= 0 and w.x + w.width <= sheet.width and w.y + w.height <= sheet.height for w in sheet.words
    )
    assert (sheet.words[0].x > sheet.width / 2) and (sheet.words[0].y < sheet.words[-1].y)


def test_reads_the_picture_of_a_scan_with_hidden_text(tmp_path: Path) -> None:
    Image.new("L", (600, 800), 255).save(tmp_path / "scan.png")
    file = tmp_path / "scan.pdf"
    canvas = Canvas(str(file), (300, 400))
    canvas.drawImage(str(tmp_path / "scan.png"), 0, 0, 300, 400)
    hidden = canvas.beginText(20, 200)
    hidden.setTextRenderMode(3)
    hidden.textLine("what another program believed to read here, long ago and wrongly" * 3)
    canvas.drawText(hidden)
    canvas.save()
    with file.open("rb") as stream:
        sheet = open_source(stream, file.name, Limits()).page(1)
    assert isinstance(sheet, Picture)
    assert sheet.dpi == 144
    assert sheet.image.size == (600, 800)


def test_reads_the_scan_on_a_page_that_also_has_text(tmp_path: Path, recogniser: Recogniser) -> None:
    """A typed letterhead over a pasted scan: words of both, each once, from the top."""
    scan = page(["رقم القسيمة ٤٧١٥"], width=1400, height=420)
    scan.save(tmp_path / "scan.png")
    file = tmp_path / "mixed.pdf"
    canvas = Canvas(str(file), (595, 842))
    canvas.setFont("Helvetica", 14)
    canvas.drawString(60, 780, "Building Permit No. 77")
    canvas.drawImage(str(tmp_path / "scan.png"), 60, 500, 504, 151)
    canvas.drawString(60, 300, "End of page")
    canvas.save()
    with file.open("rb") as stream:
        read = read_page(open_source(stream, file.name, Limits()), 1, recogniser, Limits())
    assert text_of(read.words).splitlines() == ["Building Permit No. 77", "رقم القسيمة ٤٧١٥", "End of page"]
    assert {w.text: w.source for w in read.words}["القسيمة"] == "line reader"
    assert {w.text: w.source for w in read.words}["Permit"] == "text layer"
    boxed = next(w for w in read.words if w.text == "القسيمة")
    assert 60 < boxed.x * 72 / read.dpi < 564
    assert 842 - 651 < boxed.y * 72 / read.dpi < 842 - 500
