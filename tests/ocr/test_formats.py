"""Every kind of file that offices have: each is opened, and its page is the page that was put in."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageOps

from ocr.formats import open_source
from ocr.formats.sheet import Lettered, Picture
from ocr.media_type import media_type_of
from ocr.shapes import Limits, SourceRefused
from tests.ocr.drawing import page

SIZE = (700, 500)
PHOTOGRAPH = Path(__file__).parent / "files" / "photograph.heic"


def drawn() -> Image.Image:
    return page(["البلدية"], size=40, width=SIZE[0], height=SIZE[1])


def encoded(kind: str, mode: str = "L", **how: object) -> bytes:
    out = io.BytesIO()
    drawn().convert(mode).save(out, kind, **how)
    return out.getvalue()


def in_pdf(stream: bytes, **image: object) -> bytes:
    """A PDF of one page that is one picture, at 100 dots an inch."""
    document = pikepdf.new()
    picture = document.make_stream(stream)
    for key, value in {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": SIZE[0],
        "Height": SIZE[1],
        **image,
    }.items():
        picture[f"/{key}"] = value
    sheet = document.add_blank_page(page_size=(SIZE[0] * 0.72, SIZE[1] * 0.72))
    sheet.Resources = Dictionary(XObject=Dictionary(P=picture))
    sheet.Contents = document.make_stream(b"%.2f 0 0 %.2f 0 0 cm /P Do" % (SIZE[0] * 0.72, SIZE[1] * 0.72))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def g4() -> bytes:
    """The page as a CCITT group 4 stream, black as 1."""
    out = io.BytesIO()
    # Pillow codes paper as black, faxes code ink so.
    ImageOps.invert(drawn()).convert("1").save(out, "TIFF", compression="group4")
    with Image.open(out) as image:
        start, size = image.tag_v2[273][0], image.tag_v2[279][0]
    return out.getvalue()[start : start + size]


def jbig2() -> bytes:
    """The page as a JBIG2 stream for a PDF: a page and one generic region, which is coded as CCITT group 4 is."""

    def segment(number: int, kind: int, data: bytes) -> bytes:
        return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data

    region = struct.pack(">IIIIBB", *SIZE, 0, 0, 0, 1) + g4()
    return segment(0, 48, struct.pack(">IIIIBH", *SIZE, 0, 0, 0, 0)) + segment(1, 38, region)


FILES: dict[str, Callable[[], bytes]] = {
    "TIFF, group 3": lambda: encoded("TIFF", "1", compression="group3"),
    "TIFF, group 4": lambda: encoded("TIFF", "1", compression="group4"),
    "TIFF, LZW": lambda: encoded("TIFF", compression="tiff_lzw"),
    "TIFF, JPEG": lambda: encoded("TIFF", "RGB", compression="jpeg", quality=85),
    "TIFF, packed bits": lambda: encoded("TIFF", "1", compression="packbits"),
    "BigTIFF": lambda: encoded("TIFF", big_tiff=True),
    "JPEG": lambda: encoded("JPEG", quality=85),
    "PNG with a palette": lambda: encoded("PNG", "P"),
    "WebP": lambda: encoded("WEBP", "RGB", quality=85),
    "JPEG 2000": lambda: encoded("JPEG2000"),
    "JPEG 2000, codestream": lambda: encoded("JPEG2000", no_jp2=True),
    "HEIC": PHOTOGRAPH.read_bytes,
    "PDF, JBIG2": lambda: in_pdf(
        jbig2(), Filter=Name.JBIG2Decode, ColorSpace=Name.DeviceGray, BitsPerComponent=1,
    ),
    "PDF, group 4": lambda: in_pdf(
        g4(), Filter=Name.CCITTFaxDecode, ColorSpace=Name.DeviceGray, BitsPerComponent=1,
        DecodeParms=Dictionary(K=-1, Columns=SIZE[0], Rows=SIZE[1], BlackIs1=False),
    ),
    "PDF, JPEG": lambda: in_pdf(
        encoded("JPEG", quality=85), Filter=Name.DCTDecode, ColorSpace=Name.DeviceGray, BitsPerComponent=8,
    ),
    "PDF, JPEG 2000": lambda: in_pdf(encoded("JPEG2000"), Filter=Name.JPXDecode),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_the_page_is_the_one_that_was_put_in(kind: str) -> None:
    content = FILES[kind]()
    source = open_source(io.BytesIO(content), "scan", Limits())
    assert source.pages == 1
    sheet = source.page(1)
    assert isinstance(sheet, Picture)
    assert sheet.image.size == SIZE
    ink = np.asarray(sheet.image.convert("L")) < 128
    expected = np.asarray(drawn()) < 128
    # Dithering and loss move an edge here and there; half of anything else would be another page.
    assert (ink ^ expected).sum() < 0.12 * expected.sum()


def test_pages_of_a_tiff_may_be_coded_each_in_its_own_way() -> None:
    out = io.BytesIO()
    sheets = [drawn().convert("1"), drawn(), drawn().convert("RGB")]
    sheets[1].encoderinfo = {"compression": "tiff_lzw"}
    sheets[2].encoderinfo = {"compression": "jpeg"}
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    source = open_source(io.BytesIO(out.getvalue()), "scan", Limits())
    assert source.pages == 3
    for number in (3, 1, 2):
        sheet = source.page(number)
        assert isinstance(sheet, Picture)
        assert sheet.image.size == SIZE


def test_pages_of_a_pdf_are_each_taken_for_what_they_are() -> None:
    document = pikepdf.open(
        io.BytesIO(
            in_pdf(encoded("JPEG"), Filter=Name.DCTDecode, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
        )
    )
    typed = document.add_blank_page(page_size=(300, 200))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    typed.Resources = Dictionary(Font=Dictionary(F=font))
    typed.Contents = document.make_stream(b"BT /F 12 Tf 20 100 Td (Permit No. 77) Tj ET")
    document.add_blank_page(page_size=(300, 200))
    out = io.BytesIO()
    document.save(out)
    source = open_source(io.BytesIO(out.getvalue()), "scan", Limits())
    scanned, read, blank = (source.page(n) for n in (1, 2, 3))
    assert isinstance(scanned, Picture)
    assert isinstance(read, Lettered)
    assert isinstance(blank, Lettered)
    assert ([w.text for w in read.words], blank.words) == (["Permit", "No.", "77"], ())


@pytest.mark.parametrize("how", [{"R": 3, "aes": False}, {"R": 4, "aes": True}, {"R": 6}])
def test_locked_pdfs_open_with_their_password(how: dict[str, int]) -> None:
    document = pikepdf.open(
        io.BytesIO(
            in_pdf(encoded("JPEG"), Filter=Name.DCTDecode, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
        )
    )
    out = io.BytesIO()
    document.save(
        out, encryption=pikepdf.Encryption(owner="owner", user="user", metadata=how["R"] > 3, **how)
    )
    for secret in ("user", "owner"):
        out.seek(0)
        sheet = open_source(out, "scan", Limits(), secret).page(1)
        assert isinstance(sheet, Picture)
        assert sheet.image.size == SIZE
    for secret in (None, "", "another"):
        out.seek(0)
        with pytest.raises(SourceRefused, match="password-protected"):
            open_source(out, "scan", Limits(), secret)


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\x00\x00\x00\x1cftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1", "image/heic"),
        (b"\x00\x00\x00\x18ftypmp42", "application/octet-stream"),
        (b"II+\x00\x08\x00", "image/tiff"),
        (b"hello", "text/plain"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, media_type: str) -> None:
    assert media_type_of(head) == media_type


@pytest.mark.parametrize("wrapped", [False, True], ids=["TIFF", "PDF"])
def test_a_fax_of_half_as_many_rows_is_as_high_as_its_paper(wrapped: bool) -> None:
    """Standard resolution has 98 rows an inch and 204 columns: squashed, hardly a word could be read."""
    sheet = page(["بلدية مرسى النور"], width=1728, height=2292)
    squashed = sheet.resize((1728, 1146), Image.Resampling.BOX).point(lambda level: 255 * (level > 140))
    out = io.BytesIO()
    squashed.convert("1").save(out, "TIFF", dpi=(204, 98), compression="group3")
    file = bytes(img2pdf.convert(out.getvalue())) if wrapped else out.getvalue()
    found = open_source(io.BytesIO(file), "fax", Limits()).page(1)
    assert isinstance(found, Picture)
    assert (found.image.width, found.dpi) == (1728, 204)
    assert found.image.height == pytest.approx(1146 * 204 / 98, abs=2)
    assert ImageOps.invert(found.image.convert("L")).point(lambda level: 255 * (level > 128)).getbbox() == (
        pytest.approx(_ink_of(sheet, found.image.size), abs=6)
    )


@pytest.mark.parametrize(("kind", "rotation"), [("TIFF", 0), ("JPEG", 90)])
def test_a_fax_that_lies_is_turned_and_as_high_as_its_paper(kind: str, rotation: int) -> None:
    """Pillow turns a TIFF's picture itself, and not a JPEG's; its resolutions are those of the picture as it lay."""
    sheet = Image.new("L", (600, 400), 255)
    sheet.paste(0, (20, 20, 120, 60))
    out, lies = io.BytesIO(), Image.Exif()
    lies[0x0112] = 6
    how: dict[str, object] = {"tiffinfo": {0x0112: 6}} if kind == "TIFF" else {"exif": lies}
    sheet.save(out, kind, dpi=(204, 98), **how)
    found = open_source(io.BytesIO(out.getvalue()), "fax", Limits()).page(1)
    assert isinstance(found, Picture)
    assert (found.image.size, found.rotation) == ((833, 600), rotation)
    ink = ImageOps.invert(found.image.convert("L")).point(lambda level: 255 * (level > 128)).getbbox()
    assert ink == pytest.approx((833 - 125, 20, 833 - 42, 120), abs=2)


@pytest.mark.parametrize("dpi", [(200, 205), (0, 98), (204, 1), (1, 72)])
def test_rubbish_of_resolutions_stretches_nothing(dpi: tuple[int, int]) -> None:
    out = io.BytesIO()
    page(["بلدية مرسى النور"], width=400, height=300).save(out, "PNG", dpi=dpi)
    found = open_source(io.BytesIO(out.getvalue()), "scan", Limits()).page(1)
    assert isinstance(found, Picture) and found.image.size == (400, 300)


def _ink_of(sheet: Image.Image, size: tuple[int, int]) -> tuple[int, int, int, int]:
    box = ImageOps.invert(sheet.convert("L").resize(size)).point(lambda level: 255 * (level > 128)).getbbox()
    assert box
    return box


def test_a_long_pdf_does_not_stay_in_memory(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (500, 360), np.uint8)
    sheet = Image.fromarray(noise)
    sheet.save(tmp_path / "long.pdf", save_all=True, append_images=[sheet] * 299, resolution=50, quality=90)
    with (tmp_path / "long.pdf").open("rb") as stream:
        source = open_source(stream, "long.pdf", Limits())
        taken = {}
        for number in range(1, 301):
            source.page(number)
            taken[number] = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    # What pdfium keeps of 180 such pages is 23 MB.
    assert taken[300] - taken[120] < 10_000_000
