"""Keys in files: who may read them, and what a crash or a race leaves."""

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chalicelib.ports.keys import PURPOSES, IssuerMissing, KeyDamaged, KeyExposed
from tests.signing_office import make_keys


def start(folder: Path, die_at_call: int = 0) -> int:
    """A process that makes the keys, killed just before its nth fsync or rename (0: never); its id."""
    process = os.fork()
    if process:
        return process
    calls = 0

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == die_at_call:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments)

        return counted

    os.fsync, os.rename = deadly(os.fsync), deadly(os.rename)
    try:
        make_keys(folder)
        os._exit(0)
    finally:
        os._exit(1)


def ended(process: int) -> int:
    """How the process ended: its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    old = os.umask(0)
    try:
        make_keys(folder)
    finally:
        os.umask(old)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_refuses_a_key_file_that_others_can_read(tmp_path: Path, mode: int) -> None:
    make_keys(tmp_path / "keys")
    file = tmp_path / "keys" / "licence-pdf.pem"
    file.chmod(mode)
    with pytest.raises(KeyExposed) as refusal:
        make_keys(tmp_path / "keys")
    assert refusal.value.data == {"path": str(file), "mode": f"{mode:04o}"}


def test_refuses_a_folder_that_others_can_enter(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(KeyExposed):
        make_keys(folder)
    assert list(folder.iterdir()) == []


def test_never_replaces_a_lost_root_under_keys_it_certified(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    (tmp_path / "keys" / "issuer.pem").unlink()
    with pytest.raises(IssuerMissing):
        make_keys(tmp_path / "keys")


@pytest.mark.parametrize("content", [b"", b"not a key", None])
def test_refuses_a_damaged_file(tmp_path: Path, content: bytes | None) -> None:
    make_keys(tmp_path / "keys")
    file = tmp_path / "keys" / "licence-token.pem"
    if content is None:
        other = ec.generate_private_key(ec.SECP256R1())
        certificates = file.read_bytes().partition(b"-----BEGIN CERTIFICATE")[1:]
        content = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + b"".join(
            certificates
        )
    file.write_bytes(content)
    with pytest.raises(KeyDamaged):
        make_keys(tmp_path / "keys")


def test_refuses_a_link_in_place_of_a_key(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    file = tmp_path / "keys" / "licence-pdf.pem"
    file.rename(tmp_path / "elsewhere.pem")
    file.symlink_to(tmp_path / "elsewhere.pem")
    with pytest.raises(KeyDamaged):
        make_keys(tmp_path / "keys")


def test_first_starts_at_once_end_with_the_same_keys(tmp_path: Path) -> None:
    for attempt in range(4):
        folder = tmp_path / str(attempt) / "keys"
        folder.parent.mkdir()
        starts = [start(folder) for _ in range(4)]
        assert [ended(process) for process in starts] == [0] * 4
        keys = make_keys(folder)
        for purpose in PURPOSES:
            assert keys.certificate_chain(purpose)[-1] == keys.certificate_chain("issuer")[0]


def test_a_start_killed_anywhere_is_completed_by_the_next(tmp_path: Path) -> None:
    for call in range(1, 20):
        folder = tmp_path / str(call) / "keys"
        folder.parent.mkdir()
        end = ended(start(folder, die_at_call=call))
        survivors = {file.name: file.read_bytes() for file in folder.glob("*.pem")}
        make_keys(folder)
        assert {file.name for file in folder.iterdir()} == {
            "lock",
            *(f"{purpose}.pem" for purpose in PURPOSES),
        }
        assert {name: (folder / name).read_bytes() for name in survivors} == survivors
        if end == 0:
            assert call > len(PURPOSES) * 3
            return
        assert end == -signal.SIGKILL
    pytest.fail("the keys were never made")


@pytest.mark.parametrize("name", ["بلدية Waha", "x" * 65])
def test_a_name_no_certificate_can_hold_is_refused_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        make_keys(tmp_path / "keys", name)
