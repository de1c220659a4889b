"""`./diwan search` says how much was found, and what to try when nothing was."""

from pathlib import Path

import pytest

from chalicelib.cli import main
from chalicelib.settings import CHECKOUT

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
