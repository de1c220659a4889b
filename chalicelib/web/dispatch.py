"""From a route and a request to a response: who asks, may they, was the form ours, what went wrong."""

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import ValidationError

from chalicelib.identity.permissions import Permission, permit
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.ids import is_id
from chalicelib.telemetry.logs import about
from chalicelib.telemetry.traces import span
from chalicelib.web import idempotency
from chalicelib.web.cookies import set_cookie
from chalicelib.web.problems import problem, status_of, validation_problem
from chalicelib.web.request import BODY_LIMIT, LANGUAGES, BodyTooLarge, Request
from chalicelib.web.responses import SESSION_COOKIE, Response, json_response, page, redirect
from chalicelib.web.routing import Route

log = logging.getLogger("diwan.web")
LANGUAGE_COOKIE, VISITOR_COOKIE = "diwan_language", "diwan_visitor"


class FormNotOurs(Refusal):
    """The form's token is missing or of another session: open the page again and resend."""

    code = "form-not-ours"
    kind = "forbidden"


def dispatch(route: Route, request: Request, path: Mapping[str, str]) -> Response:
    """Carry out one request of a known route; never raises."""
    # People type paths: only what has the shape of our ids is told.
    ids = {name: value for name, value in path.items() if is_id(value)}
    named = f"{route.method} {route.path}"
    facts: dict[str, str | int] = {"http__request__method": route.method, "http__route": route.path}
    with (
        about(request_id=request.request_id, **ids),
        span(named, "server", request.headers.get("traceparent"), **facts, **ids) as timed,
    ):
        started = time.perf_counter()
        try:
            response = _answer(route, request, path)
        except Exception:
            # The traceback goes to the log under the request's id; the reader gets the id alone.
            log.exception("request failed", extra={"route": route.path})
            response = failure(route.kind, request, Refusal(), status=500)
        _finish(request, response)
        timed.tell(http__response__status_code=response.status)
        log.info(
            "request",
            extra={
                "method": route.method,
                "route": route.path,
                "status": response.status,
                "metrics": {
                    "Requests": 1,
                    "Faults": int(response.status >= 500),
                    "Latency": round((time.perf_counter() - started) * 1000, 1),
                },
            },
        )
    return response


def failure(kind: str, request: Request, refusal: Refusal, status: int | None = None) -> Response:
    """A refusal as a page for people or as problem+json for programs."""
    status = status or status_of(refusal)
    if kind == "api":
        return problem(request, refusal, status)
    if refusal.kind == "unauthenticated":
        asked = {name: value for name, value in request.query.items() if name != "lang"}
        here = f"{request.path}?{urlencode(asked)}" if asked else request.path
        back = here if request.method == "GET" else request.headers.get("referer", "/")
        door = "/staff/sign-in" if request.path.startswith("/staff") else "/sign-in"
        ended = "&ended=1" if request.cookies.get(SESSION_COOKIE) else ""
        return redirect(f"{door}?next={quote(_local(back))}{ended}")
    return page(request, "error.html", status=status, refusal=refusal)


def csrf_token(request: Request) -> str:
    """The token this browser's forms must carry: bound to its session, or to its visit before sign-in."""
    seed = request.session.csrf_seed if request.session else _visitor(request)
    return hmac.new(request.diwan.secret, b"csrf." + seed.encode(), hashlib.sha256).hexdigest()


def _answer(route: Route, request: Request, path: Mapping[str, str]) -> Response:
    _choose_language(request)
    try:
        if len(request.body) > BODY_LIMIT:
            raise BodyTooLarge(limit=BODY_LIMIT)
        _identify(request)
        if route.permission is not Permission.PUBLIC:
            permit(request.actor, route.permission)
        _check_form(route, request)
        if route.kind == "page":
            response: Response = route.handler(request, **path)
            return response
        return _api_answer(route, request, path)
    except Refusal as refusal:
        return failure(route.kind, request, refusal)


def _api_answer(route: Route, request: Request, path: Mapping[str, str]) -> Response:
    arguments: list[Any] = [request]
    if route.body is not None:
        try:
            arguments.append(route.body.model_validate(request.json))
        except ValidationError as error:
            return validation_problem(request, error)

    def run() -> Response:
        try:
            result = route.handler(*arguments, **path)
        except Refusal as refusal:
            return problem(request, refusal, status_of(refusal))
        if isinstance(result, Response):
            return result
        return Response("", route.status) if result is None else json_response(result, route.status)

    return idempotency.once(request, route, run) if route.makes else run()


def _choose_language(request: Request) -> None:
    wanted = request.query.get("lang")
    if wanted in LANGUAGES:
        request.set_cookies.append(
            f"{LANGUAGE_COOKIE}={wanted}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
        )
    elif request.path.startswith("/api/"):
        # A script of ours says here which language its page is in; the cookie may since have changed.
        wanted = request.headers.get("accept-language", "")[:2].lower()
    if wanted not in LANGUAGES:
        wanted = request.cookies.get(LANGUAGE_COOKIE)
    request.language = wanted if wanted in LANGUAGES else "ar"


def _identify(request: Request) -> None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    request.by_bearer = scheme.lower() == "bearer" and bool(bearer)
    token = bearer.strip() if request.by_bearer else request.cookies.get(SESSION_COOKIE, "")
    if not token:
        return
    request.session = request.diwan.identity.session(token, request.diwan.clock.now())
    if request.session:
        request.actor = request.session.actor


def _check_form(route: Route, request: Request) -> None:
    """Only our own pages may make a browser change something (OWASP ASVS 4.2.2)."""
    if route.method in ("GET", "HEAD") or request.by_bearer or not route.csrf:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FormNotOurs()
    if route.kind == "api":
        if request.session is None:
            return  # an API call with no cookie carries no one's authority
        given = request.headers.get("x-csrf-token", "")
    else:
        given = request.form.get("_csrf", "") or request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode(), csrf_token(request).encode()):
        raise FormNotOurs()


def _visitor(request: Request) -> str:
    if not request.visitor:
        request.visitor = request.cookies.get(VISITOR_COOKIE, "")
    if not request.visitor:
        request.visitor = secrets.token_urlsafe(16)
        request.set_cookies.append(f"{VISITOR_COOKIE}={request.visitor}; Path=/; HttpOnly; SameSite=Lax")
    return request.visitor


def _finish(request: Request, response: Response) -> None:
    secure = request.diwan.settings.secure
    response.cookies = [set_cookie(cookie, secure) for cookie in (*request.set_cookies, *response.cookies)]
    response.headers.setdefault("X-Request-Id", request.request_id)
    response.headers.setdefault("Vary", "Cookie, Accept-Language")
    for name, value in request.diwan.security_headers.items():
        response.headers.setdefault(name, value)


def _local(url: str) -> str:
    """A path of our own, or the landing page: never a way to another site."""
    path = "/" + url.split("://", 1)[-1].partition("/")[2] if "://" in url else url
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def refuse(request: Request, refusal: Refusal) -> Response:
    """What a request gets that reaches no route: a designed page, or a problem for programs."""
    kind = "api" if request.path.startswith(("/api/", "/files/upload/")) else "page"
    _choose_language(request)
    try:
        _identify(request)
        response = failure(kind, request, refusal)
    except Refusal as away:
        response = failure(kind, request, away)
    except Exception:
        log.exception("request failed", extra={"request_id": request.request_id, "route": "none"})
        response = failure(kind, request, Refusal(), status=500)
    _finish(request, response)
    return response
