"""Make the sample scans and the truth beside them: `python -m samples.make_scans [--out FOLDER] [NAME ...]`.

The same seed gives the same files, byte for byte, with the same versions of typst, Pillow and numpy.
"""

import argparse
import io
import json
import zlib
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from samples.papers.blocks import truth_lines
from samples.papers.building_files import documents
from samples.papers.document import Document
from samples.papers.scanner import scan_page
from samples.papers.script import numbers, plain
from samples.papers.typesetting import clean_page

SEED = 1447
SCANS = Path(__file__).with_name("scans")
SUFFIXES = {"pdf": ".pdf", "tiff": ".tif", "jpeg": ".jpg", "png": ".png"}


def scanned_page(document: Document, number: int) -> Image.Image:
    """Page `number` (from 0) of a document as the scanner saw it."""
    seed = [SEED, zlib.crc32(document.name.encode()), number]
    return scan_page(clean_page(document, number), document.pages[number].scan, seed)


def encoded(document: Document, pictures: list[Image.Image]) -> bytes:
    """The file of a document from its pages' pictures, in the document's container."""
    dpi = document.pages[0].scan.dpi
    first, *rest = pictures
    file = io.BytesIO()
    match document.container:
        case "pdf":
            _join_pages([_page_pdf(picture, dpi, document.jpeg_quality) for picture in pictures], file)
        case "tiff":
            first.save(file, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=(dpi, dpi))
        case "jpeg":
            first.save(file, "JPEG", quality=document.jpeg_quality, dpi=(dpi, dpi))
        case "png":
            first.save(file, "PNG", optimize=True, dpi=(dpi, dpi))
    return file.getvalue()


def _page_pdf(picture: Image.Image, dpi: int, quality: int) -> io.BytesIO:
    """One page: JPEG inside, or CCITT G4 for a bilevel picture, as Pillow chooses by mode."""
    file = io.BytesIO()
    options = {} if picture.mode == "1" else {"quality": quality}
    picture.save(file, "PDF", resolution=dpi, **options)
    return file


def _join_pages(pages: list[io.BytesIO], file: io.BytesIO) -> None:
    with pikepdf.new() as pdf:
        for page in pages:
            with pikepdf.open(page) as one:
                pdf.pages.extend(one.pages)
        pdf.save(file, deterministic_id=True)


def truth(document: Document) -> dict[str, Any]:
    """What a reader should find: about the document, and page by page."""
    pages = []
    for page in document.pages:
        lines = [line for block in page.blocks for line in truth_lines(block)]
        stamps = [plain(" ".join(block["lines"])) for block in page.blocks if block["kind"] == "stamp"]
        pages.append(
            {
                "lines": lines,
                "numbers": [number for line in lines for number in numbers(line)],
                "stamps": stamps,
                "rotation": page.scan.rotation,
                "damage": page.scan.damage(),
            }
        )
    return {
        "document": {
            "kind": document.kind,
            "title_ar": document.title_ar,
            "title_en": document.title_en,
            "parcel": document.parcel,
            "owner": document.owner,
            "owner_civil_id": document.owner_civil_id,
            "year": document.year,
        },
        "pages": pages,
    }


def write(document: Document, folder: Path) -> Path:
    """Write the scan, its truth and its plain text into `folder`; returns the scan's path."""
    scan = folder / (document.name + SUFFIXES[document.container])
    scan.write_bytes(encoded(document, [scanned_page(document, n) for n in range(len(document.pages))]))
    found = truth(document)
    text = "\f".join("\n".join(page["lines"]) + "\n" for page in found["pages"])
    (folder / f"{document.name}.truth.json").write_text(
        json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (folder / f"{document.name}.txt").write_text(text, encoding="utf-8")
    return scan


def main() -> None:
    """Write every sample scan, or only those named."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", help="document names; all when none is given")
    parser.add_argument("--out", type=Path, default=SCANS, help="folder to write into")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for document in documents():
        if not arguments.names or document.name in arguments.names:
            scan = write(document, arguments.out)
            print(f"{scan.name}  {len(document.pages)} pages  {scan.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
