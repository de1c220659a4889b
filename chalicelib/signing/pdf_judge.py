"""Whose signature a PDF carries, and whether it still covers every byte: pyHanko's judgement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from asn1crypto.parser import peek
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import ArrayObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from chalicelib.ports.keys import LICENCE_TOKEN_USAGE

DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"


class NotProven(Exception):
    """The file is not, byte for byte, something we signed; `reason` is one of Verification's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class JudgedSignature:
    """A signature of ours over the whole of a file; `token_keys` (DER) came certified with it."""

    signer: str
    signed_at: datetime
    token_keys: tuple[bytes, ...]
    attachments: dict[str, bytes]


def judge_signature(pdf: bytes, roots: Sequence[bytes], now: datetime) -> JudgedSignature:
    """The one certifying signature of `pdf`, trusted from `roots` (DER) at `now`; raises NotProven."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        signatures = list(reader.embedded_regular_signatures)
    except Exception as error:
        raise NotProven("unreadable") from error
    if not signatures:
        raise NotProven("not-signed")
    if len(signatures) > 1:
        raise NotProven("changed-after-signing")
    try:
        return _judged(reader, signatures[0], pdf, roots, now)
    except NotProven:
        raise
    except Exception as error:
        raise NotProven("unreadable") from error


def _judged(
    reader: PdfFileReader,
    signature: EmbeddedPdfSignature,
    pdf: bytes,
    roots: Sequence[bytes],
    now: datetime,
) -> JudgedSignature:
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root) for root in roots],
        allow_fetching=False,
        # Our root publishes no revocation lists yet: with "require" nothing would ever be valid.
        revocation_mode="soft-fail",
        moment=now,
    )
    usage = KeyUsageConstraints(key_usage={"non_repudiation"}, extd_key_usage={DOCUMENT_SIGNING})
    status = validate_pdf_signature(signature, context, key_usage_settings=usage)
    if not (status.intact and status.valid):
        raise NotProven("changed-after-signing")
    if not status.trusted:
        raise NotProven("signer-unknown")
    if not (
        status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        and signature.docmdp_level is MDPPerm.NO_CHANGES
        and status.docmdp_ok
        and status.bottom_line
        and _padding_is_blank(signature, pdf)
    ):
        raise NotProven("changed-after-signing")
    signed_at = status.signer_reported_dt
    if signed_at is None:
        raise NotProven("changed-after-signing")
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    others = [x509.load_der_x509_certificate(other.dump()) for other in signature.other_embedded_certs]
    issuers = [x509.load_der_x509_certificate(root) for root in roots]
    return JudgedSignature(
        signer=str(certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value),
        signed_at=signed_at,
        token_keys=tuple(_token_keys(others, issuers, signed_at)),
        attachments=_attachments(reader),
    )


def _padding_is_blank(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether the room reserved for the signature holds nothing beside it: the one place no digest covers."""
    _, first_end, second_start, _ = (int(number) for number in signature.byte_range)
    written = pdf[first_end:second_start]
    reserved = bytes.fromhex(written[1:-1].decode("ascii"))
    return written == b"<" + reserved.hex().upper().encode() + b">" and not any(reserved[peek(reserved) :])


def _token_keys(
    certificates: Iterable[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime
) -> Iterable[bytes]:
    """The public keys of those certificates that one of `roots` made for signing tokens."""
    for certificate in certificates:
        try:
            usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            continue
        if x509.ObjectIdentifier(LICENCE_TOKEN_USAGE) not in usage:
            continue
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            continue
        if any(_issued_by(certificate, root) for root in roots):
            yield certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _attachments(reader: PdfFileReader) -> dict[str, bytes]:
    """The associated files of the document, by name."""
    attachments = {}
    associated = reader.root.get("/AF", ArrayObject())
    # By index: iterating over the array would give references, not what they refer to.
    for place in range(len(associated)):
        specification = associated[place]
        stream = specification["/EF"]["/F"]
        attachments[str(specification["/UF"])] = bytes(stream.data)
    return attachments
