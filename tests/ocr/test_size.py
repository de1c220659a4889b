"""What the container image of the reader carries stays below its budget, unpacked."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

OCR = Path(__file__).parents[2] / "ocr"
BUDGET = 275
"""Megabytes of libraries, models and our own code; the base image and Tesseract's language data (5 MB) come on top."""


def megabytes(name: str) -> float:
    """The installed size of a package, compiled Python aside."""
    files = distribution(name).files or ()
    return sum(
        file.size if file.size is not None else Path(file.locate()).stat().st_size
        for file in files if not file.name.endswith(".pyc") and (file.size or Path(file.locate()).is_file())
    ) / 1e6  # fmt: skip


def test_the_image_stays_small() -> None:
    pinned = [
        line.split("==")[0] for line in (OCR / "requirements.txt").read_text().splitlines() if "==" in line
    ]
    try:
        sizes = {name: megabytes(name) for name in pinned}
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing} is not installed here")
    sizes["ocr"] = sum(f.stat().st_size for f in OCR.rglob("*") if f.suffix != ".pyc" and f.is_file()) / 1e6
    assert sum(sizes.values()) < BUDGET, sorted(sizes.items(), key=lambda item: -item[1])
