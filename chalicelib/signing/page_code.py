"""The QR code as printed: read off the rendered page, as a phone would."""

import pypdfium2
import zxingcpp

_DPI = 150


def read_codes(pdf: bytes) -> list[str]:
    """The texts of the QR codes on its pages, in order. Only for files already known to be ours."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [text for page in document for text in _codes_on(page)]
    finally:
        document.close()


def _codes_on(page: pypdfium2.PdfPage) -> list[str]:
    bitmap = page.render(scale=_DPI / 72, grayscale=True)
    # A row may be padded to its stride; the few columns more do no harm.
    pixels = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
    codes = zxingcpp.read_barcodes(pixels, zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in codes]
