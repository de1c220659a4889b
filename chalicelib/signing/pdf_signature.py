"""The PDF's own signature: PAdES level B, certifying that nothing may change afterwards."""

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from chalicelib.ports.keys import Keys, Purpose
from chalicelib.signing import token

PURPOSE: Purpose = "licence-pdf"
FIELD_NAME = "Signature"

# Room for the CMS object in hexadecimal; fixed, so that pyHanko need not rehearse the signature for its size.
_RESERVED = 8192
_LONGEST_SIGNATURE = 72


class KeysSigner(Signer):
    """pyHanko's signer over the Keys port: the private key stays where it lives.

    The certificate of the token key travels along, so that a file can be verified whole,
    its QR code included, by anyone who holds only the root.
    """

    def __init__(self, keys: Keys) -> None:
        chain = [x509.Certificate.load(der) for der in keys.certificate_chain(PURPOSE)]
        registry = SimpleCertificateStore.from_certs(chain[1:])  # type: ignore[no-untyped-call]
        registry.register(x509.Certificate.load(keys.certificate_chain(token.PURPOSE)[0]))
        super().__init__(
            signing_cert=chain[0],
            cert_registry=registry,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )
        self._keys = keys

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature over the signed attributes (234 bytes: within the limit of any key service)."""
        if digest_algorithm != "sha256":
            raise ValueError(f"the keys sign with SHA-256, not {digest_algorithm}")
        return bytes(_LONGEST_SIGNATURE) if dry_run else self._keys.sign(PURPOSE, data)


class _TimedPdfSigner(PdfSigner):
    """A PdfSigner whose signing time is told, not read from the machine."""

    def __init__(self, signed_at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signed_at = signed_at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        """As PdfSigner's, at the told time."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._signed_at
        return session


class _Revision(IncrementalPdfFileWriter):
    """A revision that holds the signature and nothing of its own: no random id, no date of today."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(BytesIO(pdf))
        self._document_id[1] = generic.ByteStringObject(hashlib.sha256(pdf).digest()[:16])

    def _update_meta(self) -> None:
        """The title, the dates and the PDF/A claims stay as typst wrote them."""


def sign_pdf(pdf: bytes, signer: Signer, signed_at: datetime) -> bytes:
    """`pdf` with an invisible certifying signature appended; the same input gives the same bytes."""
    # Without a newline the next object would start on the %%EOF line, against ISO 19005-3, 6.1.9.
    writer = _Revision(pdf + b"\n")
    metadata = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    pdf_signer = _TimedPdfSigner(signed_at, metadata, signer, new_field_spec=SigFieldSpec(FIELD_NAME))
    signed = pdf_signer.sign_pdf(writer, bytes_reserved=_RESERVED, output=BytesIO())
    return bytes(signed.getvalue())
