"""The use cases of payments: demand, pay at the gateway, believe only its answer, give a receipt."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.permissions import Permission, may, permit
from chalicelib.kernel.actor import Actor, system
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.payments.errors import DemandCancelled, DemandFrozen, DemandPaid, PaymentUnderWay
from chalicelib.payments.events import PaymentFailed, PaymentSucceeded
from chalicelib.payments.ledger import book
from chalicelib.payments.models import (
    Demand,
    DemandLine,
    GatewayEvent,
    Payment,
    PaymentAttempt,
    Receipt,
)
from chalicelib.payments.receipts import issue_receipt
from chalicelib.payments.rules import OPEN, AttemptState, Charge, booking, outcome, owed, step
from chalicelib.payments.views import (
    DemandView,
    PaymentView,
    ReceiptView,
    charges_of,
    demand_view,
    payment_view,
    receipt_view,
)
from chalicelib.ports.clock import Clock
from chalicelib.ports.gateway import Checkout, Gateway, GatewayAnswer, GatewayUnavailable

log = logging.getLogger("diwan.payments")

_INQUIRY = system("payments.inquiry")
_FIRST_INQUIRY, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class Payments:
    """Demands and their payment through one gateway.

    `office` names the series of receipt numbers, `timezone` says when its year begins.
    The gateway is never asked inside a transaction of ours.
    """

    def __init__(
        self,
        *,
        database: Database,
        outbox: Outbox,
        clock: Clock,
        gateway: Gateway,
        base_url: str,
        office: str,
        timezone: str,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self.gateway = gateway
        self._base_url = base_url
        self._office = office
        self._zone = ZoneInfo(timezone)

    # What is owed

    def raise_demand(
        self,
        tx: Session,
        *,
        subject: str,
        party: str,
        charges: Sequence[Charge],
        description: tuple[str, str],
    ) -> DemandView:
        """Write down what `party` owes for `subject`; the same subject again gives the first demand.

        `description` is Arabic, English: what the gateway's page will say.
        """
        row = tx.scalar(select(Demand).where(Demand.subject == subject))
        if row is None:
            amount = owed(charges)
            row = Demand(
                id=new_id(),
                subject=subject,
                party=party,
                minor=amount.minor,
                currency=amount.currency,
                description_ar=description[0],
                description_en=description[1],
                state="active",
                raised_at=self._clock.now(),
            )
            row.lines = [_line(place, charge) for place, charge in enumerate(charges)]
            tx.add(row)
            tx.flush()
        return demand_view(tx, row)

    def cancel_demand(self, tx: Session, subject: str) -> None:
        """Make `subject` no longer owed. Raises DemandPaid, DemandFrozen, PaymentUnderWay or NotFound."""
        row = tx.scalar(select(Demand).where(Demand.subject == subject).with_for_update())
        if row is None:
            raise NotFound()
        if row.state == "cancelled":
            return
        _refuse_unless_active(tx, row)
        if _open_attempt(tx, row.id) is not None:
            raise PaymentUnderWay()
        row.state = "cancelled"

    def demand_for(self, tx: Session, subject: str) -> DemandView | None:
        """What is owed for `subject`; the caller answers for who may know it."""
        row = tx.scalar(select(Demand).where(Demand.subject == subject))
        return None if row is None else demand_view(tx, row)

    # Paying

    def start_payment(self, actor: Actor, demand_id: str, language: str) -> Checkout:
        """Where to send the payer. Asked twice, the same page: one open attempt per demand.

        Raises NotFound for what is not the actor's, DemandPaid, DemandFrozen, DemandCancelled,
        GatewayUnavailable.
        """
        permit(actor, Permission.PAY)
        attempt = self._open(actor, demand_id, language)
        if attempt.url:
            # It may have ended without our hearing of it; then a new attempt takes its place.
            if self._settle(attempt.reference).state in OPEN:
                return Checkout(attempt.url, attempt.provider_id)
            attempt = self._open(actor, demand_id, language)
            if attempt.url:
                return Checkout(attempt.url, attempt.provider_id)
        with self._database.reading() as tx:
            demand = tx.get_one(Demand, demand_id)
        checkout = self.gateway.open_checkout(
            attempt.reference,
            Money(demand.minor, demand.currency),
            demand.description_en if attempt.language == "en" else demand.description_ar,
            attempt.language,
            f"{self._base_url}/payments/return/{attempt.reference}",
        )
        with self._database.transaction() as tx:
            _, payment, row = _locked(tx, attempt.reference)
            if row.state == "created":
                _move(payment, row, "started")
                row.url, row.provider_id = checkout.url, checkout.provider_id
        return checkout

    def returned(self, reference: str) -> PaymentView:
        """The payer's browser came back, which proves nothing: the gateway is asked.

        While it does not answer, the payment stays submitted and `reconcile` asks again.
        """
        with self._database.reading() as tx:
            if tx.get(PaymentAttempt, reference) is None:
                raise NotFound()
        with suppress(GatewayUnavailable):
            view = self._settle(reference)
            if view.state not in ("created", "started"):
                return view
        with self._database.transaction() as tx:
            _, payment, row = _locked(tx, reference)
            if row.state in ("created", "started"):
                _move(payment, row, "submitted")
            tx.flush()
            return payment_view(tx, payment)

    def reconcile(self) -> int:
        """Ask about every open attempt that is due; how many ended. One that fails stops no other."""
        due = (
            select(PaymentAttempt.reference)
            .where(PaymentAttempt.state.in_(OPEN), PaymentAttempt.inquire_at <= self._clock.now())
            .order_by(PaymentAttempt.inquire_at)
            .limit(500)
        )
        with self._database.reading() as tx:
            references = list(tx.scalars(due))
        ended = 0
        for reference in references:
            try:
                ended += self._settle(reference).state not in OPEN
            except GatewayUnavailable:
                log.warning("gateway unavailable", extra={"reference": reference})
                self._wait_longer(reference)
        return ended

    # Reading

    def payment(self, actor: Actor, payment_id: str) -> PaymentView:
        """The actor's own payment, or anyone's for who sees payments; NotFound otherwise."""
        with self._database.reading() as tx:
            row = tx.get(Payment, payment_id)
            if row is None:
                raise NotFound()
            view = payment_view(tx, row)
        _refuse_stranger(actor, view.demand)
        return view

    def demand(self, actor: Actor, demand_id: str) -> DemandView:
        """The actor's own demand, or anyone's for who sees payments; NotFound otherwise."""
        with self._database.reading() as tx:
            row = tx.get(Demand, demand_id)
            if row is None:
                raise NotFound()
            view = demand_view(tx, row)
        _refuse_stranger(actor, view)
        return view

    def receipt(self, actor: Actor, receipt_id: str) -> ReceiptView:
        """The actor's own receipt, or anyone's for who sees payments; NotFound otherwise."""
        with self._database.reading() as tx:
            row = tx.get(Receipt, receipt_id)
            if row is None:
                raise NotFound()
            view = receipt_view(tx, row)
        _refuse_stranger(actor, view.demand)
        return view

    # Steps

    def _open(self, actor: Actor, demand_id: str, language: str) -> PaymentAttempt:
        """The demand's open attempt, made when there is none."""
        now = self._clock.now()
        with self._database.transaction() as tx:
            demand = tx.scalar(select(Demand).where(Demand.id == demand_id).with_for_update())
            if demand is None or demand.party != actor.id:
                raise NotFound()
            _refuse_unless_active(tx, demand)
            attempt = _open_attempt(tx, demand_id)
            if attempt is not None:
                return attempt
            payment = tx.scalar(select(Payment).where(Payment.demand_id == demand_id))
            if payment is None:
                payment = Payment(id=new_id(), demand_id=demand_id, state="created", created_at=now)
                tx.add(payment)
                tx.flush()
            payment.state = "created"
            attempt = PaymentAttempt(
                reference=new_id(),
                payment_id=payment.id,
                gateway=self.gateway.name,
                state="created",
                reason="",
                language=language,
                provider_id="",
                url="",
                created_at=now,
                inquiries=0,
                inquire_at=now + _FIRST_INQUIRY,
            )
            tx.add(attempt)
            return attempt

    def _settle(self, reference: str) -> PaymentView:
        """Ask the gateway about an open attempt and write down what follows, all of it or nothing."""
        with self._database.reading() as tx:
            attempt = tx.get_one(PaymentAttempt, reference)
            if attempt.state not in OPEN:
                return payment_view(tx, tx.get_one(Payment, attempt.payment_id))
        answer = self.gateway.inquire(reference)
        with self._database.transaction() as tx:
            demand, payment, row = _locked(tx, reference)
            if row.state in OPEN:
                self._apply(tx, demand, payment, row, answer)
            tx.flush()
            return payment_view(tx, payment)

    def _apply(
        self, tx: Session, demand: Demand, payment: Payment, row: PaymentAttempt, answer: GatewayAnswer
    ) -> None:
        now = self._clock.now()
        state, reason = outcome(Money(demand.minor, demand.currency), row.reference, answer)
        if state == "submitted":
            _put_off(row, now)
            return
        if row.state != "submitted":
            _move(payment, row, "submitted")
        _move(payment, row, state)
        row.reason, row.ended_at = reason, now
        row.provider_id = row.provider_id or answer.provider_id
        tx.add(_inbox(self.gateway.name, row, answer, now))
        if state != "success":
            if state == "error":
                demand.state = "frozen"
            self._outbox.publish(
                tx, _INQUIRY, PaymentFailed(demand.subject, demand.party, demand.id, payment.id, reason)
            )
            return
        demand.state = "paid"
        book(tx, f"payment:{payment.id}", booking(charges_of(demand)), now)
        year = now.astimezone(self._zone).year
        receipt = issue_receipt(tx, self._office, year, demand.id, payment.id, now)
        self._outbox.publish(
            tx,
            _INQUIRY,
            PaymentSucceeded(
                subject=demand.subject,
                party=demand.party,
                demand=demand.id,
                payment=payment.id,
                receipt=receipt.id,
                receipt_number=receipt.number,
                minor=demand.minor,
                currency=demand.currency,
            ),
        )

    def _wait_longer(self, reference: str) -> None:
        with self._database.transaction() as tx:
            _put_off(tx.get_one(PaymentAttempt, reference), self._clock.now())


def _locked(tx: Session, reference: str) -> tuple[Demand, Payment, PaymentAttempt]:
    """Demand, payment and attempt, locked in this order so that no two writers wait for each other."""
    demand_id = tx.scalars(
        select(Payment.demand_id)
        .join(PaymentAttempt, PaymentAttempt.payment_id == Payment.id)
        .where(PaymentAttempt.reference == reference)
    ).one()
    demand = tx.scalars(select(Demand).where(Demand.id == demand_id).with_for_update()).one()
    payment = tx.scalars(select(Payment).where(Payment.demand_id == demand_id).with_for_update()).one()
    attempt = tx.scalars(
        select(PaymentAttempt).where(PaymentAttempt.reference == reference).with_for_update()
    ).one()
    return demand, payment, attempt


def _move(payment: Payment, row: PaymentAttempt, to: AttemptState) -> None:
    row.state = step(row.state, to)  # type: ignore[arg-type]
    payment.state = row.state


def _put_off(row: PaymentAttempt, now: datetime) -> None:
    """Ask later, and less and less often, up to once an hour."""
    row.inquiries += 1
    row.inquire_at = now + min(_FIRST_INQUIRY * 2 ** min(row.inquiries - 1, 10), _LONGEST_WAIT)


def _open_attempt(tx: Session, demand_id: str) -> PaymentAttempt | None:
    return tx.scalar(
        select(PaymentAttempt)
        .join(Payment, Payment.id == PaymentAttempt.payment_id)
        .where(Payment.demand_id == demand_id, PaymentAttempt.state.in_(OPEN))
    )


def _refuse_unless_active(tx: Session, demand: Demand) -> None:
    if demand.state == "paid":
        view = demand_view(tx, demand)
        raise DemandPaid(receipt=view.receipt_number)
    if demand.state == "frozen":
        raise DemandFrozen()
    if demand.state == "cancelled":
        raise DemandCancelled()


def _refuse_stranger(actor: Actor, demand: DemandView) -> None:
    if not (actor.kind == "citizen" and demand.party == actor.id) and not may(actor, Permission.SEE_PAYMENTS):
        raise NotFound()


def _line(place: int, charge: Charge) -> DemandLine:
    return DemandLine(
        place=place,
        kind=charge.kind,
        minor=charge.amount.minor,
        currency=charge.amount.currency,
        rule=charge.rule,
        version=charge.version,
        inputs=charge.inputs,
        label_ar=charge.label_ar,
        label_en=charge.label_en,
        why_ar=charge.why_ar,
        why_en=charge.why_en,
    )


def _inbox(gateway: str, row: PaymentAttempt, answer: GatewayAnswer, now: datetime) -> GatewayEvent:
    return GatewayEvent(
        id=new_id(),
        gateway=gateway,
        provider_id=answer.provider_id,
        kind=answer.state,
        reference=row.reference,
        minor=answer.amount.minor if answer.amount else None,
        currency=answer.amount.currency if answer.amount else None,
        authorised_at=answer.authorised_at,
        at=now,
    )
