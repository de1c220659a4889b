"""All rows of one moment in one file, taken while others write, and put back into a database that holds nothing."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect

from chalicelib.database.engine import Database
from chalicelib.kernel.errors import Refusal

# Pages of SQLite between two words of progress.
_STEP = 2000
# What SQLite keeps beside its file. Left of a former database, it would be played into the one that takes its place.
_BESIDE = ("-wal", "-shm", "-journal")
# Roles are the server's, and another server has others.
_NOBODYS = ("--no-owner", "--no-privileges")


class DumpProgramMissing(Refusal):
    """PostgreSQL's own program, which we copy by, is not installed: data `program`."""

    code = "dump-program-missing"
    kind = "unavailable"


class DumpFailed(Refusal):
    """Who copies the database gave up: data `program` and `reason`, the first line of what it said."""

    code = "dump-failed"
    kind = "unavailable"


class SnapshotDamaged(Refusal):
    """The file of a snapshot is no whole database: data `reason`."""

    code = "snapshot-damaged"
    kind = "conflict"


def take(database: Database, target: Path, told: Callable[[int, int], object]) -> None:
    """Write a snapshot to the empty file `target`; `told` how much is done of how much, where that can be known.

    Nobody who writes is held up. Raises DumpProgramMissing, DumpFailed, SnapshotDamaged.
    """
    if not database.is_sqlite:
        _call("pg_dump", database.url, "--format=custom", *_NOBODYS, f"--file={target}")
        return
    try:
        _copy(_file(database.url), target, told)
    except sqlite3.OperationalError as error:  # a disk that is full or away
        raise DumpFailed(program="SQLite", reason=str(error)) from error
    check(target)


def _copy(source_file: str, target: Path, told: Callable[[int, int], object]) -> None:
    # In a transaction that reads: without one the copy would begin anew at each commit of others.
    with closing(sqlite3.connect(source_file, isolation_level=None)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=_STEP, progress=lambda _, left, all_: told(all_ - left, all_), sleep=0)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with no other beside it


def check(snapshot: Path) -> None:
    """Have SQLite look through the file of a snapshot. Raises SnapshotDamaged."""
    try:
        with closing(sqlite3.connect(f"{snapshot.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise SnapshotDamaged(reason=str(error)) from error
    if said != "ok":
        raise SnapshotDamaged(reason=said)


def holds_nothing(database: Database) -> bool:
    """Whether there is no table in it, or no database at all and nothing left of one."""
    if database.is_sqlite and not Path(file := _file(database.url)).exists():
        return not any(Path(file + ending).exists() for ending in _BESIDE)
    return not inspect(database.engine).get_table_names()


def put_back(database: Database, snapshot: Path) -> None:
    """Fill a database that holds nothing: all of it, or nothing. Raises DumpProgramMissing, DumpFailed."""
    if database.is_sqlite:
        os.replace(snapshot, _file(database.url))
        return
    _call("pg_restore", database.url, "--single-transaction", "--exit-on-error", *_NOBODYS, last=snapshot)


def _file(url: URL) -> str:
    return url.database or ""


def _call(name: str, url: URL, *options: str, last: Path | None = None) -> None:
    program = shutil.which(name)
    if program is None:
        raise DumpProgramMissing(program=name)
    # The password goes by the environment, where other users of this machine do not see it.
    where = url.set(drivername="postgresql", password=None).render_as_string()
    environ = {**os.environ, "PGPASSWORD": url.password} if url.password else None
    # Nobody may sit at the terminal to be asked for one that is missing.
    command = [program, f"--dbname={where}", "--no-password", *options, *([str(last)] if last else [])]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True)
    if ran.returncode:
        first, *_ = ran.stderr.strip().splitlines() or [f"status {ran.returncode}"]
        raise DumpFailed(program=name, reason=first)
