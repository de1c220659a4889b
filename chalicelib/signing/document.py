"""What is printed on a licence, and its canonical JSON."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chalicelib.kernel.money import Money, total

# Under which name the licence's PDF has its canonical JSON attached.
ATTACHMENT = "licence.json"
_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True)
class Bilingual:
    """The same thing in Arabic and in English; `en` may be empty where there is no English name."""

    ar: str
    en: str = ""


@dataclass(frozen=True)
class FeeLine:
    """One line of the fee that was paid."""

    label: Bilingual
    amount: Money


@dataclass(frozen=True)
class LicenceDocument:
    """Everything a licence says, whatever its kind.

    `kind` names the layout (`templates/licences/<kind>.typ`); `status_index` is the licence's
    bit in the municipality's status list, where it has one. Days are local calendar days; the
    licence is valid from the start of `valid_from` to the end of `expires_on`.
    """

    kind: str
    number: str
    term: int
    municipality: Bilingual
    holder: Bilingual
    premises: Bilingual
    activity: Bilingual
    parcel: str
    address: Bilingual
    issued_on: date
    valid_from: date
    expires_on: date
    fees: tuple[FeeLine, ...] = field(default=())
    receipt_number: str = ""
    status_index: int | None = None

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise ValueError(f"not a kind of licence: {self.kind!r}")
        if not self.valid_from <= self.expires_on:
            raise ValueError("a licence ends after it starts")

    @property
    def fee_total(self) -> Money | None:
        """The sum of the fee lines; None when the licence had no fee."""
        if not self.fees:
            return None
        return total([line.amount for line in self.fees], self.fees[0].amount.currency)

    def texts(self) -> dict[str, str]:
        """Every text that came from a person, by a dotted name, so that it can be checked before printing."""
        texts = {"number": self.number, "parcel": self.parcel, "receipt_number": self.receipt_number}
        for name in ("municipality", "holder", "premises", "activity", "address"):
            text: Bilingual = getattr(self, name)
            texts |= {f"{name}.ar": text.ar, f"{name}.en": text.en}
        for place, line in enumerate(self.fees):
            texts |= {f"fees.{place}.ar": line.label.ar, f"fees.{place}.en": line.label.en}
        return texts

    def as_json(self) -> dict[str, Any]:
        """The licence as JSON values: days as ISO 8601, money as whole minor units."""
        return {
            "kind": self.kind,
            "number": self.number,
            "term": self.term,
            "municipality": _both(self.municipality),
            "holder": _both(self.holder),
            "premises": _both(self.premises),
            "activity": _both(self.activity),
            "parcel": self.parcel,
            "address": _both(self.address),
            "issued_on": self.issued_on.isoformat(),
            "valid_from": self.valid_from.isoformat(),
            "expires_on": self.expires_on.isoformat(),
            "fees": [
                {"label": _both(line.label), "minor": line.amount.minor, "currency": line.amount.currency}
                for line in self.fees
            ],
            "receipt_number": self.receipt_number,
            "status_index": self.status_index,
        }

    def canonical_json(self) -> bytes:
        """RFC 8785 form (the values here are only texts, whole numbers, lists and objects), UTF-8."""
        return json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def digest(self) -> bytes:
        """SHA-256 of the canonical JSON: what the QR token vouches for."""
        return hashlib.sha256(self.canonical_json()).digest()


def _both(text: Bilingual) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}
