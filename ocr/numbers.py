"""Numbers are the keys of an archive, so a number is believed only when two readings of it agree.

Confidence alone is no safe gate: of number lines in which every digit had been at least 90 % sure, 8 in 220 were wrong.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.line_reader import HEIGHT, LineReader

_DIGIT = re.compile(r"\d")
_ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SURE = 80.0
_STRETCH = 1.15
_MARGIN = 10


def has_digit(text: str) -> bool:
    """Whether there is a digit of any script in it."""
    return bool(_DIGIT.search(text))


def digits_of(text: str) -> str:
    """Its digits alone, in ASCII."""
    return "".join(_DIGIT.findall(text)).translate(_ASCII)


def alone(picture: NDArray[np.uint8], left: float, right: float) -> NDArray[np.uint8]:
    """The part of a line from `left` to `right`, a little wider and on more paper: another look at the same ink."""
    here = picture[:, max(0, int(left) - 1) : int(right) + 2]
    size = (max(8, round(here.shape[1] * _STRETCH)), round(HEIGHT * 0.95))
    small = np.asarray(Image.fromarray(here).resize(size, Image.Resampling.BILINEAR))
    paper = int(np.percentile(picture, 90))
    canvas = np.full((HEIGHT, size[0] + 2 * _MARGIN), paper, np.uint8)
    top = (HEIGHT - size[1]) // 2
    canvas[top : top + size[1], _MARGIN : _MARGIN + size[0]] = small
    return canvas


def doubted(numbers: Sequence[tuple[str, float, NDArray[np.uint8]]], reader: LineReader) -> list[bool]:
    """For each (text, confidence, picture of it alone): whether a person should look at it."""
    again = reader.read([picture for _, _, picture in numbers])
    return [
        confidence < _SURE or digits_of(text) != digits_of("".join(g.character for g in glyphs))
        for (text, confidence, _), glyphs in zip(numbers, again, strict=True)
    ]
