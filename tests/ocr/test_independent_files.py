"""Files that others made, many of them to break readers: each is read or refused with its reason, inside the limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr
from chalicelib.ports.ocr import Opened, ReadPage, SourceRefused

pytestmark = [pytest.mark.corpus, pytest.mark.slow, pytest.mark.timeout(1800)]

# What a file may be refused for; a reader that crashed, ran out of time or of memory is none of it.
FILE_REASONS = {
    "empty-file", "truncated-file", "password-protected", "mislabelled", "unsupported-type", "too-many-pages",
}  # fmt: skip
PAGE_REASONS = {
    "read": {None},
    "read with doubts": {"number-in-doubt", "poorly-legible", "page-mirrored"},
    "refused": {"nothing-legible", "page-damaged", "too-many-pixels"},
}


@pytest.mark.parametrize("folder", ["hostile/image", "hostile/dxf", "hostile/pdf", "scans", "arabic-pdf"])
def test_every_file_is_read_or_refused_with_its_reason(
    folder: str, independent_files: Path, ocr: SubprocessOcr, tmp_path: Path
) -> None:
    files = [path for path in sorted((independent_files / folder).rglob("*")) if path.is_file()]
    assert files, f"nothing in {folder}"
    assert [wrong for file in files for wrong in misfits(ocr, file, tmp_path)] == []


def misfits(ocr: SubprocessOcr, file: Path, results: Path) -> Iterator[tuple[str, object]]:
    """What is told of a file that may not be told."""
    opened = pages = 0
    try:
        for told in ocr.read(file, results):
            if isinstance(told, Opened):
                opened = told.pages
            elif isinstance(told, ReadPage):
                pages += 1
                if told.reason not in PAGE_REASONS[told.state]:
                    yield file.name, (told.number, told.state, told.reason)
        if pages != opened:
            yield file.name, (pages, opened)
    except SourceRefused as refused:
        if refused.reason not in FILE_REASONS:
            yield file.name, refused.reason
