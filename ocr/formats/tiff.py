"""A TIFF of many pages: made to begin with any of them, for what opens its first page only then opens that one; and a
page's JPEG as it was put in."""

import io
import struct

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

_BIG = 43
_JPEG = 7
_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_BYTES = 256, 257, 259, 262, 273, 279
_TILES, _TILE_BYTES, _TABLES, _PROFILE = 324, 325, 347, 34675
# The colours that a JPEG has by its own rules, as TIFF calls them and Pillow.
_COLOURS = {1: "L", 6: "RGB"}


def directories(file: bytes | bytearray, most: int) -> list[int]:
    """Where the directories of its first pages stand, `most` of them. Raises one of DAMAGE where that is no TIFF."""
    stream = io.BytesIO(file)
    directory = ImageFileDirectory_v2(_head(file))
    found: list[int] = []
    # One that cannot be read leads nowhere, and some lead back.
    while directory.next and directory.next not in found and len(found) < most:
        found.append(directory.next)
        stream.seek(directory.next)
        directory.load(stream)
    return found


def begin_with(file: bytearray, directory: int) -> None:
    """Makes the page with this directory the first; those before it are out of sight, no pixel is touched."""
    order, big = "<" if file[:2] == b"II" else ">", file[2] == _BIG
    struct.pack_into(order + ("Q" if big else "L"), file, 8 if big else 4, directory)


def whole_jpeg(file: bytes, directory: int) -> bytes | None:
    """The JPEG that the page with this directory is, its tables put in; None for a page that is anything else.

    Left alone are those of several strips, of RGB or of inks, and those with a profile, which would be lost.
    Raises one of DAMAGE.
    """
    tags = ImageFileDirectory_v2(_head(file))
    stream = io.BytesIO(file)  # of bytes it makes no copy
    stream.seek(directory)
    tags.load(stream)
    mode = _COLOURS.get(tags.get(_PHOTOMETRIC, 0))
    if tags.get(_COMPRESSION) != _JPEG or mode is None or _PROFILE in tags:
        return None
    starts, sizes = (
        tags.get(strip, ()) + tags.get(tile, ())
        for strip, tile in ((_STRIPS, _TILES), (_STRIP_BYTES, _TILE_BYTES))
    )
    if len(starts) != 1 or len(sizes) != 1:
        return None
    jpeg = file[starts[0] : starts[0] + sizes[0]]
    if tables := tags.get(_TABLES):
        # Between the mark that begins a JPEG and the one that ends it.
        jpeg = jpeg[:2] + tables[2:-2] + jpeg[2:]
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        is_page = image.size == (tags[_WIDTH], tags[_HEIGHT]) and image.mode == mode
        return jpeg if is_page and image.info.get("adobe_transform", 1) == 1 else None


def _head(file: bytes | bytearray) -> bytes:
    return bytes(file[: 16 if file[2] == _BIG else 8])
