"""Blobs as files of one folder, each appearing whole or not at all."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chalicelib.kernel.ids import new_id
from chalicelib.ports.blobs import (
    BlobMissing,
    Stored,
    UploadBroken,
    UploadTarget,
    UploadTooLarge,
    checked_key,
    content_key,
)
from chalicelib.ports.links import Links

_CHUNK = 1 << 20


class FolderBlobs:
    """The `Blobs` port on a local file system.

    Bytes are written to a temporary name in the same folder, fsynced, renamed, and the
    directory fsynced: what was answered as stored survives a power cut, and nothing can
    be seen half written. `links` signs the local twins of presigned URLs.
    """

    origin = ""

    def __init__(self, folder: Path, links: Links) -> None:
        self._folder = folder
        self._links = links
        self._incoming = folder / ".incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes | Path, key: str | None = None) -> Stored:
        if isinstance(content, bytes):
            return self.receive(iter((content,)), key, max_bytes=len(content), expected=len(content))
        with content.open("rb") as stream:
            return self.receive(iter(lambda: stream.read(_CHUNK), b""), key, max_bytes=None, expected=None)

    def put_once(self, content: bytes, key: str) -> bytes:
        path = self._path(key)
        stored = self.put(content, f"incoming/{new_id()}")
        try:
            # A link, unlike a rename, does not take the place of what is there.
            self._enter(path, lambda: os.link(self._path(stored.key), path))
        except FileExistsError:
            return path.read_bytes()
        finally:
            self.delete(stored.key)
        return content

    def receive(
        self, chunks: Iterable[bytes], key: str | None, max_bytes: int | None, expected: int | None
    ) -> Stored:
        """Keep a stream; UploadTooLarge over `max_bytes`, UploadBroken when short of `expected`."""
        digest, size = hashlib.sha256(), 0
        partial = self._incoming / new_id()
        try:
            with partial.open("wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if max_bytes is not None and size > max_bytes:
                        raise UploadTooLarge(limit=max_bytes)
                    digest.update(chunk)
                    file.write(chunk)
                if expected is not None and size < expected:
                    raise UploadBroken(received=size, expected=expected)
                file.flush()
                os.fsync(file.fileno())
            key = key or content_key(digest.hexdigest())
            self._settle(partial, self._path(key))
        finally:
            partial.unlink(missing_ok=True)
        return Stored(key, digest.hexdigest(), size)

    def get(self, key: str) -> bytes:
        with self.open(key) as stream:
            return stream.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        try:
            stream = self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError):
            raise BlobMissing(key=key) from None
        with stream:
            yield stream

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        if not self.exists(key):
            raise BlobMissing(key=key)
        yield self._path(key)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def size(self, key: str) -> int:
        if not self.exists(key):
            raise BlobMissing(key=key)
        return self._path(key).stat().st_size

    def copy_to_content(self, key: str) -> Stored:
        with self.local_path(key) as source:
            return self.put(source)

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str = "") -> Iterator[str]:
        # Only the folder that the prefix names is looked through, however much stands beside it.
        for folder, folders, files in os.walk(self._folder / prefix.rpartition("/")[0]):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                key = str((Path(folder) / name).relative_to(self._folder))
                if key.startswith(prefix):
                    yield key

    def upload_target(self, key: str, size: int, expires_in: int = 3600) -> UploadTarget:
        self._path(key)
        url = self._links.make("upload", {"key": key, "max": size}, expires_in)
        return UploadTarget(url, {"Content-Type": "application/octet-stream"}, expires_in)

    def download_url(self, key: str, media_type: str, filename: str | None, expires_in: int = 300) -> str:
        self._path(key)
        return self._links.make("download", {"key": key, "type": media_type, "name": filename}, expires_in)

    def clear_incoming(self) -> None:
        """Remove what a killed process left half received; only while nobody else writes."""
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / checked_key(key)

    def _settle(self, partial: Path, target: Path) -> None:
        self._enter(target, lambda: os.replace(partial, target))

    def _enter(self, target: Path, enter: Callable[[], None]) -> None:
        # A folder is kept by the folder above it: every one made now is written down there, too.
        changed = [target.parent, target.parent.parent]
        for folder in target.parent.parents:
            if folder.exists():
                break
            changed.append(folder.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        enter()
        for folder in changed:
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
