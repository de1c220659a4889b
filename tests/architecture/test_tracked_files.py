"""What may not stand in any file we keep."""

import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
# Written in pieces, or this file would be the first to break the rule.
PLACES = re.compile("|".join(["/wo" + "rk/", "/tm" + "p/[a-z]", "/ro" + "ot/", r"\.\./sha" + "red"]))
REGISTRIES = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npm",
            "deb" + r"\.debian",
            r"repo1?\.mav" + "en",
        ]
    )
)


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if name and (CHECKOUT / name).is_file()]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for name in tracked():
        try:
            text = (CHECKOUT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{name}:{n}: {line[:120]}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)
        ]
    return found


def test_no_path_of_one_machine() -> None:
    assert lines_with(PLACES) == []


def test_no_host_of_a_package_registry() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_file_that_a_tool_left_behind() -> None:
    assert [
        n for n in tracked() if re.search(r"(^|/)(__pycache__|node_modules|\.venv)/|\.pyc$|\.orig$|~$", n)
    ] == []


@pytest.mark.parametrize("name", ["diwan", ".ci/run", "requirements/pin.sh"])
def test_entry_points_can_be_run(name: str) -> None:
    assert (CHECKOUT / name).stat().st_mode & 0o111


def test_continuous_integration_runs_the_command_people_run() -> None:
    assert "exec ./diwan test" in (CHECKOUT / ".ci" / "run").read_text()
