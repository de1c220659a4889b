"""The first page of staff: what waits, what ended how, and jobs that need somebody."""

from chalicelib.identity.permissions import Permission, may
from chalicelib.jobs import stopped
from chalicelib.ports.jobs import RETRIED_AT_ONCE
from chalicelib.web.document_rows import document_rows
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("desk")


@routes.get("/staff", Permission.SEE_DASHBOARD)
def desk(request: Request) -> Response:
    """Figures of the archive, the latest documents, and stopped jobs for those who may start them again."""
    diwan, actor = request.diwan, request.actor
    reads, retries = may(actor, Permission.READ_DOCUMENT), may(actor, Permission.RETRY_JOBS)
    words, retried = diwan.pages.localisation(request.language), request.query.get("retried", "")
    return page(
        request,
        "desk.html",
        counts=diwan.archive.counts(actor) if reads else {},
        **document_rows(request, diwan.archive.recent(actor, 8) if reads else []),
        dead=diwan.jobs.dead() if retries else [],
        dead_reasons=diwan.jobs.dead_reasons() if retries else {},
        at_once=RETRIED_AT_ONCE,
        retried=int(retried) if retried.isascii() and retried.isdecimal() and len(retried) < 5 else None,
        told=diwan.bell is not None,
        job_words=lambda queue: words.known(job_id(queue)) or queue,
    )


def job_id(queue: str) -> str:
    """The words for what the jobs of a queue do."""
    return f"job-{queue.replace('_', '-')}"


@routes.post("/staff/jobs/{job}/retry", Permission.RETRY_JOBS)
def retry(request: Request, job: str) -> Response:
    """Give a stopped job a fresh start."""
    stopped.retry(request.diwan, request.actor, job)
    return redirect("/staff")


@routes.post("/staff/jobs/retry", Permission.RETRY_JOBS)
def retry_all(request: Request) -> Response:
    """Give the stopped jobs of one reason a fresh start, as many as go at once."""
    retried = stopped.retry_all(request.diwan, request.actor, request.form.get("reason", ""))
    return redirect(f"/staff?retried={retried}")
