"""One HTTP request, as handlers see it."""

import io
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

import multipart

from chalicelib.kernel.actor import ANONYMOUS, Actor
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.ids import new_id
from chalicelib.web.cookies import read_cookies

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan
    from chalicelib.identity.service import SessionView

LANGUAGES = ("ar", "en")
# What API Gateway lets through; larger files go to the blob store directly.
BODY_LIMIT = 10 * 1024 * 1024


_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# A NUL can stand in a JSON string only as this escape, its backslash not itself escaped.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class HttpRefusal(Refusal):
    """A request refused for what it is as HTTP; `status` says which status of HTTP that is."""

    status: ClassVar[int]


class BodyMalformed(HttpRefusal):
    """The body is not what its content type says."""

    code, status = "body-malformed", 400


class BodyTooLarge(HttpRefusal):
    """More than a request may carry; files go by upload."""

    code, status = "body-too-large", 413


class BodyBrokenOff(HttpRefusal):
    """The body ended before its announced length, or announced none: the connection was lost."""

    code, status = "body-broken-off", 400


class MethodNotAllowed(HttpRefusal):
    """There is such a path, and this cannot be done to it."""

    code, status = "method-not-allowed", 405


def address_of(peer: str, forwarded: str, proxies: int) -> str:
    """Who asks, seen past `proxies` servers of our own; `peer` is who asked the last of them, or us.

    Each adds to X-Forwarded-For, at the end, the address it was asked from. What stands before those of ours anybody
    may have written: it is not believed.
    """
    chain = [address.strip() for address in forwarded.split(",") if address.strip()]
    if chain[-1:] != [peer]:  # API Gateway has added its own; other servers add theirs only for the next
        chain.append(peer)
    return chain[max(0, len(chain) - 1 - proxies)]


@dataclass(frozen=True)
class SentFile:
    """A file that came in a form: its name as the sender gave it (never trusted) and its bytes."""

    filename: str
    content: bytes


@dataclass
class Request:
    """A request after dispatch has found out who sends it.

    Headers are case-insensitive by lower-cased names. `form` and `query` hold the first
    value of each name, as typed.
    """

    diwan: "Diwan"
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    source_ip: str
    request_id: str
    language: str = "ar"
    actor: Actor = ANONYMOUS
    session: "SessionView | None" = None
    visitor: str = ""
    by_bearer: bool = False
    set_cookies: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # A path that began with two slashes would, in a link of ours, name another host.
        self.path = "/" + self.path.lstrip("/\\")

    @cached_property
    def cookies(self) -> dict[str, str]:
        """Cookies by name."""
        return read_cookies(self.headers.get("cookie", ""), self.diwan.settings.secure)

    @cached_property
    def form(self) -> dict[str, str]:
        """Fields of an urlencoded or multipart form; empty for any other body."""
        return self._parsed_form[0]

    @cached_property
    def files(self) -> dict[str, SentFile]:
        """Files of a multipart form, by field."""
        return self._parsed_form[1]

    @cached_property
    def json(self) -> Any:
        """The JSON body; BodyMalformed when it is none."""
        try:
            text = self.body.decode("utf-8") or "null"
            if _NUL.search(text):  # no database keeps it
                raise BodyMalformed()
            return json.loads(text, parse_constant=_not_json)
        except (ValueError, RecursionError):
            raise BodyMalformed() from None

    @cached_property
    def _parsed_form(self) -> tuple[dict[str, str], dict[str, SentFile]]:
        content_type, options = multipart.parse_options_header(self.headers.get("content-type", ""))
        if content_type == "application/x-www-form-urlencoded":
            text = self.body.decode("utf-8", "replace")
            fields: dict[str, str] = {}
            try:
                pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=500)
            except ValueError:
                raise BodyMalformed() from None
            for name, value in pairs:
                fields.setdefault(name, value.replace("\x00", ""))
            return fields, {}
        if content_type == "multipart/form-data":
            return self._multipart(options.get("boundary", ""))
        return {}, {}

    def _multipart(self, boundary: str) -> tuple[dict[str, str], dict[str, SentFile]]:
        fields: dict[str, str] = {}
        files: dict[str, SentFile] = {}
        try:
            parts = multipart.MultipartParser(
                io.BytesIO(self.body), boundary, len(self.body), part_limit=50, charset="utf8"
            )
            for part in parts:
                if part.filename:
                    files.setdefault(part.name, SentFile(part.filename, part.raw))
                elif part.filename is None:
                    fields.setdefault(part.name, part.value.replace("\x00", ""))
                part.close()
        except (multipart.MultipartError, UnicodeDecodeError):
            raise BodyMalformed() from None
        return fields, files


def request_id_of(headers: dict[str, str], gateway: str = "") -> str:
    """The caller's own request id when it is well-formed, so that logs can be joined.

    Else the `gateway`'s, where it gave one, which its access log has too; else a fresh one.
    """
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else gateway or new_id()


def _not_json(name: str) -> None:
    raise ValueError(name)
