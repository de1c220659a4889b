"""Issue a licence as a signed PDF, and say whether a PDF or a token is one of ours."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from chalicelib.ports.clock import Clock
from chalicelib.ports.keys import PURPOSES, Keys
from chalicelib.signing import token
from chalicelib.signing.document import LicenceDocument
from chalicelib.signing.printable import PrintableCharacters
from chalicelib.signing.status_list import issue_status_list
from chalicelib.signing.token import LicenceToken
from chalicelib.signing.verification import Verification
from chalicelib.signing.verification_process import verify_apart

if TYPE_CHECKING:
    from chalicelib.signing.layout import LicenceLayout
    from chalicelib.signing.pdf_signature import KeysSigner

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "licences"
GULF = timezone(timedelta(hours=3))
STATUS_LIST_VALID_FOR = timedelta(days=1)


@dataclass(frozen=True)
class SignedLicence:
    """An issued licence: the file, its SHA-256 in hexadecimal, and the token its QR code links to."""

    pdf: bytes
    sha256: str
    token: str
    qr_url: str


class Signing:
    """The municipality's signature. One object a process; safe to share between threads.

    `base_url` is where the public finds this municipality: the QR code opens `<base_url>/l`,
    with the token after `#`, so that it never reaches a server's log. Days begin in `zone`.
    """

    def __init__(
        self, keys: Keys, fonts_folder: Path, base_url: str, clock: Clock, zone: tzinfo = GULF
    ) -> None:
        self._keys = keys
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._zone = zone
        self._signer: KeysSigner | None = None
        # asn1crypto reads its certificates lazily, and nothing says that threads may watch.
        self._one_at_a_time = Lock()
        self._fonts_folder = fonts_folder
        self._characters = PrintableCharacters(fonts_folder)

    def issue_licence_pdf(self, document: LicenceDocument) -> SignedLicence:
        """The signed licence; with keys that sign so, the same document at the same moment gives the same bytes.

        Raises TextUnprintable, TemplateUnknown or LayoutFailed. Writes nothing anywhere.
        """
        self._characters.check(document.texts())
        signed_at = self._clock.now().replace(microsecond=0)
        text = token.to_text(token.issue_token(document, self._keys, self._base_url, self._zone))
        qr_url = f"{self._base_url}/l#{text}"
        address = self._base_url.partition("://")[2]
        page = self._layout.lay_out(document, qr_url, address, signed_at)
        pdf = self._signed(page, signed_at)
        return SignedLicence(pdf, hashlib.sha256(pdf).hexdigest(), text, qr_url)

    @cached_property
    def _layout(self) -> "LicenceLayout":
        # Imported where used: only the function that issues licences has the typesetter beside it.
        from chalicelib.signing.layout import LicenceLayout

        return LicenceLayout(self._fonts_folder, TEMPLATES)

    def _signed(self, page: bytes, signed_at: datetime) -> bytes:
        # Imported where used: pyHanko is a third of all that a starting server would load, and pages need none of it.
        from chalicelib.signing.pdf_signature import KeysSigner, sign_pdf

        with self._one_at_a_time:
            self._signer = self._signer or KeysSigner(self._keys)
            return sign_pdf(page, self._signer, signed_at)

    def unprintable(self, text: str) -> list[str]:
        """The characters of a name that a licence could not show; ask when it is typed."""
        return self._characters.unprintable(text)

    def verify_pdf(self, pdf: bytes) -> Verification:
        """What an uploaded file is worth now; it is opened in a limited process of its own. Raises VerificationBusy."""
        return verify_apart(pdf, self.roots(), self._clock.now())

    def verify_token(self, text: str) -> LicenceToken:
        """The claims of a token, given as base32 or as the whole QR link; TokenInvalid otherwise."""
        return token.verify_token(token.from_text(text), self._keys.public_keys(token.PURPOSE))

    def status_list(self, revoked: Collection[int], size: int) -> bytes:
        """The signed status list that tokens point to (`<base_url>/status`), good for a day."""
        uri = f"{self._base_url}/status"
        return issue_status_list(revoked, size, self._keys, uri, self._clock.now(), STATUS_LIST_VALID_FOR)

    def certify(self) -> None:
        """Have every certificate made that is not there yet; a deployment does it, with the right to sign as the root.

        Afterwards nobody needs that right.
        """
        for purpose in PURPOSES:
            self._keys.certificate_chain(purpose)

    def roots(self) -> list[bytes]:
        """The certificates (DER) a verifier must trust: publish them."""
        return [self._keys.certificate_chain("issuer")[-1]]
