"""Coming back from the gateway, and receipts."""

from chalicelib.identity.permissions import Permission
from chalicelib.payments.views import PaymentView
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("payments")


@routes.get("/payments/return/{reference}", Permission.PUBLIC)
def returned(request: Request, reference: str) -> Response:
    """The payer's browser is back: the gateway is asked, and the payer goes to what was paid for."""
    payment = request.diwan.payments.returned(reference)
    return redirect(_page_of(payment))


@routes.get("/receipts/{receipt}", Permission.SEE_OWN_FILE)
def receipt(request: Request, receipt: str) -> Response:
    """A receipt, to print."""
    return page(request, "receipt.html", receipt=request.diwan.payments.receipt(request.actor, receipt))


def _page_of(payment: PaymentView) -> str:
    """Where a person sees what came of it; applications are all that is paid for so far."""
    kind, _, id = payment.demand.subject.partition(":")
    return f"/renew/{id}/done" if kind == "application" else "/"
