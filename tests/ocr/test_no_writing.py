"""Pages without print: nothing is invented."""

import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr
from chalicelib.ports.ocr import Opened, ReadPage
from ocr.formats import open_source
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.searchable_pdf import searchable
from ocr.shapes import Limits
from ocr.straight import prepared
from tests.ocr.drawing import page
from tests.ocr.test_orientation import read


def noise(kind: str) -> Image.Image:
    """An A6 page of noise, the same every time."""
    random = np.random.default_rng(7)
    if kind == "even":
        return Image.fromarray(random.integers(0, 256, (827, 585), dtype=np.uint8))
    if kind == "blots":
        small = Image.fromarray(random.integers(0, 256, (83, 59), dtype=np.uint8))
        return small.resize((590, 830), Image.Resampling.BICUBIC)
    walk = np.cumsum(random.normal(0, 1, (827, 585)), axis=1)
    return Image.fromarray(np.where(np.abs(walk) < 1, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("kind", ["even", "blots", "scribbles"])
def test_invents_no_text_on_a_page_of_noise(kind: str, recogniser: Recogniser) -> None:
    found = read(noise(kind), recogniser)
    assert found.words == ()
    assert found.state == "refused" or kind == "even"


@pytest.mark.parametrize("size", [(1, 1), (1, 70), (70, 1), (3, 3), (20, 2000)])
@pytest.mark.parametrize("shade", [0, 255])
def test_reads_pictures_of_hardly_a_pixel(size: tuple[int, int], shade: int, recogniser: Recogniser) -> None:
    assert read(Image.new("L", size, shade), recogniser).words == ()


@pytest.mark.parametrize("letters", [160, 30])
def test_reads_a_stamp_of_a_centimetre_at_2400_dots_an_inch(letters: int, recogniser: Recogniser) -> None:
    """It is read as large as its pixels are, and told as large as its paper is, when its PDF is read too."""
    out = io.BytesIO()
    page(["قسيمة", "4715"], size=letters, width=945, height=945).save(out, "PNG", dpi=(2400, 2400))
    found = read_page(open_source(io.BytesIO(out.getvalue()), "stamp.png", Limits()), 1, recogniser, Limits())
    assert [word.text for word in found.words] == ["قسيمة", "4715"]
    assert (found.width, found.height, found.dpi) == (945, 945, 2400)
    pdf = searchable(io.BytesIO(out.getvalue()), [found], Limits())
    (size,) = (page.get_size() for page in pypdfium2.PdfDocument(pdf))
    assert size == pytest.approx((28.35, 28.35), abs=0.1)
    again = read_page(open_source(io.BytesIO(pdf), "stamp.pdf", Limits()), 1, recogniser, Limits())
    assert [word.text for word in again.words] == ["قسيمة", "4715"]
    assert again.width / again.dpi == pytest.approx(945 / 2400, abs=0.002)


def test_a_page_of_pepper_is_not_taken_to_pieces(recogniser: Recogniser) -> None:
    """Tens of thousands of specks in line with others would cost more than the time of a page."""
    random = np.random.default_rng(7)
    pepper = Image.fromarray(np.where(random.random((2339, 1654)) < 0.1, 0, 255).astype(np.uint8))
    assert prepared(pepper, 200).layout.pieces == ()
    found = read(pepper, recogniser)
    assert (found.state, found.reason, found.words) == ("refused", "nothing-legible", ())
    assert found.preview


def test_five_hundred_blank_sheets_are_read_and_empty(ocr: SubprocessOcr, tmp_path: Path) -> None:
    blank = [Image.new("1", (620, 877), 1)] * 500
    blank[0].save(
        tmp_path / "blank.tif", save_all=True, append_images=blank[1:], compression="group4", dpi=(75, 75)
    )
    opened, *pages = ocr.read(tmp_path / "blank.tif", tmp_path)
    assert opened == Opened(500, "image/tiff")
    assert {(page.state, page.words) for page in pages if isinstance(page, ReadPage)} == {("read", ())}
    assert len(pages) == 500
