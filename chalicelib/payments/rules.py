"""What may happen to an attempt at payment, and what makes books balance. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.kernel.money import Money, total
from chalicelib.ports.gateway import GatewayAnswer

AttemptState = Literal["created", "started", "submitted", "success", "failed", "error"]
LineKind = Literal["fee", "penalty", "rebate", "deposit"]

# created: written down, the gateway not yet asked. started: its page is open. submitted: the payer came
# back or time has passed, and the outcome is being asked; unknown stays here. error: money was taken
# that does not match. (GOV.UK Pay's states.)
EDGES: dict[AttemptState, frozenset[AttemptState]] = {
    "created": frozenset({"started", "submitted"}),
    "started": frozenset({"submitted"}),
    "submitted": frozenset({"success", "failed", "error"}),
    "success": frozenset(),
    "failed": frozenset(),
    "error": frozenset(),
}
OPEN: frozenset[AttemptState] = frozenset({"created", "started", "submitted"})

# The account each kind of line is booked to. A deposit is owed back, so it is no income.
INCOME_ACCOUNT: dict[LineKind, str] = {
    "fee": "fees",
    "penalty": "penalties",
    "rebate": "rebates",
    "deposit": "deposits",
}
GATEWAY_ACCOUNT = "gateway"
ACCOUNTS: dict[str, str] = {
    GATEWAY_ACCOUNT: "asset",
    "fees": "income",
    "penalties": "income",
    "rebates": "income",
    "deposits": "liability",
}


@dataclass(frozen=True)
class Charge:
    """One line of a demand: its amount, and the rule, its version and the inputs that made it.

    A rebate's amount is negative, every other positive. Labels are for people; `inputs` are
    JSON values that let anyone work the amount out again.
    """

    kind: LineKind
    amount: Money
    rule: str
    version: int
    inputs: dict[str, Any]
    label_ar: str
    label_en: str
    why_ar: str
    why_en: str

    def __post_init__(self) -> None:
        if (self.amount.minor < 0) != (self.kind == "rebate") or self.amount.minor == 0:
            raise ValueError(f"a {self.kind} of {self.amount}")


@dataclass(frozen=True)
class Entry:
    """One side of a booking; what an account receives is positive."""

    account: str
    amount: Money


def owed(charges: Sequence[Charge]) -> Money:
    """What the lines come to; ValueError unless there are lines and they come to more than nothing."""
    if not charges:
        raise ValueError("a demand has lines")
    amount = total([charge.amount for charge in charges], charges[0].amount.currency)
    if amount.minor <= 0:
        raise ValueError("a demand is for more than nothing")
    return amount


def step(state: AttemptState, to: AttemptState) -> AttemptState:
    """`to`, when that is an edge; ValueError otherwise."""
    if to not in EDGES[state]:
        raise ValueError(f"a {state} attempt does not become {to}")
    return to


def outcome(asked: Money, reference: str, answer: GatewayAnswer) -> tuple[AttemptState, str]:
    """What an answer makes of a submitted attempt, and why. Money is believed only when all agrees."""
    if answer.reference != reference:
        return "submitted", ""
    match answer.state:
        case "captured" if answer.amount == asked:
            return "success", ""
        case "captured":
            return "error", "amount-differs"
        case "declined" | "cancelled" | "expired":
            return "failed", answer.state
        case _:
            return "submitted", ""


def booking(charges: Sequence[Charge]) -> list[Entry]:
    """The entries of a paid demand: the gateway owes us the whole, each line goes to its account."""
    whole = owed(charges)
    entries = [Entry(GATEWAY_ACCOUNT, whole)]
    entries += [Entry(INCOME_ACCOUNT[charge.kind], -charge.amount) for charge in charges]
    return balanced(entries)


def reversal(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that undo `entries`: the only way a booking is corrected."""
    return balanced([Entry(entry.account, -entry.amount) for entry in entries])


def balanced(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, when they sum to zero in one currency over known accounts; ValueError otherwise."""
    if len(entries) < 2 or any(entry.account not in ACCOUNTS for entry in entries):
        raise ValueError("a booking has two sides, on known accounts")
    if total([entry.amount for entry in entries], entries[0].amount.currency).minor != 0:
        raise ValueError("a booking sums to zero")
    return list(entries)


def receipt_number(office: str, year: int, sequence: int) -> str:
    """`R-marsa-alnoor-2026-000017`, counted per office and year without gaps."""
    return f"R-{office}-{year}-{sequence:06d}"
