"""PDF: a page's own text where it has some that can be trusted, else its picture at the scan's resolution."""

import contextlib
import ctypes
import io
from itertools import repeat
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from ocr.drawings.paper import is_large, shrinking
from ocr.formats.embedded import embedded_scan
from ocr.formats.pdf_text import letters_of
from ocr.formats.sheet import Lettered, Picture
from ocr.formats.shrunk import LARGE
from ocr.formats.text_layer import Letters, words_of_letters
from ocr.media_type import PDF
from ocr.shapes import Limits, PageRefused, SourceRefused

_TEXT_DPI = 150
_LARGEST_RENDERING = 40_000_000
_LARGEST_SIDE = 30_000
_PREVIEW_SIDE = 1600
_SHARPEST = 200
_MOST_OBJECTS = 5_000
_HIDDEN = 3
_DEEPEST = 3
_WHOLE = 0.9


class PdfSource:
    """An opened PDF. Files that pdfium cannot open are given to qpdf once, which can mend many of them.

    What it cannot find again it leaves out: a page of a mended file that shows nothing is no blank page but a lost
    one, and a file of nothing else is refused as a whole.
    """

    media_type = PDF

    def __init__(self, stream: BinaryIO, limits: Limits, password: str | None = None) -> None:
        self._limits = limits
        self._stream = stream
        self._password = password
        self._is_mended = False
        try:
            self._document = pypdfium2.PdfDocument(stream, password)
        except pypdfium2.PdfiumError as error:
            if _error_code(error) == pdfium.FPDF_ERR_PASSWORD:
                raise SourceRefused("password-protected") from error
            self._document = pypdfium2.PdfDocument(_mended(stream, password))
            self._is_mended = True
        self.pages = len(self._document)
        if self._is_mended and not any(self._shows_something(n) for n in range(self.pages)):
            raise SourceRefused("truncated-file", {"actual": PDF})

    def page(self, number: int) -> Picture | Lettered:
        """The page as text or as picture."""
        try:
            page = self._document[number - 1]
        except (pypdfium2.PdfiumError, KeyError, IndexError) as error:
            raise PageRefused("page-damaged") from error
        try:
            return self._page(page, number - 1)
        except pypdfium2.PdfiumError as error:
            raise PageRefused("page-damaged") from error
        finally:
            page.close()

    def _page(self, page: pypdfium2.PdfPage, index: int) -> Picture | Lettered:
        width, height = page.get_size()
        if not (0 < width < 1e6 and 0 < height < 1e6):
            raise PageRefused("page-damaged")
        rotation = page.get_rotation()
        if _is_empty(page):
            if self._is_mended:
                raise PageRefused("page-damaged")
            return self._lettered(page, None, width, height, rotation)
        scan_dpi, share, hidden = self._survey(page, width, height)
        scanned = share > 0.6
        if not (scanned and hidden):
            letters = letters_of(page, width, height)
            if len(letters) >= (100 if scanned else 1) and not _is_garbage(letters):
                return self._lettered(page, letters, width, height, rotation)
        dpi = min(max(scan_dpi, 100), 600) if scan_dpi else 300
        wanted = width * height * (dpi / 72) ** 2
        if wanted > self._limits.pixels and scan_dpi and share > 0.3:
            raise PageRefused(
                "too-many-pixels", {"width": round(width * dpi / 72), "height": round(height * dpi / 72)}
            )
        if is_large((round(width * dpi / 72), round(height * dpi / 72)), dpi) and share > _WHOLE:
            scan = embedded_scan(self._stream, self._password, index, page, dpi)
            if scan is not None:
                return Picture(scan, max(1, round(max(scan.size) * 72 / max(width, height))), rotation)
            dpi /= shrinking(dpi)
            wanted = width * height * (dpi / 72) ** 2
        most = LARGE if scan_dpi else _LARGEST_RENDERING
        if wanted > most:
            dpi = dpi * (most / wanted) ** 0.5
        dpi = min(dpi, _LARGEST_SIDE * 72 / max(width, height))
        return Picture(_rendered(page, dpi / 72), max(1, round(dpi)), rotation)

    def _shows_something(self, index: int) -> bool:
        try:
            page = self._document[index]
        except (pypdfium2.PdfiumError, KeyError, IndexError):
            return False
        with contextlib.closing(page):
            return not _is_empty(page)

    def _survey(self, page: pypdfium2.PdfPage, width: float, height: float) -> tuple[float, float, bool]:
        """Resolution of the page's largest image, its share of the page, and whether all its text is invisible."""
        dpi, share = 0.0, 0.0
        texts, images = _objects(page)
        for item in images:
            across, down = _pixels(item)
            if across * down > self._limits.pixels:
                raise PageRefused("too-many-pixels", {"width": across, "height": down})
            wide, high = (min(side, width + height) for side in _extent(item))
            here = wide * high / (width * height)
            if wide > 1 and high > 1 and here > share:
                share = min(here, 1.0)
                # The image may lie on its side: the area's resolution is the same either way.
                dpi = 72 * (across * down / (wide * high)) ** 0.5
        hidden = bool(texts) and all(pdfium.FPDFTextObj_GetTextRenderMode(item) == _HIDDEN for item in texts)
        return dpi, share, hidden

    def _lettered(
        self, page: pypdfium2.PdfPage, letters: Letters | None, width: float, height: float, rotation: int
    ) -> Lettered:
        dpi = min(_TEXT_DPI, _LARGEST_SIDE * 72 / max(width, height))
        scale = dpi / 72
        words = words_of_letters(letters, scale)[: self._limits.words_per_page] if letters else []
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = _rendered(page, min(_PREVIEW_SIDE / max(width, height), _SHARPEST / 72))
        return Lettered(tuple(words), *size, max(1, round(dpi)), image, rotation)


def _is_empty(page: pypdfium2.PdfPage) -> bool:
    return not pdfium.FPDFPage_CountObjects(page) and not pdfium.FPDFPage_GetAnnotCount(page)


def _objects(page: pypdfium2.PdfPage) -> tuple[list[object], list[object]]:
    """Text and image objects of a page and of the forms drawn on it, up to a few thousand of them."""
    texts: list[object] = []
    images: list[object] = []
    waiting = [(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, 0)]
    seen = 0
    while waiting:
        holder, count_of, object_of, depth = waiting.pop()
        count = min(count_of(holder), _MOST_OBJECTS - seen)
        seen += count
        items = list(map(object_of, repeat(holder, count), range(count)))
        for item, kind in zip(items, map(pdfium.FPDFPageObj_GetType, items), strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                texts.append(item)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                images.append(item)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                waiting.append(
                    (item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, depth + 1)
                )
    return texts, images


def _pixels(image: object) -> tuple[int, int]:
    across, down = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image, across, down)
    return across.value, down.value


def _extent(item: object) -> tuple[float, float]:
    """Width and height of an object on the page, in points."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return 0.0, 0.0
    return right.value - left.value, top.value - bottom.value


def _error_code(error: pypdfium2.PdfiumError) -> int:
    return getattr(error, "err_code", None) or int(pdfium.FPDF_GetLastError())


def _mended(stream: BinaryIO, password: str | None) -> io.BytesIO:
    """The same document rewritten by qpdf. Raises SourceRefused where that fails too."""
    import pikepdf

    stream.seek(0)
    out = io.BytesIO()
    try:
        with pikepdf.open(stream, password=password or "", suppress_warnings=True) as document:
            document.save(out)
        out.seek(0)
        pypdfium2.PdfDocument(out).close()
    except pikepdf.PasswordError as error:
        raise SourceRefused("password-protected") from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError, OSError, ValueError, RuntimeError, TypeError) as error:
        raise SourceRefused("truncated-file", {"actual": PDF}) from error
    out.seek(0)
    return out


def _rendered(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    image = bitmap.to_pil()
    return image.copy() if image.mode in ("L", "RGB") else image.convert("RGB")


def _is_garbage(letters: Letters) -> bool:
    """Whether the text does not say what the page shows: characters without meaning instead of letters."""
    marks = [c for c in letters.characters if c and not c.isspace()]
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " " for c in marks)
    return not marks or bad > 0.2 * len(marks)
