"""What licensing shows: licences and applications as values, free of any session."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.money import Money, total
from chalicelib.licensing import rules
from chalicelib.licensing.definition import ServiceDefinition
from chalicelib.licensing.models import Application, Licence, LicenceEvent, LicenceFile, LicenceTerm
from chalicelib.parcels.service import Parcels
from chalicelib.payments.rules import Charge
from chalicelib.payments.views import DemandView


@dataclass(frozen=True)
class LicenceView:
    """A licence as its holder sees it today; `has_file` says whether the current term's PDF can be had."""

    id: str
    number: str
    service: str
    holder: str
    status: str
    term: int
    starts_on: date
    expires_on: date
    premises_number: str
    premises_ar: str
    premises_en: str
    activity_ar: str
    activity_en: str
    needs_inspection: bool
    parcel: str
    unit: str
    address_ar: str
    address_en: str
    commercial_licence: str
    has_file: bool


@dataclass(frozen=True)
class LicenceOffer:
    """A licence and what its holder may do with it: renew, go on with `application`, or read why not."""

    licence: LicenceView
    refusal: Refusal | None
    application: str
    application_state: str
    amount: Money | None


@dataclass(frozen=True)
class RenewalView:
    """A renewal as its holder sees it. `charges` are what is or would be owed."""

    id: str
    number: str
    service_ar: str
    service_en: str
    state: str
    state_ar: str
    state_en: str
    open: bool
    reasons: tuple[str, ...]
    licence: LicenceView
    confirmed: bool
    phone: str
    changed: bool
    change: str
    charges: tuple[Charge, ...]
    amount: Money
    late_days: int
    instant: bool
    demand: DemandView | None
    created_at: datetime
    submitted_at: datetime | None
    sla_days: int


@dataclass(frozen=True)
class TrackView:
    """What anyone who has an application's number may know of it: no name, no shop, no parcel."""

    number: str
    service_ar: str
    service_en: str
    state: str
    state_ar: str
    state_en: str
    reasons: tuple[str, ...]
    submitted_at: datetime | None
    changed_at: datetime
    sla_days: int


@dataclass(frozen=True)
class RegisterEntry:
    """What the public register says of a licence: what its paper on the wall says, and no more."""

    number: str
    status: str
    term: int
    starts_on: date
    expires_on: date
    premises_ar: str
    premises_en: str
    activity_ar: str
    activity_en: str
    parcel: str


@dataclass(frozen=True)
class StoredLicence:
    """A signed file and the name to save it under."""

    blob_key: str
    filename: str
    sha256: str


def terms_of(row: Licence) -> list[rules.Term]:
    """The terms as the rules see them."""
    return [rules.Term(term.number, term.starts_on, term.ends_on) for term in row.terms]


def standing_of(tx: Session, row: Licence) -> rules.Standing:
    """What decides whether the licence may be renewed."""
    suspension = None
    if row.state == "suspended":
        suspension = tx.scalar(
            select(LicenceEvent)
            .where(LicenceEvent.licence_id == row.id, LicenceEvent.kind == "suspended")
            .order_by(LicenceEvent.on.desc())
            .limit(1)
        )
    return rules.Standing(
        state=row.state,
        expires_on=row.terms[-1].ends_on,
        unpaid=tuple(
            rules.UnpaidViolation(each.number, Money(each.minor, each.currency))
            for each in row.violations
            if each.state == "unpaid"
        ),
        reason_ar=suspension.reason_ar if suspension else "",
        reason_en=suspension.reason_en if suspension else "",
    )


def licence_view(tx: Session, parcels: Parcels, row: Licence, today: date) -> LicenceView:
    """A licence with its shop and place."""
    term = row.terms[-1]
    parcel = parcels.find_within(tx, row.premises.parcel)
    return LicenceView(
        id=row.id,
        number=row.number,
        service=row.service,
        holder=row.holder,
        status=rules.status(row.state, term.ends_on, today),
        term=term.number,
        starts_on=term.starts_on,
        expires_on=term.ends_on,
        premises_number=row.premises.number,
        premises_ar=row.premises.name_ar,
        premises_en=row.premises.name_en,
        activity_ar=row.premises.activity.name_ar,
        activity_en=row.premises.activity.name_en,
        needs_inspection=row.premises.activity.needs_inspection,
        parcel=row.premises.parcel,
        unit=row.premises.unit,
        address_ar=parcel.address_ar,
        address_en=parcel.address_en,
        commercial_licence=row.premises.commercial_licence,
        has_file=file_of(tx, term) is not None,
    )


def file_of(tx: Session, term: LicenceTerm) -> LicenceFile | None:
    """The signed file of a term, once there is one."""
    return tx.scalar(select(LicenceFile).where(LicenceFile.term_id == term.id))


def register_entry(row: Licence, today: date) -> RegisterEntry:
    """The public side of a licence."""
    term = row.terms[-1]
    return RegisterEntry(
        number=row.number,
        status=rules.status(row.state, term.ends_on, today),
        term=term.number,
        starts_on=term.starts_on,
        expires_on=term.ends_on,
        premises_ar=row.premises.name_ar,
        premises_en=row.premises.name_en,
        activity_ar=row.premises.activity.name_ar,
        activity_en=row.premises.activity.name_en,
        parcel=row.premises.parcel,
    )


def track_view(row: Application, definition: ServiceDefinition) -> TrackView:
    """The public side of an application."""
    state = definition.workflow.state(row.state)
    return TrackView(
        number=row.number,
        service_ar=definition.name.ar,
        service_en=definition.name.en,
        state=row.state,
        state_ar=state.name.ar,
        state_en=state.name.en,
        reasons=tuple(row.reasons),
        submitted_at=row.submitted_at,
        changed_at=row.changed_at,
        sla_days=definition.sla_days.value,
    )


def renewal_view(
    row: Application,
    definition: ServiceDefinition,
    licence: LicenceView,
    phone: str,
    charges: tuple[Charge, ...],
    demand: DemandView | None,
    late_days: int,
    instant: bool,
) -> RenewalView:
    """An application with everything its holder is shown."""
    state = definition.workflow.state(row.state)
    return RenewalView(
        id=row.id,
        number=row.number,
        service_ar=definition.name.ar,
        service_en=definition.name.en,
        state=row.state,
        state_ar=state.name.ar,
        state_en=state.name.en,
        open=row.open,
        reasons=tuple(row.reasons),
        licence=licence,
        confirmed=bool(row.answers),
        phone=row.answers.get("phone", phone),
        changed=row.answers.get("changed", False),
        change=row.answers.get("change", ""),
        charges=charges,
        amount=total([charge.amount for charge in charges], definition.currency),
        late_days=late_days,
        instant=instant,
        demand=demand,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        sla_days=definition.sla_days.value,
    )
