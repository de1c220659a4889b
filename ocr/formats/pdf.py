"""PDF: a page's own text where it has some that can be trusted, else its picture at the scan's resolution."""

import contextlib
import ctypes
import io
from collections.abc import Callable
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from ocr.formats.pictures import LARGE
from ocr.formats.sheet import Lettered, Picture
from ocr.formats.text_layer import Letter, words_of_letters
from ocr.media_type import PDF
from ocr.shapes import Limits, PageRefused, SourceRefused

_TEXT_DPI = 150
_LARGEST_RENDERING = 40_000_000
_LARGEST_SIDE = 30_000
_PREVIEW_SIDE = 1600
_SHARPEST = 200
_MOST_OBJECTS = 5_000
_MOST_LETTERS = 60_000
_HIDDEN = 3


class PdfSource:
    """An opened PDF. Files that pdfium cannot open are given to qpdf once, which can mend many of them.

    What it cannot find again it leaves out: a page of a mended file that shows nothing is no blank page but a lost
    one, and a file of nothing else is refused as a whole.
    """

    media_type = PDF

    def __init__(self, stream: BinaryIO, limits: Limits, password: str | None = None) -> None:
        self._limits = limits
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
            return self._page(page)
        except pypdfium2.PdfiumError as error:
            raise PageRefused("page-damaged") from error
        finally:
            page.close()

    def _page(self, page: pypdfium2.PdfPage) -> Picture | Lettered:
        width, height = page.get_size()
        if not (0 < width < 1e6 and 0 < height < 1e6):
            raise PageRefused("page-damaged")
        rotation = page.get_rotation()
        if _is_empty(page):
            if self._is_mended:
                raise PageRefused("page-damaged")
            return self._lettered(page, [], width, height, rotation)
        scan_dpi, share, hidden = self._survey(page, width, height)
        scanned = share > 0.6
        if not (scanned and hidden):
            letters = _letters(page, width, height)
            if len(letters) >= (100 if scanned else 1) and not _is_garbage(letters):
                return self._lettered(page, letters, width, height, rotation)
        dpi = min(max(scan_dpi, 100), 600) if scan_dpi else 300
        wanted = width * height * (dpi / 72) ** 2
        if wanted > self._limits.pixels and scan_dpi and share > 0.3:
            raise PageRefused(
                "too-many-pixels", {"width": round(width * dpi / 72), "height": round(height * dpi / 72)}
            )
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
        dpi, share, shown, texts = 0.0, 0.0, False, False
        for count, item in enumerate(page.get_objects(max_depth=3)):
            if count > _MOST_OBJECTS:
                shown = True
                break
            if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
                texts = True
                shown = shown or pdfium.FPDFTextObj_GetTextRenderMode(item) != _HIDDEN
            elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                across, down = item.get_px_size()
                if across * down > self._limits.pixels:
                    raise PageRefused("too-many-pixels", {"width": across, "height": down})
                left, bottom, right, top = item.get_bounds()
                wide, high = min(right - left, width + height), min(top - bottom, width + height)
                here = wide * high / (width * height)
                if wide > 1 and high > 1 and here > share:
                    share = min(here, 1.0)
                    # The image may lie on its side: the area's resolution is the same either way.
                    dpi = 72 * (across * down / (wide * high)) ** 0.5
        return dpi, share, texts and not shown

    def _lettered(
        self, page: pypdfium2.PdfPage, letters: list[Letter], width: float, height: float, rotation: int
    ) -> Lettered:
        dpi = min(_TEXT_DPI, _LARGEST_SIDE * 72 / max(width, height))
        scale = dpi / 72
        words = words_of_letters(letters, scale)[: self._limits.words_per_page]
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = _rendered(page, min(_PREVIEW_SIDE / max(width, height), _SHARPEST / 72))
        return Lettered(tuple(words), *size, max(1, round(dpi)), image, rotation)


def _is_empty(page: pypdfium2.PdfPage) -> bool:
    return not pdfium.FPDFPage_CountObjects(page) and not pdfium.FPDFPage_GetAnnotCount(page)


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


def _letters(page: pypdfium2.PdfPage, width: float, height: float) -> list[Letter]:
    """Every letter with its box in points from the top left of the page as shown."""
    text = page.get_textpage()
    try:
        place = _placing(page, width, height)
        letters: list[Letter] = []
        loose, left, right, bottom, top = pdfium.FS_RECTF(), *(ctypes.c_double() for _ in range(4))
        raw = text.raw
        for i in range(min(text.count_chars(), _MOST_LETTERS)):
            if pdfium.FPDFText_IsGenerated(raw, i) == 1:
                continue
            code = pdfium.FPDFText_GetUnicode(raw, i)
            if not pdfium.FPDFText_GetLooseCharBox(raw, i, loose):
                continue
            box = (loose.left, loose.bottom, loose.right, loose.top)
            if pdfium.FPDFText_GetCharBox(raw, i, left, right, bottom, top):
                tight = (left.value, bottom.value, right.value, top.value)
                if not box[0] < box[2]:
                    box = tight
            level = abs(pdfium.FPDFText_GetCharAngle(raw, i) % 3.14159265) < 0.1
            x0, y0 = place(box[0], box[1])
            x1, y1 = place(box[2], box[3])
            if pdfium.FPDFText_HasUnicodeMapError(raw, i) == 1:
                code = 0xFFFD
            character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
            letters.append(
                Letter(character, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), level)
            )  # fmt: skip
        return letters
    finally:
        text.close()


def _placing(
    page: pypdfium2.PdfPage, width: float, height: float
) -> Callable[[float, float], tuple[float, float]]:
    """A function from the page's own coordinates to points from the top left of the page as shown."""
    fine = 100
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(at_x: float, at_y: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(
            page.raw, 0, 0, round(width * fine), round(height * fine), 0, at_x, at_y, x, y
        )
        return x.value / fine, y.value / fine

    (ox, oy), (ax, ay), (bx, by) = device(0, 0), device(1000, 0), device(0, 1000)

    def place(at_x: float, at_y: float) -> tuple[float, float]:
        return (
            ox + (ax - ox) * at_x / 1000 + (bx - ox) * at_y / 1000,
            oy + (ay - oy) * at_x / 1000 + (by - oy) * at_y / 1000,
        )

    return place


def _is_garbage(letters: list[Letter]) -> bool:
    """Whether the text does not say what the page shows: characters without meaning instead of letters."""
    marks = [x.character for x in letters if not x.character.isspace()]
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " " for c in marks)
    return not marks or bad > 0.2 * len(marks)
