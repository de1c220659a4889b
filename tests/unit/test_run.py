"""`./diwan run` where it cannot run: it says why and ends."""

import fcntl
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chalicelib.commands import run as command
from chalicelib.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(command, "_PATIENCE", 0.2)
    return read_settings({}, data=tmp_path / "data", port=1)


def test_what_finds_hosts_is_loaded_before_the_server_forks() -> None:
    """Else a fork may hold the lock of a module that nobody in it is loading, and reach no store and no directory."""
    program = "import sys, chalicelib.commands.run; print('encodings.idna' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True"


def test_a_port_that_somebody_has_is_not_taken_for_ours(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert command.run(read_settings({}, data=tmp_path / "data", port=port)) == 4
    assert f"127.0.0.1:{port}" in capsys.readouterr().err
    assert not (tmp_path / "data" / "diwan.sqlite3").exists()


def test_a_port_that_there_is_not_is_said_in_one_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(read_settings({}, data=settings.data, port=99999)) == 4
    said = capsys.readouterr().err
    assert "0-65535" in said and ".." not in said


def test_a_folder_that_another_server_has_is_left_to_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.data.mkdir()
    with (settings.data / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert command.run(settings) == 3
    assert "Another Diwan" in capsys.readouterr().err


def test_nothing_is_forked_while_a_worker_is_being_started() -> None:
    forked = threading.Event()

    def fork() -> None:
        pid = os.fork()
        if not pid:
            os._exit(0)
        os.waitpid(pid, 0)
        forked.set()

    with command._STARTING:
        threading.Thread(target=fork).start()
        assert not forked.wait(0.3)
    assert forked.wait(20)
