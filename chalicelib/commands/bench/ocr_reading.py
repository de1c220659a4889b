"""Reading as the worker does it: files handed to the reading process, which forks a confined child for each."""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.commands.bench.processor_time import processor_seconds
from chalicelib.commands.memory import PeakMemory
from chalicelib.ports.ocr import Ocr, ReadPage

AT_ONCE = 2
EVERY = 0.1  # seconds between looks at memory


@dataclass
class Cost:
    """What pages took by the clock, and of the processors: what `spent` counts, this process and its children."""

    spent: Callable[[], float] = processor_seconds
    pages: int = 0
    wall: float = 0.0
    processor: float = 0.0

    def of(self, pages: int, read: Callable[[], Any]) -> Any:
        """Whatever `read` returns; its cost is added."""
        wall, processor = time.perf_counter(), self.spent()
        result = read()
        self.wall += time.perf_counter() - wall
        self.processor += self.spent() - processor
        self.pages += pages
        return result


class Reader:
    """The reading process. Files are kept in a folder of its own, previews too."""

    def __init__(self, ocr: Ocr, folder: Path) -> None:
        self._ocr = ocr
        self._folder = folder

    def pages(self, name: str, file: bytes) -> list[ReadPage]:
        """Every page of one file, in its order."""
        source = self._folder / name
        source.write_bytes(file)
        results = Path(tempfile.mkdtemp(dir=self._folder))
        return [step for step in self._ocr.read(source, results) if isinstance(step, ReadPage)]

    def texts(self, files: Sequence[bytes]) -> list[str]:
        """The text of every page of PDFs, read side by side as the worker reads documents."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            read = threads.map(self.pages, (f"{number}.pdf" for number in range(len(files))), files)
            return [text_of(page) for pages in read for page in pages]

    def weighed(self, name: str, file: bytes) -> tuple[list[ReadPage], float, int]:
        """The pages of one file, and what the reading process and its child took: seconds and most megabytes."""
        began = self.spent()
        with PeakMemory(_reading_process(), every=EVERY) as peak:
            pages = self.pages(name, file)
        return pages, self.spent() - began, peak.megabytes

    def spent(self) -> float:
        """Processor seconds of the reading process and its children so far."""
        return processor_seconds(_reading_process())


def text_of(page: ReadPage) -> str:
    """A page's words in reading order."""
    return " ".join(word.text for word in page.words)


def _reading_process() -> int:
    """The child of this process that reads: the one that was started to run `ocr`."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = (status.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # ended while we looked
        if parent == os.getpid() and b"ocr" in command and b"serve" in command:
            return int(status.parent.name)
    raise ProcessLookupError("no reading process has been started")
