"""The municipality's certificates: what each says its key may do. Whoever holds the keys has them made here."""

import unicodedata
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chalicelib.ports.keys import LICENCE_TOKEN_USAGE, Purpose

# With document signing alone poppler calls the certificate unknown; e-mail protection beside it is trusted.
_USAGES: dict[Purpose, list[x509.ObjectIdentifier]] = {
    "licence-pdf": [x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"), ExtendedKeyUsageOID.EMAIL_PROTECTION],
    "licence-token": [x509.ObjectIdentifier(LICENCE_TOKEN_USAGE)],
}
_TITLES: dict[Purpose, str] = {"issuer": "Root", "licence-pdf": "Licences", "licence-token": "Licence tokens"}
_YEARS: dict[Purpose, int] = {"issuer": 30, "licence-pdf": 15, "licence-token": 15}
# Clocks of verifiers lag; a certificate from this morning must hold for them too.
_BACKDATED = timedelta(days=1)


def checked_organisation(name: str) -> str:
    """The name, when a certificate may bear it; ValueError for anything else.

    Up to 64 characters and in one script, for a name of mixed direction is malformed (RFC 4518) and no verifier
    would accept it.
    """
    if len(name) > 64 or not _one_direction(name):
        raise ValueError(f"not a name for a certificate: {name!r}")
    return name


def certify(
    purpose: Purpose,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    organisation: str,
    now: datetime,
) -> x509.Certificate:
    """A certificate for `key`, signed by the issuer; its own when there is no `issuer` yet."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _TITLES[purpose]),
            x509.NameAttribute(NameOID.COMMON_NAME, organisation),
        ]
    )
    root = issuer is None
    start = now - _BACKDATED
    end = start + timedelta(days=365 * _YEARS[purpose])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(min(end, issuer.not_valid_after_utc) if issuer else end)
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(_usage(root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if not root:
        builder = builder.add_extension(x509.ExtendedKeyUsage(_USAGES[purpose]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


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
