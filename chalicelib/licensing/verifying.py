"""Is this licence genuine and in force? Asked by anyone, by number, by its QR token, or with the file."""

from dataclasses import dataclass
from datetime import date, datetime
from threading import BoundedSemaphore
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.licensing import rules
from chalicelib.licensing.errors import LicenceUnknown
from chalicelib.licensing.models import Licence
from chalicelib.licensing.views import RegisterEntry, register_entry
from chalicelib.parcels.municipality import Municipality
from chalicelib.ports.clock import Clock
from chalicelib.signing.errors import VerificationBusy
from chalicelib.signing.service import Signing
from chalicelib.signing.verification import Verification

# Each file is opened in a process of its own that may take a core for seconds; anyone may send one.
_AT_ONCE, _PATIENCE = 2, 15.0

Outcome = Literal["valid", "expired", "not-yet-valid", "suspended", "cancelled", "not-genuine"]


@dataclass(frozen=True)
class Verdict:
    """What is told to whoever asks: the outcome, why a file is not genuine, and what the paper itself says.

    `renewed_until` is set when the register holds a later term than the paper shown.
    `signed_at` is of a file; every other part is empty for what is not genuine.
    """

    outcome: Outcome
    reason: str = ""
    number: str = ""
    holder: str = ""
    premises_ar: str = ""
    premises_en: str = ""
    parcel: str = ""
    valid_from: date | None = None
    expires_on: date | None = None
    renewed_until: date | None = None
    signed_at: datetime | None = None


class Verifying:
    """Answers from the signature and from the register together; the graver of the two counts."""

    def __init__(
        self, *, database: Database, clock: Clock, signing: Signing, municipality: Municipality
    ) -> None:
        self._database = database
        self._clock = clock
        self._signing = signing
        self._municipality = municipality
        self._room = BoundedSemaphore(_AT_ONCE)

    def by_number(self, text: str) -> Verdict:
        """What the register says, without the holder's name. Raises LicenceUnknown."""
        entry = self._registered(rules.read_licence_number(text))
        if entry is None:
            raise LicenceUnknown(field="number")
        return Verdict(
            outcome=_outcome(entry, "valid"),
            number=entry.number,
            premises_ar=entry.premises_ar,
            premises_en=entry.premises_en,
            parcel=entry.parcel,
            expires_on=entry.expires_on,
        )

    def by_token(self, text: str) -> Verdict:
        """What a QR code says, scanned or typed. Raises TokenInvalid."""
        token, now = self._signing.verify_token(text), self._clock.now()
        entry = self._registered(token.number)
        shown: Outcome = (
            "valid" if token.in_force(now) else "not-yet-valid" if now < token.valid_from else "expired"
        )
        # The token ends at the midnight after the last day.
        last_day = date.fromordinal(self._municipality.local_day(token.valid_until).toordinal() - 1)
        return Verdict(
            outcome=_outcome(entry, shown),
            number=token.number,
            holder=token.holder,
            premises_ar=entry.premises_ar if entry else "",
            premises_en=entry.premises_en if entry else "",
            parcel=token.parcel,
            valid_from=self._municipality.local_day(token.valid_from),
            expires_on=last_day,
            renewed_until=_later(entry, last_day),
        )

    def by_file(self, pdf: bytes) -> Verdict:
        """What an uploaded file is worth. Bad bytes are not genuine, and why; raises only VerificationBusy."""
        if not self._room.acquire(timeout=_PATIENCE):
            raise VerificationBusy()
        try:
            found = self._signing.verify_pdf(pdf)
        finally:
            self._room.release()
        if found.number is None or not set(found.reasons) <= {"expired", "not-yet-valid"}:
            return Verdict("not-genuine", reason=(*found.reasons, "unreadable")[0])
        entry = self._registered(found.number)
        shown: Outcome = (
            "valid" if found.valid else "expired" if "expired" in found.reasons else "not-yet-valid"
        )
        last_day = _day(found.expires_on)
        return Verdict(
            outcome=_outcome(entry, shown),
            number=found.number,
            holder=_said(found, "holder", "ar"),
            premises_ar=_said(found, "premises", "ar"),
            premises_en=_said(found, "premises", "en"),
            parcel=found.parcel or "",
            valid_from=_day(found.valid_from),
            expires_on=last_day,
            renewed_until=_later(entry, last_day),
            signed_at=datetime.fromisoformat(found.signed_at) if found.signed_at else None,
        )

    def _registered(self, number: str) -> RegisterEntry | None:
        with self._database.reading() as tx:
            return _entry(tx, number, self._municipality.local_day(self._clock.now()))


def _entry(tx: Session, number: str, today: date) -> RegisterEntry | None:
    row = tx.scalar(select(Licence).where(Licence.number == number))
    return None if row is None else register_entry(row, today)


def _outcome(entry: RegisterEntry | None, shown: Outcome) -> Outcome:
    """What the register knows that the paper cannot: suspended or ended since. Otherwise the paper's own term."""
    if entry is None or entry.status == "active":
        return shown
    if entry.status == "suspended":
        return "suspended"
    return "expired" if entry.status == "expired" else "cancelled"


def _later(entry: RegisterEntry | None, last_day: date | None) -> date | None:
    if entry is None or last_day is None or entry.expires_on <= last_day or entry.status != "active":
        return None
    return entry.expires_on


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _said(found: Verification, name: str, language: str) -> str:
    values: dict[str, str] | None = getattr(found, name)
    return (values or {}).get(language, "")
