"""The first page of staff: what waits, what ended how, and jobs that need somebody."""

from chalicelib.identity.permissions import Permission, may, permit
from chalicelib.web.api.archive import reason_text
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("desk")


@routes.get("/staff", Permission.SEE_DASHBOARD)
def desk(request: Request) -> Response:
    """Figures of the archive, the latest documents, and stopped jobs for those who may start them again."""
    diwan, actor = request.diwan, request.actor
    reads = may(actor, Permission.READ_DOCUMENT)
    recent = diwan.archive.recent(actor, 8) if reads else []
    return page(
        request,
        "desk.html",
        counts=diwan.archive.counts(actor) if reads else {},
        documents=recent,
        reading=any(document.state in ("received", "reading") for document in recent),
        reason_text=lambda document: reason_text(request, document.reason, document.reason_data),
        dead=diwan.jobs.dead() if may(actor, Permission.RETRY_JOBS) else [],
        told=diwan.bell is not None,
    )


@routes.post("/staff/jobs/{job}/retry", Permission.RETRY_JOBS)
def retry(request: Request, job: str) -> Response:
    """Give a stopped job a fresh start."""
    permit(request.actor, Permission.RETRY_JOBS)
    with request.diwan.database.transaction() as tx:
        request.diwan.jobs.retry(tx, job)
    return redirect("/staff")
