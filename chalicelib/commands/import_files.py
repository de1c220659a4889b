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
_READ = ("read", "read with doubts")
_ENDED = (*_READ, "refused")
_FILES = ("file was", "files were")
INDEXING = ("index_pages",)


@dataclass
class Outcome:
    """What became of one file; `detail` is its `reason` as a sentence. `new`: its bytes were not there before."""

    file: Path
    document: str | None = None
    new: bool = True
    state: str = ""
    pages: int = 0
    reason: str | None = None
    detail: str | None = None

    def line(self) -> str:
        """One JSON object."""
        said = {
            "file": str(self.file),
            "document": self.document,
            "new": self.new,
            "state": self.state,
            "pages": self.pages,
            "reason": self.reason,
            "detail": self.detail,
        }
        return json.dumps(said, ensure_ascii=False)


def import_files(settings: Settings, paths: list[Path], *, parcel: str, kind: str, as_json: bool) -> int:
    """0 when every file was read, 1 when one was not, 2 when there is none or the filing is no good, 130 by Ctrl-C.

    A path at which there is nothing is one of the refused; the others are filed all the same.
    """
    console = Console(stderr=True, soft_wrap=True, markup=False, highlight=False)
    files = list(_files(paths))
    if not any(file.exists() for file in files):
        console.print(f"Nothing to import: {', '.join(map(str, paths))} — no such file, or an empty folder.")
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
            try:
                for outcome in _ended(diwan, outcomes, filing, reading):
                    progress.advance(task)
                    if as_json:
                        print(outcome.line(), flush=True)
                while diwan.jobs.pending(INDEXING):
                    reading.see_to_it()
                    time.sleep(0.05)
            except KeyboardInterrupt:
                progress.stop()
                console.print(_so_far(outcomes))
                return 130
        if not as_json:
            _print_table(outcomes)
    if known := sum(not outcome.new for outcome in outcomes):
        console.print(
            f"{known} of {len(outcomes)} {_FILES[len(outcomes) != 1]} on file already, and not filed a second time: "
            "what is on file stays as it was filed."
        )
    unread = sum(outcome.state not in _READ for outcome in outcomes)
    if unread:
        console.print(f"{unread} of {len(outcomes)} {_FILES[len(outcomes) != 1]} not read.")
    return int(unread > 0)


def _so_far(outcomes: list[Outcome]) -> str:
    filed = sum(outcome.document is not None for outcome in outcomes)
    read = sum(outcome.state in _READ for outcome in outcomes)
    return (
        f"Stopped: {filed} of {len(outcomes)} {_FILES[len(outcomes) != 1]} filed, {read} of them read. "
        "What is filed is read by the next `./diwan run` or `import`. "
        "Import the same files again for the rest: none is filed twice."
    )


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.is_file())
        else:
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
    texts = diwan.pages.localisation("en")
    waiting: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        try:
            filed = diwan.archive.intake.file(TERMINAL, outcome.file, filing)
            outcome.document, outcome.new = filed.document.id, filed.is_new
        except Refusal as refusal:
            outcome.state, outcome.reason = "refused", refusal.code
            outcome.detail = texts.refusal(refusal)
            yield outcome
        except OSError as error:
            outcome.state, outcome.reason = "refused", "cannot-open"
            outcome.detail = f"It cannot be opened: {error.strerror}."
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
                if document.reason:
                    outcome.detail = texts.text(f"reading-{document.reason}", **document.reason_data)
                yield outcome
        if not found:
            for document_id in diwan.archive.reading.stopped_among(list(waiting)):
                for outcome in waiting.pop(document_id):
                    outcome.state, outcome.reason = "stopped", "job-dead"
                    outcome.detail = "Reading was given up; an administrator can ask for it again at /staff."
                    yield outcome
            reading.see_to_it()
            time.sleep(0.05)


def _print_table(outcomes: list[Outcome]) -> None:
    table = Table("file", "state", "pages", "reason", "document")
    for outcome in outcomes:
        why = f"{outcome.detail} ({outcome.reason})" if outcome.detail else ""
        table.add_row(outcome.file.name, outcome.state, str(outcome.pages), why, outcome.document or "")
    # Into a pipe every column is whole; a terminal folds them to its width.
    Console(width=None if sys.stdout.isatty() else 240, markup=False, highlight=False).print(table)
