"""From a page being read to its being found: events, jobs and the real worker, against SQLite's own index."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.archive.intake import Intake
from chalicelib.archive.reading import Reading
from chalicelib.archive.rules import Filing
from chalicelib.commands.bench.figures import Row, percentile
from chalicelib.commands.bench.harness import BenchUnready, Context
from chalicelib.commands.bench.scans import sample
from chalicelib.database.outbox import Outbox
from chalicelib.jobs.registry import handlers
from chalicelib.kernel.actor import Actor
from chalicelib.ports.ocr import Opened, ReadPage, SourceRefused, Word
from chalicelib.ports.search import Query
from chalicelib.settings import CHECKOUT

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

_CLERK = Actor("staff", "bench", frozenset({"archivist"}))
_PATIENCE = 30.0
_FEWEST = 12


class KnownPage:
    """An Ocr that has read the page already: what follows reading is timed without it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, source: Path, results: Path, first_page: int = 1) -> Iterator[Opened | ReadPage]:
        """One page, its words in a column."""
        yield Opened(1, "text/plain")
        words = (Word(text, 100, 40 * n, 200, 30, 90, n) for n, text in enumerate(self._text.split()))
        yield ReadPage(1, "read", None, 1654, 2339, 200, 0, tuple(words), None)

    def write_searchable(self, source: Path, pages: Iterable[ReadPage], results: Path) -> Path:
        """Nobody asks for it here."""
        raise SourceRefused("unsupported-type")

    def close(self) -> None:
        """There is nothing to let go of."""


def find_pages(context: Context, diwan: "Diwan") -> Iterator[Row]:
    """Add-to-visible: p50 and p95 from the end of a page's reading to the first search that finds it."""
    context.say("filing pages and looking for them")
    texts = [
        page for scan in sample(context.settings.assets / "samples" / "scans", False) for page in scan.truth
    ]
    ours: list[float] = []
    theirs: list[float] = []
    with _worker(), closing(FullTextTable(context.settings.data / "fts5.sqlite3")) as table:
        pages = Pages(diwan, context.settings.data)
        pages.visible_after(texts[0])
        pages.wait_for_rest()
        end = time.monotonic() + context.seconds(4, 30)
        while time.monotonic() < end or len(ours) < _FEWEST:
            text = texts[len(ours) % len(texts)]
            ours.append(1000 * pages.visible_after(text))
            theirs.append(1000 * table.visible_after(text))
    # The survey wants 50 ms of the index alone, and the worker looks for work ten times a second: 150 ms. The
    # table has no queue, no second process and no Arabic in it, and took 8 ms (121 commits a second), a twentieth;
    # with room for a busy machine that is what must be, and the index's 50 ms alone, a sixth, the goal.
    for percent in (50, 95):
        yield Row(
            figure=f"read page to found by search, p{percent} of {len(ours)}",
            unit="ms",
            ours=percentile(ours, percent),
            baseline=percentile(theirs, percent),
            baseline_name="SQLite FTS5: insert, commit (FULL), match; no queue, no Arabic",
            must=0.02,
            goal=0.16,
            more_is_better=False,
        )


class Pages:
    """Puts pages through reading's own last steps, and asks the index until they are there."""

    def __init__(self, diwan: "Diwan", folder: Path) -> None:
        self._diwan = diwan
        self._source = folder / "page"
        self._count = 0
        self._queues = list(handlers())
        # Filed without the event that would send the worker to read them too.
        self._intake = Intake(
            database=diwan.database,
            blobs=diwan.blobs,
            outbox=Outbox(diwan.jobs, diwan.clock, {}),
            clock=diwan.clock,
            parcels=diwan.parcels,
        )

    def visible_after(self, text: str) -> float:
        """Seconds from the reading of a page of `text` being committed to a search finding it."""
        diwan = self._diwan
        self._count += 1
        self._source.write_text(f"{self._count} {text}", "utf-8")
        document = self._intake.file(_CLERK, self._source, Filing()).document.id
        reading = Reading(
            database=diwan.database,
            blobs=diwan.blobs,
            outbox=diwan.outbox,
            clock=diwan.clock,
            jobs=diwan.jobs,
            ocr=KnownPage(f"صفحة{self._count} {text}"),
        )
        reading.read(document)
        began = time.perf_counter()
        asked = Query(words=f"صفحة{self._count}", document=document, confidentiality=frozenset({"internal"}))
        while not diwan.search.search(asked).hits:
            if time.perf_counter() - began > _PATIENCE:
                raise BenchUnready(
                    "The worker indexed nothing for half a minute; ./diwan doctor may say why."
                )
            time.sleep(0.002)
        return time.perf_counter() - began

    def wait_for_rest(self) -> None:
        """Until the worker has nothing left to do, so that what went before is not measured too."""
        end = time.monotonic() + _PATIENCE
        while self._diwan.jobs.pending(self._queues) and time.monotonic() < end:
            time.sleep(0.05)


class FullTextTable:
    """The simple way: a full-text table in SQLite, one connection that writes and one that looks."""

    def __init__(self, file: Path) -> None:
        self._writer, self._reader = (sqlite3.connect(file, isolation_level=None) for _ in range(2))
        self._writer.execute("PRAGMA journal_mode=WAL")
        self._writer.execute("PRAGMA synchronous=FULL")
        self._writer.execute("CREATE VIRTUAL TABLE pages USING fts5(text)")
        self._count = 0

    def visible_after(self, text: str) -> float:
        """Seconds from the insert to the other connection's match."""
        self._count += 1
        began = time.perf_counter()
        self._writer.execute("INSERT INTO pages VALUES (?)", (f"صفحة{self._count} {text}",))
        asked = "SELECT count(*) FROM pages WHERE pages MATCH ?"
        while not self._reader.execute(asked, (f"صفحة{self._count}",)).fetchone()[0]:
            time.sleep(0.002)
        return time.perf_counter() - began

    def close(self) -> None:
        """Close both connections."""
        self._writer.close()
        self._reader.close()


@contextmanager
def _worker() -> Iterator[None]:
    """The worker process that `diwan run` starts."""
    command = [sys.executable, "-m", "chalicelib.commands.worker", str(os.getpid())]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()  # it is made to be killed at any moment, and nothing is kept
        process.wait()
