"""The token in a licence's QR code: a CWT (RFC 8392) signed as COSE_Sign1 (RFC 9052), ES256."""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from chalicelib.ports.keys import Keys, Purpose
from chalicelib.signing.document import LicenceDocument
from chalicelib.signing.errors import TokenInvalid

PURPOSE: Purpose = "licence-token"
LONGEST_TOKEN = 4096

_COSE_SIGN1, _CWT = 18, 61
_ALGORITHM, _KEY_ID, _ES256 = 1, 4, -7
_ISSUER, _SUBJECT, _EXPIRES, _NOT_BEFORE, _STATUS = 1, 2, 4, 5, 65535
# Private use claims lie below -65536.
_HOLDER, _PARCEL, _DIGEST = -70001, -70002, -70003
_SIZE = 32


@dataclass(frozen=True)
class LicenceToken:
    """What a verified token says; `digest` is that of the licence's canonical JSON."""

    issuer: str
    number: str
    holder: str
    parcel: str
    valid_from: datetime
    valid_until: datetime
    digest: bytes
    status_index: int | None

    def in_force(self, now: datetime) -> bool:
        """Whether the licence has begun and not ended; says nothing about revocation."""
        return self.valid_from <= now < self.valid_until


def issue_token(document: LicenceDocument, keys: Keys, issuer: str, zone: tzinfo) -> bytes:
    """The signed token of a licence, whose days begin and end at midnight in `zone`."""
    claims: dict[int, Any] = {
        _ISSUER: issuer,
        _SUBJECT: document.number,
        _EXPIRES: _midnight(document.expires_on + timedelta(days=1), zone),
        _NOT_BEFORE: _midnight(document.valid_from, zone),
        _HOLDER: document.holder.ar,
        _PARCEL: document.parcel,
        _DIGEST: document.digest(),
    }
    if document.status_index is not None:
        claims[_STATUS] = {"status_list": {"idx": document.status_index, "uri": f"{issuer}/status"}}
    return sign_cwt(claims, keys)


def verify_token(token: bytes, public_keys: Iterable[bytes]) -> LicenceToken:
    """The claims of a token signed by one of `public_keys` (DER); TokenInvalid otherwise. Ignores time."""
    claims = verify_cwt(token, public_keys)
    try:
        status = claims.get(_STATUS)
        return LicenceToken(
            issuer=_text(claims[_ISSUER]),
            number=_text(claims[_SUBJECT]),
            holder=_text(claims[_HOLDER]),
            parcel=_text(claims[_PARCEL]),
            valid_from=datetime.fromtimestamp(claims[_NOT_BEFORE], UTC),
            valid_until=datetime.fromtimestamp(claims[_EXPIRES], UTC),
            digest=bytes(claims[_DIGEST]),
            status_index=None if status is None else int(status["status_list"]["idx"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise TokenInvalid from error


def sign_cwt(claims: dict[int, Any], keys: Keys, protected: dict[int, Any] | None = None) -> bytes:
    """`claims` as a tagged CWT; `protected` adds header parameters beside algorithm and key id."""
    key_id = _key_id(keys.public_key(PURPOSE))
    header = cbor2.dumps({_ALGORITHM: _ES256, **(protected or {})})
    payload = cbor2.dumps(claims)
    r, s = decode_dss_signature(keys.sign(PURPOSE, _signed_bytes(header, payload)))
    signature = r.to_bytes(_SIZE, "big") + s.to_bytes(_SIZE, "big")
    sign1 = cbor2.CBORTag(_COSE_SIGN1, [header, {_KEY_ID: key_id}, payload, signature])
    return cbor2.dumps(cbor2.CBORTag(_CWT, sign1))


def verify_cwt(token: bytes, public_keys: Iterable[bytes]) -> dict[int, Any]:
    """The claims of a CWT signed by one of `public_keys` (DER); TokenInvalid otherwise."""
    try:
        outer = cbor2.loads(token)
        if outer.tag != _CWT or outer.value.tag != _COSE_SIGN1:
            raise TokenInvalid
        header, unprotected, payload, signature = outer.value.value
        if cbor2.loads(header).get(_ALGORITHM) != _ES256 or len(signature) != 2 * _SIZE:
            raise TokenInvalid
        key = next(key for key in public_keys if _key_id(key) == unprotected.get(_KEY_ID))
        public_key = load_der_public_key(key)
        if not isinstance(public_key, ec.EllipticCurvePublicKey):
            raise TokenInvalid
        r, s = (int.from_bytes(half, "big") for half in (signature[:_SIZE], signature[_SIZE:]))
        public_key.verify(
            encode_dss_signature(r, s), _signed_bytes(header, payload), ec.ECDSA(hashes.SHA256())
        )
        claims = cbor2.loads(payload)
    except (
        *(AttributeError, TypeError, ValueError, StopIteration, RecursionError),
        *(cbor2.CBORError, InvalidSignature),
    ) as error:
        raise TokenInvalid from error
    if not isinstance(claims, dict):
        raise TokenInvalid
    return claims


def to_text(token: bytes) -> str:
    """RFC 4648 base32 without padding: letters a QR code packs tightly."""
    return base64.b32encode(token).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """The token in base32, in either case, with or without the link before it; TokenInvalid when it is none."""
    letters = text.strip().rpartition("#")[2].upper().rstrip("=")
    if not letters or len(letters) > 2 * LONGEST_TOKEN:
        raise TokenInvalid
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError) as error:
        raise TokenInvalid from error


def _signed_bytes(header: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", header, b"", payload])


def _key_id(public_key: bytes) -> bytes:
    return hashlib.sha256(public_key).digest()[:8]


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time.min, zone).timestamp())


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
