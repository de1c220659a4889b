"""What both ways to Tesseract share: how it is asked about a single line, and the order of its answer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.engines import Reading
from ocr.reading_order import is_right_to_left

# A line as it is, with no segmentation of its own: "single line" (7) drops whole lines of Arabic.
RAW_LINE = 13
LSTM_ONLY = 1
DPI = 300

_FAINTEST = 24


def is_blank(line: NDArray[np.uint8]) -> bool:
    """Whether there is no ink to speak of: asked about a raw line of mere paper, Tesseract invents a word."""
    return int(line.max()) - int(line.min()) < _FAINTEST


def in_reading_order(words: Sequence[Reading]) -> list[Reading]:
    """The words of a line, from the right where it reads from the right."""
    return sorted(
        words, key=lambda w: w.left, reverse=is_right_to_left(" ".join(word.text for word in words))
    )
