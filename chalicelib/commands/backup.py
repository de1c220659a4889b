"""`diwan backup`: a copy of a running home.

The database first, then the keys and the blobs: what a row names is on the disk before the row is, and only leaves of a
reading or an upload under way are ever deleted. So a copy has all that its database names, whoever writes meanwhile.
"""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from chalicelib.bootstrap import open_database
from chalicelib.commands.backup_folder import BackupFolder, Copy, Kept
from chalicelib.database import snapshot
from chalicelib.database.engine import Database
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.blobs import BlobMissing, checked_key
from chalicelib.setting_values import PlaceUnusable
from chalicelib.settings import Settings

DATABASE = "database"
# Nobody misses these a day later (ports/blobs.py).
_PASSING = "transient/"
# Originals, which nothing ever deletes.
_ORIGINALS = "blobs/sha256/"
_NAMED = 5  # of files that are wrong: more would hide the sentence


class BackupElsewhere(Refusal):
    """A store that is not on this machine keeps copies of its own: data `setting`."""

    code = "backup-elsewhere"
    kind = "conflict"


class NothingToBackUp(Refusal):
    """There is no town in this data folder: data `path`."""

    code = "nothing-to-back-up"
    kind = "not_found"


class BackupAmongData(Refusal):
    """The folder of backups and the home stand one in the other: data `path`, and `place`, what of the home it is."""

    code = "backup-among-data"
    kind = "conflict"


class OriginalsGone(Refusal):
    """Originals that the copy before has are no longer in the home: data `path`, and `files`, some of their names."""

    code = "originals-gone"
    kind = "conflict"


class CopyingFailed(Refusal):
    """A disk gave up: data `path`, where, and `reason` in the system's words."""

    code = "copying-failed"
    kind = "unavailable"


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
    with home_of(settings) as home:
        if snapshot.holds_nothing(home.database):
            raise NothingToBackUp(path=str(settings.data))
        _refuse_unless_there(home)
        _refuse_unless_apart(folder.path, settings.data, home)
        with copying_into(folder.path), folder.alone(), progress_on(console) as progress:
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


@contextmanager
def home_of(settings: Settings) -> Iterator[Home]:
    """What the settings name, while the database is open. Raises BackupElsewhere."""
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


@contextmanager
def copying_into(path: Path) -> Iterator[None]:
    """Has what the system says of a disk that is full or away told in a sentence."""
    try:
        yield
    except OSError as error:
        # A file that is written to does not tell its name.
        reason = error.strerror or str(error)
        raise CopyingFailed(path=str(error.filename or path), reason=reason) from error


def progress_on(console: Console) -> Progress:
    """How far a copy is, on a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def _refuse_unless_there(home: Home) -> None:
    """A disk that is not mounted, or a setting that was forgotten, would make a copy without its files."""
    for setting, place in (("DIWAN_KEYS", home.keys / "issuer.pem"), ("DIWAN_BLOBS", home.blobs)):
        if not place.exists():
            raise PlaceUnusable(setting=setting, found=str(place), reason=os.strerror(errno.ENOENT))


def _refuse_unless_apart(copies: Path, data: Path, home: Home) -> None:
    """Who loses or empties the one would lose the other with it, and copies among blobs would be copied for ever."""
    ours = copies.resolve()
    for place in (data, home.blobs, home.keys):
        there = place.resolve()
        if ours.is_relative_to(there) or there.is_relative_to(ours):
            raise BackupAmongData(path=str(copies), place=str(place))


def _kept(home: Home, folder: BackupFolder, before: Copy | None, progress: Progress) -> Iterator[Kept]:
    """Every file of the home, copied into the folder unless it is there."""
    rows = progress.add_task("database", total=None)
    scratch = folder.scratch()
    snapshot.take(
        home.database, scratch, lambda done, of: progress.update(rows, completed=done, total=of or None)
    )
    yield folder.keep(scratch, DATABASE)
    scratch.unlink()
    for pem in sorted(home.keys.glob("*.pem")):
        if _is_key(pem.name):
            yield folder.keep(pem, f"keys/{pem.name}")
    known = {kept.name: kept for kept in before.files()} if before else {}
    keys = _blob_keys(home.blobs)
    _refuse_if_gone(home, keys, known)
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


def _refuse_if_gone(home: Home, keys: Sequence[str], known: Mapping[str, Kept]) -> None:
    gone = {name for name in known if name.startswith(_ORIGINALS)} - {f"blobs/{key}" for key in keys}
    if gone:
        raise OriginalsGone(path=str(home.blobs), files=some(sorted(gone)))


def some(names: Sequence[str]) -> list[str]:
    """The first of these names, and how many they are."""
    return [*names[:_NAMED], f"… ({len(names)})"] if len(names) > _NAMED else list(names)


def _blob_keys(blobs: Path) -> Sequence[str]:
    def refuse(error: OSError) -> None:
        raise error  # or what cannot be looked into would be left out in silence

    keys = []
    for place, folders, files in os.walk(blobs, onerror=refuse):
        folders[:] = filter(_is_key, folders)
        keys += [str((Path(place) / name).relative_to(blobs)) for name in files if _is_key(name)]
    return sorted(key for key in keys if not key.startswith(_PASSING))


def _is_key(name: str) -> bool:
    """Whether it is ours: others put a `lost+found` or a `Thumbs.db` there, which no home can be made of."""
    try:
        return bool(checked_key(name))
    except BlobMissing:
        return False
