"""Write the files that a reader must refuse with a reason: `python -m samples.bad.make_bad FOLDER`.

They are made and not kept: each takes well under a second, and a virus scanner dislikes some of them.
"""

import argparse
import io
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
from PIL import Image

SCANS = Path(__file__).resolve().parents[1] / "scans"
GOOD_PDF = SCANS / "building-permit-MN-3-0127.pdf"
GOOD_JPEG = SCANS / "violation-notice-SQ-1-0016.jpg"

OWNER_PASSWORD, USER_PASSWORD = "sample-owner", "sample-user"


def zero_byte(folder: Path) -> Path:
    """A PDF by name with nothing in it: a copy that ran out of disk."""
    return _written(folder / "zero-byte.pdf", b"")


def truncated_pdf(folder: Path) -> Path:
    """The first third of a good PDF, without its cross-reference table.

    A trap: repairing libraries (qpdf) find three pages in it and no pictures. It must not end as a blank document.
    """
    whole = GOOD_PDF.read_bytes()
    return _written(folder / "truncated.pdf", whole[: len(whole) // 3])


def truncated_jpeg(folder: Path) -> Path:
    """A good JPEG cut in the middle of its picture: the top half can still be seen."""
    whole = GOOD_JPEG.read_bytes()
    return _written(folder / "truncated.jpg", whole[: len(whole) // 2])


def password_protected_pdf(folder: Path) -> Path:
    """A good PDF that does not open without `USER_PASSWORD` (AES-256)."""
    path = folder / "password-protected.pdf"
    with pikepdf.open(GOOD_PDF) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner=OWNER_PASSWORD, user=USER_PASSWORD, R=6))
    return path


def zip_named_pdf(folder: Path) -> Path:
    """A ZIP archive under a PDF's name."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("خطاب.txt"), "كتاب مرسل في ملف مضغوط\n")
    return _written(folder / "zip-named.pdf", content.getvalue())


def text_named_pdf(folder: Path) -> Path:
    """Plain Arabic text under a PDF's name."""
    return _written(folder / "text-named.pdf", "محضر اجتماع\nرقم 31/2015\n".encode())


def huge_png(folder: Path, side: int = 40_000) -> Path:
    """A valid black-on-white 1-bit PNG of `side` x `side` pixels: 200 MB of rows in about 200 kB."""
    path = folder / f"huge-{side}x{side}.png"
    blank = b"\0" + b"\xff" * ((side + 7) // 8)
    ruled = b"\0" + b"\0" * ((side + 7) // 8)
    packer = zlib.compressobj(level=6)
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        _png_chunk(file, b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        for row in range(side):
            packed = packer.compress(ruled if row % 1000 == 0 else blank)
            if packed:
                _png_chunk(file, b"IDAT", packed)
        _png_chunk(file, b"IDAT", packer.flush())
        _png_chunk(file, b"IEND", b"")
    return path


def long_pdf(folder: Path, pages: int = 500) -> Path:
    """A good PDF of many light pages, each saying its number: it must be read to the end, or stopped politely."""
    path = folder / f"long-{pages}-pages.pdf"
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.obj.Contents = pdf.make_stream(
                f"BT /F1 36 Tf 150 420 Td (Page {number} of {pages}) Tj ET".encode()
            )
        pdf.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return path


def duplicate(folder: Path, good: Path = GOOD_PDF) -> Path:
    """The same bytes as a good file under another name."""
    path = folder / f"copy-of-{good.name}"
    shutil.copyfile(good, path)
    return path


def blank_page(folder: Path) -> Path:
    """A clean white page: nothing is wrong with it and there is nothing to read."""
    path = folder / "blank.png"
    Image.new("L", (1654, 2339), 255).save(path, dpi=(200, 200))
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    maker.__name__: maker
    for maker in (
        zero_byte,
        truncated_pdf,
        truncated_jpeg,
        password_protected_pdf,
        zip_named_pdf,
        text_named_pdf,
        huge_png,
        long_pdf,
        duplicate,
        blank_page,
    )
}


def make_all(folder: Path) -> dict[str, Path]:
    """Write every bad file into `folder` (made if absent); paths by maker's name."""
    folder.mkdir(parents=True, exist_ok=True)
    return {name: make(folder) for name, make in MAKERS.items()}


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _png_chunk(file: io.BufferedWriter, name: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name, path in make_all(parser.parse_args().folder).items():
        print(f"{name:24} {path.name:40} {path.stat().st_size:>12,} bytes")
