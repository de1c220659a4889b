"""Renewing a licence, from the first page to the download, and following an application."""

from chalicelib.identity.permissions import Permission
from chalicelib.kernel.errors import Refusal
from chalicelib.licensing.errors import NotConfirmed
from chalicelib.payments.errors import DemandPaid
from chalicelib.web.problems import STATUS
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, as_path, field_errors, file_response, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("licensing")
_SERVICE = "health-licence"
_UNCHANGED = {"yes": True, "no": False}


@routes.get("/renew", Permission.PUBLIC)
def start(request: Request) -> Response:
    """What is needed, what it costs and how long it takes, before anyone signs in."""
    service, price = request.diwan.licensing.price(_SERVICE)
    return page(request, "renew_start.html", service=service, price=price)


@routes.get("/renew/licences", Permission.SEE_OWN_FILE)
def licences(request: Request) -> Response:
    """One's licences, each with what can be done, or why not."""
    return page(request, "renew_licences.html", offers=request.diwan.licensing.licences_of(request.actor))


@routes.post("/renew/licences/{licence}", Permission.RENEW_LICENCE)
def begin(request: Request, licence: str) -> Response:
    """Starts a renewal, or goes on with the one already open."""
    return redirect(f"/renew/{request.diwan.licensing.start_renewal(request.actor, licence).id}")


@routes.get("/renew/{application}", Permission.RENEW_LICENCE)
def details(request: Request, application: str) -> Response:
    """Asks whether what is on file is right; an application already sent shows where it stands."""
    renewal = request.diwan.licensing.renewal(request.actor, application)
    if renewal.state != "draft":
        return redirect(f"/renew/{application}/done")
    form = {"phone": renewal.phone, "change": renewal.change, "unchanged": ""}
    if renewal.confirmed:
        form["unchanged"] = "no" if renewal.changed else "yes"
    return page(request, "renew_details.html", renewal=renewal, form=form)


@routes.post("/renew/{application}", Permission.RENEW_LICENCE)
def confirm(request: Request, application: str) -> Response:
    """Keeps the answers, and goes on to checking them."""
    given = {name: request.form.get(name, "") for name in ("phone", "unchanged", "change")}
    try:
        request.diwan.licensing.confirm_renewal(
            request.actor,
            application,
            phone=given["phone"],
            unchanged=_UNCHANGED.get(given["unchanged"]),
            change=given["change"],
        )
    except Refusal as refusal:
        if refusal.kind != "invalid":
            raise
        renewal = request.diwan.licensing.renewal(request.actor, application)
        return page(
            request,
            "renew_details.html",
            status=STATUS[refusal.kind],
            renewal=renewal,
            errors=field_errors(refusal),
            form=given,
        )
    return redirect(f"/renew/{application}/check")


@routes.get("/renew/{application}/check", Permission.RENEW_LICENCE)
def check(request: Request, application: str) -> Response:
    """Every answer and every line of the fee, before anything counts."""
    renewal = request.diwan.licensing.renewal(request.actor, application)
    if renewal.state == "draft" and not renewal.confirmed:
        return redirect(f"/renew/{application}")
    if renewal.state not in ("draft", "approved_awaiting_payment"):
        return redirect(f"/renew/{application}/done")
    return page(request, "renew_check.html", renewal=renewal)


@routes.post("/renew/{application}/pay", Permission.PAY)
def pay(request: Request, application: str) -> Response:
    """Sends the renewal in and, when nothing needs a look, goes to the gateway. Pressed twice, it is once."""
    licensing = request.diwan.licensing
    try:
        renewal = licensing.submit(request.actor, application)
        if renewal.state != "approved_awaiting_payment":
            return redirect(f"/renew/{application}/done")
        checkout = licensing.pay(request.actor, application, request.language)
        return redirect(as_path(request, checkout.url))
    except NotConfirmed:
        return redirect(f"/renew/{application}")
    except DemandPaid:
        return redirect(f"/renew/{application}/done")


@routes.get("/renew/{application}/done", Permission.RENEW_LICENCE)
def done(request: Request, application: str) -> Response:
    """Where a sent application stands and what happens next; brings itself up to date while it is being issued."""
    renewal = request.diwan.licensing.renewal(request.actor, application)
    if renewal.state == "draft":
        return redirect(f"/renew/{application}")
    payment = None
    if renewal.demand and renewal.demand.payment:
        payment = request.diwan.payments.payment(request.actor, renewal.demand.payment)
    return page(request, "renew_done.html", renewal=renewal, payment=payment)


@routes.post("/renew/{application}/withdraw", Permission.RENEW_LICENCE)
def withdraw(request: Request, application: str) -> Response:
    """Takes a renewal back before it is paid."""
    request.diwan.licensing.withdraw(request.actor, application)
    return redirect(f"/renew/{application}/done")


@routes.get("/licences/{licence}/pdf", Permission.SEE_OWN_FILE)
def licence_pdf(request: Request, licence: str) -> Response:
    """The signed licence, to keep and to print."""
    stored = request.diwan.licensing.licence_pdf(request.actor, licence)
    return file_response(request, stored.blob_key, "application/pdf", filename=stored.filename)


@routes.get("/track", Permission.PUBLIC)
def track(request: Request) -> Response:
    """Where an application stands, by its number alone and with nothing personal."""
    number = request.query.get("number", "")
    if not number.strip():
        return page(request, "track.html", found=None, number="")
    try:
        found = request.diwan.licensing.track(number)
    except Refusal as refusal:
        return page(
            request,
            "track.html",
            status=STATUS[refusal.kind],
            found=None,
            number=number,
            errors=field_errors(refusal),
        )
    return page(request, "track.html", found=found, number=found.number)
