"""Has scans read by a function that has no rights: it is handed one link to the file, and one for each picture."""

import hashlib
import json
import logging
import shutil
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from chalicelib.adapters.aws.clients import client, code_of, options
from chalicelib.adapters.aws.s3_blobs import S3Blobs
from chalicelib.adapters.read_pages import read_page, write_pages
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.ids import new_id
from chalicelib.ports.blobs import BlobMissing, content_key
from chalicelib.ports.ocr import Opened, ReaderGone, ReadPage, SourceRefused
from chalicelib.ports.stores import StoreUnavailable

log = logging.getLogger("diwan.ocr")

# So that what has been read comes back while the rest is read, and a call that fails costs no more than these.
# Each call starts the reader anew, for about as long as a page takes.
_PAGES = 25
# A function lives for 15 minutes at most.
_LIFE = 900
# Longer than the function can take. A second try is ours to make: only we know whether the first was the file's fault.
_PATIENCE = Config(read_timeout=_LIFE + 10, retries={"mode": "standard", "total_max_attempts": 1})
_MOST_PREVIEW = 5_000_000
_FOLDER = "transient/reading"


class LambdaOcr:
    """The `Ocr` port over `ocr.function` deployed under the name in `lambda://FUNCTION`.

    A call of it reads `pages` pages at most. A function that ends without an answer is called once more for the same
    pages; when that ends so, too, the file is what brought it to grief.
    """

    def __init__(self, url: str, blobs: S3Blobs, pages: int = _PAGES) -> None:
        self._told = options(url)
        self._pages = pages
        self._function = urlsplit(url).netloc
        self._blobs = blobs

    @cached_property
    def _lambda(self) -> Any:
        return client("lambda", self._told, _PATIENCE)

    def read(self, source: Path, results: Path, first_page: int = 1) -> Iterator[Opened | ReadPage]:
        """Opened first, then the pages from `first_page` on."""
        place = f"{_FOLDER}/{new_id()}"
        if not source.is_file():
            raise SourceRefused("file-missing")
        key = self._sent(source, f"{place}/source")
        opened = False
        page: int | None = first_page
        try:
            while page is not None:
                answer = self._call(key, source.name, place, page)
                if not opened and "opened" in answer:
                    opened = True
                    yield Opened(answer["opened"]["pages"], answer["opened"]["media_type"])
                for told in answer["pages"]:
                    yield read_page(told, self._fetched(told, place, results))
                if "refused" in answer:
                    raise SourceRefused(answer["refused"]["reason"], **answer["refused"]["data"])
                page = answer["next_page"]
        finally:
            self._forget(place)

    def write_searchable(self, source: Path, pages: Iterable[ReadPage], results: Path) -> Path:
        """The PDF, fetched from where the function left it."""
        place = f"{_FOLDER}/{new_id()}"
        if not source.is_file():
            raise SourceRefused("file-missing")
        told, written = results / "pages.jsonl", results / "searchable.pdf"
        try:
            write_pages(pages, told)
            self._blobs.put(told, f"{place}/pages")
            answer = self._called({
                "source": self._blobs.link_to_read(self._sent(source, f"{place}/source"), _LIFE),
                "name": source.name,
                "pages": self._blobs.link_to_read(f"{place}/pages", _LIFE),
                "searchable": self._blobs.link_to_write(f"{place}/pdf", "application/pdf", _LIFE),
            })  # fmt: skip
            if "refused" in answer:
                raise SourceRefused(answer["refused"]["reason"], **answer["refused"]["data"])
            with self._blobs.local_path(f"{place}/pdf") as fetched:
                shutil.move(fetched, written)
        finally:
            told.unlink(missing_ok=True)
            self._forget(place)
        return written

    def close(self) -> None:
        """Nothing of it is here."""

    def _forget(self, place: str) -> None:
        try:
            for left in list(self._blobs.keys(f"{place}/")):
                self._blobs.delete(left)
        except Refusal as refusal:
            # What was read stands: the bucket's own rule clears this folder after a day.
            log.warning("not cleared away", extra={"place": place, "reason": refusal.code})

    def _sent(self, source: Path, key: str) -> str:
        """Where the function finds the file: what the archive keeps is there already."""
        with source.open("rb") as stream:
            kept = content_key(hashlib.file_digest(stream, "sha256").hexdigest())
        return kept if self._blobs.exists(kept) else self._blobs.put(source, key).key

    def _call(self, key: str, name: str, place: str, page: int) -> dict[str, Any]:
        numbers = range(page, page + self._pages)
        event = {
            "source": self._blobs.link_to_read(key, _LIFE),
            "name": name,
            "first_page": page,
            "last_page": numbers[-1],
            "previews": {
                str(number): self._blobs.link_to_write(_preview(place, number), "image/webp", _LIFE)
                for number in numbers
            },
        }
        return self._called(event)

    def _called(self, event: dict[str, Any]) -> dict[str, Any]:
        failed, answer = self._invoke(event)
        if failed:
            failed, answer = self._invoke(event)
        if failed:
            raise _ended(answer)
        return answer

    def _invoke(self, event: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        """Whether the function ended without an answer, and what was said."""
        try:
            called = self._lambda.invoke(FunctionName=self._function, Payload=json.dumps(event).encode())
            answer: dict[str, Any] = json.loads(called["Payload"].read())
        except StoreUnavailable as unavailable:
            raise ReaderGone(unavailable.data["reason"]) from unavailable
        except ClientError as error:
            raise ReaderGone(code_of(error)) from error
        except (BotoCoreError, HTTPError, ValueError) as error:  # the answer broke off
            raise ReaderGone(type(error).__name__) from error
        return "FunctionError" in called, answer

    def _fetched(self, told: dict[str, Any], place: str, results: Path) -> Path | None:
        key = _preview(place, told["number"])
        if not told["preview"]:
            return None
        try:
            if self._blobs.size(key) > _MOST_PREVIEW:
                return None
            path = results / f"page-{told['number']:04d}.webp"
            path.write_bytes(self._blobs.get(key))
        except BlobMissing:
            return None
        return path


def _preview(place: str, number: int) -> str:
    return f"{place}/{number}.webp"


def _ended(answer: dict[str, Any]) -> Exception:
    """What it means that the function ended twice without an answer, as Lambda tells it."""
    kind, message = str(answer.get("errorType", "")), str(answer["errorMessage"])
    if "Task timed out" in message:
        return SourceRefused("reader-timeout")
    if kind == "Runtime.OutOfMemory" or "signal: killed" in message:
        return SourceRefused("reader-out-of-memory")
    if kind.startswith("Runtime.Exit"):
        return SourceRefused("reader-crashed")
    # Its own code raised: it could not fetch the file or leave a picture. The file has done nothing wrong.
    return ReaderGone(kind or "ended")
