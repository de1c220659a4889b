"""Signing keys in files of one folder that only their owner may read."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
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

from chalicelib.adapters.certificates import certify, checked_organisation
from chalicelib.ports.clock import Clock
from chalicelib.ports.keys import (
    PURPOSES,
    IssuerMissing,
    KeyDamaged,
    KeyExposed,
    Purpose,
)

_TEMPORARY = ".new"


class KeyFile:
    """Keys kept in `folder` as `<purpose>.pem`: the private key, then its certificate chain.

    The first start makes them, the root first; each file appears whole or not at all, so a
    start killed half-way is completed by the next. Two processes starting at once end with
    the same keys. Raises KeyExposed, KeyDamaged or IssuerMissing rather than sign with a key
    that may have been copied or replaced.

    `organisation` is the name in the certificates (see `checked_organisation`).
    """

    def __init__(self, folder: Path, clock: Clock, organisation: str = "Diwan Municipality") -> None:
        self._organisation = checked_organisation(organisation)
        self._folder = folder
        self._clock = clock
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

    def public_keys(self, purpose: Purpose) -> tuple[bytes, ...]:
        """See Keys.public_keys; of a file there was never another."""
        return (self.public_key(purpose),)

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
        chain = self._chains.get("issuer", [])
        certificate = certify(
            purpose, key.public_key(), self._keys.get("issuer", key), next(iter(chain), None), self._organisation,
            self._clock.now(),
        )  # fmt: skip
        chain = [certificate, *chain]
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_whole(
            self._path(purpose),
            pem + b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain),
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
