"""`diwan restore`: a home of a copy, where nothing is yet."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from chalicelib.commands.backup import copying_into, progress_on
from chalicelib.commands.backup_folder import BackupChanged, BackupFolder, BackupMissing, Copy, sync_folder
from chalicelib.commands.home import DATABASE, Home, Some, home_of
from chalicelib.commands.processes import sole_server
from chalicelib.database import snapshot
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.blobs import BlobMissing, checked_key
from chalicelib.settings import Settings

_STAGED = ".restoring"


class RestoreNotEmpty(Refusal):
    """Something is where the copy should go, and nothing is overwritten: data `path`."""

    code = "restore-not-empty"
    kind = "conflict"


class RestoreOtherDatabase(Refusal):
    """The copy is of another make of database than the settings name: data `made` and `named`."""

    code = "restore-other-database"
    kind = "conflict"


def restore(settings: Settings, path: Path, digest: str) -> int:
    """Make a home of the newest copy at `path`, or of that with this digest; 0 when it stands, 3 when one runs there.

    Only where nothing is, and only when every file is what it was. Raises refusals.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    folder = BackupFolder(path.absolute())
    copy = folder.copy(digest) if digest else next(reversed(folder.copies()), None)
    if copy is None:
        raise BackupMissing(path=str(folder.path))
    with home_of(settings) as home, sole_server(settings.data) as ours:
        if not ours:
            console.print(f"A Diwan is running on [bold]{settings.data}[/]. Stop it first, or choose --data.")
            return 3
        _refuse_unless_empty(settings, home, copy)
        staged = _Staged(home, settings.data)
        staged.clear()
        try:
            with copying_into(settings.data):
                with progress_on(console) as progress:
                    _take_out(folder, copy, staged, progress)
                _refuse_unless_empty(settings, home, copy)  # a town may have begun here meanwhile
                staged.settle()
        finally:
            staged.clear()
    console.print(f"{settings.data} is as it was on {copy.made_at}; digest {copy.digest}.")
    console.print("`./diwan run` makes the index of searches anew from what is there.")
    return 0


def _refuse_unless_empty(settings: Settings, home: Home, copy: Copy) -> None:
    if copy.make != home.make:
        raise RestoreOtherDatabase(made=copy.make, named=home.make)
    ours = ("server.lock", f"{DATABASE}{_STAGED}")
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
        file = Path(home.database.url.database or "") if home.database.is_sqlite else data / DATABASE
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
        return self.database if name == DATABASE else None

    def clear(self) -> None:
        """Remove what stands beside."""
        shutil.rmtree(self.blobs, ignore_errors=True)
        shutil.rmtree(self.keys, ignore_errors=True)
        self.database.unlink(missing_ok=True)

    def settle(self) -> None:
        """Move everything to its place, the database last: without it there is no town. All of it, or nothing."""
        for staged in (self.blobs, self.keys):
            for folder, _, _ in os.walk(staged):
                sync_folder(Path(folder))
        with ExitStack() as undo:
            for staged, place in ((self.blobs, self._home.blobs), (self.keys, self._home.keys)):
                os.replace(staged, place)
                undo.callback(os.replace, place, staged)
            snapshot.put_back(self._home.database, self.database)
            undo.pop_all()
        for parent in {self._home.blobs.parent, self._home.keys.parent, self.database.parent}:
            sync_folder(parent)


def _take_out(folder: BackupFolder, copy: Copy, staged: _Staged, progress: Progress) -> None:
    for place in (staged.blobs, staged.keys):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, wrong = sum(1 for _ in copy.files()), Some()
    for kept in progress.track(copy.files(), number, description="files"):
        target = staged.place_of(kept.name)
        if target is None or not folder.give_back(kept, target):
            wrong.add(kept.name)
    if wrong.number:
        raise BackupChanged(path=str(folder.path), files=wrong.told())
    if copy.make == "sqlite":
        snapshot.check(staged.database)
