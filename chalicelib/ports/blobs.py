"""Bytes kept under a key, written once: scans, previews, licences."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from chalicelib.kernel.errors import NotFound, Refusal


class BlobMissing(NotFound):
    """Nothing is stored under this key."""

    code = "blob-missing"


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
    """Where a browser sends bytes directly, by PUT, until `expires_in` seconds have passed."""

    url: str
    headers: dict[str, str]
    expires_in: int


class Blobs(Protocol):
    """A store of immutable bytes.

    Keys are `/`-separated words of [a-z0-9._-]. What is kept under `sha256/…` is named by
    its own content, so putting it twice stores it once. A put is all or nothing: after a
    crash the key either holds every byte or does not exist.
    """

    def put(self, content: bytes | Path, key: str | None = None) -> Stored:
        """Keep bytes (or a file's) durably under `key`, or under their SHA-256 when None."""
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

    def move_to_content(self, key: str) -> Stored:
        """Rename what is under `key` to its SHA-256 key. Again after a crash gives the same answer."""
        ...

    def delete(self, key: str) -> None:
        """Forget the key; no error when there is nothing. Content keys are for the retention rules only."""
        ...

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins with `prefix`, sorted."""
        ...

    def upload_target(self, key: str, max_bytes: int, expires_in: int = 3600) -> UploadTarget:
        """A one-key, size-limited place for a browser to PUT bytes to."""
        ...

    def download_url(self, key: str, media_type: str, filename: str | None, expires_in: int = 300) -> str:
        """A URL that gives the bytes with exactly this type, as an attachment when `filename` is given."""
        ...


def content_key(sha256: str) -> str:
    """The key of content with this digest: `sha256/ab/cd/abcd…`."""
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"
