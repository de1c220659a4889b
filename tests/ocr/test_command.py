"""`python -m ocr FILE` works alone, confined as the served reader is."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.ocr.drawing import page

HOME = Path(__file__).parents[2]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ocr", *map(str, arguments)],
        cwd=HOME, env={}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_prints_text_or_json(tmp_path: Path) -> None:
    file = tmp_path / "scan.png"
    page(["رقم القسيمة ٤٧١٥"], width=1200, height=600).save(file, dpi=(200, 200))
    assert run(file).stdout.splitlines() == ["--- 1 read", "رقم القسيمة ٤٧١٥"]
    told = json.loads(run(file, "--json").stdout)
    assert (told["width"], told["height"], told["state"]) == (1200, 600, "read")
    assert [(w["text"], w["source"], w["language"]) for w in told["words"]] == [
        ("رقم", "line reader", "ar"), ("القسيمة", "line reader", "ar"), ("٤٧١٥", "line reader", "ar"),
    ]  # fmt: skip
    assert [(line["direction"], line["language"]) for line in told["lines"]] == [("rtl", "ar")]


def test_ends_quietly_when_nobody_reads_it_any_more(tmp_path: Path) -> None:
    file = tmp_path / "scan.png"
    page(["رقم القسيمة ٤٧١٥"], width=1200, height=600).save(file, dpi=(200, 200))
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as broken:
        ended = subprocess.run(
            [sys.executable, "-m", "ocr", file], cwd=HOME, env={}, stdout=broken, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGPIPE, b"")


def test_opens_what_is_locked_with_its_password_only(tmp_path: Path) -> None:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 300))
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="owner", user="كلمة السر", R=6))
    file, secret = tmp_path / "locked.pdf", tmp_path / "secret"
    file.write_bytes(out.getvalue())
    refused = run(file)
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "refused: password-protected {}\n")
    secret.write_text("كلمة السر\n", "utf-8")
    assert run(file, "--password-file", secret).stdout.splitlines() == ["--- 1 read", ""]


def test_never_writes_over_the_scan(tmp_path: Path) -> None:
    file, other = tmp_path / "scan.png", tmp_path / "link.png"
    page(["رقم القسيمة ٤٧١٥"], width=1200, height=600).save(file, dpi=(200, 200))
    other.symlink_to(file)
    before = file.read_bytes()
    for target in (file, other):
        ended = run(file, "--pdf", target)
        assert (ended.returncode, ended.stderr.splitlines()[-1]) == (
            2, "python -m ocr: error: OUT is FILE itself: a scan is never written over"
        )  # fmt: skip
    assert file.read_bytes() == before


def test_a_file_that_it_cannot_open_is_named_in_one_sentence(tmp_path: Path) -> None:
    file, secret = tmp_path / "scan.png", tmp_path / "secret"
    page([], width=60, height=60).save(file)
    secret.touch()
    assert run(file, "--password-file", secret).returncode == 0
    for arguments, named in (
        (("--password-file", tmp_path / "none"), tmp_path / "none"),
        (("--pdf", tmp_path / "none" / "out.pdf"), tmp_path / "none" / "out.pdf.part"),
        (("--number-formats", tmp_path / "none"), tmp_path / "none"),
    ):
        ended = run(file, *arguments)
        assert (ended.returncode, ended.stderr.splitlines()[-1]) == (
            2, f"python -m ocr: error: {named}: No such file or directory"
        )  # fmt: skip


@pytest.mark.parametrize("asked", ["serve", "scan.png"])
@pytest.mark.parametrize(
    ("formats", "fault"),
    [
        ('[{"kind": "parcel",]', "is no JSON: Expecting property name enclosed in double quotes"),
        ('{"kind": "parcel"}', "has not the form of ocr/number-formats.json"),
        ('[{"pattern": "[A-Z]+"}]', "a format has no 'kind'"),
        ('[{"kind": "parcel", "pattern": "["}]', "'[' is no expression: unterminated character set"),
        ('[{"kind": "card", "check": "luhn"}]', "no check is called 'luhn'"),
    ],
)
def test_formats_of_numbers_that_are_none_are_refused_in_one_sentence(
    asked: str, formats: str, fault: str, tmp_path: Path
) -> None:
    file = tmp_path / "number-formats.json"
    file.write_text(formats, "utf-8")
    page([], width=60, height=60).save(tmp_path / "scan.png")
    ended = run("--number-formats", file, asked if asked == "serve" else tmp_path / asked)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"python -m ocr: error: {file}: {fault}")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("kind", ["device", "file", "pipe"])
def test_serves_requests_from_wherever_they_come(kind: str, tmp_path: Path) -> None:
    requests = Path(os.devnull) if kind == "device" else tmp_path / "requests"
    if kind == "file":
        requests.touch()
    with subprocess.Popen(
        [sys.executable, "-m", "ocr", "serve"], cwd=HOME, env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.PIPE if kind == "pipe" else requests.open("rb"),
    ) as served:  # fmt: skip
        assert served.communicate(b"" if kind == "pipe" else None) == (b"", b"")
    assert served.returncode == 0


def test_says_which_pages_have_no_tiles(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    for size, why in (
        ((600, 800), "it is not larger than A4 at 300 dpi"),
        ((20_000, 15_001), "too-many-pixels"),
    ):
        Image.new("1", size, 1).save(scan)
        ended = run(scan, "--tiles", tmp_path / "tiles")
        assert (ended.returncode, ended.stdout) == (0, "")
        assert ended.stderr == f"page 1: no tiles: {why}\n"


def test_training_says_what_it_needs_and_what_it_lacks(tmp_path: Path) -> None:
    """Stands in for a machine without what training alone needs: modules of these names that are not there."""
    hides = "import sys; sys.modules.update(dict.fromkeys(('cv2', 'torch', 'onnx')))\n"
    (tmp_path / "sitecustomize.py").write_text(hides, "utf-8")

    def training(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ocr.training", *arguments], cwd=HOME, env={"PYTHONPATH": str(tmp_path)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    helped, lacking = training("--help"), training("--work", str(tmp_path))
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "--minutes" in helped.stdout
    assert (lacking.returncode, lacking.stderr.splitlines()[-1]) == (
        2, "python -m ocr.training: error: cv2 is missing: pip install -r ocr/training/requirements.txt"
    )  # fmt: skip
