"""The same Chalice app under a WSGI server: what API Gateway does in AWS is done here.

Builds the Lambda proxy event, finds the route, and adds what the embedded home needs
beside it: static files, and blobs streamed in and out by signed links.
"""

import base64
import email.utils
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from chalice import Chalice
from chalice.local import CustomLocalChalice, LocalChalice

from chalicelib.kernel.errors import NotFound, Refusal
from chalicelib.web import files
from chalicelib.web.dispatch import refuse
from chalicelib.web.matching import Matcher
from chalicelib.web.request import (
    BODY_LIMIT,
    BodyBrokenOff,
    BodyTooLarge,
    MethodNotAllowed,
    Request,
    request_id_of,
)
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
        try:
            if path.startswith("/files/"):
                return files.blob(self._diwan, environ, start_response)
            return self._application(environ, start_response)
        except Refusal as refusal:
            return self._refuse(environ, start_response, refusal)

    def _application(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        # The server has decoded the path already; the matcher must not decode it once more.
        found = self._matcher.match(quote(path))
        if found is None:
            raise NotFound()
        template, parameters = found
        methods = set(self._app.routes[template])
        asked = "GET" if method == "HEAD" else method
        if asked not in methods:
            raise MethodNotAllowed(allow=sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        event = _event(environ, asked, template, parameters, _body(environ))
        return self._send(start_response, method, _from_lambda(self._app(event, None)))

    def _refuse(self, environ: Environ, start_response: StartResponse, refusal: Refusal) -> Iterable[bytes]:
        headers = _headers(environ)
        request = Request(
            diwan=self._diwan,
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            query=dict(parse_qsl(environ.get("QUERY_STRING", "").replace("%00", ""))),
            headers=headers,
            body=b"",
            source_ip=environ.get("REMOTE_ADDR", ""),
            request_id=request_id_of(headers),
        )
        response = refuse(request, refusal)
        if isinstance(refusal, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(refusal.data["allow"])
        if isinstance(refusal, (BodyTooLarge, BodyBrokenOff)):
            response.headers["Connection"] = "close"  # what remains of the body is not read
        return self._send(start_response, request.method, _from_response(response))

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
    """The whole body. Raises BodyTooLarge; BodyBrokenOff when shorter than announced or not announced."""
    announced = environ.get("CONTENT_LENGTH") or "0"
    chunked = "HTTP_TRANSFER_ENCODING" in environ
    if chunked or not (announced.isascii() and announced.isdigit()):
        raise BodyBrokenOff()
    length = int(announced) if len(announced) < 19 else BODY_LIMIT + 1
    if length > BODY_LIMIT:
        raise BodyTooLarge(limit=BODY_LIMIT)
    try:
        body: bytes = environ["wsgi.input"].read(length) if length else b""
    except OSError:
        body = b""
    if len(body) < length:
        raise BodyBrokenOff()
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
