"""The entry `./diwan`, before there is a Python of its own: what it says when something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
ORDINARY = ["sh", "cat", "cksum", "date", "dirname", "mkdir", "mv", "rm", "sleep", "tail"]
LISTS = ["diwan", "requirements-home.txt", "requirements-dev.txt", "package-lock.json"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the entry and its lists, and a PATH that holds only the ordinary programs."""
    folder = tmp_path / "مجلد فيه فراغ"
    folder.mkdir()
    for name in LISTS:
        shutil.copy(CHECKOUT / name, folder / name)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ORDINARY:
        if path := shutil.which(name):
            (programs / name).symlink_to(path)
    return folder


def start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(folder.parent / "bin"), "HOME": str(folder.parent)}
    return subprocess.run(
        [folder / "diwan", *arguments],
        env=environment,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )


def program(folder: Path, name: str, script: str) -> None:
    file = folder.parent / "bin" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def ready(folder: Path) -> None:
    """The marks that a finished set-up leaves, with a Python that only repeats what it is asked."""
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "node_modules").mkdir()
    python = folder / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf "%s|" "$PYTHONPATH" "$PWD" "$@"\n')
    python.chmod(0o755)
    lists = [folder / name for name in ("requirements-home.txt", "package-lock.json", "diwan")]
    everything = b"".join(file.read_bytes() for file in lists)
    mark = subprocess.run(["cksum"], input=everything, capture_output=True, check=True).stdout
    (folder / ".venv" / "ready-run").write_bytes(mark)


def test_says_how_to_get_python(checkout: Path) -> None:
    answer = start(checkout, "run")
    assert answer.returncode == 1
    assert "Python 3.11 or newer" in answer.stderr and "apt-get install python3" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_does_not_take_a_python_that_is_too_old(checkout: Path) -> None:
    program(checkout, "python3", "exit 1")
    assert "Python 3.11 or newer" in start(checkout, "run").stderr


def test_says_how_to_get_node(checkout: Path) -> None:
    program(checkout, "python3", "exit 0")
    answer = start(checkout, "run")
    assert answer.returncode == 1
    assert "Node.js 18 or newer" in answer.stderr and "apt-get install nodejs npm" in answer.stderr


def test_a_step_that_fails_says_why_and_leaves_no_mark(checkout: Path) -> None:
    program(checkout, "python3", 'case "$*" in *venv*.venv) echo "no room left"; exit 1;; esac')
    program(checkout, "npm", "exit 0")
    program(checkout, "node", "exit 0")
    answer = start(checkout, "run")
    assert answer.returncode == 1
    assert "no room left" in answer.stderr and ".venv/setup.log" in answer.stderr
    assert not (checkout / ".venv" / "ready-run").exists()


def test_when_ready_it_passes_every_word_on(checkout: Path) -> None:
    ready(checkout)
    answer = start(checkout, "search", "دفان القرين", "--limit=3")
    assert answer.stdout.split("|") == [
        str(checkout), str(checkout.parent), "-P", "-m", "chalicelib.cli", "search", "دفان القرين", "--limit=3", "",
    ]  # fmt: skip
    assert answer.stderr == ""


def test_sets_up_again_when_a_list_changed(checkout: Path) -> None:
    ready(checkout)
    with (checkout / "requirements-home.txt").open("a") as file:
        file.write("something==1.0\n")
    assert "Python 3.11 or newer" in start(checkout, "run").stderr


def test_it_runs_from_any_folder_under_any_shell_that_is_posix(checkout: Path) -> None:
    ready(checkout)
    for shell in ("dash", "bash"):
        if path := shutil.which(shell):
            answer = subprocess.run(
                [path, os.path.relpath(checkout / "diwan", "/"), "verify"],
                cwd="/",
                env={"PATH": str(checkout.parent / "bin")},
                capture_output=True,
                text=True,
            )
            assert f"{checkout}|/|-P|-m|chalicelib.cli|verify|" == answer.stdout
