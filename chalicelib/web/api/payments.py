"""Payments, for programs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from chalicelib.identity.permissions import Permission
from chalicelib.kernel.money import Money
from chalicelib.payments import rules
from chalicelib.web.request import Request
from chalicelib.web.routing import ApiRoutes

routes = ApiRoutes("payments")


class Amount(BaseModel):
    """Whole minor units (fils) of a currency, and the same written with every decimal."""

    minor: int
    currency: str
    text: str


class Charge(BaseModel):
    """One line of what is owed, with the rule that made it and the inputs to work it out again."""

    kind: Literal["fee", "penalty", "rebate", "deposit"]
    amount: Amount
    rule: str
    version: int
    inputs: dict[str, Any]
    label_ar: str
    label_en: str
    why_ar: str
    why_en: str


class Payment(BaseModel):
    """The paying of one demand; `reason` says why the latest attempt ended without money."""

    id: str
    state: Literal["created", "started", "submitted", "success", "failed", "error"]
    reason: str
    subject: str
    amount: Amount
    charges: list[Charge]
    receipt: str | None
    receipt_number: str | None
    created_at: datetime


@routes.get(
    "/api/v1/payments/{id}", Permission.SEE_OWN_FILE, returns=Payment, summary="What came of a payment"
)
def payment(request: Request, id: str) -> Payment:
    """The citizen's own payment."""
    view = request.diwan.payments.payment(request.actor, id)
    return Payment(
        id=view.id,
        state=view.state,
        reason=view.reason,
        subject=view.demand.subject,
        amount=amount_of(view.demand.amount),
        charges=charges_of(view.demand.charges),
        receipt=view.demand.receipt or None,
        receipt_number=view.demand.receipt_number or None,
        created_at=view.created_at,
    )


def amount_of(money: Money) -> Amount:
    """Money as programs are told it."""
    return Amount(minor=money.minor, currency=money.currency, text=str(money))


def charges_of(charges: Iterable[rules.Charge]) -> list[Charge]:
    """The lines of a fee as programs are told them."""
    return [
        Charge(
            kind=each.kind,
            amount=amount_of(each.amount),
            rule=each.rule,
            version=each.version,
            inputs=each.inputs,
            label_ar=each.label_ar,
            label_en=each.label_en,
            why_ar=each.why_ar,
            why_en=each.why_en,
        )
        for each in charges
    ]
