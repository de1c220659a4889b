"""The decisions of licensing: may it be renewed, for how much, what comes next. Pure; days are local days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from string import Template

from chalicelib.kernel.arabic import clean_number
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.money import Money
from chalicelib.licensing.definition import Action, FeeRule, Guard, ServiceDefinition, Workflow
from chalicelib.licensing.errors import (
    ActionNotAllowed,
    LicenceCancelled,
    LicenceSuspended,
    RenewalNotOpen,
    ViolationUnpaid,
)
from chalicelib.payments.rules import Charge

ENDED = frozenset({"cancelled", "revoked", "replaced"})
# Why a guard that does not hold sends an application to a person.
REASONS: Mapping[Guard, str] = {
    "no-inspection-needed": "activity-needs-inspection",
    "nothing-changed": "details-changed",
    "recently-valid": "long-expired",
}
# No I, L, O or U: read aloud and copied by hand without mistakes.
REFERENCE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, order=True)
class Term:
    """A span of validity: both days count."""

    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class UnpaidViolation:
    """A fine that stands in the way."""

    number: str
    amount: Money


@dataclass(frozen=True)
class Standing:
    """What decides whether a licence may be renewed. `reason_*` are of the latest suspension."""

    state: str
    expires_on: date
    unpaid: tuple[UnpaidViolation, ...] = ()
    reason_ar: str = ""
    reason_en: str = ""


def status(state: str, expires_on: date, today: date) -> str:
    """What a licence is today: an active one is expired after its last day, without anyone's doing."""
    return "expired" if state == "active" and today > expires_on else state


def opens_on(definition: ServiceDefinition, expires_on: date) -> date:
    """The first day on which renewal is open."""
    return expires_on - timedelta(days=definition.opens_days_before.value)


def why_not_renewable(definition: ServiceDefinition, standing: Standing, today: date) -> Refusal | None:
    """The refusal that stands in the way of renewal today, the gravest first; None when it is open."""
    if standing.state in ENDED:
        return LicenceCancelled()
    if standing.state == "suspended":
        return LicenceSuspended(reason_ar=standing.reason_ar, reason_en=standing.reason_en)
    if standing.unpaid:
        amount = sum((violation.amount.minor for violation in standing.unpaid), 0)
        return ViolationUnpaid(
            count=len(standing.unpaid),
            amount=Money(amount, standing.unpaid[0].amount.currency),
            numbers=[violation.number for violation in standing.unpaid],
        )
    first_day = opens_on(definition, standing.expires_on)
    if today < first_day:
        return RenewalNotOpen(opens_on=first_day, expires_on=standing.expires_on)
    return None


def days_late(expires_on: date, day: date) -> int:
    """Days since the last valid day; none on or before it."""
    return max(0, (day - expires_on).days)


def fees(definition: ServiceDefinition, expires_on: date, day: date) -> list[Charge]:
    """The lines of the fee for a renewal asked for on `day`, in the catalogue's order, without lines of nothing."""
    late = days_late(expires_on, day)
    charges = [_charge(definition, rule, late) for rule in definition.fees]
    return [charge for charge in charges if charge is not None]


def next_term(terms: Sequence[Term], day: date, length: int) -> Term:
    """The term that a renewal granted on `day` adds: after the last one, or from `day` when that has passed."""
    last = max(terms)
    starts_on = max(last.ends_on + timedelta(days=1), day)
    return Term(last.number + 1, starts_on, starts_on + timedelta(days=length - 1))


def overlapping(terms: Collection[Term]) -> bool:
    """Whether two terms share a day."""
    ordered = sorted(terms, key=lambda term: term.starts_on)
    return any(later.starts_on <= earlier.ends_on for earlier, later in pairwise(ordered))


def guards_held(
    definition: ServiceDefinition,
    *,
    confirmed: bool,
    needs_inspection: bool,
    changed: bool,
    late: int,
    demand_paid: bool,
) -> frozenset[Guard]:
    """The guards of the workflow that hold for an application."""
    held: dict[Guard, bool] = {
        "confirmed": confirmed,
        "no-inspection-needed": not needs_inspection,
        "nothing-changed": not changed,
        "recently-valid": late <= definition.reinspected_after_days.value,
        "demand-paid": demand_paid,
    }
    return frozenset(guard for guard, holds in held.items() if holds)


def take(
    workflow: Workflow, state: str, action: str, roles: Collection[str], held: Collection[Guard]
) -> Action:
    """The edge `action` out of `state`, when one of `roles` may take it and its guards hold.

    Raises ActionNotAllowed otherwise.
    """
    for edge in workflow.state(state).actions:
        if edge.code == action and not set(edge.roles).isdisjoint(roles) and set(edge.guards) <= set(held):
            return edge
    raise ActionNotAllowed(action=action, state=state)


def decide(workflow: Workflow, state: str, held: Collection[Guard]) -> tuple[Action, list[str]]:
    """The system's own choice in a DECISION state: the first of its edges whose guards hold.

    With it come the reasons why the edges before it were passed over. Raises ActionNotAllowed
    when the system has no way out.
    """
    reasons: list[str] = []
    for edge in workflow.state(state).actions:
        if "system" not in edge.roles:
            continue
        missing = [guard for guard in edge.guards if guard not in held]
        if not missing:
            return edge, reasons
        reasons += [REASONS[guard] for guard in missing if guard in REASONS]
    raise ActionNotAllowed(action="decide", state=state)


def application_number(prefix: str, number: int) -> str:
    """`HR-7K3M-9QXD` from forty bits: too many to guess, few enough to read on the telephone."""
    letters = "".join(REFERENCE_LETTERS[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"


def read_application_number(text: str) -> str:
    """The number a person meant: any digits, any case, spaces or none, O for 0 and I or L for 1."""
    letters = "".join(letter for letter in clean_number(text).upper() if letter.isalnum())
    prefix, rest = letters[:2], letters[2:].translate(str.maketrans("OIL", "011"))
    return f"{prefix}-{rest[:4]}-{rest[4:]}"


def _charge(definition: ServiceDefinition, rule: FeeRule, late: int) -> Charge | None:
    inputs: dict[str, int] = {"minor": rule.minor}
    said = {"rate": str(Money(rule.minor, definition.currency))}
    minor = rule.minor
    if rule.formula == "per-day-late":
        if rule.cap_minor is None:
            raise ValueError(rule.rule)
        inputs |= {"days": late, "cap": rule.cap_minor}
        said |= {"days": str(late), "cap": str(Money(rule.cap_minor, definition.currency))}
        minor = min(rule.minor * late, rule.cap_minor)
    if minor == 0:
        return None
    return Charge(
        kind=rule.kind,
        amount=Money(minor, definition.currency),
        rule=rule.rule,
        version=rule.version,
        inputs=inputs,
        label_ar=rule.label.ar,
        label_en=rule.label.en,
        why_ar=Template(rule.why.ar).substitute(said),
        why_en=Template(rule.why.en).substitute(said),
    )


def read_licence_number(text: str) -> str:
    """`HL-2024-00417` as people type it: any digits, any case, any separators."""
    cleaned = "".join(letter for letter in clean_number(text).upper() if letter.isalnum())
    return f"{cleaned[:2]}-{cleaned[2:6]}-{cleaned[6:]}"
