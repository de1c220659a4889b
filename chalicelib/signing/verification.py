"""Is this PDF a licence of ours, unchanged and in force?

`verify_pdf` opens bytes that anyone may have sent. Until the signature is found whole and
ours, only pyHanko (pure Python) reads them; the page is rendered, for its QR code, only when
every byte of it is known to be ours. Run it in a process of its own: `verification_process`.
"""

import argparse
import json
import logging
import resource
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chalicelib.signing.document import ATTACHMENT
from chalicelib.signing.errors import TokenInvalid
from chalicelib.signing.token import LicenceToken, from_text, verify_token

if TYPE_CHECKING:
    from chalicelib.signing.pdf_judge import JudgedSignature

LARGEST_FILE = 10_000_000
MEMORY_LIMIT = 1_500_000_000
CPU_SECONDS = 20


@dataclass(frozen=True)
class Verification:
    """The verdict on a file: `reasons` says why it is not valid; empty when it is.

    too-large, not-a-pdf, unreadable, not-signed, changed-after-signing, signer-unknown: not ours as it
    stands, and nothing else is told. data-missing, token-missing, token-invalid, token-mismatch: signed
    by us, yet at odds with itself. not-yet-valid, expired: a true licence outside its term.
    Whether it was revoked since, only the register knows: ask it by `number`.
    Days and times are ISO 8601; `sha256` is in hexadecimal.
    """

    valid: bool
    reasons: tuple[str, ...] = ()
    sha256: str | None = None
    signer: str | None = None
    signed_at: str | None = None
    kind: str | None = None
    number: str | None = None
    term: int | None = None
    municipality: dict[str, str] | None = None
    holder: dict[str, str] | None = None
    premises: dict[str, str] | None = None
    parcel: str | None = None
    valid_from: str | None = None
    expires_on: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The verdict as JSON values, every field present."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Verification":
        """The verdict that `as_json` wrote down."""
        return cls(**{**values, "reasons": tuple(values["reasons"])})


def refused(reason: str) -> Verification:
    """A verdict that tells nothing but why not."""
    return Verification(False, (reason,))


def verify_pdf(pdf: bytes, roots: Iterable[bytes], now: datetime) -> Verification:
    """The verdict on `pdf` at `now`, trusting only `roots` (DER). Pure; bad bytes give a verdict, not an error."""
    if len(pdf) > LARGEST_FILE:
        return refused("too-large")
    if not pdf.startswith(b"%PDF-"):
        return refused("not-a-pdf")
    # Imported where used: the server only passes verdicts on, and need not load what judges.
    from chalicelib.signing.pdf_judge import NotProven, judge_signature

    try:
        signature = judge_signature(pdf, list(roots), now)
    except NotProven as unproven:
        return refused(unproven.reason)
    verdict = Verification(
        True,
        sha256=sha256(pdf).hexdigest(),
        signer=signature.signer,
        signed_at=signature.signed_at.isoformat(),
    )
    attached = signature.attachments.get(ATTACHMENT)
    if attached is None:
        return replace(verdict, valid=False, reasons=("data-missing",))
    verdict = replace(verdict, **_told(attached))
    reasons = _reasons(pdf, attached, signature, now)
    return replace(verdict, valid=not reasons, reasons=reasons)


def _told(attached: bytes) -> dict[str, Any]:
    """What the attached data say; the signature vouches for them, so they have our own shape."""
    data = json.loads(attached)
    names = (
        "kind",
        "number",
        "term",
        "municipality",
        "holder",
        "premises",
        "parcel",
        "valid_from",
        "expires_on",
    )
    return {name: data[name] for name in names}


def _reasons(pdf: bytes, attached: bytes, signature: "JudgedSignature", now: datetime) -> tuple[str, ...]:
    from chalicelib.signing.page_code import read_codes

    codes = read_codes(pdf)
    if not codes:
        return ("token-missing",)
    try:
        token = verify_token(from_text(codes[0]), signature.token_keys)
    except TokenInvalid:
        return ("token-invalid",)
    if token.digest != sha256(attached).digest():
        return ("token-mismatch",)
    return _term_reasons(token, now)


def _term_reasons(token: LicenceToken, now: datetime) -> tuple[str, ...]:
    if token.in_force(now):
        return ()
    return ("not-yet-valid",) if now < token.valid_from else ("expired",)


def main(arguments: list[str] | None = None) -> int:
    """Verify one file under limits and print the verdict as one line of JSON; 0 when it is valid, else 1."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.signing.verification")
    parser.add_argument("file", type=Path)
    parser.add_argument("--root", type=Path, action="append", required=True, help="trusted root (PEM)")
    parser.add_argument(
        "--now", type=datetime.fromisoformat, default=None, help="moment to judge at (ISO 8601)"
    )
    options = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    roots = [
        certificate.public_bytes(Encoding.DER)
        for path in options.root
        for certificate in x509.load_pem_x509_certificates(path.read_bytes())
    ]
    with options.file.open("rb") as file:
        pdf = file.read(LARGEST_FILE + 1)
    verdict = verify_pdf(pdf, roots, options.now or datetime.now(UTC))
    sys.stdout.write(json.dumps(verdict.as_json()) + "\n")
    return 0 if verdict.valid else 1


if __name__ == "__main__":
    sys.exit(main())
