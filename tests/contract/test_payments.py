"""Payments on both databases: one success a demand, whatever is pressed, lost or repeated."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs, JobRow
from chalicelib.adapters.embedded.sandbox_gateway import SandboxCheckout, SandboxGateway
from chalicelib.database.engine import Database
from chalicelib.database.outbox import EventRow, Outbox
from chalicelib.kernel.actor import ANONYMOUS, Actor
from chalicelib.kernel.errors import NotFound, Refusal
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.payments import ledger
from chalicelib.payments.errors import DemandCancelled, DemandFrozen, DemandPaid, PaymentUnderWay
from chalicelib.payments.models import (
    BooksAreAppendOnly,
    Demand,
    GatewayEvent,
    LedgerEntry,
    LedgerTransaction,
    PaymentAttempt,
    Receipt,
)
from chalicelib.payments.rules import Charge
from chalicelib.payments.service import Payments
from chalicelib.payments.views import DemandView, PaymentView
from chalicelib.ports.gateway import Checkout, Choice, GatewayAnswer, GatewayUnavailable
from tests.moving_clock import MovingClock

CITIZEN = Actor("citizen", new_id(), frozenset({"citizen"}))
STRANGER = Actor("citizen", new_id(), frozenset({"citizen"}))
CASHIER = Actor("staff", new_id(), frozenset({"cashier"}))


class Till:
    """Payments over a practice gateway, and a person who pays."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovingClock()
        self.jobs = DatabaseJobs(database, self.clock)
        self.gateway = SandboxGateway(database, self.clock, "http://127.0.0.1:8000")
        outbox = Outbox(self.jobs, self.clock, {"payments.payment_succeeded": ["settle"]})
        self.payments = Payments(
            database=database,
            outbox=outbox,
            clock=self.clock,
            gateway=self.gateway,
            base_url="http://127.0.0.1:8000",
            office="marsa",
            timezone="Asia/Kuwait",
        )

    def demand(self, subject: str | None = None) -> DemandView:
        with self.database.transaction() as tx:
            return self.payments.raise_demand(
                tx,
                subject=subject or f"application:{new_id()}",
                party=CITIZEN.id,
                charges=[charge("fee", 10_000), charge("penalty", 2_000)],
                description=("تجديد", "Renewal"),
            )

    def start(self, demand: DemandView) -> Checkout:
        return self.payments.start_payment(CITIZEN, demand.id, "ar")

    def choose(self, checkout: Checkout, choice: Choice) -> str:
        return self.gateway.choose(checkout.provider_id, choice).return_url.rsplit("/", 1)[1]

    def pay(self, demand: DemandView) -> PaymentView:
        return self.payments.returned(self.choose(self.start(demand), "pay"))

    def count(self, row: Any, *where: Any) -> int:
        with self.database.reading() as tx:
            return tx.scalar(select(func.count()).select_from(row).where(*where)) or 0

    def paid_once(self, demand: DemandView) -> bool:
        return (
            self.count(Receipt, Receipt.demand_id == demand.id),
            self.count(PaymentAttempt, PaymentAttempt.state == "success"),
            self.count(LedgerTransaction),
            self.count(EventRow, EventRow.name == "payments.payment_succeeded"),
            self.count(JobRow, JobRow.queue == "settle"),
            self.count(SandboxCheckout, SandboxCheckout.state == "captured"),
        ) == (1, 1, 1, 1, 1, 1)


def charge(kind: Any, minor: int) -> Charge:
    return Charge(kind, Money(minor, "KWD"), f"{kind}-rule", 1, {"days": 20}, "رسم", "Fee", "لأن", "Because")


@pytest.fixture
def till(database: Database) -> Till:
    return Till(database)


def test_a_payment_is_believed_after_it_is_asked_back(till: Till) -> None:
    demand = till.demand()
    view = till.pay(demand)
    assert (view.state, view.demand.state, view.demand.receipt_number) == (
        "success",
        "paid",
        "R-marsa-2026-000001",
    )
    assert till.paid_once(demand)
    with till.database.reading() as tx:
        assert ledger.trial_balance(tx) == {
            ("gateway", "KWD"): 12_000,
            ("fees", "KWD"): -10_000,
            ("penalties", "KWD"): -2_000,
        }


def test_the_way_back_alone_proves_nothing(till: Till) -> None:
    demand = till.demand()
    checkout = till.start(demand)
    reference = till.gateway.hosted_payment(checkout.provider_id).return_url.rsplit("/", 1)[1]
    assert till.payments.returned(reference).state == "submitted"
    assert till.count(Receipt) == 0
    till.choose(checkout, "pay")
    assert till.payments.returned(reference).state == "success"


def test_a_double_click_gives_one_page_one_success_one_charge(till: Till) -> None:
    demand = till.demand()
    with ThreadPoolExecutor(2) as threads:
        pages = set(threads.map(lambda _: till.start(demand), range(2)))
    assert len(pages) == 1
    reference = till.choose(pages.pop(), "pay")
    with ThreadPoolExecutor(3) as threads:
        views = list(threads.map(lambda _: till.payments.returned(reference), range(3)))
    assert {view.state for view in views} == {"success"}
    assert till.paid_once(demand)


def test_a_replayed_return_changes_nothing(till: Till) -> None:
    demand = till.demand()
    reference = till.choose(till.start(demand), "pay")
    first = till.payments.returned(reference)
    till.clock.move(days=3)
    assert till.payments.returned(reference) == first
    till.payments.reconcile()
    assert till.paid_once(demand)


def test_what_is_paid_cannot_be_paid_again(till: Till) -> None:
    demand = till.demand()
    till.pay(demand)
    with pytest.raises(DemandPaid) as refused:
        till.start(demand)
    assert refused.value.data["receipt"] == "R-marsa-2026-000001"


def test_a_lost_callback_is_repaired_by_asking(till: Till) -> None:
    demand = till.demand()
    till.choose(till.start(demand), "pay_and_close")
    assert till.payments.reconcile() == 0
    till.clock.move(seconds=61)
    assert till.payments.reconcile() == 1
    assert till.paid_once(demand)


def test_pressing_pay_again_after_a_lost_callback_does_not_charge_again(till: Till) -> None:
    demand = till.demand()
    till.choose(till.start(demand), "pay_and_close")
    with pytest.raises(DemandPaid):
        till.start(demand)
    assert till.paid_once(demand)


@pytest.mark.parametrize(("choice", "reason"), [("decline", "declined"), ("cancel", "cancelled")])
def test_an_attempt_without_money_can_be_followed_by_another(till: Till, choice: Choice, reason: str) -> None:
    demand = till.demand()
    failed = till.payments.returned(till.choose(till.start(demand), choice))
    assert (failed.state, failed.reason, failed.demand.state) == ("failed", reason, "active")
    assert till.pay(demand).state == "success"
    assert till.paid_once(demand)


def test_an_abandoned_page_gives_way_to_a_new_one(till: Till) -> None:
    demand = till.demand()
    first = till.start(demand)
    till.clock.move(minutes=31)
    second = till.start(demand)
    assert first != second
    till.choose(second, "pay")
    till.payments.reconcile()
    till.clock.move(minutes=2)
    till.payments.reconcile()
    assert till.paid_once(demand)


def test_a_wrong_amount_freezes_the_demand_and_grants_nothing(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand = till.demand()
    reference = till.choose(till.start(demand), "pay")
    answered = till.gateway.inquire(reference)
    monkeypatch.setattr(till.gateway, "inquire", lambda _: replace(answered, amount=Money(12, "KWD")))
    view = till.payments.returned(reference)
    assert (view.state, view.reason, view.demand.state) == ("error", "amount-differs", "frozen")
    assert (till.count(Receipt), till.count(LedgerTransaction)) == (0, 0)
    with pytest.raises(DemandFrozen):
        till.start(demand)


def test_an_answer_about_another_reference_is_not_believed(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand = till.demand()
    reference = till.choose(till.start(demand), "pay")
    answered = till.gateway.inquire(reference)
    monkeypatch.setattr(till.gateway, "inquire", lambda _: replace(answered, reference=new_id()))
    assert till.payments.returned(reference).state == "submitted"
    assert till.count(Receipt) == 0


def test_a_silent_gateway_leaves_the_payment_submitted_and_stops_no_other(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent, other = till.demand(), till.demand()
    silent_reference = till.choose(till.start(silent), "pay")
    till.choose(till.start(other), "pay")
    ask: Callable[[str], GatewayAnswer] = till.gateway.inquire

    def inquire(reference: str) -> GatewayAnswer:
        if reference == silent_reference:
            raise GatewayUnavailable()
        return ask(reference)

    monkeypatch.setattr(till.gateway, "inquire", inquire)
    assert till.payments.returned(silent_reference).state == "submitted"
    till.clock.move(minutes=2)
    assert till.payments.reconcile() == 1
    monkeypatch.undo()
    till.clock.move(minutes=2)
    assert till.payments.reconcile() == 1
    assert till.count(Receipt) == 2


@pytest.mark.parametrize("step", ["book", "issue_receipt", "publish"])
def test_killed_while_settling_it_settles_once_later(
    till: Till, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    demand = till.demand()
    reference = till.choose(till.start(demand), "pay")

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    target = "chalicelib.database.outbox.Outbox" if step == "publish" else "chalicelib.payments.service"
    monkeypatch.setattr(f"{target}.{step}", die)
    with pytest.raises(KeyboardInterrupt):
        till.payments.returned(reference)
    assert (till.count(Receipt), till.count(LedgerTransaction), till.count(GatewayEvent)) == (0, 0, 0)
    monkeypatch.undo()
    till.clock.move(minutes=2)
    till.payments.reconcile()
    assert till.paid_once(demand)
    with till.database.reading() as tx:
        assert tx.scalars(select(Receipt.sequence)).all() == [1]


def test_killed_before_or_after_the_gateway_opened_its_page_it_is_the_same_page(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand = till.demand()
    opened: list[Checkout] = []
    really_open = till.gateway.open_checkout

    def die_after(*given: Any) -> Checkout:
        opened.append(really_open(*given))
        raise KeyboardInterrupt

    monkeypatch.setattr(till.gateway, "open_checkout", die_after)
    with pytest.raises(KeyboardInterrupt):
        till.start(demand)
    monkeypatch.undo()
    assert [till.start(demand)] == opened
    assert till.count(SandboxCheckout) == 1


def test_receipt_numbers_leave_no_gap_under_haste(till: Till) -> None:
    references = [till.choose(till.start(till.demand()), "pay") for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(till.payments.returned, references))
    with till.database.reading() as tx:
        assert sorted(tx.scalars(select(Receipt.sequence))) == [1, 2, 3, 4, 5, 6]
        assert sum(ledger.trial_balance(tx).values()) == 0


def test_the_receipt_year_is_the_local_one(till: Till) -> None:
    till.clock.move(days=39, hours=13)  # 31 December 22:00 in London, already January in Kuwait
    assert till.pay(till.demand()).demand.receipt_number == "R-marsa-2027-000001"


def test_a_subject_is_demanded_once(till: Till) -> None:
    assert till.demand("application:one") == till.demand("application:one")
    assert till.count(Demand) == 1


def test_a_cancelled_demand_is_not_paid_and_a_paid_one_not_cancelled(till: Till) -> None:
    cancelled, paid, under_way = till.demand("a:1"), till.demand("a:2"), till.demand("a:3")
    till.pay(paid)
    till.start(under_way)
    with till.database.transaction() as tx:
        till.payments.cancel_demand(tx, "a:1")
        with pytest.raises(DemandPaid):
            till.payments.cancel_demand(tx, "a:2")
        with pytest.raises(PaymentUnderWay):
            till.payments.cancel_demand(tx, "a:3")
    with pytest.raises(DemandCancelled):
        till.start(cancelled)


def test_nobody_pays_or_sees_what_is_another_ones(till: Till) -> None:
    demand = till.demand()
    with pytest.raises(NotFound):
        till.payments.start_payment(STRANGER, demand.id, "ar")
    with pytest.raises(Refusal) as refused:
        till.payments.start_payment(ANONYMOUS, demand.id, "ar")
    assert refused.value.kind == "unauthenticated"
    view = till.pay(demand)
    for read, id in (
        (till.payments.payment, view.id),
        (till.payments.demand, demand.id),
        (till.payments.receipt, view.demand.receipt),
    ):
        with pytest.raises(NotFound):
            read(STRANGER, id)
        with pytest.raises(NotFound):
            read(CITIZEN, new_id())
        assert read(CITIZEN, id) == read(CASHIER, id)


def test_the_books_are_only_added_to(till: Till) -> None:
    till.pay(till.demand())
    with till.database.transaction() as tx:
        booked = tx.scalars(select(LedgerTransaction.id)).one()
        ledger.reverse(tx, booked, till.clock.now())
    with till.database.reading() as tx:
        assert set(ledger.trial_balance(tx).values()) == {0}
    with pytest.raises(BooksAreAppendOnly), till.database.transaction() as tx:
        tx.scalars(select(LedgerEntry)).first().minor = 1  # type: ignore[union-attr]
    with pytest.raises(BooksAreAppendOnly), till.database.transaction() as tx:
        tx.delete(tx.scalars(select(LedgerEntry)).first())
