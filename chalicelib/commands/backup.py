"""`diwan backup`: a copy of a running home.

The database first, then the keys and the blobs: what a row names is on the disk before the row is, and only leaves of a
reading or an upload under way are ever deleted. So a copy has all that its database names, whoever writes meanwhile.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from chalicelib.commands.backup_folder import BackupFolder, Copy, Kept
from chalicelib.commands.home import DATABASE, Home, Some, blob_keys, home_of, key_files
from chalicelib.database import snapshot
from chalicelib.kernel.errors import Refusal
from chalicelib.setting_values import PlaceUnusable
from chalicelib.settings import Settings

_BLOBS = "blobs/"
# Originals, which nothing ever deletes.
_ORIGINALS = f"{_BLOBS}sha256/"


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
    for name in key_files(home.keys):
        yield folder.keep(home.keys / name, f"keys/{name}")
    number = _number_unless_gone(home, before)
    for name, is_there, already in progress.track(_blobs(home, before), number, description="files"):
        if not is_there:
            continue
        file = home.blobs / name.removeprefix(_BLOBS)
        try:
            # What is under a key never changes: one of this size that was copied before is the same.
            if already and already.size == file.stat().st_size and folder.holds(already):
                yield already
            else:
                yield folder.keep(file, name)
        except FileNotFoundError:
            continue  # it went while we were on our way to it, and no row names it any more


def _blobs(home: Home, before: Copy | None) -> Iterator[tuple[str, bool, Kept | None]]:
    """Every blob of the home or of the copy before: its name, whether the home has it, and what that copy has of it.

    Both are walked side by side, in the one order that they are in: a town's names do not fit in memory.
    """
    here: Iterator[tuple[str, Kept | None]] = ((_BLOBS + key, None) for key in blob_keys(home.blobs))
    there = ((kept.name, kept) for kept in before.files() if kept.name.startswith(_BLOBS)) if before else ()
    for name, found in groupby(merge(here, there, key=itemgetter(0)), key=itemgetter(0)):
        copied = [kept for _, kept in found]
        yield name, copied[0] is None, copied[-1]


def _number_unless_gone(home: Home, before: Copy | None) -> int:
    """How many blobs there are. Raises OriginalsGone before anything of a copy without them is made."""
    number, gone = 0, Some()
    for name, is_there, _ in _blobs(home, before):
        number += 1
        if not is_there and name.startswith(_ORIGINALS):
            gone.add(name)
    if gone.number:
        raise OriginalsGone(path=str(home.blobs), files=gone.told())
    return number
