"""Signing keys that never leave AWS KMS, and the certificates that go with them."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import urlsplit

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from chalicelib.adapters.aws.clients import client, code_of, options
from chalicelib.adapters.certificates import certify, checked_organisation
from chalicelib.ports.blobs import BlobMissing, Blobs
from chalicelib.ports.clock import Clock
from chalicelib.ports.keys import IssuerMissing, KeyDamaged, KeyMissing, Purpose
from chalicelib.ports.stores import StoreDenied

_FOLDER = "certificates/"
_LONGEST = 4096
_STAYS = "the private key stays in KMS"


class KmsKeys:
    """The `Keys` port over KMS keys of P-256 with the aliases `alias/PREFIX-PURPOSE`, at `awskms:///PREFIX`.

    Infrastructure makes the keys. Certificates are made here when first asked for, and kept among the blobs under the
    digest of the public key that they certify: every function sees the same ones, two that start together end with
    the same, and a new key behind an alias gets a certificate of its own: processes that run keep the old one until
    they end, so it has to stay usable for a day. Of the issuer there is one for ever:
    another key behind its alias raises IssuerMissing rather than make every licence unverifiable.

    Signing in KMS is not deterministic: the same document signed twice is two files.
    """

    def __init__(self, url: str, clock: Clock, organisation: str, blobs: Blobs) -> None:
        self._told = options(url)
        self._prefix = urlsplit(url).path.strip("/")
        self._organisation = checked_organisation(organisation)
        self._clock = clock
        self._blobs = blobs
        self._ids: dict[Purpose, str] = {}
        self._public: dict[Purpose, bytes] = {}
        self._certificates: dict[Purpose, x509.Certificate] = {}

    @cached_property
    def _kms(self) -> Any:
        return client("kms", self._told)

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        """See Keys.sign; of what is longer than KMS takes, the digest is made here."""
        kind, said = "RAW", message
        if len(message) > _LONGEST:
            kind, said = "DIGEST", hashlib.sha256(message).digest()
        self.public_key(purpose)  # an alias may lead elsewhere by now: we sign with the key that we certified
        signed: bytes = self._call(
            self._kms.sign,
            self._ids[purpose],
            Message=said,
            MessageType=kind,
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]
        return signed

    def public_key(self, purpose: Purpose) -> bytes:
        """See Keys.public_key; asked of KMS once a process."""
        if purpose not in self._public:
            told = self._call(self._kms.get_public_key, self._alias(purpose))
            self._ids[purpose], self._public[purpose] = told["KeyId"], told["PublicKey"]
        return self._public[purpose]

    def public_keys(self, purpose: Purpose) -> Iterator[bytes]:
        """See Keys.public_keys; others than the present one are looked for among the certificates of the root."""
        yield self.public_key(purpose)
        root = self._certificate("issuer")
        for kept_at in self._blobs.keys(f"{_FOLDER}{purpose}/"):
            found = x509.load_der_x509_certificate(self._blobs.get(kept_at))
            with suppress(InvalidSignature, ValueError):
                found.verify_directly_issued_by(root)
                yield found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def certificate_chain(self, purpose: Purpose) -> list[bytes]:
        """See Keys.certificate_chain."""
        root = self._certificate("issuer")
        chain = [root] if purpose == "issuer" else [self._certificate(purpose), root]
        return [certificate.public_bytes(Encoding.DER) for certificate in chain]

    def _certificate(self, purpose: Purpose) -> x509.Certificate:
        if purpose not in self._certificates:
            key = self._loaded(purpose)
            kept_at = self._kept_at(purpose)
            try:
                der = self._blobs.get(kept_at)
            except BlobMissing:
                made = self._root() if purpose == "issuer" else self._certified(purpose, key)
                der = self._blobs.put_once(made.public_bytes(Encoding.DER), kept_at)
            found = x509.load_der_x509_certificate(der)
            if found.public_key() != key:
                raise KeyDamaged(path=kept_at)
            self._certificates[purpose] = found
        return self._certificates[purpose]

    def _root(self) -> x509.Certificate:
        kept_at, existing = self._kept_at("issuer"), list(self._blobs.keys(_FOLDER))
        if existing and kept_at not in existing:
            raise IssuerMissing(path=self._alias("issuer"))
        return certify(
            "issuer", self._loaded("issuer"), self._issuer, None, self._organisation, self._clock.now()
        )

    def _certified(self, purpose: Purpose, key: ec.EllipticCurvePublicKey) -> x509.Certificate:
        root = self._certificate("issuer")
        return certify(purpose, key, self._issuer, root, self._organisation, self._clock.now())

    @cached_property
    def _issuer(self) -> "_KeyInKms":
        return _KeyInKms(self, "issuer", self._loaded("issuer"))

    def _loaded(self, purpose: Purpose) -> ec.EllipticCurvePublicKey:
        key = load_der_public_key(self.public_key(purpose))
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise KeyDamaged(path=self._alias(purpose))
        return key

    def _kept_at(self, purpose: Purpose) -> str:
        return f"{_FOLDER}{purpose}/{hashlib.sha256(self.public_key(purpose)).hexdigest()}.der"

    def _alias(self, purpose: Purpose) -> str:
        return f"alias/{self._prefix}-{purpose}"

    def _call(self, operation: Callable[..., Any], key: str, **asked: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = operation(KeyId=key, **asked)
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                raise KeyMissing(path=key) from None
            # Disabled, about to be deleted, or made for something else: a person has to see to it.
            raise StoreDenied(service="kms", operation=error.operation_name, reason=code_of(error)) from error
        return answer


class _KeyInKms(ec.EllipticCurvePrivateKey):
    """What the maker of certificates takes for a private key: it can sign, and shows nothing."""

    def __init__(self, keys: KmsKeys, purpose: Purpose, public: ec.EllipticCurvePublicKey) -> None:
        self._keys = keys
        self._purpose = purpose
        self._own = public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        return self._keys.sign(self._purpose, bytes(data))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._own

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._own.curve

    @property
    def key_size(self) -> int:
        return self._own.key_size

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        raise UnsupportedAlgorithm(_STAYS)

    def private_numbers(self) -> NoReturn:
        raise UnsupportedAlgorithm(_STAYS)

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> NoReturn:
        raise UnsupportedAlgorithm(_STAYS)

    def __copy__(self) -> NoReturn:
        raise UnsupportedAlgorithm(_STAYS)

    def __deepcopy__(self, memo: dict[int, Any]) -> NoReturn:
        raise UnsupportedAlgorithm(_STAYS)
