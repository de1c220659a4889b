"""Licences, renewals and verification, for programs."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.identity.permissions import Permission
from chalicelib.licensing.service import CHANGE_LIMIT
from chalicelib.licensing.verifying import Verdict
from chalicelib.licensing.views import LicenceOffer, LicenceView, RenewalView
from chalicelib.web.api.payments import Amount, Charge, amount_of, charges_of
from chalicelib.web.pagination import Page
from chalicelib.web.request import Request
from chalicelib.web.responses import Response, file_response
from chalicelib.web.routing import ApiRoutes

routes = ApiRoutes("licensing")


class Licence(BaseModel):
    """A licence as its holder sees it; days are local calendar days, both included."""

    id: str
    number: str
    status: Literal["active", "expired", "suspended", "cancelled", "revoked", "replaced"]
    term: int
    starts_on: date
    expires_on: date
    premises_ar: str
    premises_en: str
    activity_ar: str
    activity_en: str
    parcel: str
    has_file: bool


class OfferedLicence(Licence):
    """A licence and what can be done about it: `renewal` is an open one; `refusal` says why there can be none."""

    renewable: bool
    refusal: str | None
    renewal: str | None


class RenewalWanted(BaseModel):
    """Which licence to renew."""

    model_config = ConfigDict(extra="forbid")
    licence: str = Field(max_length=40, examples=["01jd3x9m4q7w8r5t2v6y1z0abc"])


class Confirmation(BaseModel):
    """What the holder says of the details on file. `change` says what is different, unless `unchanged`."""

    model_config = ConfigDict(extra="forbid")
    phone: str = Field(max_length=40, examples=["50001108"])
    unchanged: bool
    change: str = Field(default="", max_length=CHANGE_LIMIT)


class Renewal(BaseModel):
    """A renewal and where it stands; `charges` are what is or would be owed, line by line."""

    id: str
    number: str
    state: str
    reasons: list[str]
    licence: Licence
    confirmed: bool
    phone: str
    changed: bool
    charges: list[Charge]
    amount: Amount
    payment: str | None
    receipt_number: str | None
    created_at: datetime
    submitted_at: datetime | None


class PaymentWanted(BaseModel):
    """The language of the gateway's page."""

    model_config = ConfigDict(extra="forbid")
    language: Literal["ar", "en"] = "ar"


class CheckoutOpened(BaseModel):
    """Where the payer goes; None while a person has to look at the application first."""

    state: str
    url: str | None


class VerificationWanted(BaseModel):
    """Either the number of a licence or the token of its QR code."""

    model_config = ConfigDict(extra="forbid")
    number: str | None = Field(default=None, max_length=60, examples=["HL-2024-00417"])
    token: str | None = Field(default=None, max_length=8000)


class VerificationAnswer(BaseModel):
    """What is told to anyone; a number alone does not tell the holder's name."""

    outcome: Literal["valid", "expired", "not-yet-valid", "suspended", "cancelled", "not-genuine"]
    number: str
    holder: str
    premises_ar: str
    premises_en: str
    parcel: str
    valid_from: date | None
    expires_on: date | None
    renewed_until: date | None


@routes.get("/api/v1/licences", Permission.SEE_OWN_FILE, returns=Page[OfferedLicence], summary="My licences")
def licences(request: Request) -> Page[OfferedLicence]:
    """All of the citizen's licences, the one that ends first on top."""
    offers = request.diwan.licensing.licences_of(request.actor)
    return Page[OfferedLicence](items=[_offered(offer) for offer in offers])


@routes.get(
    "/api/v1/licences/{id}/pdf",
    Permission.SEE_OWN_FILE,
    returns=None,
    status=303,
    summary="The signed licence",
)
def licence_pdf(request: Request, id: str) -> Response:
    """Redirects (303) to the PDF for a few minutes."""
    stored = request.diwan.licensing.licence_pdf(request.actor, id)
    return file_response(request, stored.blob_key, "application/pdf", filename=stored.filename)


@routes.post(
    "/api/v1/renewals",
    Permission.RENEW_LICENCE,
    body=RenewalWanted,
    returns=Renewal,
    summary="Start a renewal, or get the one already open",
)
def start_renewal(request: Request, body: RenewalWanted) -> Renewal:
    """One open renewal a licence, however often it is asked for."""
    return _renewal(request.diwan.licensing.start_renewal(request.actor, body.licence))


@routes.get(
    "/api/v1/renewals/{id}", Permission.RENEW_LICENCE, returns=Renewal, summary="Where a renewal stands"
)
def renewal(request: Request, id: str) -> Renewal:
    """The citizen's own renewal."""
    return _renewal(request.diwan.licensing.renewal(request.actor, id))


@routes.post(
    "/api/v1/renewals/{id}/confirmation",
    Permission.RENEW_LICENCE,
    body=Confirmation,
    returns=Renewal,
    status=200,
    makes=False,
    summary="Confirm the details on file",
)
def confirm(request: Request, body: Confirmation, id: str) -> Renewal:
    """May be repeated until the renewal is sent in."""
    confirmed = request.diwan.licensing.confirm_renewal(
        request.actor, id, phone=body.phone, unchanged=body.unchanged, change=body.change
    )
    return _renewal(confirmed)


@routes.post(
    "/api/v1/renewals/{id}/payments",
    Permission.PAY,
    body=PaymentWanted,
    returns=CheckoutOpened,
    summary="Send a confirmed renewal in and open its payment page",
)
def pay(request: Request, body: PaymentWanted, id: str) -> CheckoutOpened:
    """One open payment page a renewal. Where a person has to look first, there is no page yet."""
    licensing = request.diwan.licensing
    sent = licensing.submit(request.actor, id)
    if sent.state in ("submitted", "under_review", "inspection_due", "inspected"):
        return CheckoutOpened(state=sent.state, url=None)
    return CheckoutOpened(state=sent.state, url=licensing.pay(request.actor, id, body.language).url)


@routes.post(
    "/api/v1/verifications",
    Permission.PUBLIC,
    body=VerificationWanted,
    returns=VerificationAnswer,
    status=200,
    makes=False,
    summary="Is this licence genuine and in force?",
)
def verify(request: Request, body: VerificationWanted) -> VerificationAnswer:
    """By token when there is one: it proves more than a number."""
    verifying = request.diwan.licensing.verifying
    if body.token:
        return _verification(verifying.by_token(body.token))
    return _verification(verifying.by_number(body.number or ""))


def _licence(view: LicenceView) -> dict[str, object]:
    return {name: getattr(view, name) for name in Licence.model_fields}


def _offered(offer: LicenceOffer) -> OfferedLicence:
    return OfferedLicence.model_validate(
        {
            **_licence(offer.licence),
            "renewable": offer.refusal is None,
            "refusal": offer.refusal.code if offer.refusal else None,
            "renewal": offer.application or None,
        }
    )


def _renewal(view: RenewalView) -> Renewal:
    return Renewal(
        id=view.id,
        number=view.number,
        state=view.state,
        reasons=list(view.reasons),
        licence=Licence.model_validate(_licence(view.licence)),
        confirmed=view.confirmed,
        phone=view.phone,
        changed=view.changed,
        charges=charges_of(view.charges),
        amount=amount_of(view.amount),
        payment=(view.demand.payment or None) if view.demand else None,
        receipt_number=(view.demand.receipt_number or None) if view.demand else None,
        created_at=view.created_at,
        submitted_at=view.submitted_at,
    )


def _verification(verdict: Verdict) -> VerificationAnswer:
    return VerificationAnswer.model_validate(
        {name: getattr(verdict, name) for name in VerificationAnswer.model_fields}
    )
