"""A TIFF of many pages, made to begin with any of them: what opens its first page only then opens that one."""

import io
import struct

from PIL.TiffImagePlugin import ImageFileDirectory_v2

_BIG = 43


def directories(file: bytes | bytearray, most: int) -> list[int]:
    """Where the directories of its first pages stand, `most` of them. Raises one of DAMAGE where that is no TIFF."""
    stream = io.BytesIO(file)
    directory = ImageFileDirectory_v2(bytes(file[: 16 if file[2] == _BIG else 8]))
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
