"""`diwan import`: file scans of this machine and wait until each is read or refused."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy import select

from chalicelib.archive.models import Document
from chalicelib.archive.rules import Filing
from chalicelib.bootstrap import Diwan, build
from chalicelib.commands import sample_municipality
from chalicelib.commands.processes import sole_server
from chalicelib.commands.worker import sole_worker, working
from chalicelib.database.migrate import is_current, migrate
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import Refusal
from chalicelib.settings import Settings

# Whoever may read the data folder acts with an archivist's rights; the audit log says "terminal".
TERMINAL = Actor("system", "terminal", frozenset({"archivist"}))
_ENDED = ("read", "read with doubts", "refused")
INDEXING = ("index_pages",)


@dataclass
class Outcome:
    """What became of one file."""

    file: Path
    document: str | None = None
    state: str = ""
    pages: int = 0
    reason: str | None = None

    def line(self) -> str:
        """One JSON object."""
        said = {
            "file": str(self.file),
            "document": self.document,
            "state": self.state,
            "pages": self.pages,
            "reason": self.reason,
        }
        return json.dumps(said, ensure_ascii=False)


def import_files(settings: Settings, paths: list[Path], *, parcel: str, kind: str, as_json: bool) -> int:
    """0 when every file ended in a state, 1 when one did not, 2 when a path or the filing is no good."""
    console = Console(stderr=True, soft_wrap=True)
    files = list(_files(paths))
    absent = [path for path in paths if not path.exists()]
    if absent or not files:
        console.print(
            f"Nothing to import: {', '.join(map(str, absent or paths))} — no such file, or an empty folder."
        )
        return 2
    with contextlib.ExitStack() as stack:
        diwan = build(settings)
        stack.callback(diwan.close)
        reading = _Reading(settings, stack)
        reading.see_to_it()
        while not is_current(diwan.database):  # whoever else is starting here makes it so
            time.sleep(0.1)
            reading.see_to_it()
        try:
            filing = diwan.archive.intake.check(kind=kind, parcel=parcel)
        except Refusal as refusal:
            texts = diwan.pages.localisation("en")
            for field, wrong in getattr(refusal, "fields", {"": refusal}).items():
                console.print(f"--{field}: {texts.refusal(wrong)}")
            return 2
        outcomes = [Outcome(file) for file in files]
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("reading", total=len(files))
            for outcome in _ended(diwan, outcomes, filing, reading):
                progress.advance(task)
                if as_json:
                    print(outcome.line(), flush=True)
        while diwan.jobs.pending(INDEXING):
            reading.see_to_it()
            time.sleep(0.05)
        if not as_json:
            _print_table(outcomes)
    return 0 if all(outcome.state in _ENDED for outcome in outcomes) else 1


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.is_file())
        elif path.exists():
            yield path


class _Reading:
    """Sees to it that somebody reads what is filed: a server on the data folder, another import, or else we.

    They may end before our files are read; then we take over. What it opens is closed by `stack`.
    """

    def __init__(self, settings: Settings, stack: contextlib.ExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._here = False

    def see_to_it(self) -> None:
        """Start reading here when nobody has the data folder; nothing when somebody, or we, do."""
        if self._here:
            return
        with contextlib.ExitStack() as ours:
            if not ours.enter_context(sole_server(self._settings.data)):
                return
            diwan = sole_worker(self._settings)
            ours.callback(diwan.close)
            migrate(diwan.database)
            if sample_municipality.begin(diwan):
                Console(stderr=True, soft_wrap=True).print(sample_municipality.LOADED, highlight=False)
            if self._settings.one_worker:
                diwan.jobs.release_leases()
            if diwan.search.needs_rebuild:
                diwan.archive.finding.rebuild()
            ours.enter_context(working(diwan))
            self._stack.enter_context(ours.pop_all())
            self._here = True


def _ended(diwan: Diwan, outcomes: list[Outcome], filing: Filing, reading: _Reading) -> Iterator[Outcome]:
    """File them all, then give back each as it ends."""
    waiting: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        try:
            outcome.document = diwan.archive.intake.file(TERMINAL, outcome.file, filing)
        except Refusal as refusal:
            outcome.state, outcome.reason = "refused", refusal.code
            yield outcome
        except OSError as error:
            outcome.state, outcome.reason = "refused", f"cannot-open: {error.strerror}"
            yield outcome
        else:
            waiting.setdefault(outcome.document, []).append(outcome)
    while waiting:
        with diwan.database.reading() as tx:
            asked = select(Document).where(Document.id.in_(list(waiting)), Document.state.in_(_ENDED))
            found = tx.scalars(asked).all()
        for document in found:
            for outcome in waiting.pop(document.id):
                outcome.state, outcome.reason = document.state, document.reason
                outcome.pages = document.pages_read
                yield outcome
        if not found:
            dead = {job.payload.get("subject") for job in diwan.jobs.dead(queue="read_document")}
            for document_id in set(waiting) & dead:
                for outcome in waiting.pop(document_id):
                    outcome.state, outcome.reason = "stopped", "job-dead"
                    yield outcome
            reading.see_to_it()
            time.sleep(0.05)


def _print_table(outcomes: list[Outcome]) -> None:
    table = Table("file", "state", "pages", "reason", "document")
    for outcome in outcomes:
        table.add_row(
            outcome.file.name, outcome.state, str(outcome.pages), outcome.reason or "", outcome.document or ""
        )
    # Into a pipe every column is whole; a terminal folds them to its width.
    Console(width=None if sys.stdout.isatty() else 240).print(table)
