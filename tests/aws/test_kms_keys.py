"""Keys in KMS beyond the port's contract: what is signed with them, certificates that last, keys that are not right."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ReadTimeoutError
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from chalicelib.adapters.aws.kms_keys import KmsKeys
from chalicelib.adapters.aws.s3_blobs import S3Blobs
from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.ports.blobs import Blobs
from chalicelib.ports.keys import IssuerMissing, KeyDamaged, KeyMissing
from chalicelib.ports.stores import ClockWrong, StoreDenied, StoreUnavailable
from chalicelib.signing.errors import TokenInvalid
from chalicelib.signing.service import Signing
from tests.aws_server import AwsServer, Fault, faults, half_done, refused, unheard
from tests.signing_office import BASE_URL, FONTS, LICENCE, MOMENT, FixedClock


class Office:
    """One municipality's keys, opened as often as functions start."""

    def __init__(self, aws: AwsServer, blobs: Blobs) -> None:
        self.aws, self.blobs, self.prefix = aws, blobs, aws.signing_keys()

    def open(self) -> KmsKeys:
        url = f"awskms:///{self.prefix}?{self.aws.options()}"
        return KmsKeys(url, FixedClock(), "بلدية الواحة", self.blobs)


@pytest.fixture
def office(aws: AwsServer, tmp_path: Path) -> Office:
    return Office(aws, FolderBlobs(tmp_path / "blobs", SignedLinks(b"s" * 32, FixedClock())))


def test_a_licence_is_signed_by_kms_and_holds(office: Office) -> None:
    signing = Signing(office.open(), FONTS, BASE_URL, FixedClock())
    issued = signing.issue_licence_pdf(LICENCE)
    assert signing.verify_pdf(issued.pdf).valid
    assert signing.verify_token(issued.qr_url).number == LICENCE.number
    # Another function, started later, says the same of it.
    other = Signing(office.open(), FONTS, BASE_URL, FixedClock())
    assert other.verify_pdf(issued.pdf).valid
    assert other.roots() == signing.roots()


def test_certificates_stand_among_the_blobs_of_a_bucket_too(aws: AwsServer) -> None:
    office = Office(aws, S3Blobs(f"s3://{aws.bucket()}/town?{aws.options()}", FixedClock()))
    first = office.open().certificate_chain("licence-pdf")
    assert office.open().certificate_chain("licence-pdf") == first
    assert len(list(office.blobs.keys("certificates/"))) == 2


def test_what_is_longer_than_kms_takes_is_digested_here(office: Office) -> None:
    """moto 5.2.5 digests a digest once more, against its own documentation: here, and here only, that is expected."""
    keys, message = office.open(), bytes(4097)
    signature = keys.sign("licence-token", message)
    public = load_der_public_key(keys.public_key("licence-token"))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, hashlib.sha256(message).digest(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(signature, message, ec.ECDSA(hashes.SHA256()))


def test_kms_is_asked_for_a_public_key_once(office: Office) -> None:
    keys, asked = office.open(), []
    keys._kms.meta.events.register("before-send.kms.GetPublicKey", lambda request, **_: asked.append(request))
    for _ in range(3):
        keys.certificate_chain("licence-pdf")
        keys.public_key("licence-pdf")
    assert len(asked) == 2  # the issuer's and its own


def test_reading_the_chain_takes_no_right_to_sign(office: Office) -> None:
    made = office.open().certificate_chain("licence-token")
    reader = office.open()
    with faults(reader._kms, "Sign", refused(400, "AccessDeniedException")) as met:
        assert reader.certificate_chain("licence-token") == made
    assert not met


def test_a_new_key_behind_an_alias_gets_its_own_certificate(office: Office, aws: AwsServer) -> None:
    running = Signing(office.open(), FONTS, BASE_URL, FixedClock())
    issued = [running.issue_licence_pdf(LICENCE)]
    old = office.open().certificate_chain("licence-pdf")
    for purpose in ("licence-pdf", "licence-token"):
        aws.signing_key(f"alias/{office.prefix}-{purpose}")
    # A function that was running goes on with the key that it has a certificate of.
    issued.append(running.issue_licence_pdf(LICENCE))
    started = Signing(office.open(), FONTS, BASE_URL, FixedClock())
    started.certify()
    issued.append(started.issue_licence_pdf(LICENCE))
    new = office.open().certificate_chain("licence-pdf")
    assert new[0] != old[0] and new[1] == old[1]
    x509.load_der_x509_certificate(new[0]).verify_directly_issued_by(x509.load_der_x509_certificate(new[1]))
    for signing in (running, started):
        for licence in issued:
            assert signing.verify_pdf(licence.pdf).valid
            assert signing.verify_token(licence.qr_url).number == LICENCE.number


def test_a_key_that_the_root_never_certified_vouches_for_nothing(
    office: Office, aws: AwsServer, tmp_path: Path
) -> None:
    signing = Signing(office.open(), FONTS, BASE_URL, FixedClock())
    signing.certify()
    elsewhere = FolderBlobs(tmp_path / "elsewhere", SignedLinks(b"s" * 32, FixedClock()))
    stranger = Office(aws, elsewhere)
    forged = Signing(stranger.open(), FONTS, BASE_URL, FixedClock()).issue_licence_pdf(LICENCE)
    stranger.open().certificate_chain("licence-token")
    [own] = stranger.blobs.keys("certificates/licence-token/")
    office.blobs.put(stranger.blobs.get(own), own)
    with pytest.raises(TokenInvalid):
        signing.verify_token(forged.qr_url)


def test_another_issuer_is_refused_while_licences_trust_the_first(office: Office, aws: AwsServer) -> None:
    office.open().certificate_chain("licence-pdf")
    aws.signing_key(f"alias/{office.prefix}-issuer")
    with pytest.raises(IssuerMissing):
        office.open().certificate_chain("licence-pdf")


def test_a_certificate_of_another_key_is_noticed(office: Office) -> None:
    keys = office.open()
    keys.certificate_chain("licence-pdf")
    own = next(iter(office.blobs.keys("certificates/licence-pdf/")))
    root = next(iter(office.blobs.keys("certificates/issuer/")))
    office.blobs.put(office.blobs.get(root), own)
    with pytest.raises(KeyDamaged):
        office.open().certificate_chain("licence-pdf")


def test_a_key_that_is_not_there_and_one_of_another_kind(office: Office, aws: AwsServer) -> None:
    aws.signing_key(f"alias/{office.prefix}-licence-pdf", KeySpec="RSA_2048")
    with pytest.raises(KeyDamaged):
        office.open().certificate_chain("licence-pdf")
    aws.client("kms").delete_alias(AliasName=f"alias/{office.prefix}-licence-token")
    with pytest.raises(KeyMissing):
        office.open().sign("licence-token", b"x")


def test_a_start_that_is_cut_off_is_completed_by_the_next(office: Office) -> None:
    keys = office.open()
    chain = keys.certificate_chain("issuer")
    with (
        faults(keys._kms, "Sign", refused(400, "DisabledException")),
        pytest.raises(StoreDenied) as refusal,
    ):
        keys.certificate_chain("licence-pdf")
    assert refusal.value.data["reason"] == "DisabledException"
    whole = office.open().certificate_chain("licence-pdf")
    assert whole[1:] == chain
    certificate = x509.load_der_x509_certificate(whole[0])
    assert certificate.not_valid_before_utc <= MOMENT < certificate.not_valid_after_utc


CALLS: dict[str, Callable[[KmsKeys], object]] = {
    "Sign": lambda keys: keys.sign("licence-pdf", b"attributes"),
    "GetPublicKey": lambda keys: keys.public_key("licence-pdf"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "fault",
    [
        refused(400, "ThrottlingException"),
        refused(500, "KMSInternalException"),
        half_done(ReadTimeoutError(endpoint_url="there")),
    ],
)
def test_what_passes_is_tried_again(office: Office, hurried: None, call: str, fault: Fault) -> None:
    keys = office.open()
    with faults(keys._kms, call, fault) as met:
        assert CALLS[call](keys)
    assert len(met) == 1


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (refused(400, "ThrottlingException"), StoreUnavailable),
        (unheard(ReadTimeoutError(endpoint_url="there")), StoreUnavailable),
        (refused(400, "AccessDeniedException"), StoreDenied),
        (refused(400, "KMSInvalidStateException"), StoreDenied),
        (
            refused(400, "InvalidSignatureException", "Signature expired: 20261122T09Z is now earlier"),
            ClockWrong,
        ),
    ],
)
def test_what_does_not_pass_is_refused_with_its_reason(
    office: Office, hurried: None, call: str, fault: Fault, refusal: type[Exception]
) -> None:
    keys = office.open()
    with faults(keys._kms, call, *[fault] * 9), pytest.raises(refusal):
        CALLS[call](keys)
    assert CALLS[call](keys)
