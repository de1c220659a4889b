"""The second opinion: Tesseract, through tesserocr where it is installed, else through its own binary.

Tesseract reads Latin script well, Arabic letters fairly, and Arabic-Indic digits not at all; so it is asked about lines
our own reader is unsure of, and never about those digits.
"""

import shutil
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

try:
    import tesserocr
except ImportError:
    tesserocr = None
try:
    import pytesseract
except ImportError:
    pytesseract = None

_RAW_LINE = 13
_LSTM_ONLY = 1
_DPI = "300"


class SecondReader(Protocol):
    """Another reader of single lines. `languages` are those it has data for ("ara", "eng")."""

    languages: frozenset[str]
    starts_processes: bool

    def read(self, line: NDArray[np.uint8], language: str) -> list[tuple[str, float, float, float]]:
        """Words from left to right: text in logical order, confidence 0 to 100, left and right in pixels."""
        ...


def second_reader(tessdata: str | None) -> SecondReader | None:
    """The best second reader this machine has; None when it has none."""
    if tessdata and tesserocr:
        languages = frozenset(x for x in ("ara", "eng") if (Path(tessdata) / f"{x}.traineddata").is_file())
        if languages:
            return LinkedTesseract(tessdata, languages)
    if shutil.which("tesseract") and pytesseract:
        languages = frozenset({"ara", "eng"} & set(pytesseract.get_languages()))
        if languages:
            return TesseractProgram(languages)
    return None


class LinkedTesseract:
    """Tesseract inside this process; its language data are in memory once it is made."""

    starts_processes = False

    def __init__(self, tessdata: str, languages: frozenset[str]) -> None:
        self.languages = languages
        self._handles = {
            language: tesserocr.PyTessBaseAPI(
                path=tessdata + "/", lang=language, psm=_RAW_LINE, oem=_LSTM_ONLY
            )
            for language in languages
        }

    def read(self, line: NDArray[np.uint8], language: str) -> list[tuple[str, float, float, float]]:
        """Words from left to right."""
        handle = self._handles[language]
        handle.SetImage(Image.fromarray(line))
        handle.SetVariable("user_defined_dpi", _DPI)
        handle.Recognize()
        words = []
        level = tesserocr.RIL.WORD
        iterator = handle.GetIterator()
        if iterator is not None:
            for word in tesserocr.iterate_level(iterator, level):
                try:
                    text = word.GetUTF8Text(level)
                except RuntimeError:
                    continue
                box = word.BoundingBox(level)
                if text and text.strip() and box:
                    words.append((text.strip(), float(word.Confidence(level)), float(box[0]), float(box[2])))
        return sorted(words, key=lambda w: w[2])


class TesseractProgram:
    """Tesseract as a program of its own, one process a line: slow, and there wherever a system package put it."""

    starts_processes = True

    def __init__(self, languages: frozenset[str]) -> None:
        self.languages = languages

    def read(self, line: NDArray[np.uint8], language: str) -> list[tuple[str, float, float, float]]:
        """Words from left to right."""
        try:
            found = pytesseract.image_to_data(
                Image.fromarray(line), lang=language, config=f"--psm {_RAW_LINE} --dpi {_DPI}", timeout=10,
                output_type=pytesseract.Output.DICT,
            )  # fmt: skip
        except (RuntimeError, OSError, pytesseract.TesseractError):
            return []
        words = [
            (text.strip(), float(confidence), float(left), float(left + width))
            for text, confidence, left, width in zip(
                found["text"], found["conf"], found["left"], found["width"], strict=True
            )
            if text.strip()
        ]
        return sorted(words, key=lambda w: w[2])
