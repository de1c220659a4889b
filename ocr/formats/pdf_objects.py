"""What stands on a PDF's page: which pictures, how sharp they are, and whether its text can be seen."""

import ctypes
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from ocr.formats.pdf_text import direct, on_page
from ocr.formats.text_rows import Floats

_object_of_page = direct(pdfium.FPDFPage_GetObject, pdfium.FPDF_PAGEOBJECT)
_object_of_form = direct(pdfium.FPDFFormObj_GetObject, pdfium.FPDF_PAGEOBJECT)
_kind_of = direct(pdfium.FPDFPageObj_GetType, ctypes.c_int)

_MOST_OBJECTS = 5_000
_HIDDEN = 3
_DEEPEST = 3


@dataclass(frozen=True)
class Image:
    """A picture's pixels, and its box in points from the top left of the page as shown."""

    pixels: tuple[int, int]
    box: tuple[float, float, float, float]

    @property
    def area(self) -> float:
        """Square points."""
        left, top, right, bottom = self.box
        return max(0.0, right - left) * max(0.0, bottom - top)

    @property
    def dpi(self) -> float:
        """Its resolution on the page. It may lie on its side: the area's resolution is the same either way."""
        return 72 * float(self.pixels[0] * self.pixels[1] / self.area) ** 0.5 if self.area > 1 else 0.0


@dataclass(frozen=True)
class Objects:
    """The pictures of a page, the largest first, and whether it has text but none that can be seen."""

    images: list[Image]
    hidden_text: bool


def objects_of(page: pypdfium2.PdfPage, width: float, height: float) -> Objects:
    """Everything on the page and in the forms drawn on it, up to a few thousand objects."""
    texts: list[object] = []
    images: list[object] = []
    waiting = [(page.raw, pdfium.FPDFPage_CountObjects, _object_of_page, 0)]
    seen = 0
    while waiting:
        holder, count_of, object_of, depth = waiting.pop()
        count = min(count_of(holder), _MOST_OBJECTS - seen)
        seen += count
        items = list(map(object_of, repeat(holder, count), range(count)))
        for item, kind in zip(items, map(_kind_of, items), strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                texts.append(item)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                images.append(item)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                waiting.append((item, pdfium.FPDFFormObj_CountObjects, _object_of_form, depth + 1))
    hidden = bool(texts) and all(pdfium.FPDFTextObj_GetTextRenderMode(item) == _HIDDEN for item in texts)
    if not images:
        return Objects([], hidden)
    boxes = on_page(np.array([_bounds(item) for item in images]), page, width, height)
    boxes = np.clip(boxes, 0, (width, height, width, height))
    found = [
        Image(_pixels(item), (a, b, c, d)) for item, (a, b, c, d) in zip(images, boxes.tolist(), strict=True)
    ]
    return Objects(sorted(found, key=lambda image: -image.area), hidden)


def blank_outside(images: list[Image], letters: Floats, size: tuple[int, int], scale: float) -> np.ndarray:
    """Where a page of `size` pixels is to be blanked so that only what its pictures show stays: outside, and under the
    page's own letters."""
    blank = np.ones((size[1], size[0]), np.bool_)
    for left, top, right, bottom in (image.box for image in images):
        blank[round(top * scale) : round(bottom * scale), round(left * scale) : round(right * scale)] = False
    for left, top, right, bottom in np.rint(letters * scale).astype(int).clip(0).tolist():
        blank[top : bottom + 1, left : right + 1] = True
    return blank


def _pixels(image: object) -> tuple[int, int]:
    across, down = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image, across, down)
    return across.value, down.value


def _bounds(item: object) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, top.value, right.value, bottom.value
