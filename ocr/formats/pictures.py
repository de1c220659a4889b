"""Raster images: JPEG, PNG, TIFF of many pages (CCITT and the rest), WebP, BMP, GIF, JPEG 2000."""

import struct
import warnings
import zlib
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from ocr.formats.sheet import Picture, plausible_dpi
from ocr.media_type import PICTURES, TIFF
from ocr.shapes import Limits, PageRefused, SourceRefused

# What Pillow raises on bytes that are not what they should be.
DAMAGE = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, AttributeError, OverflowError,
    struct.error, zlib.error, UnidentifiedImageError, RuntimeError, ZeroDivisionError, AssertionError,
)  # fmt: skip

# The pixel limit is ours, page by page, and checked before decoding.
Image.MAX_IMAGE_PIXELS = None
warnings.simplefilter("ignore")


class PictureSource:
    """A file of one picture, or a TIFF of many."""

    def __init__(self, stream: BinaryIO, media_type: str, limits: Limits) -> None:
        self.media_type = media_type
        self._limits = limits
        try:
            self._image = Image.open(stream, formats=[PICTURES[media_type]])
            self.pages = self._count(limits.pages) if media_type == TIFF else 1
        except DAMAGE as error:
            raise SourceRefused("truncated-file", {"actual": media_type}) from error

    def _count(self, enough: int) -> int:
        count = 1
        while count <= enough:
            try:
                self._image.seek(count)
            except EOFError:
                break
            except DAMAGE:
                # A page that cannot even be found is counted, and refused when its turn comes.
                count += 1
                break
            count += 1
        return count

    def page(self, number: int) -> Picture:
        """The page decoded; too-many-pixels from its header alone."""
        try:
            self._image.seek(number - 1)
            width, height = self._image.size
            if width * height > self._limits.pixels:
                raise PageRefused("too-many-pixels", {"width": width, "height": height})
            if width < 1 or height < 1:
                raise PageRefused("page-damaged")
            declared = self._image.info.get("dpi")
            self._image.load()
            image = ImageOps.exif_transpose(self._image)
        except DAMAGE as error:
            if self.pages == 1:
                raise SourceRefused("truncated-file", {"actual": self.media_type}) from error
            raise PageRefused("page-damaged") from error
        dpi = declared[0] if isinstance(declared, tuple) and declared else None
        try:
            dpi = float(dpi) if dpi is not None else None
        except DAMAGE:
            dpi = None
        return Picture(image, plausible_dpi(dpi, image.size), _rotation(self._image))


def _rotation(image: Image.Image) -> int:
    try:
        return {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}.get(image.getexif().get(0x0112, 1), 0)
    except DAMAGE:
        return 0
