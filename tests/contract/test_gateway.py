"""What every payment gateway must do, whoever runs it. One class a gateway gives the payer's hand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import pytest

from chalicelib.adapters.embedded.sandbox_gateway import SandboxGateway
from chalicelib.database.engine import Database
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.ports.gateway import Checkout, CheckoutMissing, Choice, Gateway
from tests.moving_clock import MovingClock

AMOUNT = Money(10_500, "KWD")
BASE = "http://127.0.0.1:8000"


class Payer(Protocol):
    """A gateway and a person at its page."""

    gateway: Gateway

    def choose(self, checkout: Checkout, choice: Choice) -> None: ...

    def wait(self, minutes: int) -> None: ...


class SandboxPayer:
    """The practice gateway, its page pressed directly."""

    def __init__(self, database: Database) -> None:
        self.clock = MovingClock()
        self.gateway = SandboxGateway(database, self.clock, BASE)

    def choose(self, checkout: Checkout, choice: Choice) -> None:
        self.gateway.choose(checkout.provider_id, choice)

    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)


@pytest.fixture(params=[SandboxPayer], ids=["sandbox"])
def payer(request: pytest.FixtureRequest, database: Database) -> Payer:
    make: Callable[[Database], Payer] = request.param
    return make(database)


def open_checkout(payer: Payer, reference: str, amount: Money = AMOUNT) -> Checkout:
    return payer.gateway.open_checkout(
        reference, amount, "تجديد ترخيص", "ar", f"{BASE}/payments/return/{reference}"
    )


def test_knows_nothing_of_a_reference_it_never_saw(payer: Payer) -> None:
    answer = payer.gateway.inquire(new_id())
    assert (answer.state, answer.amount) == ("unknown", None)


def test_waits_until_the_payer_chooses(payer: Payer) -> None:
    reference = new_id()
    checkout = open_checkout(payer, reference)
    answer = payer.gateway.inquire(reference)
    assert checkout.url.startswith("http")
    assert (answer.state, answer.reference, answer.provider_id) == (
        "pending",
        reference,
        checkout.provider_id,
    )


def test_one_reference_is_one_page(payer: Payer) -> None:
    reference = new_id()
    assert open_checkout(payer, reference) == open_checkout(payer, reference)


def test_two_clicks_at_once_are_one_page(payer: Payer) -> None:
    reference = new_id()
    with ThreadPoolExecutor(4) as threads:
        pages = set(threads.map(lambda _: open_checkout(payer, reference), range(4)))
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("choice", "state"),
    [("pay", "captured"), ("pay_and_close", "captured"), ("decline", "declined"), ("cancel", "cancelled")],
)
def test_tells_what_the_payer_chose(payer: Payer, choice: Choice, state: str) -> None:
    reference = new_id()
    payer.choose(open_checkout(payer, reference), choice)
    answer = payer.gateway.inquire(reference)
    assert (answer.state, answer.amount) == (state, AMOUNT)
    assert (answer.authorised_at is not None) == (state == "captured")


def test_paying_twice_captures_once(payer: Payer) -> None:
    reference = new_id()
    checkout = open_checkout(payer, reference)
    payer.choose(checkout, "pay")
    first = payer.gateway.inquire(reference)
    payer.wait(minutes=1)
    payer.choose(checkout, "pay")
    payer.choose(checkout, "cancel")
    assert payer.gateway.inquire(reference) == first


def test_an_abandoned_page_expires_and_can_no_longer_be_paid(payer: Payer) -> None:
    reference = new_id()
    checkout = open_checkout(payer, reference)
    payer.wait(minutes=31)
    assert payer.gateway.inquire(reference).state == "expired"
    payer.choose(checkout, "pay")
    assert payer.gateway.inquire(reference).state == "expired"


def test_a_payment_made_in_time_never_expires(payer: Payer) -> None:
    reference = new_id()
    payer.choose(open_checkout(payer, reference), "pay")
    payer.wait(minutes=60 * 24 * 30)
    assert payer.gateway.inquire(reference).state == "captured"


def test_references_do_not_touch_each_other(payer: Payer) -> None:
    one, other = new_id(), new_id()
    payer.choose(open_checkout(payer, one), "pay")
    open_checkout(payer, other, Money(1, "KWD"))
    assert payer.gateway.inquire(other).state == "pending"
    assert payer.gateway.inquire(other).amount == Money(1, "KWD")


def test_a_page_that_is_not_there_is_refused(sqlite_database: Database) -> None:
    gateway = SandboxPayer(sqlite_database).gateway
    with pytest.raises(CheckoutMissing):
        gateway.hosted_payment(new_id())
    with pytest.raises(CheckoutMissing):
        gateway.choose(new_id(), "pay")


def test_a_reference_is_for_one_amount(sqlite_database: Database) -> None:
    payer = SandboxPayer(sqlite_database)
    reference = new_id()
    open_checkout(payer, reference)
    with pytest.raises(ValueError, match="another amount"):
        open_checkout(payer, reference, Money(1, "KWD"))
