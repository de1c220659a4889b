"""Signing keys in files of one folder that only their owner may read."""

import fcntl
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chalicelib.ports.clock import Clock
from chalicelib.ports.keys import (
    LICENCE_TOKEN_USAGE,
    PURPOSES,
    IssuerMissing,
    KeyDamaged,
    KeyExposed,
    Purpose,
)

# With document signing alone poppler calls the certificate unknown; e-mail protection beside it is trusted.
_USAGES: dict[Purpose, list[x509.ObjectIdentifier]] = {
    "licence-pdf": [x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"), ExtendedKeyUsageOID.EMAIL_PROTECTION],
    "licence-token": [x509.ObjectIdentifier(LICENCE_TOKEN_USAGE)],
}
_TITLES: dict[Purpose, str] = {"issuer": "Root", "licence-pdf": "Licences", "licence-token": "Licence tokens"}
_YEARS: dict[Purpose, int] = {"issuer": 30, "licence-pdf": 15, "licence-token": 15}
# Clocks of verifiers lag; a certificate from this morning must hold for them too.
_BACKDATED = timedelta(days=1)
_TEMPORARY = ".new"


class KeyFile:
    """Keys kept in `folder` as `<purpose>.pem`: the private key, then its certificate chain.

    The first start makes them, the root first; each file appears whole or not at all, so a
    start killed half-way is completed by the next. Two processes starting at once end with
    the same keys. Raises KeyExposed, KeyDamaged or IssuerMissing rather than sign with a key
    that may have been copied or replaced.

    `organisation` is the name in the certificates: up to 64 characters and in one script, for
    a name of mixed direction is malformed (RFC 4518) and no verifier would accept it.
    """

    def __init__(self, folder: Path, clock: Clock, organisation: str = "Diwan Municipality") -> None:
        if len(organisation) > 64 or not _one_direction(organisation):
            raise ValueError(f"not a name for a certificate: {organisation!r}")
        self._folder = folder
        self._clock = clock
        self._organisation = organisation
        self._keys: dict[Purpose, ec.EllipticCurvePrivateKey] = {}
        self._chains: dict[Purpose, list[x509.Certificate]] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)
        _refuse_if_exposed(folder, folder.stat())
        with self._alone():
            for leftover in folder.glob(f"*{_TEMPORARY}"):
                leftover.unlink()
            for purpose in PURPOSES:
                if not self._path(purpose).exists():
                    self._make(purpose)
                self._load(purpose)

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        """See Keys.sign; deterministic (RFC 6979), so the same document gives the same bytes."""
        return self._keys[purpose].sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def public_key(self, purpose: Purpose) -> bytes:
        """See Keys.public_key."""
        key = self._keys[purpose].public_key()
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def certificate_chain(self, purpose: Purpose) -> list[bytes]:
        """See Keys.certificate_chain."""
        return [certificate.public_bytes(Encoding.DER) for certificate in self._chains[purpose]]

    def _path(self, purpose: Purpose) -> Path:
        return self._folder / f"{purpose}.pem"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder's lock; the kernel frees it when the process ends, however it ends."""
        lock = os.open(self._folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _load(self, purpose: Purpose) -> None:
        path = self._path(purpose)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise KeyDamaged(path=str(path)) from error
        with open(descriptor, "rb") as file:
            _refuse_if_exposed(path, os.fstat(descriptor))
            pem = file.read()
        try:
            key = load_pem_private_key(pem, password=None)
            chain = x509.load_pem_x509_certificates(pem)
        except ValueError as error:
            raise KeyDamaged(path=str(path)) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != chain[0].public_key():
            raise KeyDamaged(path=str(path))
        self._keys[purpose], self._chains[purpose] = key, chain

    def _make(self, purpose: Purpose) -> None:
        if purpose == "issuer" and any(self._path(other).exists() for other in PURPOSES):
            raise IssuerMissing(path=str(self._path("issuer")))
        key = ec.generate_private_key(ec.SECP256R1())
        chain = [self._certify(purpose, key), *self._chains.get("issuer", [])]
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_whole(
            self._path(purpose),
            pem + b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain),
        )

    def _certify(self, purpose: Purpose, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        root = purpose == "issuer"
        signing_key = key if root else self._keys["issuer"]
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self._organisation),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _TITLES[purpose]),
                x509.NameAttribute(NameOID.COMMON_NAME, self._organisation),
            ]
        )
        start = self._clock.now() - _BACKDATED
        end = start + timedelta(days=365 * _YEARS[purpose])
        if not root:
            end = min(end, self._chains["issuer"][0].not_valid_after_utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name if root else self._chains["issuer"][0].subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
            .add_extension(_usage(root), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
            )
        )
        if not root:
            builder = builder.add_extension(x509.ExtendedKeyUsage(_USAGES[purpose]), critical=False)
        return builder.sign(signing_key, hashes.SHA256())


def _one_direction(name: str) -> bool:
    """RFC 3454, section 6: right-to-left letters only with their like, and at both ends."""
    directions = [unicodedata.bidirectional(character) for character in name]
    if not {"R", "AL"} & set(directions):
        return True
    return "L" not in directions and all(end in ("R", "AL") for end in (directions[0], directions[-1]))


def _usage(root: bool) -> x509.KeyUsage:
    """The root certifies only; the others sign, and cannot deny it (content commitment)."""
    return x509.KeyUsage(
        digital_signature=not root,
        content_commitment=not root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=root,
        crl_sign=root,
        encipher_only=False,
        decipher_only=False,
    )


def _refuse_if_exposed(path: Path, status: os.stat_result) -> None:
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077 or status.st_uid != os.geteuid():
        raise KeyExposed(path=str(path), mode=f"{mode:04o}")


def _write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a crash leaves either nothing or all of it there."""
    temporary = path.with_name(path.name + _TEMPORARY)
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
