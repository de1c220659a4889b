"""What is imported is asked for, what is asked for is pinned, and all pins agree."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PINNED = {
    "deployed": "requirements.txt",
    "home": "requirements-home.txt",
    "ocr": "ocr/requirements.txt",
    "dev": "requirements-dev.txt",
}
# Training the line reader is done by hand, in an environment of its own.
TRAINING = CHECKOUT / "ocr" / "training" / "requirements.txt"
CALLED = {"cv2": "opencv-python-headless"}
# What only ever runs on one machine, never as a deployed function.
AT_HOME = (
    "chalicelib/adapters/embedded/",
    "chalicelib/commands/",
    "chalicelib/cli.py",
    "chalicelib/web/serve.py",
    "infra/",
)
OURS = {"app", "chalicelib", "infra", "ocr", "samples", "tests"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;\s]", name.strip(), maxsplit=1)[0]).lower()


def asked_for(source: str) -> set[str]:
    if source == "training":
        return {normal(line) for line in TRAINING.read_text().splitlines()}
    names: set[str] = set()
    for line in (CHECKOUT / "requirements" / f"{source}.in").read_text().splitlines():
        if line.startswith("-r "):
            names |= asked_for(line[3:].removesuffix(".in"))
        elif line and not line.startswith("#"):
            names.add(normal(line))
    return names


def pins(source: str) -> dict[str, str]:
    lines = (CHECKOUT / PINNED[source]).read_text().splitlines()
    return {normal(line): line.split("==")[1] for line in lines if "==" in line}


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found - OURS - set(sys.stdlib_module_names)


def source_of(name: str) -> str:
    if name.startswith("ocr/training/"):
        return "training"
    if name.startswith("ocr/"):
        return "ocr"
    if name.startswith(AT_HOME):
        return "home"
    return "deployed" if name.startswith("chalicelib/") or name == "app.py" else "dev"


def python_files() -> list[str]:
    places = [CHECKOUT / place for place in sorted(OURS - {"app"})]
    files = [file for place in places for file in place.rglob("*.py")] + [CHECKOUT / "app.py"]
    return sorted(str(file.relative_to(CHECKOUT)) for file in files)


def test_every_import_is_asked_for() -> None:
    providers = packages_distributions()
    unasked = {
        f"{name} imports {module}: not in requirements/{source_of(name)}.in"
        for name in python_files()
        for module in imports(CHECKOUT / name)
        if not {normal(provider) for provider in providers.get(module, [CALLED.get(module, module)])}
        & asked_for(source_of(name))
    }
    assert sorted(unasked) == []


@pytest.mark.parametrize("source", PINNED)
def test_everything_asked_for_is_pinned(source: str) -> None:
    assert sorted(asked_for(source) - set(pins(source))) == []


@pytest.mark.parametrize("source", ["deployed", "home", "ocr"])
def test_pins_agree_with_those_that_tests_run_on(source: str) -> None:
    tested = pins("dev")
    assert {name: version for name, version in pins(source).items() if tested.get(name) != version} == {}
