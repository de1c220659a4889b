"""One HTTP request, as handlers see it."""

import io
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import multipart

from chalicelib.kernel.actor import ANONYMOUS, Actor
from chalicelib.kernel.errors import Refusal

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan
    from chalicelib.identity.service import SessionView

LANGUAGES = ("ar", "en")
# What API Gateway lets through; larger files go to the blob store directly.
BODY_LIMIT = 10 * 1024 * 1024


class BodyMalformed(Refusal):
    """The body is not what its content type says."""

    code = "body-malformed"


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

    @cached_property
    def cookies(self) -> dict[str, str]:
        """Cookies by name."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pairs if name}

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
            return json.loads(self.body or b"null")
        except (ValueError, RecursionError):
            raise BodyMalformed() from None

    @cached_property
    def _parsed_form(self) -> tuple[dict[str, str], dict[str, SentFile]]:
        content_type, options = multipart.parse_options_header(self.headers.get("content-type", ""))
        if content_type == "application/x-www-form-urlencoded":
            text = self.body.decode("utf-8", "replace")
            fields: dict[str, str] = {}
            for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=500):
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
