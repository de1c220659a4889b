"""Whether this process answers and its database is reachable and migrated."""

from sqlalchemy.exc import SQLAlchemyError

from chalicelib.database.migrate import is_current
from chalicelib.identity.permissions import Permission
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, json_response
from chalicelib.web.routing import Routes

routes = Routes("health")


@routes.get("/healthz", Permission.PUBLIC)
def health(request: Request) -> Response:
    """200 when people can be served, 503 when not yet; no detail for strangers."""
    try:
        ready = is_current(request.diwan.database)
    except SQLAlchemyError:
        ready = False
    return json_response({"ready": ready}, 200 if ready else 503)
