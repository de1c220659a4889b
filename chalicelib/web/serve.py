"""The same Chalice app under a WSGI server: what API Gateway does in AWS is done here.

Builds the Lambda proxy event, finds the route, and adds what the embedded home needs
beside it: static files, and blobs streamed in and out by signed links.
"""

import base64
import email.utils
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from chalice import Chalice
from chalice.local import CustomLocalChalice, LocalChalice

from chalicelib.kernel.ids import new_id
from chalicelib.web import files
from chalicelib.web.dispatch import not_found
from chalicelib.web.matching import Matcher
from chalicelib.web.request import BODY_LIMIT, Request
from chalicelib.web.responses import Response

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class WsgiApp:
    """A Chalice app as a WSGI application, safe under threads."""

    def __init__(self, app: Chalice, diwan: "Diwan") -> None:
        # A plain Chalice object keeps the current request in one attribute, so threads answer
        # each other's requests; this swap, which `chalice local` does too, makes it thread-local.
        CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
        app.__class__ = CustomLocalChalice
        self._app = app
        self._diwan = diwan
        self._matcher = Matcher(app.routes)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # WSGI hands the path over as latin-1; the bytes underneath are UTF-8.
        environ["PATH_INFO"] = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
        path: str = environ["PATH_INFO"]
        if path.startswith("/static/"):
            return files.static(self._diwan, environ, start_response)
        if path.startswith("/files/"):
            return files.blob(self._diwan, environ, start_response)
        return self._application(environ, start_response)

    def _application(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        found = self._matcher.match(environ.get("RAW_PATH", path))
        if found is None:
            return self._send(start_response, method, _from_response(not_found(self._request(environ))))
        template, parameters = found
        methods = self._app.routes[template]
        asked = "GET" if method == "HEAD" and "HEAD" not in methods else method
        if asked not in methods:
            headers = [("Allow", ", ".join(sorted(methods))), ("Content-Type", "text/plain; charset=utf-8")]
            return self._send(start_response, method, (405, headers, b"method not allowed"))
        try:
            body = _body(environ)
        except ValueError:
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
            return self._send(start_response, method, (413, headers, b"body too large or broken off"))
        event = _event(environ, asked, template, parameters, body)
        return self._send(start_response, method, _from_lambda(self._app(event, None)))

    def _request(self, environ: Environ) -> Request:
        return Request(
            diwan=self._diwan,
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            query=dict(parse_qsl(environ.get("QUERY_STRING", ""))),
            headers=_headers(environ),
            body=b"",
            source_ip=environ.get("REMOTE_ADDR", ""),
            request_id=new_id(),
        )

    def _send(
        self, start_response: StartResponse, method: str, answer: tuple[int, list[tuple[str, str]], bytes]
    ) -> Iterable[bytes]:
        status, headers, body = answer
        headers = [
            *headers,
            ("Content-Length", str(len(body))),
            ("Date", email.utils.formatdate(usegmt=True)),
        ]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [] if method == "HEAD" else [body]


def _headers(environ: Environ) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return headers


def _body(environ: Environ) -> bytes:
    """The whole body; ValueError when it is over the limit or shorter than announced."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > BODY_LIMIT or length < 0:
        raise ValueError(length)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    if len(body) < length:
        raise ValueError(length)
    return body


def _event(
    environ: Environ, method: str, template: str, parameters: dict[str, str], body: bytes
) -> dict[str, Any]:
    """A Lambda proxy event, as API Gateway would have built it."""
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return {
        "requestContext": {
            "httpMethod": method,
            "resourcePath": template,
            "path": environ["PATH_INFO"],
            "identity": {"sourceIp": environ.get("REMOTE_ADDR", "")},
        },
        "path": environ["PATH_INFO"],
        "headers": _headers(environ),
        "multiValueQueryStringParameters": query or None,
        "pathParameters": parameters or None,
        "stageVariables": {},
        "body": base64.b64encode(body).decode() if body else "",
        "isBase64Encoded": bool(body),
    }


def _from_lambda(answer: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = [(name, str(value)) for name, value in answer["headers"].items()]
    headers += [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
    body = answer["body"]
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode("utf-8")
    return answer["statusCode"], headers, raw


def _from_response(response: Response) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = [*response.headers.items(), *(("Set-Cookie", cookie) for cookie in response.cookies)]
    return response.status, headers, response.body.encode("utf-8")
