"""A process that has the libraries loaded and forks one confined child for each file it is asked to read.

It speaks lines of JSON. Asked: `{"id", "source", "results", "first_page"}`, or `{"id", "cancel": true}`. Answers, each
with its `id`: `opened`, `page` (with `preview`, the name of a file in `results`), and last `done` or `refused`. It ends
when its input ends. It has one thread, so forking is safe, and it opens no file's content itself.

A child that dies or dawdles costs one page: the page it was on is refused, and a new child goes on with the next.
"""

import contextlib
import importlib
import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from ocr.confinement import die_with_parent
from ocr.reading import Assignment, read_confined
from ocr.second_reader import SecondReader, second_reader
from ocr.shapes import REFUSED, Limits, Page

_CHUNK = 1 << 18
_MOST_DEATHS = 25

# Loaded once, before any fork. None of them may start a thread; onnxruntime does, so each child loads that itself.
_PRELOADED = ("ocr.formats.dxf", "ocr.formats.pdf", "ocr.formats.pictures", "pikepdf")

Read = Callable[[Assignment, BinaryIO], None]


@dataclass
class Child:
    """One child at work on one file, and what it has said so far."""

    request: dict[str, Any]
    pid: int
    pipe: int
    deadline: float
    next_page: int
    pages: int | None = None
    opened: bool = False
    page: int | None = None
    finished: bool = False
    deaths: int = 0
    said: bytearray = field(default_factory=bytearray)
    killed: str | None = None


class Zygote:
    """Serves requests from one stream and answers on another until the first ends."""

    def __init__(
        self, requests: int, answers: BinaryIO, second: SecondReader | None, limits: Limits, read: Read
    ) -> None:
        self._requests = requests
        self._answers = answers
        self._second = second
        self._limits = limits
        self._read = read
        self._children: dict[int, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._asked = bytearray()

    def serve(self) -> None:
        """Runs until the requests end; then ends every child."""
        self._selector.register(self._requests, selectors.EVENT_READ)
        try:
            while self._turn():
                pass
        finally:
            for child in self._children.values():
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)

    def _turn(self) -> bool:
        nearest = min((c.deadline for c in self._children.values()), default=None)
        wait = None if nearest is None else max(0.0, nearest - time.monotonic())
        for key, _ in self._selector.select(wait):
            if key.fd == self._requests:
                data = os.read(self._requests, _CHUNK)
                if not data:
                    return False
                self._asked += data
                while b"\n" in self._asked:
                    line, _, self._asked = self._asked.partition(b"\n")
                    self._take(json.loads(line))
            elif key.fd in self._children:
                self._hear(self._children[key.fd])
        now = time.monotonic()
        for child in [c for c in self._children.values() if c.deadline <= now]:
            child.killed = "page-timeout"
            self._end(child)
        return True

    def _take(self, request: dict[str, Any]) -> None:
        if request.get("cancel"):
            for child in [c for c in self._children.values() if c.request["id"] == request["id"]]:
                child.finished = True
                self._end(child)
            return
        self._fork(request, request.get("first_page", 1), opened=False, deaths=0, pages=None)

    def _fork(
        self, request: dict[str, Any], first_page: int, opened: bool, deaths: int, pages: int | None
    ) -> None:
        try:
            stream = open(request["source"], "rb")  # noqa: SIM115  the child inherits it
        except OSError:
            self._answer(request, {"event": "refused", "reason": "file-missing", "data": {}})
            return
        out, into = os.pipe()
        with stream:
            pid = os.fork()
            if not pid:
                self._be_child(Assignment(
                    stream, Path(request.get("name") or request["source"]).name, first_page,
                    self._second, self._limits,
                ), into)  # fmt: skip
        os.close(into)
        os.set_blocking(out, False)
        child = Child(request, pid, out, self._deadline(), first_page, pages, opened, deaths=deaths)
        self._children[out] = child
        self._selector.register(out, selectors.EVENT_READ)

    def _be_child(self, assignment: Assignment, into: int) -> None:
        status = 70
        try:
            die_with_parent()
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(null, standard)
            held = assignment.stream.fileno()
            for other in range(3, 64):
                if other not in (into, held):
                    try:
                        os.close(other)
                    except OSError:
                        continue
            with os.fdopen(into, "wb", buffering=1 << 16) as output:
                self._read(assignment, output)
            status = 0
        except MemoryError:
            status = 71
        finally:
            os._exit(status)

    def _deadline(self) -> float:
        return time.monotonic() + self._limits.seconds_per_page + self._limits.grace_seconds

    def _hear(self, child: Child) -> None:
        try:
            data = os.read(child.pipe, _CHUNK)
        except BlockingIOError:
            return
        if not data:
            self._end(child)
            return
        child.said += data
        try:
            while self._message(child):
                pass
            if len(child.said) > self._limits.page_bytes:
                raise ValueError(len(child.said))
        except (ValueError, KeyError, TypeError, UnicodeDecodeError):
            child.killed = "reader-crashed"
            self._end(child)

    def _message(self, child: Child) -> bool:
        """Handles the next whole message of a child. What it says is not trusted: shapes are checked here."""
        end = child.said.find(b"\n")
        if end < 0:
            return False
        message = json.loads(child.said[:end])
        size = int(message.get("bytes", 0))
        if not 0 <= size <= self._limits.page_bytes:
            raise ValueError(size)
        if len(child.said) < end + 1 + size:
            return False
        picture = bytes(child.said[end + 1 : end + 1 + size])
        del child.said[: end + 1 + size]
        event = message["event"]
        if event == "opened":
            child.pages = int(message["pages"])
            if not child.opened:
                self._answer(child.request, message)
            child.opened = True
        elif event == "reading":
            child.page = int(message["page"])
        elif event == "page":
            self._page(child, message, picture)
        elif event in ("done", "refused"):
            child.finished = True
            self._answer(child.request, message)
        else:
            raise ValueError(event)
        child.deadline = self._deadline()
        return True

    def _page(self, child: Child, message: dict[str, Any], picture: bytes) -> None:
        if message["number"] != child.next_page:
            raise ValueError(message["number"])
        message.pop("bytes", None)
        message["preview"] = None
        if picture:
            name = f"page-{child.next_page:04d}.jpg"
            _write_whole(Path(child.request["results"]) / name, picture)
            message["preview"] = name
        self._answer(child.request, message)
        child.next_page += 1
        child.page = None

    def _end(self, child: Child) -> None:
        """Buries a child; if its work was not done, refuses the page it was on and goes on after it."""
        self._selector.unregister(child.pipe)
        del self._children[child.pipe]
        os.close(child.pipe)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        if child.finished:
            return
        reason = child.killed or _cause(status)
        if not child.opened or child.pages is None or (child.page is None and child.next_page <= 1):
            self._answer(child.request, {
                "event": "refused", "reason": "reader-timeout" if reason == "page-timeout" else reason, "data": {},
            })  # fmt: skip
            return
        self._refuse_page(child, reason)
        deaths = child.deaths + 1
        while child.next_page <= child.pages and deaths >= _MOST_DEATHS:
            self._refuse_page(child, reason)
        if child.next_page > child.pages:
            self._answer(child.request, {"event": "done"})
            return
        self._fork(child.request, child.next_page, True, deaths, child.pages)

    def _refuse_page(self, child: Child, reason: str) -> None:
        self._answer(child.request, {"event": "page", **asdict(Page(child.next_page, REFUSED, reason))})
        child.next_page += 1

    def _answer(self, request: dict[str, Any], message: dict[str, Any]) -> None:
        self._answers.write(json.dumps({"id": request["id"], **message}, ensure_ascii=False).encode() + b"\n")
        self._answers.flush()


def _cause(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return "page-timeout"
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 71:
        return "reader-out-of-memory"
    return "reader-crashed"


def _write_whole(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    partial.replace(path)


def serve(tessdata: str | None, limits: Limits, read: Read = read_confined) -> None:
    """Serves on this process's standard input and output. What libraries print goes to standard error instead."""
    die_with_parent()
    Image.init()
    for module in _PRELOADED:
        importlib.import_module(module)
    second = second_reader(tessdata)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Zygote(sys.stdin.fileno(), answers, second, limits, read).serve()
