"""Who gives second opinions: Tesseract, as this machine has it.

It reads Latin script well, Arabic letters fairly, and Arabic-Indic digits not at all; so it is asked about lines
that our own reader is unsure of, and never about those digits.
"""

from importlib.util import find_spec
from pathlib import Path

from ocr.engines import Engine

_WANTED = ("ara", "eng")


def second_reader(tessdata: str | None) -> Engine | None:
    """The best second reader this machine has; None when it has none."""
    if tessdata and find_spec("tesserocr"):
        found = [x for x in _WANTED if (Path(tessdata) / f"{x}.traineddata").is_file()]
        if found:
            from ocr.engines.linked_tesseract import LinkedTesseract

            return LinkedTesseract(Path(tessdata), found)
    if find_spec("pytesseract"):
        from ocr.engines.tesseract_program import TesseractProgram, installed_languages

        languages = installed_languages() & frozenset(_WANTED)
        if languages:
            return TesseractProgram(languages)
    return None
