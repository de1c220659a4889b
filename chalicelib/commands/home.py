"""A home on this machine, as copies are made of it: its places, and the names of its files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from chalicelib.bootstrap import open_database
from chalicelib.database.engine import Database
from chalicelib.kernel.errors import Refusal
from chalicelib.ports.blobs import BlobMissing, checked_key
from chalicelib.settings import Settings

DATABASE = "database"
# Nobody misses these a day later (ports/blobs.py).
_PASSING = "transient"
_NAMED = 5  # of files that are wrong: more would hide the sentence


class BackupElsewhere(Refusal):
    """A store that is not on this machine keeps copies of its own: data `setting`."""

    code = "backup-elsewhere"
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


def blob_keys(blobs: Path) -> Iterator[str]:
    """The keys of what is kept there, in the order of their letters. Raises OSError where it cannot look."""
    return _keys(blobs, "")


def key_files(keys: Path) -> Iterator[str]:
    """The names of the files of keys."""
    return (pem.name for pem in sorted(keys.glob("*.pem")) if _is_ours(pem.name))


def _keys(folder: Path, above: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        # What is in a folder sorts by the stroke after its name: "a-b" comes before "a/b".
        names = sorted(entry.name + "/" * entry.is_dir() for entry in entries)
    for name in names:
        if not _is_ours(name.rstrip("/")):
            continue
        if not name.endswith("/"):
            yield above + name
        elif above or name != f"{_PASSING}/":
            yield from _keys(folder / name, above + name)


def _is_ours(name: str) -> bool:
    """Whether it is ours: others put a `lost+found` or a `Thumbs.db` there, which no home can be made of."""
    try:
        return bool(checked_key(name))
    except BlobMissing:
        return False


@dataclass
class Some:
    """The first of many names, and how many they are."""

    first: list[str] = field(default_factory=list)
    number: int = 0

    def add(self, name: str) -> None:
        """One more."""
        self.number += 1
        if len(self.first) < _NAMED:
            self.first.append(name)

    def told(self) -> list[str]:
        """As a sentence names them."""
        return [*self.first, f"… ({self.number})"] if self.number > _NAMED else self.first
