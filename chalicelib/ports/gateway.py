"""A payment gateway with a page of its own: we send people there, and ask it what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from chalicelib.kernel.errors import NotFound, Refusal
from chalicelib.kernel.money import Money

GatewayState = Literal["pending", "captured", "declined", "cancelled", "expired", "unknown"]


class GatewayUnavailable(Refusal):
    """The gateway did not answer, or not in a way that can be believed; nothing is known to have happened."""

    code = "gateway-unavailable"
    kind = "unavailable"


class CheckoutMissing(NotFound):
    """The gateway has no page at this address."""

    code = "checkout-missing"


@dataclass(frozen=True)
class Checkout:
    """Where the payer goes, and the gateway's own name for this attempt."""

    url: str
    provider_id: str


@dataclass(frozen=True)
class GatewayAnswer:
    """What the gateway says about one reference.

    `pending` may still be paid; `unknown` means it has no such reference or cannot say: nothing
    follows from it. `amount` is what was captured, else what was asked; None when unknown.
    """

    reference: str
    state: GatewayState
    amount: Money | None = None
    provider_id: str = ""
    authorised_at: datetime | None = None


class Gateway(Protocol):
    """One attempt at payment is one `reference` of ours, unique for ever, sent as the gateway's track id."""

    name: str

    def open_checkout(
        self, reference: str, amount: Money, description: str, language: str, return_url: str
    ) -> Checkout:
        """A page where `amount` can be paid once. The same reference gives the same page, always.

        The payer is sent back to `return_url`, which must be believed in nothing. Raises
        GatewayUnavailable.
        """
        ...

    def inquire(self, reference: str) -> GatewayAnswer:
        """What became of a reference; changes nothing. Raises GatewayUnavailable."""
        ...


Choice = Literal["pay", "pay_and_close", "decline", "cancel"]


@dataclass(frozen=True)
class HostedPayment:
    """What a payer sees on a page that we host for a gateway of practice."""

    provider_id: str
    amount: Money
    description: str
    language: str
    state: GatewayState
    return_url: str


@runtime_checkable
class HostsItsOwnPage(Protocol):
    """A gateway of practice, whose page has to be served by us for want of another organisation."""

    def hosted_payment(self, provider_id: str) -> HostedPayment:
        """What to show; raises CheckoutMissing."""
        ...

    def choose(self, provider_id: str, choice: Choice) -> HostedPayment:
        """The payer's choice. The first one that ends the payment counts; later ones change nothing."""
        ...
