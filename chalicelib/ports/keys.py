"""Signing keys, named by what they are for; nobody outside an adapter sees a private key."""

from collections.abc import Iterable
from typing import Literal, Protocol, get_args

from chalicelib.kernel.errors import Refusal

Purpose = Literal["issuer", "licence-pdf", "licence-token"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

# Extended key usage of the licence-token certificate: an arc from a UUID (ITU-T X.667), needing no registry.
LICENCE_TOKEN_USAGE = "2.25.336230925557231567844506062037152719108"  # noqa: S105


class Keys(Protocol):
    """P-256 key pairs by purpose, each certified by the municipality's own root.

    `issuer` is the root itself; `licence-pdf` signs documents; `licence-token` signs QR tokens
    and status lists. An adapter that cannot serve a purpose raises a refusal below.
    """

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        """ECDSA over SHA-256 of `message`, which is not empty; DER encoded."""
        ...

    def public_key(self, purpose: Purpose) -> bytes:
        """The public key as DER SubjectPublicKeyInfo."""
        ...

    def public_keys(self, purpose: Purpose) -> Iterable[bytes]:
        """Every public key that ever served the purpose, the present one first: what was signed before still holds."""
        ...

    def certificate_chain(self, purpose: Purpose) -> list[bytes]:
        """DER certificates, the key's own first and the root last."""
        ...


class KeyExposed(Refusal):
    """A key file or its folder may be read by others: data `path`, `mode` (octal text)."""

    code = "key-exposed"
    kind = "unavailable"


class KeyDamaged(Refusal):
    """A key file does not hold what it should: data `path`."""

    code = "key-damaged"
    kind = "unavailable"


class KeyMissing(Refusal):
    """There is no key where the settings say: data `path`, its name there."""

    code = "key-missing"
    kind = "unavailable"


class IssuerMissing(Refusal):
    """The root is gone while keys it certified are still there: data `path`.

    A new root in its place would make every licence already issued unverifiable.
    """

    code = "issuer-missing"
    kind = "unavailable"
