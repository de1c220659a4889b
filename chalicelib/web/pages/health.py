"""Whether this process is alive, and whether it can serve people: for what starts, watches and replaces processes."""

from chalicelib.identity.permissions import Permission
from chalicelib.stores.readiness import READY
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
    """200 when people can be served, 503 when not yet or not now, with each store's state: no address, no names."""
    states = request.diwan.readiness.states()
    is_ready = set(states.values()) == {READY}
    return json_response({"ready": is_ready, "stores": states}, 200 if is_ready else 503)
