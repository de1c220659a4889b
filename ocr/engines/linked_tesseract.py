"""Tesseract inside this process, through tesserocr; its language data are in memory once it is made."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tesserocr
from numpy.typing import NDArray
from PIL import Image

from ocr.engines import Reading, is_blank
from ocr.engines.tesseract_line import DPI, LSTM_ONLY, RAW_LINE, in_reading_order
from ocr.reading_order import to_logical
from ocr.shapes import TESSERACT


class LinkedTesseract:
    """Reads lines with the language data in a folder. Raises RuntimeError where it holds none of `languages`."""

    name = TESSERACT
    starts_processes = False

    def __init__(self, tessdata: Path, languages: Sequence[str]) -> None:
        self._handles = {
            language: tesserocr.PyTessBaseAPI(path=f"{tessdata}/", lang=language, psm=RAW_LINE, oem=LSTM_ONLY)
            for language in languages
        }
        self.languages = frozenset(languages)

    def read(self, pictures: Sequence[NDArray[np.uint8]], language: str) -> list[list[Reading]]:
        """Words of each line."""
        return [self._line(picture, language) for picture in pictures]

    def _line(self, line: NDArray[np.uint8], language: str) -> list[Reading]:
        if is_blank(line):
            return []
        handle = self._handles[language]
        handle.SetImage(Image.fromarray(line))
        handle.SetVariable("user_defined_dpi", str(DPI))
        handle.Recognize()
        level = tesserocr.RIL.WORD
        iterator = handle.GetIterator()
        words = []
        for word in tesserocr.iterate_level(iterator, level) if iterator is not None else ():
            try:
                text = word.GetUTF8Text(level)
            except RuntimeError:
                continue
            box = word.BoundingBox(level)
            if text and text.strip() and box:
                left, top, right, bottom = (float(side) for side in box)
                sure = float(word.Confidence(level))
                # Word by word it gives letters as printed, also those of right-to-left words.
                words.append(Reading(to_logical(text.strip()), left, top, right, bottom, sure))
        return in_reading_order(words)
