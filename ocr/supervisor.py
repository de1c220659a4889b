"""Has files read by confined children, one forked for each file, and answers for what becomes of them.

A child that dies or dawdles costs one page at most. The page it died on is tried once more by a new child, for what it
died of may have been the machine's trouble; if that dies or dawdles too, the page is refused, and a new child goes on.
"""

import contextlib
import importlib
import os
import resource
import selectors
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from ocr.confinement import die_with_parent
from ocr.line_reader import LineReader
from ocr.messages import Message, next_message, page_of, refusal_of, told
from ocr.number_formats import number_formats
from ocr.reading import Assignment, read_confined
from ocr.recognition import Recogniser
from ocr.second_reader import second_reader
from ocr.shapes import REFUSED, Limits, Page, Profile
from ocr.tiling import tile_confined
from ocr.writing import write_confined

# Loaded once, before any fork. None of them may start a thread, nor may the network and the second reader.
_PRELOADED = (
    "numpy.ma", "numpy.random", "ocr.formats.dxf", "ocr.formats.pdf", "ocr.formats.pictures", "pikepdf",
)  # fmt: skip

_CHUNK = 1 << 18
_MOST_DEATHS = 25
# Pictures are converted, converted otherwise where that fails, and written over.
_TURNS_OF_WRITING = 3
_OUT_OF_MEMORY = 71
_NO_DESCRIPTOR = 1 << 20
_CRASHED = 70
# Of the address space that is allowed, what is really used when it runs out: the rest are libraries and gaps.
_NEARLY_ALL = 0.6

Read = Callable[[Assignment, BinaryIO], None]


@dataclass(frozen=True)
class Request:
    """One file to read. `name` is what it claims to be called; `password` opens it if it is locked.

    Given `pages`, a file of its pages as they were told (a line of JSON each), it is written as a searchable PDF.
    Given `tiles`, the number of a page and the degrees that make it upright, that page is cut into deep-zoom tiles.
    """

    id: int
    source: Path
    name: str
    first_page: int = 1
    password: str | None = None
    pages: Path | None = None
    tiles: tuple[int, int] | None = None


# Called with a request's id, a message and the bytes that belong to it: `opened`, a `page` each with its preview, or a
# `part` each of a PDF, or `tiled` (a page's size) and a `tile` each; and last `done` or `refused`.
Answer = Callable[[int, Message, bytes], None]


@dataclass
class Child:
    """One child at work on one file, and what it has said so far; `tried` is the page that killed the one before it."""

    request: Request
    pid: int
    pipe: int
    deadline: float
    next_page: int
    pages: int | None = None
    opened: bool = False
    page: int | None = None
    begun: tuple[int, int] = (0, -1)
    finished: bool = False
    deaths: int = 0
    tried: int = 0
    said: bytearray = field(default_factory=bytearray)
    written: int = 0
    killed: str | None = None
    machine_ran_out: int = 0


class Supervisor:
    """Readings under way. It has one thread, so forking is safe, and it opens no file's content itself."""

    def __init__(self, profile: Profile, limits: Limits, answer: Answer, read: Read = read_confined) -> None:
        Image.init()
        for module in _PRELOADED:
            importlib.import_module(module)
        self._recogniser = Recogniser(
            LineReader(), second_reader(profile.tessdata), number_formats(profile.number_formats)
        )
        self._limits = limits
        self._answer = answer
        self._read = read
        self._children: dict[int, Child] = {}
        # Also files may be watched, as requests are that come from one: epoll refuses them.
        self._selector = selectors.PollSelector()

    def watch(self, descriptor: int) -> None:
        """Lets `turn` also end when this descriptor can be read."""
        self._selector.register(descriptor, selectors.EVENT_READ)

    def begin(self, request: Request) -> None:
        """Starts a reading."""
        self._fork(request, request.first_page)

    def cancel(self, number: int) -> None:
        """Ends the reading with this id; nothing more is answered for it."""
        for child in [c for c in self._children.values() if c.request.id == number]:
            child.finished = True
            self._end(child)

    def close(self) -> None:
        """Ends every child."""
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            os.close(child.pipe)
        self._children.clear()
        self._selector.close()

    def turn(self) -> list[int]:
        """Waits until something happens and deals with it; returns watched descriptors that can be read."""
        nearest = min((c.deadline for c in self._children.values()), default=None)
        wait = None if nearest is None else max(0.0, nearest - time.monotonic())
        ready = [key.fd for key, _ in self._selector.select(wait)]
        watched = [descriptor for descriptor in ready if descriptor not in self._children]
        for child in [self._children[pipe] for pipe in ready if pipe in self._children]:
            self._hear(child)
        now = time.monotonic()
        for child in [c for c in self._children.values() if c.deadline <= now]:
            child.killed = "page-timeout"
            self._end(child)
        return watched

    def _fork(
        self, request: Request, first_page: int, deaths: int = 0, count: int | None = None, tried: int = 0
    ) -> None:
        """A child for what is left of a file: of `count` pages, where one before it opened the file and told."""
        try:
            stream = request.source.open("rb")
            pages = request.pages.open("rb") if request.pages else None
        except OSError:
            self._answer(request.id, {"event": "refused", "reason": "file-missing", "data": {}}, b"")
            return
        out, into = os.pipe()
        with stream, pages or contextlib.nullcontext():
            pid = os.fork()
            if not pid:
                self._be_child(Assignment(
                    stream, request.name, first_page, request.password, self._recogniser, self._limits, pages,
                    request.tiles,
                ), into)  # fmt: skip
        os.close(into)
        os.set_blocking(out, False)
        child = Child(
            request, pid, out, self._deadline(), first_page, count, count is not None,
            deaths=deaths, tried=tried,
        )  # fmt: skip
        child.machine_ran_out = _times_memory_ran_out()
        self._children[out] = child
        self._selector.register(out, selectors.EVENT_READ)

    def _be_child(self, assignment: Assignment, into: int) -> None:
        status = _CRASHED
        try:
            die_with_parent()
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(null, standard)
            held = [into, *(file.fileno() for file in (assignment.stream, assignment.pages) if file)]
            for below, above in pairwise((2, *sorted(held), _NO_DESCRIPTOR)):
                os.closerange(below + 1, above)
            with os.fdopen(into, "wb", buffering=1 << 16) as output:
                if assignment.tiles is not None:
                    tile_confined(assignment, output)
                elif assignment.pages is not None:
                    write_confined(assignment, output)
                else:
                    self._read(assignment, output)
            status = 0
        except MemoryError:
            status = _OUT_OF_MEMORY
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
            while not child.finished and (heard := next_message(child.said, self._limits.page_bytes)):
                self._take(child, *heard)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            child.killed = "reader-crashed"
            self._end(child)

    def _take(self, child: Child, message: Message, picture: bytes) -> None:
        event = message["event"]
        if event == "opened":
            child.pages = int(message["pages"])
            if child.pages > self._limits.pages:
                raise ValueError(child.pages)
            if not child.opened:
                opened = {"event": event, "pages": child.pages, "media_type": str(message["media_type"])}
                self._answer(child.request.id, opened, b"")
            child.opened = True
        elif event == "reading":
            turn, number = int(message.get("turn", 0)), int(message["page"])
            # Each page is begun once a turn: whoever says so again and again would never be late.
            turns = _TURNS_OF_WRITING if child.request.pages else 1
            if not child.begun < (turn, number) or turn >= turns or number > self._limits.pages:
                raise ValueError((turn, number))
            child.page, child.begun = number, (turn, number)
        elif event == "page":
            page = page_of(message)
            if page.number != child.next_page or child.pages is None or page.number > child.pages:
                raise ValueError(page.number)
            self._answer(child.request.id, {"event": event, **told(page)}, picture)
            child.next_page += 1
            child.page = None
        elif event == "part":
            self._weigh(child, picture)
            self._answer(child.request.id, {"event": event}, picture)
        elif event in ("tiled", "tile"):
            if event == "tile":
                self._weigh(child, picture)
            keys = ("width", "height") if event == "tiled" else ("level", "column", "row")
            counts = {key: int(message[key]) for key in keys}
            if min(counts.values()) < 0:
                raise ValueError(counts)
            self._answer(child.request.id, {"event": event, **counts}, picture)
        elif event in ("done", "refused"):
            self._answer(child.request.id, {"event": event} if event == "done" else refusal_of(message), b"")
            child.finished = True
        else:
            raise ValueError(event)
        if event not in ("opened", "tiled"):
            child.deadline = self._deadline()

    def _weigh(self, child: Child, content: bytes) -> None:
        """Counts what a child writes. Raises ValueError for too much, and for nothing: that would never be too much."""
        child.written += len(content)
        if not content or child.written > self._limits.document_bytes:
            raise ValueError(child.written)

    def _end(self, child: Child) -> None:
        """Buries a child; if its work was not done, tries the page it was on again, or refuses that and goes on."""
        self._selector.unregister(child.pipe)
        del self._children[child.pipe]
        os.close(child.pipe)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        _, status, usage = os.wait4(child.pid, 0)
        if child.finished:
            return
        reason = child.killed or self._cause(child, status, usage)
        if not child.opened or child.pages is None or (child.page is None and child.next_page <= 1):
            code = "reader-timeout" if reason == "page-timeout" else reason
            self._answer(child.request.id, {"event": "refused", "reason": code, "data": {}}, b"")
            return
        if reason != "page-timeout" and child.tried != child.next_page:
            self._fork(child.request, child.next_page, child.deaths, child.pages, tried=child.next_page)
            return
        self._refuse_page(child, reason)
        deaths = child.deaths + 1
        while child.next_page <= child.pages and deaths >= _MOST_DEATHS:
            self._refuse_page(child, reason)
        if child.next_page > child.pages:
            self._answer(child.request.id, {"event": "done"}, b"")
            return
        self._fork(child.request, child.next_page, deaths, child.pages)

    def _refuse_page(self, child: Child, reason: str) -> None:
        refused = told(Page(child.next_page, REFUSED, reason))
        self._answer(child.request.id, {"event": "page", **refused}, b"")
        child.next_page += 1
        child.page = None

    def _cause(self, child: Child, status: int, usage: resource.struct_rusage) -> str:
        """What a child died of. Libraries in C end the process by a signal when they are given no more memory."""
        if os.WIFEXITED(status):
            return "reader-out-of-memory" if os.WEXITSTATUS(status) == _OUT_OF_MEMORY else "reader-crashed"
        if os.WTERMSIG(status) == signal.SIGXCPU:
            return "page-timeout"
        if usage.ru_maxrss * 1024 > _NEARLY_ALL * self._limits.memory_bytes:
            return "reader-out-of-memory"
        by_kernel = os.WTERMSIG(status) == signal.SIGKILL and _times_memory_ran_out() > child.machine_ran_out
        return "reader-out-of-memory" if by_kernel else "reader-crashed"


def _times_memory_ran_out() -> int:
    """How often the kernel of this machine has killed a process for want of memory; 0 where it does not tell."""
    with contextlib.suppress(OSError, ValueError), open("/proc/vmstat", encoding="ascii") as counters:
        return next((int(line.split()[1]) for line in counters if line.startswith("oom_kill ")), 0)
    return 0
