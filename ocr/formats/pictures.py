"""Raster images: JPEG, PNG, TIFF of many pages (CCITT and the rest), WebP, BMP, GIF, JPEG 2000, HEIC."""

import struct
import warnings
import zlib
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from ocr.formats.sheet import Picture, plausible_dpi, squared
from ocr.formats.shrunk import reduction, shrunk
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

# Four megabytes that only decode; pillow-heif brings encoders too, and 27.
pi_heif.options.DECODE_THREADS = 1
pi_heif.register_heif_opener()


class PictureSource:
    """A file of one picture, or a TIFF of many."""

    def __init__(self, stream: BinaryIO, media_type: str, limits: Limits, whole: bool = False) -> None:
        self.media_type = media_type
        self._stream = stream
        self._limits = limits
        self._whole = whole
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
            across, down = _declared(self._image)
            dpi = plausible_dpi(across, (width, height))
            image = self._decoded(number, dpi)
            share = max(image.size) / max(width, height)
            if across and down:
                image = squared(image, across, down)
            image = ImageOps.exif_transpose(image)
        except DAMAGE as error:
            if self.pages == 1:
                raise SourceRefused("truncated-file", {"actual": self.media_type}) from error
            raise PageRefused("page-damaged") from error
        return Picture(image, max(1, round(dpi * share)), _rotation(self._image))

    def _decoded(self, number: int, dpi: int) -> Image.Image:
        if self._whole or reduction(self._image.size, dpi) == 1:
            self._image.load()
            return self._image
        # Opened anew, so that its pixels are given back as soon as the smaller picture is made.
        whole = Image.open(self._stream, formats=[PICTURES[self.media_type]])
        whole.seek(number - 1)
        return shrunk(whole, dpi)


def _declared(image: Image.Image) -> tuple[float | None, float | None]:
    """The resolutions across and down that a file declares, which may be any rubbish."""
    try:
        across, down = (float(each) for each in image.info["dpi"])
    except DAMAGE:
        return None, None
    return (across, down) if across > 0 and down > 0 else (None, None)


def _rotation(image: Image.Image) -> int:
    try:
        return {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}.get(image.getexif().get(0x0112, 1), 0)
    except DAMAGE:
        return 0
