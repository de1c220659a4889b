"""`python -m ocr FILE` works alone, confined as the served reader is."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pikepdf

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
