"""What both ways to Tesseract share: how it is asked about a single line, and the order of its answer."""

from collections.abc import Sequence

from ocr.engines import Reading
from ocr.reading_order import is_right_to_left

# A line as it is, with no segmentation of its own: "single line" (7) drops whole lines of Arabic.
RAW_LINE = 13
LSTM_ONLY = 1
DPI = 300


def in_reading_order(words: Sequence[Reading]) -> list[Reading]:
    """The words of a line, from the right where it reads from the right."""
    return sorted(
        words, key=lambda w: w.left, reverse=is_right_to_left(" ".join(word.text for word in words))
    )
