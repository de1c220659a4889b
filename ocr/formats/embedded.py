"""The scan inside a PDF page, taken out as it was put in: large ones need not be drawn whole to be read small."""

import io
from typing import BinaryIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from ocr.formats.sheet import squared
from ocr.formats.shrunk import shrunk

_ENCODINGS = {"/DCTDecode": "JPEG", "/CCITTFaxDecode": "TIFF"}
_HIDDEN = 3
_SLACK = 0.02
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def embedded_scan(
    stream: BinaryIO, password: str | None, index: int, page: pypdfium2.PdfPage, dpi: float | None
) -> Image.Image | None:
    """The picture of a page that is nothing but one upright JPEG or CCITT image, turned as the page is and shrunk to
    the size at which it is read, given its `dpi`; None where the page is anything else and must be drawn."""
    if not _is_one_image(page):
        return None
    position = stream.tell()
    try:
        stream.seek(0)
        with pikepdf.open(stream, password=password or "") as document:
            images = document.pages[index].get_images()
            if len(images) != 1:
                return None
            (image,) = (pikepdf.PdfImage(raw) for raw in images.values())  # type: ignore[arg-type]
            if len(image.filters) != 1 or image.filters[0] not in _ENCODINGS or not _is_plain(image):
                return None
            content = io.BytesIO()
            image.extract_to(stream=content)
        content.seek(0)
        scan = Image.open(content, formats=[_ENCODINGS[image.filters[0]]])
        if dpi is None:
            scan.load()
        picture = scan if dpi is None else shrunk(scan, dpi)
        width, height = _size(page)
        picture = squared(picture, picture.width / width, picture.height / height)
    except (pikepdf.PdfError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError, TypeError):
        # What cannot be taken out can often still be drawn.
        return None
    finally:
        stream.seek(position)
    rotation = page.get_rotation()
    return picture.transpose(_TURNS[rotation]) if rotation else picture


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Width and height of the page as its content is written, before the page is turned."""
    width, height = page.get_size()
    return (height, width) if page.get_rotation() in (90, 270) else (width, height)


def _is_plain(image: pikepdf.PdfImage) -> bool:
    """Whether the image's own pixels are what is shown: nothing masked, inverted or in four inks."""
    attributes = image.obj
    masked = any(key in attributes for key in ("/SMask", "/Mask", "/Decode")) or image.image_mask
    return not masked and (image.mode in ("L", "RGB") or image.bits_per_component == 1)


def _is_one_image(page: pypdfium2.PdfPage) -> bool:
    """Whether the page shows one image, upright and as large as the page, and nothing that is drawn over it."""
    if pdfium.FPDFPage_GetAnnotCount(page):
        return False
    width, height = _size(page)
    images = 0
    for item in page.get_objects(max_depth=1):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFTextObj_GetTextRenderMode(item) == _HIDDEN:
            continue
        if item.type != pdfium.FPDF_PAGEOBJ_IMAGE:
            return False
        a, b, c, d, _, _ = item.get_matrix().get()
        fits = abs(a - width) < _SLACK * width and abs(d - height) < _SLACK * height
        if not fits or abs(b) > _SLACK * width or abs(c) > _SLACK * height:
            return False
        images += 1
    return images == 1
