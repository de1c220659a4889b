"""Blobs in a bucket of S3, or of any server that speaks its protocol."""

import base64
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from chalicelib.adapters.aws.clients import code_of, refuse
from chalicelib.adapters.aws.s3_bucket import S3Bucket
from chalicelib.ports.blobs import (
    BlobMissing,
    BlobRetained,
    Stored,
    checked_key,
    content_key,
)
from chalicelib.ports.clock import Clock
from chalicelib.ports.stores import StoreUnavailable, StoreUnknown

# What is larger goes up in parts of this size, a few at a time, and a part that fails is sent again alone.
_PART = 16 * 1024 * 1024
_CHUNK = 1 << 20
_CONTENT = "sha256/"
# What must last: scans, licences, and the certificates that licences are trusted by.
_LASTING = (_CONTENT, "licences/", "certificates/")
# How often another is met who writes the same key at the same moment.
_CONFLICTS = 5


class S3Blobs(S3Bucket):
    """The `Blobs` port at `s3://BUCKET/PREFIX?…`. Options, beside those of S3Bucket:

    kms       the KMS key that what we write is encrypted with; without it, and for uploads, the bucket's own rule holds
    lock      days for which nobody can destroy scans, licences and certificates: Object Lock, compliance mode

    S3 checks what arrives against its SHA-256. Content goes by conditional writes, so it is written once. The bucket
    is versioned: what is deleted is hidden, and stays for as long as its lock and the bucket's rules say.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(url, "kms", "lock")
        self._clock = clock
        days = self._told.get("lock", "0")
        if not days.isdecimal():
            raise StoreUnknown(url=url)
        self._lock = timedelta(days=int(days))
        self._sealed: dict[str, Any] = {}
        if "kms" in self._told:
            self._sealed = {
                "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self._told["kms"], "BucketKeyEnabled": True
            }  # fmt: skip

    def put(self, content: bytes | Path, key: str | None = None) -> Stored:
        sha256, size = _measured(content)
        stored = Stored(checked_key(key or content_key(sha256)), sha256, size)
        if isinstance(content, Path) and key is None and self.exists(stored.key):
            return stored
        if size > _PART:
            self._put_parts(content, stored.key)
        elif isinstance(content, Path):
            self._put_whole(content.read_bytes(), stored, once=key is None)
        else:
            self._put_whole(content, stored, once=key is None)
        return stored

    def put_once(self, content: bytes, key: str) -> bytes:
        sha256, size = _measured(content)
        if self._put_whole(content, Stored(checked_key(key), sha256, size), once=True):
            return content
        return self.get(key)

    def get(self, key: str) -> bytes:
        with self.open(key) as stream:
            return stream.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        try:
            body = self._s3.get_object(**self._at(key))["Body"]
        except ClientError as error:
            raise _missing(error, key) from None
        with body:
            try:
                yield body
            except (BotoCoreError, HTTPError) as error:  # it broke off on the way
                refuse(error, "s3", "GetObject")

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="diwan-blob-") as folder:
            path = Path(folder, "blob")
            with self.open(key) as stream, path.open("wb") as file:
                while chunk := stream.read(_CHUNK):
                    file.write(chunk)
            yield path

    def exists(self, key: str) -> bool:
        try:
            self._head(key)
        except BlobMissing:
            return False
        return True

    def size(self, key: str) -> int:
        return int(self._head(key)["ContentLength"])

    def copy_to_content(self, key: str) -> Stored:
        head = self._head(key)
        try:
            sha256 = self._sha256(key, head)
            stored = Stored(content_key(sha256), sha256, int(head["ContentLength"]))
            # Not over what is there: by then somebody may have filed this key and another upload have come to it.
            self._once(
                self._copier.copy_object, stored.key, CopySource=self._at(key), ChecksumAlgorithm="SHA256",
                MetadataDirective="REPLACE",
            )  # fmt: skip
        except ClientError as error:  # filed and removed since we looked
            raise _missing(error, key) from None
        return stored

    def delete(self, key: str) -> None:
        if key.startswith(_CONTENT) and (until := self._retained_until(key)):
            raise BlobRetained(key=key, until=until.date().isoformat())
        self._s3.delete_object(**self._at(key))

    def keys(self, prefix: str = "") -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix)

    def _head(self, key: str) -> dict[str, Any]:
        try:
            head: dict[str, Any] = self._s3.head_object(**self._at(key), ChecksumMode="ENABLED")
        except ClientError as error:
            raise _missing(error, key) from None
        return head

    def _sha256(self, key: str, head: dict[str, Any]) -> str:
        """The digest of what is under the key, as S3 finds it; no byte of it comes to us."""
        found = head.get("ChecksumSHA256")
        if found is None or head.get("ChecksumType", "FULL_OBJECT") != "FULL_OBJECT":
            # S3 measures what it copies; onto itself, and new metadata are what makes that a copy.
            copied = self._copier.copy_object(
                **self._at(key), **self._sealed, CopySource=self._at(key), ChecksumAlgorithm="SHA256",
                MetadataDirective="REPLACE",
            )  # fmt: skip
            found = copied["CopyObjectResult"].get("ChecksumSHA256")
        if found is None:  # a server that speaks the protocol without its checksums
            with self.open(key) as stream:
                return _digest(stream)
        return base64.b64decode(found).hex()

    def _put_whole(self, content: bytes, stored: Stored, once: bool) -> bool:
        """Whether it was written; False when `once` and something was there."""
        digest = base64.b64encode(bytes.fromhex(stored.sha256)).decode()
        asked = {"Body": content, "ChecksumAlgorithm": "SHA256", "ChecksumSHA256": digest}
        if once:
            return self._once(self._s3.put_object, stored.key, **asked)
        self._s3.put_object(**self._at(stored.key), **self._sealed, **self._retention(stored.key), **asked)
        return True

    def _put_parts(self, content: bytes | Path, key: str) -> None:
        from boto3.s3.transfer import TransferConfig  # a tenth of a second that pages need not wait for

        asked = {**self._sealed, **self._retention(key), "ChecksumAlgorithm": "SHA256"}
        parts = TransferConfig(multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=4)
        with content.open("rb") if isinstance(content, Path) else BytesIO(content) as stream:
            self._s3.upload_fileobj(stream, **self._at(key), ExtraArgs=asked, Config=parts)

    def _once(self, write: Callable[..., Any], key: str, **asked: Any) -> bool:
        """Write unless something is there; whether it was written."""
        for _ in range(_CONFLICTS):
            try:
                write(**self._at(key), **self._sealed, **self._retention(key), **asked, IfNoneMatch="*")
            except ClientError as error:
                if code_of(error) == "PreconditionFailed":
                    return False
                if code_of(error) != "ConditionalRequestConflict":
                    raise
            else:
                return True
        raise StoreUnavailable(service="s3", operation="PutObject", reason="ConditionalRequestConflict")

    def _retention(self, key: str) -> dict[str, Any]:
        if not self._lock or not key.startswith(_LASTING):
            return {}
        return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": self._clock.now() + self._lock}

    def _retained_until(self, key: str) -> datetime | None:
        try:
            until: datetime | None = self._head(key).get("ObjectLockRetainUntilDate")
        except BlobMissing:
            return None
        return until if until and until > self._clock.now() else None


def _missing(error: ClientError, key: str) -> Exception:
    return BlobMissing(key=key) if code_of(error) in ("404", "NoSuchKey") else error


def _measured(content: bytes | Path) -> tuple[str, int]:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest(), len(content)
    with content.open("rb") as stream:
        return _digest(stream), content.stat().st_size


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
