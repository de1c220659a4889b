"""PDF: a page's own text where it has some that can be trusted, else its picture at the scan's resolution."""

import contextlib
import io
from typing import BinaryIO

import numpy as np
import PIL.Image
import pypdfium2
import pypdfium2.raw as pdfium

from ocr.drawings.paper import is_large, shrinking
from ocr.formats.embedded import embedded_scan
from ocr.formats.pdf_objects import Image, blank_outside, objects_of
from ocr.formats.pdf_text import letters_of
from ocr.formats.sheet import SMALL, Lettered, Picture
from ocr.formats.shrunk import LARGE
from ocr.formats.text_layer import words_of_letters
from ocr.formats.text_rows import Letters
from ocr.media_type import PDF
from ocr.shapes import Limits, PageRefused, SourceRefused, Word

_TEXT_DPI = 150
_LARGEST_RENDERING = 40_000_000
_LARGEST_SIDE = 30_000
_PREVIEW_SIDE = 1600
_SHARPEST = 200
_FINEST_SCAN = 600
_FINEST_STAMP = 2400
_SCANNED = 0.6
_INSET = 0.03
_LEGIBLE_DPI = 70
_WHOLE = 0.9
_PAGES_AN_OPENING = 100


class PdfSource:
    """An opened PDF. Files that pdfium cannot open are given to qpdf once, which can mend many of them.

    What it cannot find again it leaves out: a page of a mended file that shows nothing is no blank page but a lost
    one, and a file of nothing else is refused as a whole.
    """

    media_type = PDF

    def __init__(
        self, stream: BinaryIO, limits: Limits, password: str | None = None, whole: bool = False
    ) -> None:
        self._limits = limits
        self._stream = stream
        self._password = password
        self._whole = whole
        self._is_mended = False
        self._shown = stream
        self._taken = 0
        try:
            self._document = pypdfium2.PdfDocument(stream, password)
        except pypdfium2.PdfiumError as error:
            if _error_code(error) == pdfium.FPDF_ERR_PASSWORD:
                raise SourceRefused("password-protected") from error
            self._shown = _mended(stream, password)
            self._document = pypdfium2.PdfDocument(self._shown)
            self._is_mended = True
        self.pages = len(self._document)
        if self._is_mended and not any(self._shows_something(n) for n in range(self.pages)):
            raise SourceRefused("truncated-file", {"actual": PDF})

    def page(self, number: int) -> Picture | Lettered:
        """The page as text or as picture."""
        try:
            self._refresh()
            page = self._document[number - 1]
        except (pypdfium2.PdfiumError, KeyError, IndexError) as error:
            raise PageRefused("page-damaged") from error
        try:
            return self._page(page, number)
        except pypdfium2.PdfiumError as error:
            raise PageRefused("page-damaged") from error
        finally:
            page.close()

    def _refresh(self) -> None:
        """Opens the document anew now and then: pdfium keeps what it has read of every page, a tenth of a megabyte."""
        self._taken += 1
        if self._taken % _PAGES_AN_OPENING == 0:
            fresh = pypdfium2.PdfDocument(self._shown, None if self._is_mended else self._password)
            self._document.close()
            self._document = fresh

    def _page(self, page: pypdfium2.PdfPage, number: int) -> Picture | Lettered:
        width, height = page.get_size()
        if not (0 < width < 1e6 and 0 < height < 1e6):
            raise PageRefused("page-damaged")
        rotation = page.get_rotation()
        if _is_empty(page):
            if self._is_mended:
                raise PageRefused("page-damaged")
            return self._lettered(number, (width, height), [], None, rotation)
        found = objects_of(page, width, height)
        for across, down in (image.pixels for image in found.images):
            if across * down > self._limits.pixels:
                raise PageRefused("too-many-pixels", {"width": across, "height": down})
        share = found.images[0].area / (width * height) if found.images else 0.0
        scan_dpi = found.images[0].dpi if found.images else 0.0
        if not (found.images and found.hidden_text):
            letters = letters_of(page, width, height)
            if len(letters) >= (100 if share > _SCANNED else 1) and not _is_garbage(letters):
                inset = self._inset(page, found.images, letters, (width, height))
                return self._lettered(
                    number, (width, height), words_of_letters(letters, _scale(width, height)), inset, rotation
                )
        finest = _FINEST_SCAN if max(width, height) >= SMALL * 72 else _FINEST_STAMP
        dpi = min(max(scan_dpi, 100), finest) if scan_dpi else 300
        pixels = round(width * dpi / 72), round(height * dpi / 72)
        if pixels[0] * pixels[1] > self._limits.pixels and share > 0.3:
            raise PageRefused("too-many-pixels", {"width": pixels[0], "height": pixels[1]})
        if share > _WHOLE:
            scan = embedded_scan(self._stream, self._password, number - 1, page, None if self._whole else dpi)
            if scan is not None:
                return Picture(scan, max(1, round(max(scan.size) * 72 / max(width, height))), rotation)
            if is_large(pixels, dpi) and not self._whole:
                dpi /= shrinking(dpi)
        dpi = _bearable(dpi, width, height, LARGE if scan_dpi else _LARGEST_RENDERING)
        return Picture(_rendered(page, dpi / 72), max(1, round(dpi)), rotation)

    def _inset(
        self, page: pypdfium2.PdfPage, images: list[Image], letters: Letters, size: tuple[float, float]
    ) -> Picture | None:
        """What the pictures of a page with text show beside that text, where they are large and sharp enough to hold
        any."""
        likely = [i for i in images if i.area > _INSET * size[0] * size[1] and i.dpi > _LEGIBLE_DPI]
        if not likely:
            return None
        dpi = _bearable(min(likely[0].dpi, 600), *size, LARGE)
        picture = _rendered(page, dpi / 72)
        blank = blank_outside(likely, letters.boxes, picture.size, dpi / 72)
        picture.paste("white", mask=PIL.Image.fromarray(blank))
        return Picture(picture, max(1, round(dpi)))

    def _shows_something(self, index: int) -> bool:
        try:
            page = self._document[index]
        except (pypdfium2.PdfiumError, KeyError, IndexError):
            return False
        with contextlib.closing(page):
            return not _is_empty(page)

    def _lettered(
        self, number: int, size: tuple[float, float], words: list[Word], inset: Picture | None, rotation: int
    ) -> Lettered:
        scale = _scale(*size)

        def drawn() -> PIL.Image.Image:
            with contextlib.closing(self._document[number - 1]) as page:
                return _rendered(page, min(_PREVIEW_SIDE / max(size), _SHARPEST / 72))

        return Lettered(
            tuple(words[: self._limits.words_per_page]),
            max(1, round(size[0] * scale)), max(1, round(size[1] * scale)), max(1, round(72 * scale)),
            drawn, rotation, inset,
        )  # fmt: skip


def _scale(width: float, height: float) -> float:
    """Pixels a point where the page has none of its own."""
    return min(_TEXT_DPI / 72, _LARGEST_SIDE / max(width, height))


def _bearable(dpi: float, width: float, height: float, pixels: int) -> float:
    """The resolution, less where a page of so many points would have more pixels or a longer side than can be borne."""
    most = min((pixels / (width * height)) ** 0.5, _LARGEST_SIDE / max(width, height))
    return min(dpi, most * 72)


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


def _rendered(page: pypdfium2.PdfPage, scale: float) -> PIL.Image.Image:
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    image = bitmap.to_pil()
    # Pixels of three bytes are copied on the way already; others may still be pdfium's own.
    return image if image.mode == "RGB" else image.copy() if image.mode == "L" else image.convert("RGB")


_BLANK, _SENSE, _NONSENSE = range(3)
# What each code point is worth; all above the last of these mean something.
_KIND = np.full(0xFFFF, _SENSE, np.uint8)
_KIND[: ord(" ")] = _KIND[0xE000:0xF900] = _KIND[0xFFFD] = _NONSENSE
_KIND[[ord(c) for c in "\0\t\n\r \xa0"]] = _BLANK


def _is_garbage(letters: Letters) -> bool:
    """Whether the text does not say what the page shows: characters without meaning instead of letters."""
    kinds = np.bincount(_KIND[np.minimum(letters.codes, len(_KIND) - 1)], minlength=3)
    marks = kinds[_SENSE] + kinds[_NONSENSE]
    return not marks or bool(kinds[_NONSENSE] > 0.2 * marks)
