"""The text of a born-digital PDF as the reader takes it, without confinement and previews: what it costs by itself."""

import io

from ocr.formats import open_source
from ocr.formats.sheet import Lettered
from ocr.shapes import Limits


def text_layer(file: bytes) -> list[str]:
    """The text of each page, empty where a page has none."""
    source = open_source(io.BytesIO(file), "born-digital.pdf", Limits())
    sheets = (source.page(number) for number in range(1, source.pages + 1))
    return [
        " ".join(word.text for word in sheet.words) if isinstance(sheet, Lettered) else "" for sheet in sheets
    ]
