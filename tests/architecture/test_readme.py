"""The README names only commands that exist."""

import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"\./diwan ([a-z]+)", (CHECKOUT / "README.md").read_text(encoding="utf-8")))
    assert {"run", "demo", "test"} <= named
    helped = subprocess.run(
        [sys.executable, "-m", "chalicelib.cli", "--help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    known = set(re.findall(r"\b[a-z]+\b", helped.stdout))
    assert sorted(named - known) == []
