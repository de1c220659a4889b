"""`diwan backup` and `diwan restore`: a copy of a running home, and a home from a copy.

The database first, then the keys and the blobs: what a row names is on the disk before the row is, and only leaves of a
reading or an upload under way are ever deleted. So a copy has all that its database names, whoever writes meanwhile.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from chalicelib.bootstrap import open_database
from chalicelib.commands.backup_folder import BackupChanged, BackupFolder, BackupMissing, Copy, Kept
from chalicelib.commands.processes import sole_server
from chalicelib.database import snapshot
from chalicelib.database.engine import Database
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.blobs import BlobMissing, checked_key
from chalicelib.settings import Settings

_DATABASE = "database"
# Nobody misses these a day later (ports/blobs.py).
_PASSING = "transient/"
_STAGED = ".restoring"
_NAMED = 5  # of files that are wrong: more would hide the sentence


class BackupElsewhere(Refusal):
    """A store that is not on this machine keeps copies of its own: data `setting`."""

    code = "backup-elsewhere"
    kind = "conflict"


class NothingToBackUp(Refusal):
    """There is no town in this data folder: data `path`."""

    code = "nothing-to-back-up"
    kind = "not_found"


class RestoreNotEmpty(Refusal):
    """Something is where the copy should go, and nothing is overwritten: data `path`."""

    code = "restore-not-empty"
    kind = "conflict"


class RestoreOtherDatabase(Refusal):
    """The copy is of another make of database than the settings name: data `made` and `named`."""

    code = "restore-other-database"
    kind = "conflict"


@dataclass(frozen=True)
class Home:
    """What a copy is of: everything of a home that cannot be made again."""

    database: Database
    blobs: Path
    keys: Path

    @property
    def make(self) -> str:
        """Of the database."""
        return str(self.database.url.get_backend_name())


def backup(settings: Settings, path: Path) -> int:
    """Add a copy of the home to the backups at `path`, while it is in use; 0 when it is whole. Raises refusals."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    folder = BackupFolder(path.absolute())
    with _home(settings) as home:
        if snapshot.holds_nothing(home.database):
            raise NothingToBackUp(path=str(settings.data))
        with folder.alone(), _progress(console) as progress:
            copies = folder.copies()
            before = copies[-1] if copies else None
            files = _kept(home, folder, before, progress)
            copy = folder.write(datetime.now(UTC), home.make, before, files)
            folder.sweep()
    console.print(f"A whole copy: {copy.path}")
    console.print(
        "Write its digest down elsewhere; `restore --digest` proves by it that nothing was changed."
    )
    print(copy.digest)
    return 0


def restore(settings: Settings, path: Path, digest: str) -> int:
    """Make a home of the newest copy at `path`, or of that with this digest; 0 when it stands, 3 when one runs there.

    Only where nothing is, and only when every file is what it was. Raises refusals.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    folder = BackupFolder(path.absolute())
    copies = [copy for copy in folder.copies() if digest in ("", copy.digest)]
    if not copies:
        raise BackupMissing(path=str(folder.path))
    copy = copies[-1]
    with _home(settings) as home, sole_server(settings.data) as ours:
        if not ours:
            console.print(f"A Diwan is running on [bold]{settings.data}[/]. Stop it first, or choose --data.")
            return 3
        _refuse_unless_empty(settings, home, copy)
        staged = _Staged(home, settings.data)
        staged.clear()
        try:
            with _progress(console) as progress:
                _take_out(folder, copy, staged, progress)
            staged.settle()
        finally:
            staged.clear()
    console.print(f"{settings.data} is as it was on {copy.head['made_at']}; digest {copy.digest}.")
    console.print("`./diwan run` makes the index of searches anew from what is there.")
    return 0


@contextmanager
def _home(settings: Settings) -> Iterator[Home]:
    places = []
    for setting, url in (("DIWAN_BLOBS", settings.blobs_url), ("DIWAN_KEYS", settings.keys_url)):
        parts = urlsplit(url)
        if parts.scheme != "file":
            raise BackupElsewhere(setting=setting)
        places.append(Path(parts.netloc + parts.path))
    database = open_database(settings)
    try:
        yield Home(database, *places)
    finally:
        database.close()


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def _kept(home: Home, folder: BackupFolder, before: Copy | None, progress: Progress) -> Iterator[Kept]:
    """Every file of the home, copied into the folder unless it is there."""
    rows = progress.add_task("database", total=None)
    scratch = folder.scratch()
    snapshot.take(
        home.database, scratch, lambda done, of: progress.update(rows, completed=done, total=of or None)
    )
    yield folder.keep(scratch, _DATABASE)
    scratch.unlink()
    for pem in sorted(home.keys.glob("*.pem")):
        yield folder.keep(pem, f"keys/{pem.name}")
    known = {kept.name: kept for kept in before.files()} if before else {}
    keys = _blob_keys(home.blobs)
    for key in progress.track(keys, description="files"):
        try:
            already = known.get(f"blobs/{key}")
            size = (home.blobs / key).stat().st_size
            # What is under a key never changes: one of this size that was copied before is the same.
            if already and already.size == size and folder.holds(already):
                yield already
            else:
                yield folder.keep(home.blobs / key, f"blobs/{key}")
        except FileNotFoundError:
            continue  # it went while we were on our way to it, and no row names it any more


def _blob_keys(blobs: Path) -> Sequence[str]:
    keys = []
    for place, folders, files in os.walk(blobs):
        folders[:] = [name for name in folders if not name.startswith(".")]
        keys += [str((Path(place) / name).relative_to(blobs)) for name in files]
    return sorted(key for key in keys if not key.startswith(_PASSING))


def _refuse_unless_empty(settings: Settings, home: Home, copy: Copy) -> None:
    if copy.head["database"] != home.make:
        raise RestoreOtherDatabase(made=copy.head["database"], named=home.make)
    ours = ("server.lock", f"{_DATABASE}{_STAGED}")
    for place in (settings.data, home.keys, home.blobs):
        there = [
            found for found in (place.iterdir() if place.is_dir() else ())
            if found.name not in ours and not found.name.endswith(_STAGED)
        ]  # fmt: skip
        if there:
            raise RestoreNotEmpty(path=str(place))
    if not snapshot.holds_nothing(home.database):
        raise RestoreNotEmpty(path=home.database.url.render_as_string())


class _Staged:
    """A home beside its place, until it is known to be whole."""

    def __init__(self, home: Home, data: Path) -> None:
        self._home = home
        self.blobs = home.blobs.with_name(home.blobs.name + _STAGED)
        self.keys = home.keys.with_name(home.keys.name + _STAGED)
        file = Path(home.database.url.database or "") if home.database.is_sqlite else data / _DATABASE
        self.database = file.with_name(file.name + _STAGED)

    def place_of(self, name: str) -> Path | None:
        """Where a file of a copy goes; None for one that no copy of ours has."""
        kind, _, rest = name.partition("/")
        try:
            match kind:
                case "blobs":
                    return self.blobs / checked_key(rest)
                case "keys":
                    return self.keys / checked_key(rest)
        except BlobMissing:
            return None
        return self.database if name == _DATABASE else None

    def clear(self) -> None:
        """Remove what stands beside."""
        shutil.rmtree(self.blobs, ignore_errors=True)
        shutil.rmtree(self.keys, ignore_errors=True)
        self.database.unlink(missing_ok=True)

    def settle(self) -> None:
        """Move everything to its place, the database last: without it there is no town."""
        for staged, place in ((self.blobs, self._home.blobs), (self.keys, self._home.keys)):
            if staged.is_dir():
                os.replace(staged, place)
        snapshot.put_back(self._home.database, self.database)
        for folder in {self._home.blobs.parent, self._home.keys.parent, self.database.parent}:
            handle = os.open(folder, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)


def _take_out(folder: BackupFolder, copy: Copy, staged: _Staged, progress: Progress) -> None:
    wrong = []
    for kept in progress.track(list(copy.files()), description="files"):
        place = staged.place_of(kept.name)
        if place is None or not folder.give_back(kept, place):
            wrong.append(kept.name)
    if wrong:
        more = [f"… ({len(wrong)})"] if len(wrong) > _NAMED else []
        raise BackupChanged(path=str(folder.path), files=wrong[:_NAMED] + more)
    if copy.head["database"] == "sqlite":
        snapshot.check(staged.database)
