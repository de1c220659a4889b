"""The licence as a page: typst sets it, as PDF/A-3a and PDF/UA-1, with its data attached."""

import json
import math
import re
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst
import zxingcpp

from chalicelib.kernel.dates import gregorian_long, hijri_long
from chalicelib.kernel.money import Money
from chalicelib.signing.document import LicenceDocument
from chalicelib.signing.errors import LayoutFailed, TemplateUnknown

_DARK = re.compile(rb"\0+")
_STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]


class LicenceLayout:
    """One typst compiler a process: it keeps its fonts and what it has already laid out.

    `fonts_folder` holds .ttf files (no others are used, so a page looks the same everywhere);
    `templates_folder` holds one `<kind>.typ` a kind of licence. Safe to share between threads.
    """

    def __init__(self, fonts_folder: Path, templates_folder: Path) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_folder)]
        )
        self._templates_folder = templates_folder
        self._compiler = typst.Compiler(root=str(templates_folder), font_paths=fonts)
        self._one_at_a_time = Lock()

    def lay_out(self, document: LicenceDocument, qr_link: str, address: str, made_at: datetime) -> bytes:
        """The unsigned PDF of `document`, its QR code holding `qr_link`, naming `address` for verification.

        Raises TemplateUnknown, or LayoutFailed when typst refuses (a character no font has, say).
        """
        template = self._templates_folder / f"{document.kind}.typ"
        if not template.is_file():
            raise TemplateUnknown(licence_kind=document.kind)
        # Data goes in as JSON: markup typed into a name stays a name.
        inputs = {
            "data": json.dumps(_printed(document, address), ensure_ascii=False),
            "licence": document.canonical_json().decode(),
            "qr": qr_svg(qr_link),
        }
        try:
            with self._one_at_a_time:
                pdf = self._compiler.compile(
                    input=str(template),
                    sys_inputs=inputs,
                    format="pdf",
                    pdf_standards=[*_STANDARDS],
                    timestamp=made_at,
                )
        except typst.TypstError as error:
            raise LayoutFailed(licence_kind=document.kind, detail=str(error)) from error
        if not isinstance(pdf, bytes):
            raise TypeError(f"typst made {type(pdf).__name__}, not one file")
        return pdf


def qr_svg(link: str) -> str:
    """A QR code of level M as one path of dark runs, without its quiet zone: the template leaves that.

    Drawn here, for the library's own SVG takes four times as long as the code itself.
    """
    code = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    pixels = bytes(memoryview(image))
    size = math.isqrt(len(pixels))
    runs = (
        f"M{run.start()} {row}h{run.end() - run.start()}v1H{run.start()}z"
        for row in range(size)
        for run in _DARK.finditer(pixels[row * size : (row + 1) * size])
    )
    path = f'<path d="{"".join(runs)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">{path}</svg>'


def _printed(document: LicenceDocument, address: str) -> dict[str, Any]:
    """The document with its days and amounts as people read them."""
    fee_total = document.fee_total
    return {
        **document.as_json(),
        "issued_on": _day(document.issued_on),
        "valid_from": _day(document.valid_from),
        "expires_on": _day(document.expires_on),
        "fees": [
            {"label": {"ar": line.label.ar, "en": line.label.en}, "amount": _amount(line.amount)}
            for line in document.fees
        ],
        "fee_total": _amount(fee_total) if fee_total else None,
        "verify_at": address,
    }


def _day(day: date) -> dict[str, str]:
    return {
        "ar": gregorian_long(day, "ar"),
        "en": gregorian_long(day, "en"),
        "hijri_ar": hijri_long(day, "ar"),
        "hijri_en": hijri_long(day, "en"),
    }


def _amount(amount: Money) -> dict[str, str]:
    return {"number": str(amount), "currency": amount.currency}
