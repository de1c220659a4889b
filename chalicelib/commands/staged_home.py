"""A home that is being restored: in its place already, and out of the way until it is known to be whole.

    blobs/.restoring/…        files as they are copied; inside their place, which may be a disk of its own
    keys/.restoring/…
    diwan.sqlite3.restoring   the database, until every file was found right
    diwan.sqlite3.settling    the same while everything is moved to where it belongs, the database last

Whichever moment a restore is killed at, the name of its database tells what the next one has to take back.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from chalicelib.commands.backup_folder import sync_folder
from chalicelib.commands.home import DATABASE, Home
from chalicelib.database import snapshot
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.blobs import BlobMissing, checked_key
from chalicelib.settings import Settings

_STAGED = ".restoring"
_SETTLING = ".settling"
# What a disk of its own has at its top.
_OF_DISKS = "lost+found"


class RestoreUnfinished(Refusal):
    """A restore was killed here, or goes on, and nothing may be begun on what it left: data `path`."""

    code = "restore-unfinished"
    kind = "conflict"


def refuse_unfinished(settings: Settings) -> None:
    """Raise RestoreUnfinished where a restore began and did not end."""
    if any(left.exists() for left in _databases(settings)):
        raise RestoreUnfinished(path=str(settings.data))


class StagedHome:
    """What is being restored into a home; by one process at a time."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home = home
        self._data = settings.data
        self._places = (home.blobs, home.keys)
        self._made: list[Path] = []
        self.database, self._settling = _databases(settings)

    def begin(self) -> None:
        """Make the places; whatever stood in them before has been cleared."""
        for place in self._places:
            if not place.exists():
                self._made.append(place)
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            (place / _STAGED).mkdir(mode=0o700)

    def in_the_way(self) -> Path | None:
        """A place of the home in which there is something that no restore put there."""
        ours = ("server.lock", self.database.name, self._settling.name)
        for found in _children(self._data):
            if found.name not in ours and found not in self._places:
                return self._data
        if not self._settling.exists():
            return next((place for place in self._places if any(_children(place))), None)
        return None

    def place_of(self, name: str) -> Path | None:
        """Where a file of a copy goes; None for one that no copy of ours has."""
        kind, _, rest = name.partition("/")
        try:
            match kind:
                case "blobs":
                    return self._home.blobs / _STAGED / checked_key(rest)
                case "keys":
                    return self._home.keys / _STAGED / checked_key(rest)
        except BlobMissing:
            return None
        return self.database if name == DATABASE else None

    def settle(self) -> None:
        """Move everything to its place, the database last: without it there is no town."""
        for place in self._places:
            for folder, _, _ in os.walk(place / _STAGED):
                sync_folder(Path(folder))
        os.replace(self.database, self._settling)
        sync_folder(self.database.parent)
        for place in self._places:
            for child in sorted((place / _STAGED).iterdir()):
                os.replace(child, place / child.name)
            (place / _STAGED).rmdir()
            sync_folder(place)
            sync_folder(place.parent)
        if stat.S_IMODE(self._home.keys.stat().st_mode) & 0o077:
            self._home.keys.chmod(0o700)  # or nobody would sign with them
        snapshot.put_back(self._home.database, self._settling)
        self._settling.unlink(missing_ok=True)
        sync_folder(self.database.parent)

    def is_settled(self) -> bool:
        """Whether a restore was killed when all it had left to do was to forget its copy of the database."""
        moved = not any((place / _STAGED).exists() for place in self._places)
        return self._settling.exists() and moved and not snapshot.holds_nothing(self._home.database)

    def clear(self) -> None:
        """Remove what a restore has left that did not end, moved to its place or not."""
        if self.is_settled():
            self._settling.unlink()
            return
        if self._settling.exists():
            for place in self._places:
                (place / _STAGED).mkdir(mode=0o700, parents=True, exist_ok=True)
                for child in _children(place):
                    os.replace(child, place / _STAGED / child.name)
        # Before the folders: where it is gone, nothing that stands in a place is taken for ours.
        self._settling.unlink(missing_ok=True)
        self.database.unlink(missing_ok=True)
        for place in self._places:
            shutil.rmtree(place / _STAGED, ignore_errors=True)
        for place in self._made:
            with suppress(OSError):  # the home stands
                place.rmdir()


def _databases(settings: Settings) -> tuple[Path, Path]:
    file = settings.database_file or settings.data / DATABASE
    return file.with_name(file.name + _STAGED), file.with_name(file.name + _SETTLING)


def _children(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (found for found in place.iterdir() if found.name not in (_STAGED, _OF_DISKS))
