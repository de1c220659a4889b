"""What payments shows: demands, payments and receipts as values, free of any session."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.kernel.money import Money
from chalicelib.payments.models import Demand, Payment, PaymentAttempt, Receipt
from chalicelib.payments.rules import AttemptState, Charge, LineKind


@dataclass(frozen=True)
class DemandView:
    """What is owed and why; `payment` and `receipt` are ids, empty while there is none."""

    id: str
    subject: str
    party: str
    amount: Money
    description_ar: str
    description_en: str
    state: str
    charges: tuple[Charge, ...]
    payment: str = ""
    receipt: str = ""
    receipt_number: str = ""


@dataclass(frozen=True)
class PaymentView:
    """The paying of one demand, with the outcome of its latest attempt and why."""

    id: str
    demand: DemandView
    state: AttemptState
    reason: str
    created_at: datetime


@dataclass(frozen=True)
class ReceiptView:
    """The municipality's word that a demand was paid."""

    id: str
    number: str
    issued_at: datetime
    demand: DemandView


def demand_view(tx: Session, row: Demand) -> DemandView:
    """A demand with its lines, and what has come of it."""
    payment = tx.scalar(select(Payment.id).where(Payment.demand_id == row.id))
    receipt = tx.scalar(select(Receipt).where(Receipt.demand_id == row.id))
    return DemandView(
        id=row.id,
        subject=row.subject,
        party=row.party,
        amount=Money(row.minor, row.currency),
        description_ar=row.description_ar,
        description_en=row.description_en,
        state=row.state,
        charges=charges_of(row),
        payment=payment or "",
        receipt=receipt.id if receipt else "",
        receipt_number=receipt.number if receipt else "",
    )


def payment_view(tx: Session, row: Payment) -> PaymentView:
    """A payment with its demand and latest attempt."""
    demand = tx.get_one(Demand, row.demand_id)
    latest = tx.scalars(
        select(PaymentAttempt)
        .where(PaymentAttempt.payment_id == row.id)
        .order_by(PaymentAttempt.created_at.desc(), PaymentAttempt.reference.desc())
        .limit(1)
    ).one()
    return PaymentView(
        id=row.id,
        demand=demand_view(tx, demand),
        state=_attempt_state(latest.state),
        reason=latest.reason,
        created_at=row.created_at,
    )


def receipt_view(tx: Session, row: Receipt) -> ReceiptView:
    """A receipt with what it is for."""
    return ReceiptView(row.id, row.number, row.issued_at, demand_view(tx, tx.get_one(Demand, row.demand_id)))


def charges_of(row: Demand) -> tuple[Charge, ...]:
    """The lines of a demand as the rules see them."""
    return tuple(
        Charge(
            kind=_line_kind(line.kind),
            amount=Money(line.minor, line.currency),
            rule=line.rule,
            version=line.version,
            inputs=line.inputs,
            label_ar=line.label_ar,
            label_en=line.label_en,
            why_ar=line.why_ar,
            why_en=line.why_en,
        )
        for line in row.lines
    )


def _attempt_state(text: str) -> AttemptState:
    return next(state for state in get_args(AttemptState) if state == text)


def _line_kind(text: str) -> LineKind:
    return next(kind for kind in get_args(LineKind) if kind == text)
