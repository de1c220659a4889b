"""Tiles of a page: at every level they make up the whole page again, and neighbours share a pixel."""

import io
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr.document import write_tiles
from ocr.shapes import Limits, Page, Profile, SourceRefused
from ocr.tiles import OVERLAP, SIDE, Tile, descriptor, tiles_of


def page(width: int, height: int, mode: str = "L") -> Image.Image:
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(((across + down) / 2).astype(np.uint8)).convert(mode)


def opened(tile: Tile) -> Image.Image:
    return Image.open(io.BytesIO(tile.content))


@pytest.mark.parametrize("size", [(1300, 1100), (510, 511), (1, 3000), (1, 1)])
def test_every_level_is_the_whole_page_halved(size: tuple[int, int]) -> None:
    tiles = list(tiles_of(page(*size)))
    top = max(t.level for t in tiles)
    assert 2**top >= max(size) > 2 ** (top - 1) or size == (1, 1)
    assert {t.level for t in tiles} == set(range(top + 1))
    width, height = size
    for level in range(top, -1, -1):
        here = {(t.column, t.row): opened(t) for t in tiles if t.level == level}
        columns, rows = -(-width // SIDE), -(-height // SIDE)
        assert set(here) == {(c, r) for c in range(columns) for r in range(rows)}
        for (column, row), picture in here.items():
            assert picture.size == (
                min(width, (column + 1) * SIDE + OVERLAP) - max(0, column * SIDE - OVERLAP),
                min(height, (row + 1) * SIDE + OVERLAP) - max(0, row * SIDE - OVERLAP),
            )
        width, height = -(-width // 2), -(-height // 2)


def test_a_tile_shows_its_part_of_the_page() -> None:
    image = page(1300, 1100)
    (tile,) = [t for t in tiles_of(image) if (t.level, t.column, t.row) == (11, 1, 1)]
    part = np.asarray(image.crop((SIDE - 1, SIDE - 1, 2 * SIDE + 1, 2 * SIDE + 1)), int)
    assert np.abs(np.asarray(opened(tile), int) - part).max() < 12
    assert tile.name == "11/1_1.jpeg"


@pytest.mark.parametrize(
    ("mode", "shown"), [("1", "L"), ("L", "L"), ("RGB", "RGB"), ("P", "RGB"), ("RGBA", "RGB")]
)
def test_pages_of_every_kind_have_tiles(mode: str, shown: str) -> None:
    assert {opened(t).mode for t in tiles_of(page(700, 600, mode))} == {shown}


def test_the_descriptor_says_what_a_viewer_must_know() -> None:
    root = ET.fromstring(descriptor((7022, 4967)))
    assert (root.get("TileSize"), root.get("Overlap"), root.get("Format")) == ("510", "1", "jpeg")
    assert [(s.get("Width"), s.get("Height")) for s in root] == [("7022", "4967")]


def test_a_page_is_cut_into_tiles_the_right_way_up_by_a_confined_child(tmp_path: Path) -> None:
    image = page(1200, 900).transpose(Image.Transpose.ROTATE_90)
    scan = tmp_path / "scan.png"
    image.save(scan)
    read = Page(1, "read", width=900, height=1200, rotation=90)
    written = write_tiles(scan, read, tmp_path / "tiles", Profile(), Limits())
    assert written == tmp_path / "tiles" / "page-0001.dzi"
    assert 'Width="1200" Height="900"' in written.read_text("utf-8")
    first = Image.open(tmp_path / "tiles" / "page-0001_files" / "11" / "0_0.jpeg")
    # Dark above left, as the page was before it was laid on its side.
    assert first.getpixel((5, 5)) < 10 < 60 < first.getpixel((500, 500))
    assert len(list((tmp_path / "tiles").rglob("*.jpeg"))) == len(list(tiles_of(page(1200, 900))))


@pytest.mark.parametrize("file", ["sheet.tiff", "sheet.pdf"])
def test_large_sheets_are_shown_with_all_their_pixels_though_they_are_read_smaller(
    tmp_path: Path, file: str
) -> None:
    scan = tmp_path / file
    page(8200, 600, "1").save(scan, dpi=(400, 400), resolution=400)
    written = write_tiles(
        scan, Page(1, "read", width=4100, height=300), tmp_path / "tiles", Profile(), Limits()
    )
    assert 'Width="8200" Height="600"' in written.read_text("utf-8")


def test_what_cannot_be_shown_has_no_descriptor(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(SourceRefused):
        write_tiles(scan, Page(1, "read"), tmp_path / "tiles", Profile(), Limits())
    assert not list(tmp_path.rglob("*.dzi"))
