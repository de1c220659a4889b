"""A page as its file gives it, before reading."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from ocr.shapes import Field, Word

# Inches. On less paper than this no line of an office's print stands: what is there is looked for by its pixels alone.
SMALL = 2.0
_LARGEST = 60.0
_A4 = 11.7
# Pixels are made square where they are no longer than so many times their breadth, and the picture stays so small.
_OBLONG, _LARGEST_SQUARED = 4.0, 60_000_000


@dataclass(frozen=True)
class Picture:
    """A page that is a picture, turned as the file says. `dpi` tells how large its paper is; `rotation`: degrees
    clockwise the file asked for."""

    image: Image.Image
    dpi: int
    rotation: int = 0

    @property
    def reading_dpi(self) -> int:
        """The resolution to look for text at: the paper's, but a stamp's as if it were as large as A4, for by its own
        it would be made too small to find anything on it."""
        longest = max(self.image.size)
        return self.dpi if longest >= SMALL * self.dpi else _as_a4(longest)


@dataclass(frozen=True)
class Lettered:
    """A page whose text is known. Words are boxed in pixels of a `width` by `height` page; `draw` shows it; `inset` is
    the whole page again, blank but for pictures whose text is not known; `fields` those that the file names itself."""

    words: tuple[Word, ...]
    width: int
    height: int
    dpi: int
    draw: Callable[[], Image.Image]
    rotation: int = 0
    inset: Picture | None = None
    fields: tuple[Field, ...] = ()


def squared(image: Image.Image, across: float, down: float) -> Image.Image:
    """The picture with pixels as high as they are wide, given how many there are to an inch across and down.

    A fax has 204 to 98 (ITU-T T.4, standard resolution); what differs by less than a tenth is taken for rounding.
    """
    ratio = across / down
    if not 1.1 < max(ratio, 1 / ratio) <= _OBLONG:
        return image
    size = (
        (image.width, round(image.height * ratio))
        if ratio > 1
        else (round(image.width / ratio), image.height)
    )
    if size[0] * size[1] > _LARGEST_SQUARED:
        return image
    return (image.convert("L") if image.mode == "1" else image).resize(size, Image.Resampling.BICUBIC)


def plausible_dpi(declared: float | None, size: tuple[int, int]) -> int:
    """The declared resolution if scanners have it and paper of that size exists, else one that makes the long side
    that of A4."""
    longest = max(size)
    if declared and 50 <= declared <= 10_000 and longest / declared <= _LARGEST:
        return round(declared)
    return _as_a4(longest)


def _as_a4(longest: int) -> int:
    return round(min(max(longest / _A4, 72), 600))
