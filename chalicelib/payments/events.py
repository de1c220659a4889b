"""The facts payments publishes; `subject` is what the money was for (`application:<id>`)."""

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.kernel.events import Event


@dataclass(frozen=True)
class PaymentSucceeded(Event):
    """A demand is paid, once and for ever, and a receipt has been numbered."""

    name: ClassVar[str] = "payments.payment_succeeded"
    about: ClassVar[str] = "application"
    party: str
    demand: str
    payment: str
    receipt: str
    receipt_number: str
    minor: int
    currency: str


@dataclass(frozen=True)
class PaymentFailed(Event):
    """An attempt ended without money; `reason` is declined, cancelled, expired or amount-differs."""

    name: ClassVar[str] = "payments.payment_failed"
    about: ClassVar[str] = "application"
    party: str
    demand: str
    payment: str
    reason: str
