"""The messages that went out, for staff."""

from chalicelib.identity.permissions import Permission
from chalicelib.kernel.ids import is_id
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, page
from chalicelib.web.routing import Routes

routes = Routes("notifications")


@routes.get("/staff/outbox", Permission.SEE_OUTBOX)
def outbox(request: Request) -> Response:
    """Newest first, each with its text, its state and the reason when it did not go."""
    before = request.query.get("before", "")
    shown, more = request.diwan.notifications.recent(request.actor, before if is_id(before) else None)
    return page(
        request,
        "outbox.html",
        messages=shown,
        next_href=f"/staff/outbox?before={more}" if more else None,
        first_page=not before,
    )
