"""`./diwan search` says how much was found, what to try when nothing was, and when it did not look everywhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.bootstrap import build
from chalicelib.cli import main
from chalicelib.commands.import_files import INDEXING
from chalicelib.settings import CHECKOUT, read_settings

SCAN = CHECKOUT / "samples" / "scans" / "fee-receipt-MN-3-0125.png"


def test_one_is_one_and_none_comes_with_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main(["import", str(SCAN), *data]) == 0
    capsys.readouterr()
    assert main(["search", "MN-3-0125", *data]) == 0
    assert "1 document, 1 page\n" in capsys.readouterr().out
    assert main(["search", "zzzzzzzz", *data]) == 1
    said = capsys.readouterr().out
    assert "0 documents, 0 pages" in said and "Try fewer words" in said


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_index_that_is_not_there_or_behind_is_not_an_empty_archive(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    asked = ["search", "MN-3-0125", "--data", str(settings.data), *options]
    assert main(["import", str(SCAN), "--data", str(settings.data)]) == 0
    capsys.readouterr()
    (settings.data / "search").rename(tmp_path / "search")  # as in a home that was restored
    assert main(asked) == 2
    captured = capsys.readouterr()
    assert "not there, or not whole" in captured.err and "./diwan run" in captured.err
    assert "0 documents" not in captured.out
    (tmp_path / "search").rename(settings.data / "search")
    diwan = build(settings)
    with diwan.database.transaction() as tx:
        diwan.jobs.add(tx, *INDEXING, "of pages that were read just now", {})
    diwan.close()
    assert main(asked) == 0
    captured = capsys.readouterr()
    assert "is behind: 1 lot of pages" in captured.err and "MN-3-0125" in captured.out


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_whoever_has_seen_enough_hangs_up_in_quiet(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # what is held back is written at the very end
    data = ["--data", str(tmp_path / "data")]
    assert main(["import", str(SCAN), *data]) == 0
    search = [sys.executable, "-m", "chalicelib.cli", "search", "MN-3-0125", *data, *options]
    with subprocess.Popen(search, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
