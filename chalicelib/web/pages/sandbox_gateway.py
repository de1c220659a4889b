"""The practice gateway's own page: another organisation, as far as anyone can see."""

from typing import get_args

from chalicelib.identity.permissions import Permission
from chalicelib.kernel.errors import FieldMalformed, NotFound
from chalicelib.ports.gateway import Choice, HostsItsOwnPage
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, as_path, page, redirect
from chalicelib.web.routing import Routes

routes = Routes("payments")


@routes.get("/sandbox-gateway/{provider_id}", Permission.PUBLIC)
def hosted(request: Request, provider_id: str) -> Response:
    """What is to be paid, and four ways to answer; in the language in which the payment was opened."""
    payment = _gateway(request).hosted_payment(provider_id)
    request.language = payment.language
    back = as_path(request, payment.return_url)
    return page(request, "sandbox_gateway.html", payment=payment, back=back, closed=False)


@routes.post("/sandbox-gateway/{provider_id}", Permission.PUBLIC)
def choose(request: Request, provider_id: str) -> Response:
    """The payer's answer; then back to where they came from, with the reference and nothing else."""
    wanted = request.form.get("choice", "")
    choice: Choice | None = next((each for each in get_args(Choice) if each == wanted), None)
    if choice is None:
        raise FieldMalformed(field="choice")
    payment = _gateway(request).choose(provider_id, choice)
    if choice == "pay_and_close":
        request.language = payment.language
        return page(request, "sandbox_gateway.html", payment=payment, closed=True)
    return redirect(as_path(request, payment.return_url))


def _gateway(request: Request) -> HostsItsOwnPage:
    """The gateway, when it is one of practice; where a real one is at work there is no such page."""
    gateway = request.diwan.gateway
    if not isinstance(gateway, HostsItsOwnPage):
        raise NotFound()
    return gateway
