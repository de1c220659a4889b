"""The letters of a PDF's page and their boxes, as pdfium finds them."""

import ctypes
from collections import deque
from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from ocr.formats.text_rows import Codes, Floats, Letters

_MOST_LETTERS = 60_000
_LEVEL = 0.1
_REPLACEMENT = 0xFFFD
# Whether a character is white space, by its code; none is above the ideographic space.
_WHITE = np.array([chr(c).isspace() for c in range(0x3002)])
_BOX_BYTES = ctypes.sizeof(pdfium.FS_RECTF)


def direct(function: Any, result: Any) -> Any:
    """The function of pdfium for arguments that need no converting, which takes longer than most of its answers do."""
    return ctypes.cast(function, ctypes.PYFUNCTYPE(result))


_angle_of = direct(pdfium.FPDFText_GetCharAngle, ctypes.c_float)
_box_into = direct(pdfium.FPDFText_GetLooseCharBox, None)
_tight_box_into = direct(pdfium.FPDFText_GetCharBox, ctypes.c_int)
_is_generated = direct(pdfium.FPDFText_IsGenerated, ctypes.c_int)
_is_unmapped = direct(pdfium.FPDFText_HasUnicodeMapError, ctypes.c_int)
_code_of = direct(pdfium.FPDFText_GetUnicode, ctypes.c_uint)


def letters_of(page: pypdfium2.PdfPage, width: float, height: float) -> Letters:
    """Every letter of the page with its box in points from the top left of the page as shown.

    One call a letter is what costs here: boxes are written by pdfium where numpy reads them, and the direction of
    writing and the faithfulness of the font are asked once a word.
    """
    text = page.get_textpage()
    try:
        raw = text.raw
        count = min(text.count_chars(), _MOST_LETTERS)
        codes = _codes(raw, count)
        codes[(codes == 0) | (codes >= 0x110000) | ((codes >= 0xD800) & (codes < 0xE000))] = _REPLACEMENT
        white = _WHITE[np.minimum(codes, len(_WHITE) - 1)]
        spaces = np.flatnonzero(white)
        codes[spaces[_told(_is_generated, raw, spaces) == 1]] = 0
        bounds = np.concatenate(((-1,), spaces, (count,)))
        lengths = bounds[1:] - bounds[:-1] - 1
        starts, lengths = bounds[:-1][lengths > 0] + 1, lengths[lengths > 0]
        level = np.ones(count, np.bool_)
        level[~white] = np.repeat(np.abs(_told(_angle_of, raw, starts) % np.pi) < _LEVEL, lengths)
        unsure = _told(_is_unmapped, raw, starts) == 1
        for start, length in zip(starts[unsure].tolist(), lengths[unsure].tolist(), strict=True):
            letters = np.arange(start, start + length)
            codes[letters[_told(_is_unmapped, raw, letters) == 1]] = _REPLACEMENT
        boxes = _boxes(raw, codes)
        return Letters(codes, on_page(boxes, page, width, height), level)
    finally:
        text.close()


def _told(asked: Callable[..., float], raw: ctypes.c_void_p, places: NDArray[np.intp]) -> NDArray[np.float64]:
    """What pdfium answers of each of the letters."""
    return np.fromiter(map(asked, repeat(raw), places.tolist()), np.float64, len(places))


def _codes(raw: ctypes.c_void_p, count: int) -> Codes:
    """The code of each character: all in one call, or one by one where that call leaves some out."""
    told = np.zeros(count + 1, np.uint16)
    written = pdfium.FPDFText_GetText(raw, 0, count, told.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort)))
    if written == count + 1 and told[:-1].all() and not ((told >= 0xD800) & (told < 0xE000)).any():
        return told[:-1].astype(np.uint32)
    return np.fromiter(map(_code_of, repeat(raw), range(count)), np.uint32, count)


def _boxes(raw: ctypes.c_void_p, codes: Codes) -> Floats:
    """Left, top, right, bottom of each letter in the page's own coordinates: the font's height, not the glyph's."""
    count = len(codes)
    room = (pdfium.FS_RECTF * count)()
    places = map(ctypes.byref, repeat(room), range(0, count * _BOX_BYTES, _BOX_BYTES))
    deque(map(_box_into, repeat(raw), range(count), places), maxlen=0)
    boxes = np.frombuffer(room, np.float32).reshape(-1, 4).astype(np.float64)
    tight = (ctypes.c_double * 4)()
    sides = [ctypes.byref(tight, k * ctypes.sizeof(ctypes.c_double)) for k in range(4)]
    for i in np.flatnonzero((codes != 0) & ~(boxes[:, 0] < boxes[:, 2])).tolist():
        if _tight_box_into(raw, i, *sides):
            left, right, bottom, top = tight
            boxes[i] = left, top, right, bottom
    return boxes


def on_page(boxes: Floats, page: pypdfium2.PdfPage, width: float, height: float) -> Floats:
    """Boxes by two opposite corners in the page's own coordinates, as boxes in points from its top left as shown."""
    fine = 100
    at = ctypes.c_int(), ctypes.c_int()

    def device(at_x: float, at_y: float) -> Floats:
        pdfium.FPDF_PageToDevice(
            page.raw, 0, 0, round(width * fine), round(height * fine), 0, at_x, at_y, *at
        )
        return np.array([place.value for place in at]) / fine

    origin, along, up = device(0, 0), device(1000, 0), device(0, 1000)
    turn = np.array((along - origin, up - origin)) / 1000
    out = np.empty_like(boxes)
    for k in (0, 1):
        one, other = (boxes[:, i] * turn[0, k] + boxes[:, i + 1] * turn[1, k] + origin[k] for i in (0, 2))
        np.minimum(one, other, out=out[:, k])
        np.maximum(one, other, out=out[:, k + 2])
    return out
