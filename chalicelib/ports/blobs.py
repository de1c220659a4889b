"""Bytes kept under a key, written once: scans, previews, licences."""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from chalicelib.kernel.errors import NotFound, Refusal


class BlobMissing(NotFound):
    """Nothing is stored under this key."""

    code = "blob-missing"


class BlobRetained(Refusal):
    """The key must be kept for longer: data `key`, `until` (a day)."""

    code = "blob-retained"
    kind = "conflict"


class UploadTooLarge(Refusal):
    """More bytes came than were announced or allowed."""

    code = "upload-too-large"


class UploadBroken(Refusal):
    """The bytes ended before the announced length: the connection was lost."""

    code = "upload-broken"


@dataclass(frozen=True)
class Stored:
    """What was kept: its key, SHA-256 (hex) and size in bytes."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True)
class UploadTarget:
    """Where a browser sends bytes directly, by PUT with these headers, until `expires_in` seconds have passed.

    The first bytes stand: sending again changes nothing, and is answered with 200 or 412.
    """

    url: str
    headers: dict[str, str]
    expires_in: int


class Blobs(Protocol):
    """A store of immutable bytes.

    Keys are `/`-separated words of [a-z0-9._-]. What is kept under `sha256/…` is named by
    its own content, so putting it twice stores it once; what is under `transient/…` nobody
    misses a day later, and only there and in `incoming/…` is anything deleted. A put is all or nothing: after a
    crash the key either holds every byte or does not exist.

    `origin` is where its links lead when that is another host than ours (`https://…`), else empty.
    Raises StoreUnavailable, StoreDenied or ClockWrong where it is reached over a network.
    """

    @property
    def origin(self) -> str: ...

    def put(self, content: bytes | Path, key: str | None = None) -> Stored:
        """Keep bytes (or a file's) durably under `key`, or under their SHA-256 when None."""
        ...

    def put_once(self, content: bytes, key: str) -> bytes:
        """What is kept under `key`: `content`, unless something is there already. Two at once get the same answer."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes; BlobMissing when there are none. For small things only."""
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """The bytes as a stream; BlobMissing when there are none."""
        ...

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """A file on this machine holding the bytes, for as long as the block lasts; not to be written."""
        ...

    def exists(self, key: str) -> bool:
        """Whether the key holds something."""
        ...

    def size(self, key: str) -> int:
        """Bytes under the key; BlobMissing when there are none."""
        ...

    def copy_to_content(self, key: str) -> Stored:
        """Keep what is under `key` under its SHA-256 as well; BlobMissing when there is nothing."""
        ...

    def delete(self, key: str) -> None:
        """Forget the key; no error when there is nothing. Content keys are for the retention rules only.

        Raises BlobRetained for content whose time has not come.
        """
        ...

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins with `prefix`, sorted."""
        ...

    def upload_target(self, key: str, size: int, expires_in: int = 3600) -> UploadTarget:
        """A place for a browser to PUT exactly `size` bytes to, under this key only."""
        ...

    def download_url(self, key: str, media_type: str, filename: str | None, expires_in: int = 300) -> str:
        """A URL that gives the bytes with exactly this type, as an attachment when `filename` is given."""
        ...


@runtime_checkable
class TakesUploads(Blobs, Protocol):
    """A blob store on this machine: the bytes that its links are for come and go through us."""

    def receive(
        self, chunks: Iterable[bytes], key: str | None, max_bytes: int | None, expected: int | None
    ) -> Stored:
        """Keep a stream; UploadTooLarge over `max_bytes`, UploadBroken when short of `expected`."""
        ...

    def clear_incoming(self) -> None:
        """Remove what a killed process left half received; only while nobody else writes."""
        ...


_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


def checked_key(key: str) -> str:
    """The key, when it is one; BlobMissing for anything else, for nothing can be under it."""
    if not _KEY.fullmatch(key):
        raise BlobMissing(key=key)
    return key


def content_key(sha256: str) -> str:
    """The key of content with this digest: `sha256/ab/cd/abcd…`."""
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"
