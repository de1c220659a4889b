"""Our own line reader as an engine."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.engines import Reading, is_blank
from ocr.lettering import words_of_glyphs
from ocr.line_reader import HEIGHT, LineReader
from ocr.shapes import LINE_READER


class NetworkEngine:
    """Reads lines of any height, at 40 pixels."""

    name = LINE_READER
    languages = frozenset({"ara", "eng"})
    starts_processes = False

    def __init__(self, reader: LineReader) -> None:
        self._reader = reader

    def read(self, pictures: Sequence[NDArray[np.uint8]], language: str = "ara") -> list[list[Reading]]:
        """Words of each line; both languages at once, whichever is asked for."""
        inked = [k for k, picture in enumerate(pictures) if not is_blank(picture)]
        glyphs = self._reader.read([_scaled(pictures[k]) for k in inked])
        words: list[list[Reading]] = [[] for _ in pictures]
        for k, line in zip(inked, glyphs, strict=True):
            words[k] = words_of_glyphs(line, pictures[k].shape)
        return words


def _scaled(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = picture.shape
    if height == HEIGHT and width >= 8:
        return picture
    size = (max(8, round(width * HEIGHT / height)), HEIGHT)
    return np.asarray(
        Image.fromarray(picture).resize(
            size, Image.Resampling.BOX if height > HEIGHT else Image.Resampling.BILINEAR
        )
    )
