"""The token of the QR code, and the status list."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from cwt import COSE, COSEKey
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.embedded.key_file import KeyFile
from chalicelib.signing.document import Bilingual
from chalicelib.signing.errors import TokenInvalid
from chalicelib.signing.service import GULF
from chalicelib.signing.status_list import is_revoked, issue_status_list
from chalicelib.signing.token import from_text, issue_token, to_text, verify_token
from tests.signing_office import BASE_URL, LICENCE, MOMENT, make_keys


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return make_keys(tmp_path_factory.mktemp("office") / "keys")


@pytest.fixture(scope="module")
def token(keys: KeyFile) -> bytes:
    return issue_token(LICENCE, keys, BASE_URL, GULF)


def public_keys(keys: KeyFile) -> list[bytes]:
    return [keys.public_key("licence-token")]


def test_says_what_was_signed(keys: KeyFile, token: bytes) -> None:
    read = verify_token(token, public_keys(keys))
    assert (read.issuer, read.number, read.parcel) == (BASE_URL, LICENCE.number, LICENCE.parcel)
    assert (read.holder, read.digest, read.status_index) == (LICENCE.holder.ar, LICENCE.digest(), 317)


def test_is_in_force_from_local_midnight_to_local_midnight(keys: KeyFile, token: bytes) -> None:
    read = verify_token(token, public_keys(keys))
    first, last = datetime(2026, 11, 30, 21, tzinfo=UTC), datetime(2027, 11, 30, 21, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [read.in_force(at) for at in (first - second, first, last - second, last)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_second_implementation_reads_the_same_claims(keys: KeyFile, token: bytes) -> None:
    pem = load_der_public_key(keys.public_key("licence-token")).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    key_id = cbor2.loads(token).value.value[1][4]
    payload = COSE.new().decode(cbor2.dumps(cbor2.loads(token).value), COSEKey.from_pem(pem, kid=key_id))
    claims = cbor2.loads(payload)
    assert (claims[1], claims[2]) == (BASE_URL, LICENCE.number)
    assert claims[65535] == {"status_list": {"idx": 317, "uri": f"{BASE_URL}/status"}}
    assert claims[4] - claims[5] == 365 * 24 * 3600


def test_every_changed_byte_is_noticed(keys: KeyFile, token: bytes) -> None:
    for place in range(len(token)):
        changed = bytearray(token)
        changed[place] ^= 1
        with pytest.raises(TokenInvalid):
            verify_token(bytes(changed), public_keys(keys))


def test_another_office_cannot_speak_for_us(token: bytes, tmp_path: Path) -> None:
    with pytest.raises(TokenInvalid):
        verify_token(token, public_keys(make_keys(tmp_path / "keys")))


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(keys: KeyFile, junk: bytes) -> None:
    with pytest.raises(TokenInvalid):
        verify_token(junk, public_keys(keys))


@given(st.text(max_size=120))
def test_any_text_gets_an_answer(keys: KeyFile, text: str) -> None:
    with pytest.raises(TokenInvalid):
        verify_token(from_text(text), public_keys(keys))


@given(
    holder=st.text(max_size=80),
    parcel=st.text(max_size=20),
    start=st.dates(date(1990, 1, 1), date(2070, 1, 1)),
)
def test_any_licence_survives_the_round_trip(keys: KeyFile, holder: str, parcel: str, start: date) -> None:
    document = replace(
        LICENCE,
        holder=Bilingual(holder),
        parcel=parcel,
        valid_from=start,
        expires_on=start + timedelta(days=400),
        status_index=None,
    )
    text = to_text(issue_token(document, keys, BASE_URL, GULF))
    for typed in (text, text.lower(), f"{BASE_URL}/l#{text}", f"  {text}\n"):
        read = verify_token(from_text(typed), public_keys(keys))
        assert (read.holder, read.parcel, read.digest) == (holder, parcel, document.digest())
        assert read.status_index is None


def test_fits_a_code_that_a_phone_reads_at_forty_millimetres(token: bytes) -> None:
    # Version 17 holds 504 bytes at level M: 85 modules, 0.47 mm each.
    assert len(f"{BASE_URL}/l#{to_text(token)}") <= 600


@given(st.sets(st.integers(0, 999)), st.integers(0, 999))
def test_status_list_tells_each_licence_apart(keys: KeyFile, revoked: set[int], index: int) -> None:
    issued = issue_status_list(revoked, 1000, keys, f"{BASE_URL}/status", MOMENT, timedelta(days=1))
    assert is_revoked(issued, index, public_keys(keys), MOMENT) == (index in revoked)


def test_status_list_ages_and_ends(keys: KeyFile, token: bytes) -> None:
    issued = issue_status_list({3}, 10, keys, f"{BASE_URL}/status", MOMENT, timedelta(days=1))
    assert is_revoked(issued, 3, public_keys(keys), MOMENT + timedelta(hours=23))
    for bad, index, at in (
        (issued, 3, MOMENT + timedelta(days=1)),
        (issued, 16, MOMENT),
        (issued, -1, MOMENT),
        (token, 3, MOMENT),
    ):
        with pytest.raises(TokenInvalid):
            is_revoked(bad, index, public_keys(keys), at)
    with pytest.raises(ValueError, match="outside"):
        issue_status_list({10}, 10, keys, f"{BASE_URL}/status", MOMENT, timedelta(days=1))


def test_a_status_list_is_no_licence(keys: KeyFile) -> None:
    issued = issue_status_list({3}, 10, keys, f"{BASE_URL}/status", MOMENT, timedelta(days=1))
    with pytest.raises(TokenInvalid):
        verify_token(issued, public_keys(keys))
