"""From blocks to clean pages: typst with the project's own fonts, so that Arabic is shaped and ordered rightly."""

import io
import json
from functools import cache
from pathlib import Path

import typst
from PIL import Image

from samples.papers.document import Document

TEMPLATE = Path(__file__).with_name("paper.typ")
FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts"


class FontsMissing(RuntimeError):
    """The TTF files that package.json names are not installed."""


class PageOverflows(ValueError):
    """A page's blocks do not fit on it, so the truth of the pages would be wrong."""


@cache
def _compiler() -> typst.Compiler:
    if not FONTS.is_dir():
        raise FontsMissing(str(FONTS))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)


def clean_page(document: Document, number: int) -> Image.Image:
    """Page `number` (from 0) as it left the typewriter: RGB at the scanner's resolution."""
    page = document.pages[number]
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
        ],
    }
    made = _compiler().compile(
        format="png", ppi=page.scan.dpi, sys_inputs={"data": json.dumps(paper, ensure_ascii=False)}
    )
    if isinstance(made, list):
        raise PageOverflows(f"{document.name}, page {number + 1}")
    return Image.open(io.BytesIO(made)).convert("RGB")
