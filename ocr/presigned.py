"""GET and PUT by addresses that were given for one thing each: whoever has the address may do it, and nothing else.

Only https; plain http within one machine. Redirects are not followed: an address means what it says.
"""

import io
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_PATIENCE = 60.0
_CHUNK = 1 << 20
# What a store says of a thing that is not there, with and without the right to know that.
_NOT_THERE = (403, 404)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_open = urllib.request.build_opener(_Stay).open


def put(address: str, content: bytes | Path, media_type: str) -> None:
    """Sends bytes, or a file piece by piece. Raises OSError."""
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    headers = {"Content-Type": media_type, "Content-Length": str(size)}
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as stream:
        request = urllib.request.Request(_secure(address), stream, headers, method="PUT")  # noqa: S310
        with _open(request, timeout=_PATIENCE):
            return


def get(address: str, most_bytes: int) -> bytes | None:
    """What is there, or None when nothing is yet. Raises OSError, and ValueError for more than `most_bytes`."""
    try:
        with _open(_secure(address), timeout=_PATIENCE) as answer:
            if answer.status != 200:
                return None
            content: bytes = answer.read(most_bytes + 1)
    except urllib.error.HTTPError as refusal:
        if refusal.code in _NOT_THERE:
            return None
        raise
    if len(content) > most_bytes:
        raise ValueError(address)
    return content


def download(address: str, into: Path) -> None:
    """Writes what is there to a file, piece by piece. Raises OSError."""
    with _open(_secure(address), timeout=_PATIENCE) as answer, into.open("wb") as file:
        while chunk := answer.read(_CHUNK):
            file.write(chunk)


def _secure(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
        return address
    raise ValueError(address)
