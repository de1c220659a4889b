"""The confined child's third work: cut one page of a file, as it was read, into deep-zoom tiles."""

import sys
from typing import BinaryIO

from PIL import Image

from ocr.confinement import allow_seconds, confine
from ocr.formats import open_source
from ocr.formats.sheet import Picture
from ocr.messages import tell
from ocr.reading import Assignment
from ocr.shapes import PageRefused, SourceRefused
from ocr.tiles import tiles_of

_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def tile_confined(assignment: Assignment, output: BinaryIO) -> None:
    """Gives up every right, then tells the size of the upright page and its tiles, or why there are none."""
    limits = assignment.limits
    confine((sys.prefix, sys.base_prefix), limits.memory_bytes, starts_processes=False)
    try:
        allow_seconds(limits.seconds_per_page)
        image = _upright(assignment)
        tell(output, {"event": "tiled", "width": image.width, "height": image.height})
        for tile in tiles_of(image):
            place = {"level": tile.level, "column": tile.column, "row": tile.row}
            tell(output, {"event": "tile", **place}, tile.content)
        tell(output, {"event": "done"})
    except (SourceRefused, PageRefused) as refusal:
        tell(output, {"event": "refused", "reason": refusal.reason, "data": refusal.data})
    except MemoryError:
        tell(output, {"event": "refused", "reason": "reader-out-of-memory", "data": {}})


def _upright(assignment: Assignment) -> Image.Image:
    """The page with all its pixels, turned as its reading says."""
    number, rotation = assignment.tiles or (1, 0)
    source = open_source(
        assignment.stream, assignment.name, assignment.limits, assignment.password, whole=True
    )
    sheet = source.page(number)
    image = sheet.image if isinstance(sheet, Picture) else sheet.draw()
    turn = (rotation - sheet.rotation) % 360
    return image.transpose(_TURNS[turn]) if turn else image
