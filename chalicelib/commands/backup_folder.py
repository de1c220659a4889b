"""The form of a folder of backups: what was copied, once each, and lists of what belongs to which copy.

    objects/ab/abcd…      a file by the SHA-256 of its content, however many copies hold it
    000007-20261128T181203Z.jsonl   a copy: a head, then a line for each of its files

A list appears whole when all that it names is on the disk, so a copy that was interrupted is none. Its head holds the
SHA-256 of the list before it: whoever has noted that of one list can tell whether it, one before or a file has changed.
"""

import fcntl
import hashlib
import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from chalicelib.kernel.errors import Refusal

_CHUNK = 1 << 20
_NEW = ".new"


class BackupBusy(Refusal):
    """Somebody else copies into this folder just now: data `path`."""

    code = "backup-busy"
    kind = "conflict"


class BackupMissing(Refusal):
    """There is no whole copy in this folder, or none with the digest that was asked for: data `path`."""

    code = "backup-missing"
    kind = "not_found"


class BackupChanged(Refusal):
    """Files of the backup are not what they were when it was made: data `path`, and `files`, some of their names."""

    code = "backup-changed"
    kind = "conflict"


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a copy: `name` says where it belongs in the home (`database`, `keys/…`, `blobs/…`)."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Copy:
    """A copy: its list, the SHA-256 of that list, when it was made (ISO 8601) and of what make its database is."""

    path: Path
    digest: str
    made_at: str
    make: str

    def files(self) -> Iterator[Kept]:
        """Every file of it, as the list has them. Raises BackupChanged when a line is none."""
        with self.path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                try:
                    kept = Kept(**json.loads(line))
                except (ValueError, TypeError):
                    raise BackupChanged(path=str(self.path.parent), files=[self.path.name]) from None
                yield kept


class BackupFolder:
    """A folder of backups at `path`, which may be on another disk or machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one to write here, and clear away what an interrupted copy left half written."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupBusy(path=str(self.path)) from None
            for left in (*self.path.glob(f"*{_NEW}*"), *self.path.glob(f"objects/*{_NEW}")):
                left.unlink()
            yield

    def copies(self) -> list[Copy]:
        """Every whole copy, oldest first. Raises BackupChanged when one is not what it was when the next was made."""
        found: list[Copy] = []
        for path in self._lists():
            copy, before = self._read(path, _digest(path))
            if found and before != found[-1].digest:
                raise BackupChanged(path=str(self.path), files=[found[-1].path.name])
            found.append(copy)
        return found

    def copy(self, digest: str) -> Copy | None:
        """The copy whose list has this digest, which proves it whatever became of the other lists; None without one."""
        path = next((path for path in self._lists() if _digest(path) == digest), None)
        return self._read(path, digest)[0] if path else None

    def scratch(self) -> Path:
        """An empty file, for its owner's eyes only, that is kept by `keep` once it is filled; only inside `alone`."""
        path = self.path / f"database{_NEW}"
        os.close(_owner_only(str(path), os.O_CREAT | os.O_EXCL))
        return path

    def keep(self, source: Path, name: str) -> Kept:
        """Copy a file, unless there is one of this content. Raises FileNotFoundError when it is gone."""
        objects = self.path / "objects"
        objects.mkdir(exist_ok=True)
        partial = objects / f"object{_NEW}"
        digest, size = _copy(source, partial)
        kept = Kept(name, digest, size)
        if self.holds(kept):
            partial.unlink()
        else:
            target = self._object(kept)
            target.parent.mkdir(exist_ok=True)
            os.replace(partial, target)
            sync_folder(target.parent)
        return kept

    def holds(self, kept: Kept) -> bool:
        """Whether there is a file of this size under its digest."""
        try:
            return self._object(kept).stat().st_size == kept.size
        except FileNotFoundError:
            return False

    def give_back(self, kept: Kept, target: Path) -> bool:
        """Copy a file out, for its owner's eyes only; False when it is gone or no longer what it was."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return _copy(self._object(kept), target) == (kept.sha256, kept.size)
        except FileNotFoundError:
            return False

    def write(self, made_at: datetime, make: str, before: Copy | None, files: Iterable[Kept]) -> Copy:
        """The list of a new copy, made after `before`. It is there when this returns, and not before all files are."""
        number = int(before.path.name.partition("-")[0]) + 1 if before else 1
        path = self.path / f"{number:06}-{made_at:%Y%m%dT%H%M%SZ}.jsonl"
        head = {
            "made_at": made_at.isoformat(timespec="seconds"),
            "database": make,
            "before": before.digest if before else None,
        }
        partial = path.with_name(path.name + _NEW)
        with open(partial, "w", encoding="utf-8", opener=_owner_only) as file:
            file.write(json.dumps(head) + "\n")
            for kept in files:
                file.write(json.dumps(asdict(kept)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        digest = _digest(partial)
        sync_folder(self.path / "objects")
        os.replace(partial, path)
        sync_folder(self.path)
        return Copy(path, digest, made_at.isoformat(timespec="seconds"), make)

    def sweep(self) -> None:
        """Remove files that no copy names: of lists that were removed, and of copies that were interrupted."""
        # 64 bits stand for a digest: those of millions fit in memory, and two that share them cost no more than a
        # file that is kept for longer.
        named = np.empty(0, np.int64)
        for copy in self.copies():
            named = np.union1d(named, np.fromiter((hash(kept.sha256) for kept in copy.files()), np.int64))
        for path in self.path.glob("objects/*/*"):
            place = bisect_left(named, hash(path.name))
            if place == len(named) or named[place] != hash(path.name):
                path.unlink()

    def _lists(self) -> list[Path]:
        return sorted(self.path.glob("[0-9]*.jsonl"))

    def _read(self, path: Path, digest: str) -> tuple[Copy, str | None]:
        """A copy by the head of its list, and the digest of the one before."""
        try:
            with path.open(encoding="utf-8") as lines:
                head = json.loads(next(lines))
            return Copy(path, digest, head["made_at"], head["database"]), head["before"]
        except (ValueError, KeyError, TypeError, StopIteration):
            raise BackupChanged(path=str(self.path), files=[path.name]) from None

    def _object(self, kept: Kept) -> Path:
        return self.path / "objects" / kept.sha256[:2] / kept.sha256


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> tuple[str, int]:
    """The digest and size of what was copied; it is on the disk."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as stream, open(target, "wb", opener=_owner_only) as file:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Have it on the disk which files are in it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
