"""Large pages are decoded at the size at which they are read, the same way whatever file they come in."""

import io
import struct
import zlib

import numpy as np
import pikepdf
import pytest
from PIL import Image

from ocr.formats import open_source
from ocr.formats.sheet import Picture
from ocr.formats.shrunk import shrunk
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.shapes import READ, REFUSED, Limits

DPI = 300
SIZE = (6600, 4500)


def sheet(mode: str) -> Image.Image:
    """22 by 15 inches, dark in its upper left corner."""
    image = Image.new("L", SIZE, 255)
    image.paste(0, (0, 0, 2000, 1000))
    return image.convert(mode)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def in_pdf(rotation: int = 0, **changes: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(saved(sheet("L"), "PDF", resolution=DPI))) as document:
        page = document.pages[0]
        page.Rotate = rotation
        (image,) = page.get_images().values()
        for key, value in changes.items():
            image[f"/{key}"] = value
        document.save(out)
    return out.getvalue()


def picture(content: bytes, name: str) -> Picture:
    page = open_source(io.BytesIO(content), name, Limits()).page(1)
    assert isinstance(page, Picture)
    return page


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (saved(sheet("1"), "TIFF", compression="group4", dpi=(DPI, DPI)), "sheet.tif"),
        (saved(sheet("L"), "JPEG", dpi=(DPI, DPI)), "sheet.jpg"),
        (saved(sheet("P"), "PNG", dpi=(DPI, DPI)), "sheet.png"),
        (in_pdf(), "sheet.pdf"),
        (saved(sheet("1"), "PDF", resolution=DPI), "bilevel.pdf"),
    ],
    ids=["G4", "JPEG", "palette PNG", "PDF", "bilevel PDF"],
)
def test_a_sheet_is_read_at_half_its_size(content: bytes, name: str) -> None:
    page = picture(content, name)
    assert page.image.size == (3300, 2250)
    assert page.dpi == pytest.approx(150, abs=1)
    pixels = np.asarray(page.image.convert("L"))
    assert pixels[:495, :995].max() < 30 and pixels[505:].min() > 225 and pixels[:, 1005:].min() > 225


@pytest.mark.parametrize("size", [(6600, 4500), (6601, 4501)])
def test_a_jpeg_is_never_decoded_whole_to_be_shrunk(size: tuple[int, int]) -> None:
    opened = Image.open(io.BytesIO(saved(Image.new("L", size, 255), "JPEG")))
    small = shrunk(opened, DPI)
    assert small.size == opened.size == (3300 + size[0] % 2, 2250 + size[1] % 2)


def test_a_sheet_in_a_pdf_lies_as_its_page_is_turned() -> None:
    page = picture(in_pdf(rotation=90), "turned.pdf")
    assert (page.image.size, page.rotation) == ((2250, 3300), 90)
    pixels = np.asarray(page.image.convert("L"))
    assert pixels[:995, -495:].max() < 30 and pixels[1005:].min() > 225


def test_a_sheet_that_is_not_shown_as_it_is_stored_is_drawn() -> None:
    page = picture(in_pdf(Decode=pikepdf.Array([1, 0])), "inverted.pdf")
    pixels = np.asarray(page.image.convert("L"))
    assert pixels[5:490, 5:990].min() > 225 and pixels[510:].max() < 30


@pytest.mark.parametrize("size", [(1, 60_000), (60_000, 1)])
def test_a_strip_of_one_pixel_is_a_page_without_words(recogniser: Recogniser, size: tuple[int, int]) -> None:
    source = open_source(io.BytesIO(saved(Image.new("L", size, 255), "PNG")), "strip.png", Limits())
    page = read_page(source, 1, recogniser, Limits())
    assert (page.state, page.words) == (READ, ())


def test_three_hundred_million_pixels_are_refused_from_the_header() -> None:
    header = struct.pack(">IIBBBBB", 18_000, 17_000, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    png += b"\x00\x00\x00\x0aIDAT" + bytes(64)
    page = read_page(open_source(io.BytesIO(png), "huge.png", Limits()), 1, None, Limits())  # type: ignore[arg-type]
    assert (page.state, page.reason) == (REFUSED, "too-many-pixels")
