"""Deep-zoom tiles: a page at every scale down to one pixel, in squares that a viewer fetches as it needs them.

The layout is Deep Zoom's (DZI): level `k` is the page halved until its long side has at most 2^k pixels, tiles are 510
pixels wide and high and reach one pixel into their neighbours.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from ocr.formats.shrunk import reduced

SIDE = 510
OVERLAP = 1
FORMAT = "jpeg"

_QUALITY = 75


@dataclass(frozen=True)
class Tile:
    """One tile: its level (0 is one pixel), its place counted from the upper left, and its JPEG."""

    level: int
    column: int
    row: int
    content: bytes

    @property
    def name(self) -> str:
        """The name of its file in the pyramid's folder."""
        return f"{self.level}/{self.column}_{self.row}.{FORMAT}"


class Pyramid:
    """The tiles of one page on disk: `page-0001_files/LEVEL/COLUMN_ROW.jpeg` in `folder`, and `page-0001.dzi`, which
    is written last and so tells that they are all there. Fed with what a confined child says."""

    def __init__(self, folder: Path, page: int) -> None:
        self._tiles = folder / f"page-{page:04d}_files"
        self._descriptor = folder / f"page-{page:04d}.dzi"
        self._size = (0, 0)

    def take(self, message: Mapping[str, Any], content: bytes) -> None:
        """Keeps the page's size, or writes a tile."""
        if message["event"] == "tiled":
            self._size = (message["width"], message["height"])
            return
        tile = self._tiles / Tile(message["level"], message["column"], message["row"], content).name
        tile.parent.mkdir(parents=True, exist_ok=True)
        tile.write_bytes(content)

    def finish(self) -> Path:
        """Writes the DZI file and returns it."""
        self._descriptor.write_text(descriptor(self._size), "utf-8")
        return self._descriptor


def descriptor(size: tuple[int, int]) -> str:
    """The DZI file of a page of this width and height."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="{FORMAT}" Overlap="{OVERLAP}" '
        f'TileSize="{SIDE}"><Size Width="{size[0]}" Height="{size[1]}"/></Image>\n'
    )


def tiles_of(image: Image.Image) -> Iterator[Tile]:
    """Every tile of a page, the largest level first. No more than that level and the next are held at a time."""
    for level in range((max(image.size) - 1).bit_length(), -1, -1):
        for row, top in enumerate(range(0, image.height, SIDE)):
            for column, left in enumerate(range(0, image.width, SIDE)):
                box = (
                    max(0, left - OVERLAP), max(0, top - OVERLAP),
                    min(image.width, left + SIDE + OVERLAP), min(image.height, top + SIDE + OVERLAP),
                )  # fmt: skip
                yield Tile(level, column, row, _jpeg(image.crop(box)))
        image = reduced(image, 2)


def _jpeg(tile: Image.Image) -> bytes:
    out = io.BytesIO()
    tile.convert("L" if tile.mode in ("1", "L") else "RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
