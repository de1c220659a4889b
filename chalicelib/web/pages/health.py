"""Whether this process is alive, and whether it can serve people: for what starts, watches and replaces processes."""

from chalicelib.identity.permissions import Permission
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, json_response
from chalicelib.web.routing import Routes

routes = Routes("health")


@routes.get("/healthz", Permission.PUBLIC)
def alive(request: Request) -> Response:
    """200 as long as this process answers at all: one that does not should be started anew."""
    return json_response({"alive": True})


@routes.get("/readyz", Permission.PUBLIC)
def ready(request: Request) -> Response:
    """200 when people can be served, 503 when not yet or not now; no detail for strangers."""
    is_ready = request.diwan.readiness.ready
    return json_response({"ready": is_ready}, 200 if is_ready else 503)
