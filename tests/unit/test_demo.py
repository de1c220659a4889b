"""Whatever ends a demo, or a command, says what it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from chalicelib import cli
from chalicelib.commands import demo
from chalicelib.commands.run import prepare
from chalicelib.commands.townspeople import DidNotHappen, Townspeople
from chalicelib.settings import CHECKOUT, read_settings


@contextmanager
def nobody_home(data: Path) -> Iterator[demo.Home]:
    """A home at whose address nobody answers; its log speaks in what the terminal takes for markup."""
    log = data / "server.log"
    log.write_text("ended [/api/v1]")
    yield demo.Home(f"http://127.0.0.1:{demo.free_port()}", list, (), log, {})


@pytest.mark.parametrize("as_json", [False, True])
def test_a_step_that_failed_is_named_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], as_json: bool
) -> None:
    monkeypatch.setitem(demo.HOMES, "embedded", nobody_home)
    monkeypatch.setitem(demo._PATIENCE, "embedded", 0.0)
    assert demo.demo(as_json) == 1
    said = capfd.readouterr().err
    assert "server answers: GET /healthz" in said
    assert "ended [/api/v1]" in said


def test_a_home_that_cannot_be_had_is_told_word_for_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def no_home(_data: Path) -> Iterator[demo.Home]:
        raise DidNotHappen("[bold]")
        yield

    monkeypatch.setitem(demo.HOMES, "embedded", no_home)
    assert demo.demo(as_json=False) == 1
    assert "[bold]" in capfd.readouterr().err


def test_what_came_of_a_step_is_shown_as_it_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    Console().print(demo._table([("search", False, 1.0, "[/staff] refused")], None))
    assert "[/staff] refused" in capsys.readouterr().out


def test_a_verifier_that_is_killed_is_told(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os; os.kill(os.getpid(), 9)")
    people = Townspeople("http://127.0.0.1:9", list, demo.SAMPLES)
    run = demo.Demo(people, tmp_path, environ={"PYTHONPATH": str(tmp_path)})
    with pytest.raises(DidNotHappen, match="ended with -9"):
        run._verify()
    people.close()


def test_a_store_that_hangs_up_is_no_reader_that_has_seen_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def hung_up(*_: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(cli, "_carry_out", hung_up)
    with pytest.raises(BrokenPipeError):
        cli.main(["codes"])


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    prepare(read_settings({}, data=tmp_path))
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "chalicelib.cli", "codes", "--data", tmp_path]
    ran = subprocess.run(command, cwd=CHECKOUT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_the_figures_stand_apart_from_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    demo._print_figures([("scans are filed", True, 1.0, "")], 3, 100, as_json=False)
    assert capsys.readouterr().out.startswith("\n3.0 pages a second")
