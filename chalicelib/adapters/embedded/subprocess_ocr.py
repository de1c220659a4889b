"""Reads scans in a process of its own, which forks a confined child for each file."""

import itertools
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from chalicelib.adapters.read_pages import read_page, write_pages
from chalicelib.ports.ocr import Opened, ReaderGone, ReadPage, SourceRefused

_HOME = Path(__file__).resolve().parents[3]
_GONE: dict[str, Any] = {"event": "gone"}
_PATIENCE = 600.0


def reader_command(
    tessdata: Path | None, pages: int = 2000, seconds: float = 60.0, number_formats: Path | None = None
) -> list[str]:
    """The command that serves readings, given where Tesseract's language data lie, the limits, and the file that says
    how the municipality's numbers look."""
    found = ["--tessdata", str(tessdata)] if tessdata is not None else []
    found += ["--number-formats", str(number_formats)] if number_formats is not None else []
    return [sys.executable, "-m", "ocr", *found, "serve", "--pages", str(pages), "--seconds", str(seconds)]


class SubprocessOcr:
    """The Ocr port over one long-lived reading process, started when first needed and again when it has died.

    That process gets no environment but what is named here: no secret can leak into it.
    """

    def __init__(self, command: Sequence[str], working_folder: Path = _HOME) -> None:
        self._command = list(command)
        self._folder = working_folder
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._process: _Process | None = None

    def read(self, source: Path, results: Path, first_page: int = 1) -> Iterator[Opened | ReadPage]:
        """Opened first, then the pages from `first_page` on."""
        with closing(self._answers(source, results, first_page=first_page)) as answers:
            for answer in answers:
                yield _told(answer, results)

    def write_searchable(self, source: Path, pages: Iterable[ReadPage], results: Path) -> Path:
        """The PDF, once it is whole."""
        told = results / "pages.jsonl"
        try:
            write_pages(pages, told)
            for _ in self._answers(source, results, pages=str(told.resolve())):
                continue
        finally:
            told.unlink(missing_ok=True)
        return results / "searchable.pdf"

    def _answers(self, source: Path, results: Path, **asked: object) -> Generator[dict[str, Any]]:
        """What the process says of one request until it is done."""
        number = next(self._numbers)
        process = self._living()
        answers = process.ask(
            number,
            {"id": number, "source": str(source.resolve()), "name": source.name, "results": str(results.resolve()),
             **asked},
        )  # fmt: skip
        finished = False
        try:
            while True:
                try:
                    answer = answers.get(timeout=_PATIENCE)
                except queue.Empty:
                    process.end()
                    raise ReaderGone("silent") from None
                if answer["event"] in ("done", "refused", "gone"):
                    finished = True
                if answer["event"] == "done":
                    return
                if answer["event"] == "gone":
                    raise ReaderGone("ended")
                if answer["event"] == "refused":
                    raise SourceRefused(answer["reason"], **answer["data"])
                yield answer
        finally:
            process.forget(number, cancel=not finished)

    def close(self) -> None:
        """Ends the reading process; readings under way raise ReaderGone."""
        with self._lock:
            if self._process is not None:
                self._process.end()
                self._process = None

    def _living(self) -> "_Process":
        with self._lock:
            if self._process is None or not self._process.alive:
                self._process = _Process(self._command, self._folder)
            return self._process


class _Process:
    """One reading process and the readings that wait for its answers.

    The thread that starts it also hears it until its end: the kernel kills the process when that thread dies.
    """

    def __init__(self, command: list[str], folder: Path) -> None:
        self._waiting: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._started = threading.Event()
        self._popen: subprocess.Popen[bytes] | None = None
        self.alive = True
        threading.Thread(target=self._run, args=(command, folder), name="ocr", daemon=True).start()
        self._started.wait()

    def _run(self, command: list[str], folder: Path) -> None:
        try:
            with subprocess.Popen(
                command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT, start_new_session=True,
            ) as popen:  # fmt: skip
                self._popen = popen
                self._started.set()
                for line in popen.stdout or ():
                    answer = json.loads(line)
                    with self._lock:
                        waiting = self._waiting.get(answer["id"])
                    if waiting is not None:
                        waiting.put(answer)
                popen.kill()
        except (OSError, ValueError, KeyError):
            self.end()
        finally:
            with self._lock:
                self.alive = False
                for waiting in self._waiting.values():
                    waiting.put(_GONE)
            self._started.set()

    def ask(self, number: int, request: dict[str, Any]) -> "queue.Queue[dict[str, Any]]":
        """Sends a request; its answers come in the queue, the last of them `done` or `refused`."""
        answers: queue.Queue[dict[str, Any]] = queue.Queue()
        with self._lock:
            if not self.alive:
                answers.put(_GONE)
                return answers
            self._waiting[number] = answers
            if not self._send(request):
                answers.put(_GONE)
        return answers

    def forget(self, number: int, cancel: bool) -> None:
        """No longer waits for a reading; tells the process to drop it when it is not finished."""
        with self._lock:
            self._waiting.pop(number, None)
            if cancel and self.alive:
                self._send({"id": number, "cancel": True})

    def end(self) -> None:
        """Kills the process."""
        if self._popen is not None:
            self._popen.kill()

    def _send(self, request: dict[str, Any]) -> bool:
        if self._popen is None or self._popen.stdin is None:
            return False
        try:
            self._popen.stdin.write(json.dumps(request).encode() + b"\n")
            self._popen.stdin.flush()
        except (OSError, ValueError):
            return False
        return True


# One thread each: two readings at once already use two processors, and threads must not exist before a fork.
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Memory in pages of 2 MB where the kernel has them: a page's pictures are touched with fewer faults.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def _told(answer: dict[str, Any], results: Path) -> Opened | ReadPage:
    """An answer of the reading process as the port's own shapes."""
    if answer["event"] == "opened":
        return Opened(answer["pages"], answer["media_type"])
    return read_page(answer, results / answer["preview"] if answer["preview"] else None)
