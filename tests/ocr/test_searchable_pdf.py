"""The PDF that comes out: found by the searches of others, true to the scan, fit for an archive."""

import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from math import radians, tan
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, pdfa
from PIL import Image, ImageChops, ImageCms, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from ocr.document import write_searchable
from ocr.formats import open_source
from ocr.formats.pdf_text import letters_of
from ocr.geometry import turned, turned_size
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.searchable_pdf import searchable
from ocr.shapes import Limits, Page, Profile, SourceRefused, Word
from tests.ocr.drawing import page
from tests.ocr.test_command import run

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LETTER = ["بلدية مرسى النور", "رقم القسيمة ٤٧١٥ قطعة ٩", "تاريخ الطلب 12/03/2004", "Building Permit 2004"]


def encoded(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, dpi=(200, 200), **how)
    return out.getvalue()


def read(file: bytes, recogniser: Recogniser) -> list[Page]:
    source = open_source(io.BytesIO(file), "scan", Limits())
    return [read_page(source, n, recogniser, Limits()) for n in range(1, source.pages + 1)]


def made(file: bytes, pages: Sequence[Page]) -> bytes:
    return searchable(io.BytesIO(file), pages, Limits())


def found(pdf: bytes, words: Sequence[str]) -> list[bool]:
    """Which words pdfium's search finds on the first page."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    return [text.search(word).get_next() is not None for word in words]


def assert_letters_lie_on_ink(pdf: bytes, count: int) -> None:
    """The box of each letter lies on the ink of its word, on the page as it is shown."""
    sheet = pypdfium2.PdfDocument(pdf)[0]
    letters = letters_of(sheet, *sheet.get_size())
    shown = sheet.render(scale=1).to_pil().convert("L")
    boxes = letters.boxes[[code > 0 and not chr(code).isspace() for code in letters.codes]]
    assert len(boxes) == count
    inked = [
        shown.crop((int(a), int(b), int(c) + 1, int(d) + 1)).getextrema()[0] < 220 for a, b, c, d in boxes
    ]
    assert sum(inked) > 0.9 * len(inked)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_are_found_where_they_stand(turn: int, recogniser: Recogniser, tmp_path: Path) -> None:
    file = encoded(page(LETTER, width=1400, height=700).rotate(turn, expand=True), "PNG")
    pages = read(file, recogniser)
    pdf = made(file, pages)
    words = [w.text for w in pages[0].words]
    assert len(words) >= 12
    assert all(found(pdf, words))
    assert pypdfium2.PdfDocument(pdf)[0].get_size() == pytest.approx((1400 * 0.36, 700 * 0.36), abs=1)
    assert_letters_lie_on_ink(pdf, sum(map(len, words)))
    if shutil.which("pdftotext"):
        (tmp_path / "out.pdf").write_bytes(pdf)
        told = subprocess.run(
            ["pdftotext", tmp_path / "out.pdf", "-"], capture_output=True, check=True
        ).stdout.decode()
        plain = re.sub("[\u202a-\u202e\u2066-\u2069]", " ", told).split()
        assert set(words) <= set(plain)


# Words of a line with their left edges and breadths, as they are read.
MIXED = (
    (("رقم", 900, 80), ("القسيمة:", 740, 140), ("MN-3-0127", 500, 200), ("ملف", 380, 80), ("3-B", 280, 60)),
    (
        ("المالك", 900, 100),
        ("Building", 500, 150),
        ("Permit", 670, 110),
        ("2004", 800, 80),
        ("(A4)", 380, 80),
    ),
    (("Owner:", 100, 140), ("محمد:", 380, 90), ("علي", 260, 80), ("A0127", 500, 120), ("No.", 640, 60)),
    (
        ("هاتف", 960, 60),
        ("+96598765432", 740, 200),
        ("٥٠٪", 660, 60),
        ("٢٠٠٤-٠٣-١٢", 480, 160),
        ("١٢/ب", 380, 80),
        ("4-ج", 300, 60),
    ),
    (("اتصل", 900, 90), ("+965", 560, 80), ("5000", 650, 90), ("0177", 750, 90), ("صباحا", 400, 100)),
)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-4.0, -1.0, 0.0, 2.0])
def test_codes_and_latin_phrases_are_found_in_arabic_lines(turn: int, skew: float, tmp_path: Path) -> None:
    """pdfium had given letters and digits of such codes in swapped places, numbers with their signs on the other side
    and the groups of a telephone's from the last; poppler had taken steep lines to letters."""
    size = (1100, 720)
    upright = [
        (text, (left, round(100 + 120 * line + left * tan(radians(skew))), width, 40), line)
        for line, words in enumerate(MIXED) for text, left, width in words
    ]  # fmt: skip
    across, down = turned_size(size, turn)
    placed = tuple(Word(text, *turned(box, size, -turn), 99.0, line) for text, box, line in upright)
    told = Page(1, "read", None, across, down, 100, rotation=turn, skew=skew, words=placed)
    pdf = made(encoded(Image.new("L", (across, down), 255), "PNG"), [told])
    words = [text for text, _, _ in upright]
    phrases = ["رقم القسيمة: MN-3-0127", "Building Permit 2004", "محمد: علي", "A0127 No.", "+965 5000 0177"]
    sought = words + (phrases if turn == 0 else [])
    assert dict(zip(sought, found(pdf, sought), strict=True)) == dict.fromkeys(sought, True)
    (tmp_path / "out.pdf").write_bytes(pdf)
    told_by_poppler = subprocess.run(
        ["pdftotext", tmp_path / "out.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    plain = re.sub("[\u202a-\u202e]", " ", told_by_poppler)
    codes = ("MN-3-0127", "A0127", "2004", "+96598765432", "٥٠٪", "٢٠٠٤-٠٣-١٢")
    assert {code: code in plain for code in codes} == dict.fromkeys(codes, True)
    if abs(skew) < 3:
        assert "Building Permit 2004" in plain


@pytest.mark.parametrize(("turn", "crop"), [(0, 20), (90, 0), (180, 20), (270, 20)])
def test_words_are_found_on_pages_that_a_pdf_turns_and_crops(
    turn: int, crop: int, recogniser: Recogniser
) -> None:
    with pikepdf.open(
        io.BytesIO(in_pdf(page(LETTER, width=1400, height=700).rotate(turn, expand=True)))
    ) as document:
        sheet = document.pages[0]
        left, bottom, right, top = (float(side) for side in sheet.mediabox)
        sheet.CropBox = [left + crop, bottom + crop, right - crop, top - crop]
        sheet.Rotate = turn
        out = io.BytesIO()
        document.save(out)
    pages = read(out.getvalue(), recogniser)
    assert pages[0].rotation == turn
    pdf = made(out.getvalue(), pages)
    words = [w.text for w in pages[0].words]
    assert len(words) >= 12
    assert all(found(pdf, words))
    assert_letters_lie_on_ink(pdf, sum(map(len, words)))


def in_pdf(image: Image.Image) -> bytes:
    """A PDF whose only page is the image, at 200 dots an inch."""
    out = io.BytesIO()
    image.save(out, "PDF", resolution=200)
    return out.getvalue()


def test_pictures_stay_as_they_are_encoded(recogniser: Recogniser) -> None:
    """JPEG and CCITT streams come through byte for byte, other pictures pixel for pixel."""
    drawn = page(LETTER[:1], width=1200, height=400)
    jpeg = encoded(drawn, "JPEG", quality=60)
    with pikepdf.open(io.BytesIO(made(jpeg, read(jpeg, recogniser)))) as document:
        (picture,) = document.pages[0].get_images().values()
        assert picture.read_raw_bytes() == jpeg
    fax = encoded(drawn.convert("1"), "TIFF", compression="group4")
    with Image.open(io.BytesIO(fax)) as image:
        start, size = image.tag_v2[273][0], image.tag_v2[279][0]
    with pikepdf.open(io.BytesIO(made(fax, read(fax, recogniser)))) as document:
        (picture,) = document.pages[0].get_images().values()
        assert "/CCITTFaxDecode" in str(picture.Filter)
        assert picture.read_raw_bytes() == fax[start : start + size]
    webp = encoded(drawn.convert("RGB"), "WEBP", lossless=True)
    with pikepdf.open(io.BytesIO(made(webp, read(webp, recogniser)))) as document:
        (picture,) = document.pages[0].get_images().values()
        shown = pikepdf.PdfImage(picture).as_pil_image()
    assert ImageChops.difference(shown.convert("RGB"), drawn.convert("RGB")).getbbox() is None


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("mode", ["L", "YCbCr"])
def test_a_jpeg_in_a_tiff_stays_as_it_is_encoded(mode: str, big: bool) -> None:
    """Its tables, which a TIFF keeps apart, are put in; no pixel is decoded."""
    image = page(LETTER[:1], width=1200, height=400).convert("RGB")
    ImageDraw.Draw(image).ellipse((100, 100, 300, 300), fill=(60, 60, 200))
    image = image.convert(mode)
    one_strip: dict[str, Any] = {"compression": "jpeg", "big_tiff": big, "tiffinfo": {278: 400}}
    file = encoded(image, "TIFF", save_all=True, append_images=[image.rotate(180)], **one_strip)
    pdf = made(file, [Page(n, "read", None, 1200, 400, 200) for n in (1, 2)])
    with pikepdf.open(io.BytesIO(pdf)) as document, Image.open(io.BytesIO(file)) as scan:
        for number, sheet in enumerate(document.pages):
            scan.seek(number)
            start, size = scan.tag_v2[273][0], scan.tag_v2[279][0]
            (picture,) = sheet.get_images().values()
            assert str(picture.Filter) == "/DCTDecode"
            assert picture.read_raw_bytes().endswith(file[start + 2 : start + size])
            shown = pikepdf.PdfImage(picture).as_pil_image()
            assert ImageChops.difference(shown, scan.convert(shown.mode)).getbbox() is None
        assert "/OutputIntents" in document.Root


@pytest.mark.parametrize(
    ("mode", "how"),
    [
        ("L", {}),
        ("RGB", {"tiffinfo": {278: 400}}),
        ("YCbCr", {"tiffinfo": {278: 400}, "icc_profile": SRGB}),
    ],
)
def test_a_jpeg_in_a_tiff_that_a_pdf_would_show_otherwise_is_packed_anew(
    mode: str, how: dict[str, Any]
) -> None:
    """One of several strips, one of RGB as it stands, and one whose colours a profile beside it explains."""
    image = page(LETTER[:1], width=1200, height=400).convert("RGB")
    ImageDraw.Draw(image).ellipse((100, 100, 300, 300), fill=(60, 60, 200))
    file = encoded(image.convert(mode), "TIFF", compression="jpeg", **how)
    pdf = made(file, [Page(1, "read", None, 1200, 400, 200)])
    with pikepdf.open(io.BytesIO(pdf)) as document, Image.open(io.BytesIO(file)) as scan:
        (picture,) = document.pages[0].get_images().values()
        assert str(picture.Filter) == "/FlateDecode"
        shown = pikepdf.PdfImage(picture).as_pil_image()
        assert ImageChops.difference(shown.convert("RGB"), scan.convert("RGB")).getbbox() is None


def test_a_scan_becomes_an_archives_pdf(recogniser: Recogniser) -> None:
    file = encoded(page(LETTER[:1], width=1200, height=400), "PNG")
    pages = read(file, recogniser)
    pdf = made(file, pages)
    assert pdf == made(file, pages)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert "/Info" not in document.trailer
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
        (intent,) = document.Root.OutputIntents
        assert (intent.S, intent.DestOutputProfile.N) == ("/GTS_PDFA1", 3)
        # Called by what is in it: had it been called by the time of day first, these would differ.
        assert len({bytes(name) for name in document.trailer.ID}) == 1
        (font,) = document.pages[0].resources.Font.values()
        assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()[:4] == b"\x00\x01\x00\x00"


@pytest.mark.parametrize(
    ("mode", "kind", "how"),
    [
        ("RGBA", "PNG", {}),
        ("LA", "PNG", {}),
        ("P", "GIF", {"transparency": 0}),
        ("RGBA", "WEBP", {"lossless": True}),
    ],
)
def test_a_picture_one_can_see_through_becomes_an_archives_pdf(
    mode: str, kind: str, how: dict[str, Any]
) -> None:
    """PDF/A-2 allows soft masks. pikepdf's own check, which passes nothing that it does not know, agrees."""
    clear = page(LETTER[:1], width=1200, height=400).convert("RGBA")
    clear.paste((0, 0, 90, 0), (0, 0, 600, 400))
    file = encoded(clear.convert(mode), kind, **how)
    pages = [Page(1, "read", None, 1200, 400, 200, words=(Word("بلدية", 900, 160, 90, 40, 90.0, 0),))]
    pdf = made(file, pages)
    assert pdfa.validate_written(io.BytesIO(pdf), "2b").findings == []
    paper = Image.new("RGBA", (1200, 400), "white")
    with Image.open(io.BytesIO(file)) as scan:
        paper.alpha_composite(scan.convert("RGBA"))
    shown = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().convert("RGB")
    assert ImageChops.difference(shown, paper.convert("RGB")).getbbox() is None
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (picture,) = document.pages[0].get_images().values()
        picture.SMask.OPI = Dictionary()
        out = io.BytesIO()
        document.save(out)
    with pikepdf.open(io.BytesIO(made(out.getvalue(), pages))) as document:
        assert "/OutputIntents" not in document.Root


def test_a_picture_in_four_inks_is_kept_and_claims_nothing() -> None:
    """What its inks look like would need a profile of them."""
    jpeg = encoded(page(LETTER[:1], width=1200, height=400).convert("CMYK"), "JPEG")
    with pikepdf.open(io.BytesIO(made(jpeg, [Page(1, "read", None, 1200, 400, 200)]))) as document:
        (picture,) = document.pages[0].get_images().values()
        assert (picture.ColorSpace, picture.read_raw_bytes()) == (Name.DeviceCMYK, jpeg)
        assert "/OutputIntents" not in document.Root


def test_a_pdf_with_more_than_scans_keeps_it_and_claims_nothing(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    page(["رقم القسيمة ٤٧١٥"], width=1400, height=420).save(tmp_path / "scan.png")
    canvas = Canvas(str(tmp_path / "mixed.pdf"), (595, 842))
    canvas.drawString(60, 780, "Typed heading")
    canvas.drawImage(str(tmp_path / "scan.png"), 60, 500, 504, 151)
    hidden = canvas.beginText(60, 600)
    hidden.setTextRenderMode(3)
    hidden.textLine("nonsense")
    canvas.drawText(hidden)
    canvas.save()
    file = (tmp_path / "mixed.pdf").read_bytes()
    pdf = made(file, read(file, recogniser))
    assert found(pdf, ["Typed heading", "القسيمة", "nonsense"]) == [True, True, False]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert "/OutputIntents" not in document.Root


def test_a_locked_pdf_has_a_copy_without_a_lock() -> None:
    """As docs/security.md says: those who keep it say who may have it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(in_pdf(page(LETTER[:1], width=1200, height=400)))) as document:
        forbids = pikepdf.Permissions(extract=False, print_lowres=False, print_highres=False)
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user="كلمة السر", R=6, allow=forbids))
    words = (Word("بلدية", 900, 160, 90, 40, 90.0, 0),)
    pages = [Page(1, "read", None, 1200, 400, 200, words=words)]
    pdf = searchable(io.BytesIO(out.getvalue()), pages, Limits(), "كلمة السر")
    assert found(pdf, ["بلدية"]) == [True]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not document.is_encrypted
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"


@pytest.mark.parametrize(
    ("drawn", "state", "claims"),
    [
        (b"", {"BM": Name.Normal, "OPM": 1, "TK": True}, True),
        (b"q 1 0 0 RG 10 10 100 100 re S Q", {}, True),
        (b"", {"ca": 0.5}, False),
        (b"", {"TR": Name.Identity}, False),
        (b"q 0 0 0 1 k 10 10 100 100 re f Q", {}, False),
        (b"q /DeviceCMYK cs 0 0 0 1 sc 10 10 100 100 re f Q", {}, False),
        (b"q 5 0 0 5 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID \x80\x0b\x60\x50 EI Q", {}, False),
    ],
)
def test_claims_to_be_an_archives_pdf_only_what_is_one(
    drawn: bytes, state: dict[str, object], claims: bool
) -> None:
    """Programs that scan give pages a graphics state that does nothing; others draw beside the picture."""
    with pikepdf.open(io.BytesIO(in_pdf(page(LETTER[:1], width=1200, height=400)))) as document:
        sheet = document.pages[0]
        sheet.contents_add(document.make_stream(drawn))
        if state:
            sheet.resources.ExtGState = Dictionary(GS0=Dictionary(Type=Name.ExtGState, **state))
        out = io.BytesIO()
        document.save(out)
    words = (Word("بلدية", 900, 160, 90, 40, 90.0, 0),)
    with pikepdf.open(
        io.BytesIO(made(out.getvalue(), [Page(1, "read", None, 1200, 400, 200, words=words)]))
    ) as made_of_it:
        assert ("/OutputIntents" in made_of_it.Root) is claims


def test_a_page_of_one_pixel_does_not_cost_its_document() -> None:
    sheets = [Image.new("1", size, 1) for size in ((600, 400), (1, 1), (1, 5000))]
    file = encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    pages = [Page(n, "read", None, *sheet.size, 200) for n, sheet in enumerate(sheets, 1)]
    assert len(pypdfium2.PdfDocument(made(file, pages))) == 3


def test_pages_that_were_refused_are_there_and_empty(recogniser: Recogniser) -> None:
    sheets = [page(["المساحة"], width=600, height=400).convert("1") for _ in range(3)]
    file = bytearray(
        encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    )
    with Image.open(io.BytesIO(file)) as image:
        image.seek(1)
        start, size = image.tag_v2[273][0], image.tag_v2[279][0]
    file[start : start + size] = b"\x00" * size
    pages = [
        Page(n, "read", None, 600, 400, 200, words=(Word("المساحة", 400, 160, 90, 40, 90.0, 0),))
        for n in (1, 2, 3)
    ]
    pages[1] = Page(2, "refused", "page-damaged")
    document = pypdfium2.PdfDocument(made(bytes(file), pages))
    assert [document[n].get_textpage().count_chars() > 0 for n in range(3)] == [True, False, True]


def test_drawings_and_rubbish_are_refused() -> None:
    with pytest.raises(SourceRefused, match="unsupported-type"):
        made(b"0\nSECTION\n2\nHEADER\n", [])
    with pytest.raises(SourceRefused, match="truncated-file"):
        made(b"%PDF-1.7\nnothing", [])


def test_the_command_writes_it_confined(tmp_path: Path) -> None:
    file, target = tmp_path / "scan.jpg", tmp_path / "out.pdf"
    file.write_bytes(encoded(page(LETTER, width=1400, height=700), "JPEG", quality=80))
    done = run(file, "--pdf", target)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(found(target.read_bytes(), ["القسيمة", "٤٧١٥", "12/03/2004", "Permit"]))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.pdf", "scan.jpg"]


def test_nothing_is_left_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "scan.jpg").write_bytes(b"\xff\xd8\xffrubbish")
    assert run(tmp_path / "scan.jpg", "--pdf", tmp_path / "out.pdf").returncode == 1
    assert [p.name for p in tmp_path.iterdir()] == ["scan.jpg"]


@pytest.mark.parametrize(("compression", "big"), [("tiff_lzw", False), ("group4", False), ("group4", True)])
def test_pages_of_a_tiff_are_converted_one_by_one(compression: str, big: bool) -> None:
    """Each is begun before it is converted, and before it is written over: then each has its own time."""
    sheets = [page([text], width=600, height=400).convert("1") for text in ("المساحة", "القسيمة", "المالك")]
    file = encoded(
        sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression=compression, big_tiff=big
    )
    begun: list[int] = []
    pages = [Page(n, "read", None, 600, 400, 200) for n in (1, 2, 3)]
    pdf = searchable(io.BytesIO(file), pages, Limits(), begin=begun.append)
    assert begun == [1, 2, 3, 1, 2, 3]
    with pypdfium2.PdfDocument(pdf) as document:
        for sheet, shown in zip(sheets, document, strict=True):
            ours = shown.render(scale=200 / 72).to_pil().convert("L")
            assert ours.size == sheet.size
            assert ImageChops.difference(ours, sheet.convert("L")).getbbox() is None


def test_a_long_document_has_the_time_of_all_its_pages(tmp_path: Path) -> None:
    """Forty dense pages take longer to convert than one page may."""
    noise = Image.effect_noise((1200, 1600), 90)
    file, target = tmp_path / "scan.tif", tmp_path / "out.pdf"
    noise.save(file, save_all=True, append_images=[noise] * 39, compression="tiff_lzw", dpi=(200, 200))
    pages = [Page(n, "read", None, 1200, 1600, 200) for n in range(1, 41)]
    write_searchable(file, pages, target, Profile(), Limits(seconds_per_page=1, grace_seconds=60))
    with pikepdf.open(target) as document:
        assert len(document.pages) == 40
