"""Tells writing from what only looks like it: crests, signatures, ornaments, the sides of boxes.

A line reader answers something for every picture. What gives the rest away is its shape: taller than any line and yet
two letters long, or long and too low for letters. What is read with hardly a doubt is believed nevertheless: Arabic
letters are low beside the digits of many typefaces.
"""

from collections.abc import Sequence
from dataclasses import replace

from ocr.layout import Piece
from ocr.shapes import Word

_FEW = 4
_TALL = 2.6
_LOW = 0.65
_LONG = 1.5
_SURE = 95.0
_FAIRLY_SURE = 65.0


def weighed(words: Sequence[Word], piece: Piece, text_height: float) -> list[Word]:
    """The words of a piece of line, with no confidence at all where the piece cannot be what they say."""
    return (
        [replace(word, confidence=0.0) for word in words]
        if _is_picture(words, piece, text_height)
        else [*words]
    )


def _is_picture(words: Sequence[Word], piece: Piece, text_height: float) -> bool:
    text = "".join(word.text for word in words)
    if not text:
        return False
    sure = sum(word.confidence * len(word.text) for word in words) / len(text)
    width, height = (piece.right - piece.left) / text_height, (piece.bottom - piece.top) / text_height
    letters, digits = any(c.isalpha() for c in text), any(c.isdigit() for c in text)
    if height <= _LOW and width >= _LONG and letters and sure < _SURE:
        return True
    if len(text) > _FEW:
        return False
    if height >= _TALL and (sure < _SURE or not (letters or digits)):
        return True
    return not digits and letters and sure < _FAIRLY_SURE
