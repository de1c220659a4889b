"""Raster images: JPEG, PNG, TIFF of many pages (CCITT and the rest), WebP, BMP, GIF, JPEG 2000, HEIC."""

import struct
import warnings
import zlib
from typing import BinaryIO

import pi_heif
from PIL import Image, UnidentifiedImageError

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

# What turns a picture of each orientation upright, and by how many degrees clockwise: mirrored ones as the others.
_UPRIGHT: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = (5, 6, 7, 8)
_ROTATION: dict[object, int] = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}


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
            orientation = _orientation(self._image)
            across, down = _declared(self._image)
            dpi = plausible_dpi(across, (width, height))
            image = self._decoded(number, dpi)
            share = max(image.size) / max(width, height)
            # Pillow turns a TIFF's pictures as it decodes them, and no others.
            still = _orientation(image)
            if across and down:
                lies = orientation in _LYING and still not in _LYING
                image = squared(image, *((down, across) if lies else (across, down)))
            if still in _UPRIGHT:
                image = image.transpose(_UPRIGHT[still])
        except DAMAGE as error:
            if self.pages == 1:
                raise SourceRefused("truncated-file", {"actual": self.media_type}) from error
            raise PageRefused("page-damaged") from error
        return Picture(image, max(1, round(dpi * share)), _ROTATION.get(still, 0))

    def _decoded(self, number: int, dpi: int) -> Image.Image:
        """A picture of its own, as large as it is read."""
        if self.pages > 1 and (self._whole or reduction(self._image.size, dpi) == 1):
            # To a page of many the way is long from the beginning of the file.
            return self._image.copy()
        # Opened anew, so that its pixels are given back as soon as a smaller picture is made, and are nowhere twice.
        picture = Image.open(self._stream, formats=[PICTURES[self.media_type]])
        picture.seek(number - 1)
        if self._whole:
            picture.load()
            return picture
        return shrunk(picture, dpi)


def _declared(image: Image.Image) -> tuple[float | None, float | None]:
    """The resolutions across and down that a file declares, which may be any rubbish."""
    try:
        across, down = (float(each) for each in image.info["dpi"])
    except DAMAGE:
        return None, None
    return (across, down) if across > 0 and down > 0 else (None, None)


def _orientation(image: Image.Image) -> object:
    """How the picture lies, by its Exif or TIFF tag (TIFF 6.0, Orientation); 1 is upright."""
    try:
        return image.getexif().get(0x0112, 1)
    except DAMAGE:
        return 1
