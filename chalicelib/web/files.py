"""Bytes that pass the application by: static files, and blobs by signed link.

In AWS these are CloudFront and presigned S3 URLs; here they are streamed, never held whole.
"""

import gzip
import json
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from chalicelib.kernel.errors import NotFound
from chalicelib.ports.blobs import TakesUploads, UploadBroken, UploadTooLarge

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
# A stored file is somebody else's: whatever it claims to be, it runs nothing and loads nothing.
_QUARANTINE = [
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
]
# Types a browser may show in place; anything else is downloaded as plain bytes.
_SHOWN = {"image/jpeg", "image/png", "image/webp", "application/pdf"}
_COMPRESSED = {".css", ".js", ".svg", ".json"}


def static(diwan: "Diwan", environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """A file of ours or an allowed third-party one; its URL changes with its content."""
    file = diwan.pages.static_file(environ["PATH_INFO"].removeprefix("/static/"))
    if file is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return _plain(start_response, "404 Not Found", "not found")
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if file.suffix == ".woff2":
        media_type = "font/woff2"
    age = "public, max-age=31536000, immutable" if "v=" in environ.get("QUERY_STRING", "") else "no-cache"
    headers = [
        ("Content-Type", media_type),
        ("Cache-Control", age),
        ("X-Content-Type-Options", "nosniff"),
        ("Vary", "Accept-Encoding"),
    ]
    squeeze = file.suffix in _COMPRESSED and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
    body = _static_bytes(file, file.stat().st_mtime_ns, squeeze)
    if squeeze:
        headers.append(("Content-Encoding", "gzip"))
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def blob(diwan: "Diwan", environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """PUT /files/upload/<token> takes bytes in; GET /files/download/<token> gives them out.

    Raises NotFound for anything else, and the refusals of links and blobs.
    """
    if not isinstance(diwan.blobs, TakesUploads):
        raise NotFound()
    purpose, _, token = environ["PATH_INFO"].removeprefix("/files/").partition("/")
    method = environ["REQUEST_METHOD"]
    if purpose == "upload" and method == "PUT":
        return _upload(diwan.blobs, diwan.links.read(purpose, token), environ, start_response)
    if purpose == "download" and method in ("GET", "HEAD"):
        return _download(diwan, diwan.links.read(purpose, token), environ, start_response)
    raise NotFound()


def _upload(
    blobs: TakesUploads, claims: dict[str, Any], environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    announced = environ.get("CONTENT_LENGTH") or ""
    if not (announced.isascii() and announced.isdigit()):
        raise UploadBroken(received=0, expected=None)
    expected = int(announced) if len(announced) < 19 else claims["max"] + 1
    if expected > claims["max"]:
        raise UploadTooLarge(limit=claims["max"])
    if expected < claims["max"]:
        raise UploadBroken(received=expected, expected=claims["max"])
    if blobs.exists(claims["key"]):
        # Sent twice (a retry after a lost answer): the first bytes stand.
        return _plain(start_response, "200 OK", "{}", "application/json")
    stored = blobs.receive(_incoming(environ["wsgi.input"], expected), claims["key"], claims["max"], expected)
    said = json.dumps({"sha256": stored.sha256, "size": stored.size})
    return _plain(start_response, "200 OK", said, "application/json")


def _incoming(stream: BinaryIO, expected: int) -> Iterator[bytes]:
    left = expected
    while left > 0:
        try:
            chunk = stream.read(min(_CHUNK, left))
        except OSError:
            return
        if not chunk:
            return
        left -= len(chunk)
        yield chunk


def _download(
    diwan: "Diwan", claims: dict[str, Any], environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    size = diwan.blobs.size(claims["key"])
    first, last = _range(environ.get("HTTP_RANGE", ""), size)
    media_type = claims["type"]
    headers = [
        ("Content-Type", media_type if media_type in _SHOWN else "application/octet-stream"),
        ("Content-Length", str(last - first + 1)),
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", "private, max-age=300"),
        *_QUARANTINE,
    ]
    if claims["name"] or media_type not in _SHOWN:
        name = quote(claims["name"] or "file")
        headers.append(("Content-Disposition", f"attachment; filename*=UTF-8''{name}"))
    partial = (first, last) != (0, size - 1) and size > 0
    if partial:
        headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    with diwan.blobs.open(claims["key"]):
        pass  # a missing blob is refused before the headers go
    start_response("206 Partial Content" if partial else "200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return _stream(diwan, claims["key"], first, last)


def _stream(diwan: "Diwan", key: str, first: int, last: int) -> Iterator[bytes]:
    with diwan.blobs.open(key) as stream:
        stream.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _range(asked: str, size: int) -> tuple[int, int]:
    """First and last byte; the whole when the range is absent, odd or out of bounds."""
    found = _RANGE.fullmatch(asked.strip())
    if not found or not any(found.groups()) or size == 0:
        return 0, size - 1
    start, end = found.groups()
    if not start:
        return (max(0, size - int(end)), size - 1) if int(end) else (0, size - 1)
    first, last = int(start), min(int(end) if end else size - 1, size - 1)
    return (first, last) if first <= last else (0, size - 1)


@lru_cache(maxsize=256)
def _static_bytes(file: Path, _changed: int, squeeze: bool) -> bytes:
    content = file.read_bytes()
    return gzip.compress(content, 9) if squeeze else content


def _plain(
    start_response: StartResponse, status: str, text: str, media_type: str = "text/plain; charset=utf-8"
) -> Iterable[bytes]:
    body = text.encode()
    headers = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    start_response(status, [*headers, ("X-Content-Type-Options", "nosniff")])
    return [body]
