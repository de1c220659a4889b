"""What the reader tells of a page, in the shapes of the port, and back."""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from chalicelib.ports.ocr import ReadPage, Word
from ocr import shapes
from ocr.geometry import turned, turned_size
from ocr.messages import told as message_of
from ocr.shapes import LINE_READER, TEXT_LAYER


def read_page(told: Mapping[str, Any], preview: Path | None) -> ReadPage:
    """The page, its words turned from the page as scanned to the upright one."""
    size, rotation = (told["width"], told["height"]), told["rotation"]
    width, height = turned_size(size, rotation)
    return ReadPage(
        number=told["number"],
        state=told["state"],
        reason=told["reason"],
        width=width,
        height=height,
        dpi=told["dpi"],
        rotation=rotation,
        words=tuple(
            Word(
                word["text"], *turned((word["x"], word["y"], word["width"], word["height"]), size, rotation),
                word["confidence"], word["line"], word["doubt"], word["source"] == TEXT_LAYER,
            )
            for word in told["words"]
        ),
        preview=preview,
        skew=told["skew"],
    )  # fmt: skip


def write_pages(pages: Iterable[ReadPage], file: Path) -> None:
    """The pages as the reader told them, a line each."""
    with file.open("wb") as lines:
        for page in pages:
            lines.write(json.dumps(message_of(_as_scanned(page)), ensure_ascii=False).encode() + b"\n")


def _as_scanned(page: ReadPage) -> shapes.Page:
    size = (page.width, page.height)
    words = []
    # Who keeps pages may have parted a word at its spaces: the parts share its box.
    for (line, box, own), parts in groupby(
        page.words, lambda w: (w.line, (w.x, w.y, w.width, w.height), w.from_file)
    ):
        text = " ".join(word.text for word in parts)
        place = turned(box, size, -page.rotation)
        words.append(shapes.Word(text, *place, 0.0, line, source=TEXT_LAYER if own else LINE_READER))
    lines = (shapes.Line(0, 0, 0, 0, "und", "rtl"),) * (1 + max((word.line for word in words), default=-1))
    width, height = turned_size(size, page.rotation)
    return shapes.Page(
        page.number,
        page.state,
        page.reason,
        width,
        height,
        page.dpi,
        page.rotation,
        page.skew,
        tuple(words),
        lines,
    )
