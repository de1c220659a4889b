"""What every adapter of the Keys port must do; a new one adds its factory to `ADAPTERS`."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from chalicelib.adapters.aws.kms_keys import KmsKeys
from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.ports.keys import LICENCE_TOKEN_USAGE, PURPOSES, Keys, Purpose
from tests.aws_server import AwsServer
from tests.signing_office import MOMENT, FixedClock, make_keys


def open_key_file(_: pytest.FixtureRequest, folder: Path) -> Callable[[], Keys]:
    return lambda: make_keys(folder / "keys")


def open_kms(request: pytest.FixtureRequest, folder: Path) -> Callable[[], Keys]:
    aws: AwsServer = request.getfixturevalue("aws")
    url = f"awskms:///{aws.signing_keys()}?{aws.options()}"
    blobs = FolderBlobs(folder / "blobs", SignedLinks(b"s" * 32, FixedClock()))
    return lambda: KmsKeys(url, FixedClock(), "بلدية الواحة", blobs)


# Each gives what opens the keys of one municipality, and makes them first where there are none.
ADAPTERS = {"key_file": open_key_file, "kms": open_kms}


@pytest.fixture(params=ADAPTERS)
def open_keys(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Keys]:
    return ADAPTERS[request.param](request, tmp_path)


def certificates(keys: Keys, purpose: Purpose) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(der) for der in keys.certificate_chain(purpose)]


def verify(keys: Keys, purpose: Purpose, signature: bytes, message: bytes) -> None:
    key = load_der_public_key(keys.public_key(purpose))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    key.verify(signature, message, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("message", [b"x", bytes(4096)])
def test_signs_so_that_the_public_key_verifies(
    open_keys: Callable[[], Keys], purpose: Purpose, message: bytes
) -> None:
    keys = open_keys()
    signature = keys.sign(purpose, message)
    verify(keys, purpose, signature, message)
    with pytest.raises(InvalidSignature):
        verify(keys, purpose, signature, message + b".")


def test_purposes_do_not_share_a_key(open_keys: Callable[[], Keys]) -> None:
    keys = open_keys()
    assert len({keys.public_key(purpose) for purpose in PURPOSES}) == len(PURPOSES)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_chain_runs_from_the_key_to_the_one_root(open_keys: Callable[[], Keys], purpose: Purpose) -> None:
    keys = open_keys()
    chain = certificates(keys, purpose)
    own = chain[0].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert own == keys.public_key(purpose)
    for certificate, issuer in zip(chain, [*chain[1:], chain[-1]], strict=True):
        certificate.verify_directly_issued_by(issuer)
        assert certificate.not_valid_before_utc <= MOMENT < certificate.not_valid_after_utc
    assert keys.certificate_chain(purpose)[-1] == keys.certificate_chain("issuer")[-1]


def test_certificates_say_what_each_key_may_do(open_keys: Callable[[], Keys]) -> None:
    keys = open_keys()

    def usages(purpose: Purpose) -> set[str]:
        extension = certificates(keys, purpose)[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        return {usage.dotted_string for usage in extension.value}

    assert usages("licence-pdf") == {
        "1.3.6.1.5.5.7.3.36",
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
    }
    assert usages("licence-token") == {LICENCE_TOKEN_USAGE}
    for purpose in PURPOSES:
        extensions = certificates(keys, purpose)[0].extensions
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        authority = extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        assert authority == usage.key_cert_sign == (purpose == "issuer")
        assert usage.content_commitment == (purpose != "issuer")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_present_key_is_the_first_of_those_that_ever_were(
    open_keys: Callable[[], Keys], purpose: Purpose
) -> None:
    keys = open_keys()
    keys.certificate_chain(purpose)
    assert set(keys.public_keys(purpose)) == {keys.public_key(purpose)}


def test_keys_are_the_same_after_a_restart(open_keys: Callable[[], Keys]) -> None:
    first, second = open_keys(), open_keys()
    for purpose in PURPOSES:
        assert first.certificate_chain(purpose) == second.certificate_chain(purpose)
        verify(first, purpose, second.sign(purpose, b"after a restart"), b"after a restart")


def test_two_that_start_together_have_the_same_certificates(open_keys: Callable[[], Keys]) -> None:
    barrier = threading.Barrier(4)

    def start(_: int) -> tuple[tuple[bytes, ...], ...]:
        barrier.wait()
        keys = open_keys()
        return tuple(tuple(keys.certificate_chain(purpose)) for purpose in PURPOSES)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
