"""A page as its file gives it, before reading."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from ocr.shapes import Field, Word


@dataclass(frozen=True)
class Picture:
    """A page that is a picture, turned as the file says. `rotation`: degrees clockwise the file asked for."""

    image: Image.Image
    dpi: int
    rotation: int = 0


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


def plausible_dpi(declared: float | None, size: tuple[int, int]) -> int:
    """The declared resolution if paper of that size exists, else one that makes the long side that of A4."""
    longest = max(size)
    if declared and 50 <= declared <= 2500 and 2.0 <= longest / declared <= 60:
        return round(declared)
    return round(min(max(longest / 11.7, 72), 600))
