"""The QR code as printed: read off the rendered page, as a phone would."""

import pypdfium2
import zxingcpp

_DPI = 150


def read_codes(pdf: bytes) -> list[str]:
    """The texts of the QR codes on the first page. Only for files already known to be ours."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].render(scale=_DPI / 72, grayscale=True)
        # A row may be padded to its stride; the few white columns more do no harm.
        pixels = memoryview(bytes(page.buffer)).cast("B", (page.height, page.stride))
        codes = zxingcpp.read_barcodes(pixels, zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    finally:
        document.close()
    return [code.text for code in codes]
