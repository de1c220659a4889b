"""The Chalice app with every route of every capability on it."""

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from chalice import Chalice
from chalice.app import Request as ChaliceRequest
from chalice.app import Response as ChaliceResponse

import chalicelib.web.api
import chalicelib.web.pages
from chalicelib.web.dispatch import dispatch
from chalicelib.web.request import Request, address_of, request_id_of
from chalicelib.web.routing import Route

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan


def all_routes() -> list[Route]:
    """Every route of web/pages and web/api, found by looking: a new file needs no list."""
    modules: list[ModuleType] = []
    for package in (chalicelib.web.pages, chalicelib.web.api):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            modules.append(importlib.import_module(found.name))
    return [route for module in modules for route in module.routes.entries]


def register(app: Chalice, diwan: "Diwan") -> None:
    """Put the routes on `app`."""
    # Only what browsers send as raw bytes; what we send as files goes by the blob store's own links.
    app.api.binary_types = ["multipart/form-data"]
    for route in all_routes():
        view = _view(app, diwan, route)
        app.route(
            route.path, methods=[route.method], content_types=["*/*"], name=f"{route.method} {route.path}"
        )(view)


def _view(app: Chalice, diwan: "Diwan", route: Route) -> Any:
    def view(**path: str) -> ChaliceResponse:
        incoming = cast(ChaliceRequest, app.current_request)
        response = dispatch(route, _request(diwan, incoming), path)
        headers: dict[str, Any] = dict(response.headers)
        if response.cookies:
            headers["Set-Cookie"] = response.cookies
        return ChaliceResponse(response.body, headers, response.status)

    return view


def _request(diwan: "Diwan", incoming: ChaliceRequest) -> Request:
    event = incoming.to_original_event()
    headers = {name.lower(): value for name, value in incoming.headers.items()}
    body = cast(bytes, incoming.raw_body) if event["body"] else b""
    return Request(
        diwan=diwan,
        method=incoming.method,
        path=event["path"],
        query={name: value.replace("\x00", "") for name, value in (incoming.query_params or {}).items()},
        headers=headers,
        body=body,
        source_ip=address_of(
            incoming.context.get("identity", {}).get("sourceIp") or "",
            headers.get("x-forwarded-for", ""),
            diwan.settings.proxies,
        ),
        request_id=request_id_of(headers, incoming.context.get("requestId", "")),
    )
