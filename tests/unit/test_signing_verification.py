"""Verification: what is accepted, and everything that must not be."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from ssl import DER_cert_to_PEM_cert

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from chalicelib.adapters.embedded.key_file import KeyFile
from chalicelib.ports.keys import Purpose
from chalicelib.signing import verification_process
from chalicelib.signing.document import Bilingual
from chalicelib.signing.errors import VerificationBusy
from chalicelib.signing.layout import LicenceLayout
from chalicelib.signing.pdf_signature import KeysSigner, sign_pdf
from chalicelib.signing.service import GULF, TEMPLATES, Signing
from chalicelib.signing.token import issue_token, to_text
from chalicelib.signing.verification import LARGEST_FILE, Verification, verify_pdf
from chalicelib.signing.verification_process import verify_apart
from tests.signing_office import BASE_URL, FONTS, LICENCE, MOMENT, FixedClock, make_keys

pytestmark = pytest.mark.skipif(not FONTS.is_dir(), reason="the licence's fonts are absent: run npm install")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return make_keys(tmp_path_factory.mktemp("office") / "keys")


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    """Keys of someone who names himself as we do."""
    return make_keys(tmp_path_factory.mktemp("strangers") / "keys")


@pytest.fixture(scope="module")
def layout() -> LicenceLayout:
    return LicenceLayout(FONTS, TEMPLATES)


@pytest.fixture(scope="module")
def roots(keys: KeyFile) -> list[bytes]:
    return keys.certificate_chain("issuer")


@pytest.fixture(scope="module")
def pdf(keys: KeyFile) -> bytes:
    return Signing(keys, FONTS, BASE_URL, FixedClock()).issue_licence_pdf(LICENCE).pdf


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[bytes]]:
    """A licence issued the day before it begins, and its root."""
    clock = FixedClock(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    keys = KeyFile(tmp_path_factory.mktemp("early") / "keys", clock, "بلدية الواحة")
    pdf = Signing(keys, FONTS, BASE_URL, clock).issue_licence_pdf(LICENCE).pdf
    return pdf, keys.certificate_chain("issuer")


@pytest.fixture(scope="module")
def judge(roots: list[bytes]) -> Callable[[bytes], Verification]:
    return lambda pdf: verify_pdf(pdf, roots, MOMENT)


def byte_range(pdf: bytes) -> list[int]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [int(number) for number in opened.Root.AcroForm.Fields[0].V.ByteRange]


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_licence_as_issued_is_valid(pdf: bytes, judge: Callable[[bytes], Verification]) -> None:
    verdict = judge(pdf)
    assert (verdict.valid, verdict.reasons) == (True, ())
    assert (verdict.signer, verdict.signed_at) == ("بلدية الواحة", MOMENT.isoformat())
    assert (verdict.kind, verdict.number, verdict.term) == ("health_licence", LICENCE.number, 3)
    assert verdict.holder == {"ar": LICENCE.holder.ar, "en": LICENCE.holder.en}
    assert (verdict.valid_from, verdict.expires_on) == ("2026-12-01", "2027-11-30")
    assert Verification.from_json(verdict.as_json()) == verdict


def test_any_changed_byte_is_caught(pdf: bytes, judge: Callable[[bytes], Verification]) -> None:
    _, first, second, _ = byte_range(pdf)
    random = Random(20261205)
    signed = [*range(first), *range(second, len(pdf))]
    # A sample of what the digest covers, and some of the padding, which no digest covers.
    for place in [*random.sample(signed, 60), *random.sample(range(second - 3000, second), 10)]:
        changed = bytearray(pdf)
        changed[place] ^= 1 << random.randrange(8)
        assert not judge(bytes(changed)).valid, place


def test_a_changed_byte_of_the_page_is_called_a_change(
    pdf: bytes, judge: Callable[[bytes], Verification]
) -> None:
    changed = bytearray(pdf)
    place = pdf.index(b"stream\n") + 200
    changed[place] ^= 1
    assert judge(bytes(changed)).reasons == ("changed-after-signing",)


def appended_page(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)


def appended_attachment(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.root["/AF"][0]["/EF"]["/F"]
    stream._data = replace(LICENCE, holder=Bilingual("سواه")).canonical_json()
    stream._encoded_data = None
    writer.update_container(stream)


def appended_nothing(writer: IncrementalPdfFileWriter) -> None:
    writer.update_root()


@pytest.mark.parametrize("change", [appended_page, appended_attachment, appended_nothing])
def test_an_appended_revision_is_caught(
    pdf: bytes, judge: Callable[[bytes], Verification], change: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    assert len(out.getvalue()) > len(pdf)
    assert judge(out.getvalue()).reasons == ("changed-after-signing",)


@pytest.mark.parametrize("tail", [b"\n", b"% note\n", bytes(100)])
def test_bytes_after_the_end_are_caught(
    pdf: bytes, judge: Callable[[bytes], Verification], tail: bytes
) -> None:
    assert not judge(pdf + tail).valid


def test_a_rewritten_file_with_another_attachment_is_caught(
    pdf: bytes, judge: Callable[[bytes], Verification]
) -> None:
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.Root.AF[0].EF.F.write(replace(LICENCE, holder=Bilingual("سواه")).canonical_json())
        assert not judge(saved(opened)).valid


def test_a_file_signed_by_a_stranger_is_not_ours(
    pdf: bytes, strangers: KeyFile, judge: Callable[[bytes], Verification]
) -> None:
    forged = Signing(strangers, FONTS, BASE_URL, FixedClock()).issue_licence_pdf(LICENCE).pdf
    assert verify_pdf(forged, strangers.certificate_chain("issuer"), MOMENT).valid
    assert judge(forged).reasons == ("signer-unknown",)
    assert verify_pdf(pdf, strangers.certificate_chain("issuer"), MOMENT).reasons == ("signer-unknown",)
    assert verify_pdf(pdf, [], MOMENT).reasons == ("signer-unknown",)


class SwappedKeys:
    """Keys where the token key stands in for the document key."""

    def __init__(self, keys: KeyFile) -> None:
        self._keys = keys

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        return self._keys.sign("licence-token", message)

    def public_key(self, purpose: Purpose) -> bytes:
        return self._keys.public_key("licence-token")

    def certificate_chain(self, purpose: Purpose) -> list[bytes]:
        return self._keys.certificate_chain("licence-token")


def test_our_token_key_may_not_sign_documents(
    keys: KeyFile, layout: LicenceLayout, judge: Callable[[bytes], Verification]
) -> None:
    page = layout.lay_out(LICENCE, f"{BASE_URL}/l#X", "licences.example", MOMENT)
    assert judge(sign_pdf(page, KeysSigner(SwappedKeys(keys)), MOMENT)).reasons == ("signer-unknown",)


@pytest.mark.parametrize("case", ["no token", "token of a stranger", "token of another licence"])
def test_the_printed_token_must_be_ours_and_of_this_licence(
    keys: KeyFile,
    strangers: KeyFile,
    layout: LicenceLayout,
    judge: Callable[[bytes], Verification],
    case: str,
) -> None:
    other = replace(LICENCE, holder=Bilingual("سواه"))
    token, reason = {
        "no token": (b"not a token", "token-invalid"),
        "token of a stranger": (issue_token(LICENCE, strangers, BASE_URL, GULF), "token-invalid"),
        "token of another licence": (issue_token(other, keys, BASE_URL, GULF), "token-mismatch"),
    }[case]
    page = layout.lay_out(LICENCE, f"{BASE_URL}/l#{to_text(token)}", "licences.example", MOMENT)
    verdict = judge(sign_pdf(page, KeysSigner(keys), MOMENT))
    assert (verdict.valid, verdict.reasons, verdict.number) == (False, (reason,), LICENCE.number)


@pytest.mark.parametrize(
    ("now", "reasons"),
    [
        (datetime(2026, 11, 30, 20, 59, tzinfo=UTC), ("not-yet-valid",)),
        (datetime(2026, 11, 30, 21, 0, tzinfo=UTC), ()),
        (datetime(2027, 11, 30, 20, 59, tzinfo=UTC), ()),
        (datetime(2027, 11, 30, 21, 0, tzinfo=UTC), ("expired",)),
    ],
)
def test_a_licence_outside_its_term_says_so(
    early: tuple[bytes, list[bytes]], now: datetime, reasons: tuple[str, ...]
) -> None:
    pdf, roots = early
    assert verify_pdf(pdf, roots, now).reasons == reasons


def protected(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def unsigned(pdf: bytes) -> bytes:
    return pdf[: pdf.index(b"%%EOF") + 6]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda pdf: b"", "not-a-pdf"),
        (lambda pdf: b"PK\x03\x04" + pdf, "not-a-pdf"),
        (lambda pdf: b"%PDF-1.7\n" + bytes(500), "unreadable"),
        (lambda pdf: pdf[: len(pdf) // 2], "unreadable"),
        (unsigned, "not-signed"),
        (protected, "unreadable"),
        (lambda pdf: pdf + bytes(LARGEST_FILE), "too-large"),
    ],
    ids=["empty", "zip", "noise", "truncated", "unsigned", "protected", "too large"],
)
def test_bad_files_get_a_reason(
    pdf: bytes, judge: Callable[[bytes], Verification], spoil: Callable[[bytes], bytes], reason: str
) -> None:
    assert judge(spoil(pdf)) == Verification(False, (reason,))


@given(junk=st.binary(max_size=400), cut=st.integers(0, 90_000))
def test_any_bytes_get_a_verdict(
    pdf: bytes, judge: Callable[[bytes], Verification], junk: bytes, cut: int
) -> None:
    assert not judge(b"%PDF-" + junk).valid
    assert not judge(pdf[:cut] + junk + pdf[cut + len(junk) + 1 :]).valid


def test_the_process_apart_gives_the_same_verdicts(
    pdf: bytes, roots: list[bytes], judge: Callable[[bytes], Verification]
) -> None:
    for file in (pdf, b"%PDF-1.7 nothing"):
        assert verify_apart(file, roots, MOMENT) == judge(file)


def test_a_machine_without_time_calls_no_licence_false(
    pdf: bytes, roots: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification_process, "WALL_SECONDS", 0.01)
    with pytest.raises(VerificationBusy):
        verify_apart(pdf, roots, MOMENT)


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig is absent: install poppler-utils")
def test_poppler_agrees(pdf: bytes, tmp_path: Path) -> None:
    def said(content: bytes) -> str:
        file = tmp_path / "licence.pdf"
        file.write_bytes(content)
        environment = {**os.environ, "HOME": str(tmp_path)}
        return subprocess.run(
            ["pdfsig", str(file)], capture_output=True, text=True, env=environment, check=False
        ).stdout

    assert "Signature is Valid." in said(pdf)
    assert "Total document signed" in said(pdf)
    changed = bytearray(pdf)
    changed[pdf.index(b"stream\n") + 200] ^= 1
    assert "Digest Mismatch" in said(bytes(changed))


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is absent")
def test_openssl_agrees(pdf: bytes, roots: list[bytes], strangers: KeyFile, tmp_path: Path) -> None:
    _, first, second, _ = byte_range(pdf)
    with pikepdf.open(BytesIO(pdf)) as opened:
        (tmp_path / "signature.der").write_bytes(bytes(opened.Root.AcroForm.Fields[0].V.Contents))

    def verifies(content: bytes, root: bytes) -> bool:
        (tmp_path / "content").write_bytes(content)
        (tmp_path / "root.pem").write_text(DER_cert_to_PEM_cert(root))
        command = "openssl cms -verify -cades -binary -inform DER -in signature.der -content content"
        limits = ["-CAfile", "root.pem", "-attime", str(int(MOMENT.timestamp())), "-out", os.devnull]
        return (
            subprocess.run(
                [*command.split(), *limits], cwd=tmp_path, capture_output=True, check=False
            ).returncode
            == 0
        )

    content = pdf[:first] + pdf[second:]
    assert verifies(content, roots[0])
    assert not verifies(content[:-1], roots[0])
    assert not verifies(content, strangers.certificate_chain("issuer")[0])
