"""Tesseract as a program of its own, one process a line: slow, and there wherever a system package put it."""

import shutil
from collections.abc import Sequence

import numpy as np
import pytesseract
from numpy.typing import NDArray
from PIL import Image

from ocr.engines import Reading, is_blank
from ocr.engines.tesseract_line import DPI, RAW_LINE, in_reading_order
from ocr.shapes import TESSERACT

_PATIENCE = 10


def installed_languages() -> frozenset[str]:
    """The languages that the system's Tesseract has data for; none where there is no Tesseract."""
    return frozenset(pytesseract.get_languages()) if shutil.which("tesseract") else frozenset()


class TesseractProgram:
    """Reads lines with the system's Tesseract."""

    name = TESSERACT
    starts_processes = True

    def __init__(self, languages: frozenset[str]) -> None:
        self.languages = languages

    def read(self, pictures: Sequence[NDArray[np.uint8]], language: str) -> list[list[Reading]]:
        """Words of each line."""
        return [self._line(picture, language) for picture in pictures]

    def _line(self, line: NDArray[np.uint8], language: str) -> list[Reading]:
        if is_blank(line):
            return []
        try:
            found = pytesseract.image_to_data(
                Image.fromarray(line), lang=language, config=f"--psm {RAW_LINE} --dpi {DPI}", timeout=_PATIENCE,
                output_type=pytesseract.Output.DICT,
            )  # fmt: skip
        except (RuntimeError, OSError, pytesseract.TesseractError):
            return []
        rows = zip(*(found[name] for name in ("text", "conf", "left", "top", "width", "height")), strict=True)
        return in_reading_order(
            [
                Reading(
                    text.strip(),
                    float(left),
                    float(top),
                    float(left + width),
                    float(top + height),
                    float(sure),
                )
                for text, sure, left, top, width, height in rows
                if text.strip()
            ]
        )
