"""From blocks to clean pages: typst, so that Arabic is shaped and ordered rightly."""

import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pikepdf
import typst
from PIL import Image

from samples.papers.document import Document, Page

TEMPLATE = Path(__file__).with_name("paper.typ")
FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts"


class FontsMissing(RuntimeError):
    """The TTF files that package.json names are not installed."""


class PageOverflows(ValueError):
    """A page's blocks do not fit on it, so the truth of the pages would be wrong."""


@cache
def _compiler(folders: tuple[Path, ...]) -> typst.Compiler:
    if not FONTS.is_dir():
        raise FontsMissing(str(FONTS))
    paths = [str(folder) for folder in (FONTS, *folders)]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)


def clean_page(document: Document, number: int, folders: tuple[Path, ...] = ()) -> Image.Image:
    """Page `number` (from 0) as it left the typewriter: RGB at the scanner's resolution.

    `folders` hold the typeface when it is none of the project's own.
    """
    page = document.pages[number]
    made = _compiler(folders).compile(format="png", ppi=page.scan.dpi, sys_inputs=_inputs(document, [page]))
    if not isinstance(made, bytes):
        raise PageOverflows(f"{document.name}, page {number + 1}")
    return Image.open(io.BytesIO(made)).convert("RGB")


def clean_pdf(document: Document, folders: tuple[Path, ...] = ()) -> bytes:
    """The whole document born digital."""
    made = _compiler(folders).compile(format="pdf", sys_inputs=_inputs(document, document.pages))
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file, only pictures are many
    with pikepdf.open(io.BytesIO(made)) as pdf:
        if len(pdf.pages) > len(document.pages):
            raise PageOverflows(document.name)
    return made


def _inputs(document: Document, pages: Sequence[Page]) -> dict[str, str]:
    paper = {
        "title": document.title_ar,
        "font": document.font,
        "size": document.text_size,
        "leading": document.leading,
        "ink": document.ink,
        "pages": [
            {
                "width": page.size[0],
                "height": page.size[1],
                "margin": page.margin,
                "blocks": list(page.blocks),
            }
            for page in pages
        ],
    }
    return {"data": json.dumps(paper, ensure_ascii=False)}
