"""What the reader tells of a page, in the shapes of the port."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.ports.ocr import ReadPage, Word
from ocr.geometry import turned, turned_size


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
                word["confidence"], word["line"], word["doubt"],
            )
            for word in told["words"]
        ),
        preview=preview,
    )  # fmt: skip
