"""Pages drawn for reading, and one reading process for all tests that need one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr, reader_command
from chalicelib.settings import read_settings
from ocr.line_reader import LineReader
from ocr.recognition import Recogniser


@pytest.fixture(scope="session")
def tessdata() -> Path | None:
    """Where setting-up put the second reader's language data; None when it has not."""
    folder = read_settings({}).tessdata
    return folder if (folder / "eng.traineddata").is_file() else None


@pytest.fixture(scope="session")
def recogniser() -> Recogniser:
    """Our own reader alone."""
    return Recogniser(LineReader())


@pytest.fixture(scope="session")
def ocr(tessdata: Path | None) -> Iterator[SubprocessOcr]:
    """A reading process."""
    reader = SubprocessOcr(reader_command(tessdata))
    yield reader
    reader.close()
