"""What every adapter of the Ocr port must do."""

import io
import struct
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from chalicelib.adapters.aws.lambda_ocr import LambdaOcr
from chalicelib.adapters.aws.s3_blobs import S3Blobs
from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr, reader_command
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.ports.ocr import Ocr, Opened, ReaderGone, ReadPage, SourceRefused
from ocr.function import handler
from tests.aws_server import REGION, AwsServer
from tests.lambda_server import lambda_server
from tests.ocr.drawing import page

PHOTOGRAPH = Path(__file__).parents[1] / "ocr" / "files" / "photograph.heic"


@pytest.fixture(scope="module", params=["subprocess", "lambda"])
def ocr(request: pytest.FixtureRequest) -> Iterator[Ocr]:
    """A reader, without its second reader: what is tested here does not depend on it."""
    if request.param == "subprocess":
        reader: Ocr = SubprocessOcr(reader_command(None))
        yield reader
        reader.close()
        return
    aws: AwsServer = request.getfixturevalue("aws")
    # The very handler that is deployed, which fetches the file and leaves pictures by links over HTTP.
    with lambda_server({"reader": handler}) as functions:
        blobs = S3Blobs(f"s3://{aws.bucket()}/town?{aws.options()}", SystemClock())
        url = f"lambda://reader?endpoint={functions.url}&region={REGION}"
        yield LambdaOcr(url, blobs, pages=125)
        assert list(blobs.keys()) == [], "files and pictures were left behind"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """An empty folder for previews."""
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def pdf(pages: int, **save: object) -> bytes:
    """A PDF of blank pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 300))
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def tiff(sheets: list[Image.Image]) -> bytes:
    """A TIFF, CCITT G4, 200 dots an inch."""
    out = io.BytesIO()
    bilevel = [s.convert("1") for s in sheets]
    bilevel[0].save(
        out, "TIFF", save_all=True, append_images=bilevel[1:], compression="group4", dpi=(200, 200)
    )  # fmt: skip
    return out.getvalue()


def huge_png(side: int) -> bytes:
    """A white PNG of side × side pixels in a few hundred kilobytes: a decompression bomb."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * (side // 8)
    packed = b"".join(rows.compress(row) for _ in range(64)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


LOCKED = pikepdf.Encryption(owner="owner", user="user")

REFUSED: dict[str, tuple[str, Callable[[], bytes], str, dict[str, object]]] = {
    "nothing": ("a.pdf", lambda: b"", "empty-file", {}),
    "half a picture": (
        "a.png", lambda: _png()[:200], "truncated-file", {"actual": "image/png"},
    ),
    "half a jpeg": ("a.jpg", lambda: _jpeg()[:900], "truncated-file", {"actual": "image/jpeg"}),
    "no pdf but its first line": ("a.pdf", lambda: b"%PDF-1.7\n" + b"\x00" * 400, "truncated-file", {}),
    "a locked pdf": ("a.pdf", lambda: pdf(1, encryption=LOCKED), "password-protected", {}),
    "a zip named pdf": (
        "a.pdf", zipped, "mislabelled", {"claimed": "application/pdf", "actual": "application/zip"},
    ),
    "a zip": ("a.zip", zipped, "unsupported-type", {"actual": "application/zip"}),
    "a text": ("a.txt", lambda: b"hello world, this is text", "unsupported-type", {"actual": "text/plain"}),
    "too many pages": ("a.pdf", lambda: pdf(2001), "too-many-pages", {"pages": 2001, "limit": 2000}),
}  # fmt: skip


def _png() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((80, 80), 80).save(out, "PNG")
    return out.getvalue()


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((80, 80), 80).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_with_a_reason(case: str, ocr: Ocr, tmp_path: Path, results: Path) -> None:
    name, content, reason, data = REFUSED[case]
    file = tmp_path / name
    file.write_bytes(content())
    with pytest.raises(SourceRefused) as refusal:
        list(ocr.read(file, results))
    assert refusal.value.reason == reason
    assert data.items() <= refusal.value.data.items()
    assert not list(results.iterdir())


def test_refuses_a_missing_file(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    with pytest.raises(SourceRefused, match="file-missing"):
        list(ocr.read(tmp_path / "none.pdf", results))


def test_reads_words_page_by_page_with_previews(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "scan"  # named by its content's hash in the archive: no extension helps
    file.write_bytes(tiff([page(["رقم القسيمة ٤٧١٥"]), page(["بلدية مرسى النور"])]))
    told = ocr.read(file, results)
    assert next(told) == Opened(2, "image/tiff")
    first, second = told
    assert isinstance(first, ReadPage)
    assert isinstance(second, ReadPage)
    assert [w.text for w in first.words] == ["رقم", "القسيمة", "٤٧١٥"]
    assert [w.text for w in second.words] == ["بلدية", "مرسى", "النور"]
    assert (first.width, first.height, first.dpi, first.rotation) == (1654, 2339, 200, 0)
    assert first.words[0].x > first.words[-1].x
    assert {w.line for w in first.words} == {0}
    assert all(80 < w.confidence <= 100 for w in first.words)
    for read in (first, second):
        assert read.preview
        with Image.open(read.preview) as preview:
            assert (preview.format, max(preview.size)) == ("WEBP", 1600)
        assert read.preview.stat().st_size < 250_000


def test_boxes_words_on_the_upright_page(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "lying.png"
    drawn = page(["بلدية مرسى النور"], width=1200, height=700)
    drawn.rotate(90, expand=True).save(file, dpi=(200, 200))
    _, read = ocr.read(file, results)
    assert isinstance(read, ReadPage)
    assert (read.width, read.height, read.rotation) == (1200, 700, 90)
    assert [w.text for w in read.words] == ["بلدية", "مرسى", "النور"]
    assert read.words[0].x > read.words[1].x > read.words[2].x
    assert all(140 < w.y < 240 for w in read.words)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "JPEG2000", "TIFF"])
def test_reads_every_kind_of_picture(kind: str, ocr: Ocr, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "picture.bin"
    page(["البلدية"], size=40, width=700, height=500).save(file, kind)
    _, read = ocr.read(file, results)
    assert isinstance(read, ReadPage)
    assert [w.text for w in read.words] == ["البلدية"]


def test_reads_a_photograph_from_a_telephone(ocr: Ocr, results: Path) -> None:
    _, read = ocr.read(PHOTOGRAPH, results)
    assert isinstance(read, ReadPage)
    assert [w.text for w in read.words] == ["البلدية"]


def test_reads_a_page_that_was_never_paper(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "typed.pdf"
    canvas = Canvas(str(file), (300, 200))
    canvas.drawString(20, 100, "Permit No. 77")
    canvas.save()
    _, read = ocr.read(file, results)
    assert isinstance(read, ReadPage)
    assert (read.state, [w.text for w in read.words]) == ("read", ["Permit", "No.", "77"])
    assert read.preview


def test_blank_paper_is_read_and_empty(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "blank.pdf"
    file.write_bytes(pdf(1))
    _, read = ocr.read(file, results)
    assert isinstance(read, ReadPage)
    assert (read.state, read.reason, read.words) == ("read", None, ())


def test_refuses_too_many_pixels_unseen(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(huge_png(40_000))
    opened, read = ocr.read(file, results)
    assert opened == Opened(1, "image/png")
    assert isinstance(read, ReadPage)
    assert (read.state, read.reason, read.preview) == ("refused", "too-many-pixels", None)


def test_reads_five_hundred_pages_and_goes_on_where_it_stopped(
    ocr: Ocr, tmp_path: Path, results: Path
) -> None:
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf(500))
    told = ocr.read(file, results)
    assert next(told) == Opened(500, "application/pdf")
    seen = [next(told) for _ in range(250)]
    told.close()  # type: ignore[attr-defined]
    _, *rest = ocr.read(file, results, first_page=251)
    assert [p.number for p in [*seen, *rest] if isinstance(p, ReadPage)] == list(range(1, 501))


def test_refuses_the_damaged_page_only(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    content = bytearray(
        tiff([page(["البلدية"], width=600, height=400), page(["المساحة"], width=600, height=400)])
    )
    file = tmp_path / "damaged.tif"
    with Image.open(io.BytesIO(content)) as image:
        start, size = image.tag_v2[273][0], image.tag_v2[279][0]
    content[start : start + size] = b"\x00" * size
    file.write_bytes(content)
    _, first, second = ocr.read(file, results)
    assert isinstance(first, ReadPage)
    assert isinstance(second, ReadPage)
    assert not first.words
    assert [w.text for w in second.words] == ["المساحة"]


def test_reads_two_documents_at_once(ocr: Ocr, tmp_path: Path) -> None:
    texts = ["المساحة", "البلدية"]
    read: dict[str, list[str]] = {}

    def work(text: str) -> None:
        folder = tmp_path / text
        folder.mkdir()
        file = folder / "scan.tif"
        file.write_bytes(tiff([page([text], width=900, height=500)] * 3))
        read[text] = [
            " ".join(w.text for w in told.words)
            for told in ocr.read(file, folder)
            if isinstance(told, ReadPage)
        ]

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == {text: [text] * 3 for text in texts}


def test_starts_again_after_its_process_died(tmp_path: Path, results: Path) -> None:
    reader = SubprocessOcr(reader_command(None))
    file = tmp_path / "two.pdf"
    file.write_bytes(pdf(2))
    try:
        told = reader.read(file, results)
        next(told)
        reader.close()
        with pytest.raises(ReaderGone):
            list(told)
        assert len(list(reader.read(file, results))) == 3
    finally:
        reader.close()


def test_a_reader_that_cannot_start_says_so(tmp_path: Path, results: Path) -> None:
    file = tmp_path / "one.pdf"
    file.write_bytes(pdf(1))
    reader = SubprocessOcr([sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(ReaderGone):
        list(reader.read(file, results))


@pytest.mark.parametrize("turn", [0, 90])
def test_writes_a_file_that_others_can_search(ocr: Ocr, turn: int, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "scan"
    sheets = [page(["رقم القسيمة ٤٧١٥"], width=1400, height=700), Image.new("L", (1400, 700), 255)]
    file.write_bytes(tiff([sheet.rotate(turn, expand=True) for sheet in sheets]))
    _, *pages = ocr.read(file, results)
    read = [told for told in pages if isinstance(told, ReadPage)]
    assert read[0].rotation == turn
    # Who keeps words may have parted them, and rounded what is told of them.
    kept = [
        replace(told, preview=None, words=tuple(replace(w, confidence=90) for w in told.words))
        for told in read
    ]
    made = ocr.write_searchable(file, iter(kept), results).read_bytes()
    assert ocr.write_searchable(file, kept, results).read_bytes() == made
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) == 2
        text = document[0].get_textpage()
        for word in ("رقم", "القسيمة", "٤٧١٥"):
            assert text.search(word).get_next() is not None
        assert sorted(document[0].get_size()) == pytest.approx([252, 504], abs=1)
        assert document[1].get_textpage().count_chars() == 0
    assert [path.name for path in results.iterdir() if path.suffix != ".webp"] == ["searchable.pdf"]


def test_what_stands_as_text_in_a_file_is_not_laid_over_it_again(
    ocr: Ocr, tmp_path: Path, results: Path
) -> None:
    file = tmp_path / "typed.pdf"
    canvas = Canvas(str(file), (300, 200))
    canvas.drawString(20, 100, "Permit No. 77")
    canvas.save()
    _, read = ocr.read(file, results)
    assert isinstance(read, ReadPage)
    assert {word.from_file for word in read.words} == {True}
    made = ocr.write_searchable(file, [read], results)
    with pypdfium2.PdfDocument(made) as document:
        assert document[0].get_textpage().get_text_bounded().strip() == "Permit No. 77"


def test_refuses_to_write_what_cannot_be_searchable(ocr: Ocr, tmp_path: Path, results: Path) -> None:
    file = tmp_path / "plan.dxf"
    file.write_bytes(b"0\nSECTION\n2\nHEADER\n0\nENDSEC\n0\nEOF\n")
    with pytest.raises(SourceRefused, match="unsupported-type"):
        ocr.write_searchable(file, [], results)
    with pytest.raises(SourceRefused, match="file-missing"):
        ocr.write_searchable(tmp_path / "none.pdf", [], results)
    assert list(results.iterdir()) == []
