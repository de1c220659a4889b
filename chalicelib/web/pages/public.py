"""What anybody sees first: the landing page, help, and the description of the API."""

from functools import lru_cache
from typing import Any

from chalicelib.identity.permissions import Permission
from chalicelib.kernel.errors import NotFound
from chalicelib.web import application
from chalicelib.web.openapi import openapi
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, json_response, page
from chalicelib.web.routing import Routes

routes = Routes("public")
_VERSION = "1.0.0"


@routes.get("/", Permission.PUBLIC)
def landing(request: Request) -> Response:
    """What can be done here, and where it starts."""
    return page(request, "landing.html")


@routes.get("/help/{topic}", Permission.PUBLIC)
def help_page(request: Request, topic: str) -> Response:
    """Contact, accessibility, privacy."""
    if topic not in ("contact", "accessibility", "privacy"):
        raise NotFound()
    return page(request, "help.html", topic=topic)


@routes.get("/api", Permission.PUBLIC)
def api_reference(request: Request) -> Response:
    """The API, readable."""
    return page(request, "api_reference.html", document=_document())


@routes.get("/api/openapi.json", Permission.PUBLIC)
def api_document(request: Request) -> Response:
    """The API as OpenAPI 3.1."""
    return json_response(_document())


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    return openapi(application.all_routes(), "Diwan", _VERSION)
