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

# Above this many pixels a page is read at half its size: sheets of A0 and A1.
LARGE = 80_000_000

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
            image = ImageOps.exif_transpose(self._loaded(width * height))
        except DAMAGE as error:
            if self.pages == 1:
                raise SourceRefused("truncated-file", {"actual": self.media_type}) from error
            raise PageRefused("page-damaged") from error
        halved = 0.5 if max(image.size) < 0.75 * max(width, height) else 1.0
        return Picture(image, plausible_dpi(_number(declared, halved), image.size), _rotation(self._image))

    def _loaded(self, pixels: int) -> Image.Image:
        """The decoded page; a very large one at half its size, which is enough for its letters and saves memory."""
        if pixels <= LARGE:
            self._image.load()
            return self._image
        half = (self._image.width // 2, self._image.height // 2)
        self._image.draft(None, half)
        self._image.load()
        if self._image.width * self._image.height <= LARGE:
            return self._image
        whole = self._image.convert("L") if self._image.mode in ("1", "P") else self._image
        return whole.reduce(2)


def _number(declared: object, factor: float) -> float | None:
    """The resolution a file declares, which may be any rubbish."""
    try:
        return float(declared[0]) * factor  # type: ignore[index]
    except DAMAGE:
        return None


def _rotation(image: Image.Image) -> int:
    try:
        return {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}.get(image.getexif().get(0x0112, 1), 0)
    except DAMAGE:
        return 0
