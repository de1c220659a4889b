"""`./diwan run` where it cannot run: it says why and ends."""

import contextlib
import fcntl
import os
import pty
import re
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.commands import run as command
from chalicelib.database.engine import Database
from chalicelib.settings import CHECKOUT, Settings, read_settings


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
        assert not (tmp_path / "data").exists()
        (tmp_path / "data").mkdir()
        assert command.run(read_settings({}, data=tmp_path / "data", port=port)) == 4
    assert f"127.0.0.1:{port}" in capsys.readouterr().err
    assert not (tmp_path / "data" / "diwan.sqlite3").exists()


def test_a_folder_that_another_server_has_is_left_to_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.data.mkdir()
    with (settings.data / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert command.run(settings) == 3
    assert "Another Diwan" in capsys.readouterr().err


class Terminal:
    """Somebody before the screen that a server was started on; `seen` is all that it shows."""

    def __init__(self, *command: str) -> None:
        self._ours, screen = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chalicelib.cli", *command],
            cwd=CHECKOUT, stdin=screen, stdout=screen, stderr=screen, start_new_session=True,
        )  # fmt: skip
        os.close(screen)
        self.seen = ""

    def read_until(self, words: str, patience: float = 60) -> None:
        end = time.monotonic() + patience
        while words not in self.seen:
            assert time.monotonic() < end and self.process.poll() is None, self.seen
            self._read(0.1)

    def close(self) -> str:
        self.process.terminate()
        while self.process.poll() is None:
            self._read(0.1)
        os.close(self._ours)
        return re.sub(r"\x1b(\][^\x1b]*\x1b\\|\[[0-9;]*m)", "", self.seen)  # links and colours

    def _read(self, patience: float) -> None:
        if select.select([self._ours], [], [], patience)[0]:
            with contextlib.suppress(OSError):  # the last one has let go of the screen
                self.seen += os.read(self._ours, 65536).decode("utf-8", "replace")


def test_a_terminal_shows_where_to_go_last_and_nothing_of_what_goes_well(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    terminal = Terminal("run", "--data", str(tmp_path / "data"), "--port", str(port))
    try:
        terminal.read_until("Ctrl-C stops it.")
        for path in ("/", "/verify", "/healthz"):
            assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 200
        database = Database(f"sqlite:///{tmp_path / 'data' / 'diwan.sqlite3'}")
        jobs = DatabaseJobs(database, SystemClock())
        end = time.monotonic() + 60
        while jobs.pending():  # the worker has them done, and says nothing of it either
            assert time.monotonic() < end
            time.sleep(0.1)
        database.close()
    finally:
        seen = terminal.close()
    assert "{" not in seen
    told = [
        "was loaded",
        f"Diwan is at http://127.0.0.1:{port}",
        "Citizens sign in",
        "Staff sign in",
        "Ctrl-C",
    ]
    assert sorted(told, key=seen.index) == told
    assert seen.rstrip().endswith("Ctrl-C stops it.")


def test_what_keeps_it_from_being_ready_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        search = f"opensearch+http://127.0.0.1:{silent.getsockname()[1]}/pages"
        environ = {**os.environ, "DIWAN_SEARCH": search}
        command = [
            sys.executable,
            "-m",
            "chalicelib.cli",
            "run",
            "--data",
            str(tmp_path / "data"),
            "--port",
            str(port),
        ]
        with subprocess.Popen(
            command, cwd=CHECKOUT, env=environ, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            told = next(line for line in process.stderr if line.startswith("Not ready yet"))
            process.terminate()
            process.stderr.read()
    # By then that nothing is heard, or already that the store was given up: which comes first is the machine's affair.
    assert "search not ready: " in told


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
