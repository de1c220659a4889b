"""What a reading child can no longer do. Each layer that this kernel offers must really hold."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr.confinement import confine


def confined(attempt: Callable[[], object], memory: int = 1 << 32) -> tuple[dict[str, bool], str]:
    """The layers in force, and what came of the attempt: "done" or the name of the error."""
    out, into = os.pipe()
    pid = os.fork()
    if not pid:
        # A reading child has a handful of files open, and may have no more than that; the tests before had many.
        os.closerange(3, into)
        os.closerange(into + 1, 65_536)
        layers = confine((sys.prefix, sys.base_prefix), memory, starts_processes=False)
        try:
            attempt()
            came = "done"
        except BaseException as error:
            came = type(error).__name__
        os.write(into, json.dumps([layers, came]).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as told:
        answer = told.read()
    os.waitpid(pid, 0)
    assert answer, "the child ended without a word"
    layers, came = json.loads(answer)
    return layers, came


def need(layers: dict[str, bool], *names: str) -> None:
    """Skips when this kernel offers none of the layers."""
    if not any(layers[name] for name in names):
        pytest.skip(f"this kernel offers none of {', '.join(names)}")


def test_opens_no_socket() -> None:
    layers, came = confined(lambda: socket.create_connection(("127.0.0.1", 9), timeout=1))
    need(layers, "no-sockets", "no-network-namespace")
    assert came in ("PermissionError", "OSError")


def test_reads_no_secret(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("secret")
    secret.chmod(0o600)
    layers, came = confined(secret.read_text)
    need(layers, "read-only-files", "unprivileged-user")
    assert came == "PermissionError"


def test_writes_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    _, came = confined(lambda: (tmp_path / "left").write_text("x"))
    assert came in ("PermissionError", "OSError")
    assert not list(tmp_path.glob("left")) or not (tmp_path / "left").read_bytes()


def test_starts_no_program() -> None:
    layers, came = confined(lambda: subprocess.run(["/bin/true"], check=True))
    need(layers, "no-sockets")
    assert came in ("PermissionError", "BlockingIOError")


def test_takes_no_more_memory_than_allowed() -> None:
    _, came = confined(lambda: bytearray(1 << 30), memory=1 << 29)
    assert came == "MemoryError"


def test_stays_below_root() -> None:
    _, came = confined(lambda: os.setuid(0) if os.geteuid() else None)
    assert came == "PermissionError"
