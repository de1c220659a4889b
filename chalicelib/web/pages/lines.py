"""The messages that wake workers, for who runs the machine: how many wait, and what was set aside."""

from chalicelib.identity.permissions import Permission, permit
from chalicelib.jobs import stopped
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("lines")


@routes.get("/staff/lines", Permission.RETRY_JOBS)
def lines(request: Request) -> Response:
    """Every line of messages; none where workers look for jobs themselves."""
    permit(request.actor, Permission.RETRY_JOBS)
    bell = request.diwan.bell
    return page(request, "lines.html", lines=bell.lines() if bell else [])


@routes.post("/staff/lines/{lane}/send-back", Permission.RETRY_JOBS)
def send_back(request: Request, lane: str) -> Response:
    """Give what a line set aside another try."""
    stopped.send_back(request.diwan, request.actor, lane)
    return redirect("/staff/lines")
