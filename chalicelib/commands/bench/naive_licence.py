"""The baseline of licences: a page by reportlab, its QR code by segno, signed by pyHanko's stock signer."""

import importlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from chalicelib.commands.bench.harness import BenchUnready
from chalicelib.signing.document import LicenceDocument

BASELINE = "reportlab + segno + pyHanko SimpleSigner, RSA-3072"


def naive_licences(fonts: Path) -> Callable[[LicenceDocument], bytes]:
    """A maker of signed PDFs with the same words as a licence of ours; no tags, no PDF/A, no attached data."""
    shaped = _shaper()
    canvas_of = _needed("reportlab.pdfgen.canvas").Canvas
    image_of = _needed("reportlab.lib.utils").ImageReader
    metrics = _needed("reportlab.pdfbase.pdfmetrics")
    font = _needed("reportlab.pdfbase.ttfonts").TTFont
    segno = _needed("segno")
    for weight in ("400Regular", "700Bold"):
        file = fonts / weight / f"IBMPlexSansArabic_{weight}.ttf"
        metrics.registerFont(font(weight, str(file)))
    sign = _stock_signature()

    def make(document: LicenceDocument) -> bytes:
        page = BytesIO()
        canvas = canvas_of(page, pagesize=(595, 842))
        canvas.setFont("700Bold", 20)
        canvas.drawRightString(540, 780, shaped(document.municipality.ar))
        canvas.drawString(55, 780, document.municipality.en)
        canvas.setFont("400Regular", 11)
        height = 720
        for name, arabic, english in _lines(document):
            canvas.drawRightString(540, height, shaped(f"{name}: {arabic}"))
            canvas.drawString(55, height, english)
            height -= 26
        code = BytesIO()
        segno.make(f"https://licences.example/l#{document.number}{'A' * 420}", error="m").save(
            code, kind="png", scale=4
        )
        code.seek(0)
        canvas.drawImage(image_of(code), 55, 60, 150, 150)
        canvas.save()
        return sign(page)

    return make


def _lines(document: LicenceDocument) -> list[tuple[str, str, str]]:
    rows = [
        ("رقم الترخيص", document.number, document.number),
        ("صاحب الترخيص", document.holder.ar, document.holder.en),
        ("المحل", document.premises.ar, document.premises.en),
        ("النشاط", document.activity.ar, document.activity.en),
        ("القسيمة", document.parcel, document.parcel),
        ("العنوان", document.address.ar, document.address.en),
        ("تاريخ الإصدار", f"{document.issued_on}", f"{document.issued_on}"),
        ("ساري من", f"{document.valid_from}", f"{document.valid_from}"),
        ("ساري حتى", f"{document.expires_on}", f"{document.expires_on}"),
    ]
    rows += [(fee.label.ar, str(fee.amount), f"{fee.label.en} {fee.amount}") for fee in document.fees]
    return [*rows, ("الإيصال", document.receipt_number, document.receipt_number)]


def _shaper() -> Callable[[str], str]:
    """Arabic joined and turned for a library that draws letters one by one from the left."""
    reshape = _needed("arabic_reshaper").reshape
    turned = _needed("bidi").get_display
    return lambda text: str(turned(reshape(text)))


def _stock_signature() -> Callable[[BytesIO], bytes]:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Baseline")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = PdfSignatureMetadata(
        field_name="Signature", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )

    def sign(page: BytesIO) -> bytes:
        signed = signers.sign_pdf(IncrementalPdfFileWriter(page), metadata, signer)
        return bytes(signed.getvalue())

    return sign


def _needed(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0].replace("_", "-")
        raise BenchUnready(
            f"The baseline needs the package {package}, which is set up for tests: run ./diwan test once."
        ) from None
