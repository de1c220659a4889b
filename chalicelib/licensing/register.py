"""Entering what the municipality already has on paper: activities, shops, licences and their past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.licensing.models import Activity, Licence, LicenceEvent, LicenceTerm, Premises, Violation
from chalicelib.licensing.rules import Term, overlapping


@dataclass(frozen=True)
class PastEvent:
    """Something that happened to a licence before Diwan: kind, day, reason in Arabic and English."""

    kind: str
    on: date
    reason: tuple[str, str]


@dataclass(frozen=True)
class PastViolation:
    """A violation on file; `state` is unpaid or paid."""

    number: str
    article: str
    what: tuple[str, str]
    recorded_on: date
    amount: Money
    state: str


def register_activity(
    tx: Session, *, code: str, name: tuple[str, str], fee_class: str, needs_inspection: bool
) -> None:
    """Enter an activity, or bring it up to date. Names are (Arabic, English)."""
    tx.merge(
        Activity(
            code=code,
            name_ar=name[0],
            name_en=name[1],
            fee_class=fee_class,
            needs_inspection=needs_inspection,
        )
    )
    tx.flush()


def register_premises(
    tx: Session,
    *,
    number: str,
    name: tuple[str, str],
    activity: str,
    parcel: str,
    unit: str,
    area_m2: int,
    commercial_licence: str,
    owner: str,
) -> str:
    """Enter a shop; its id. A number already entered keeps its row."""
    known = tx.scalar(select(Premises.id).where(Premises.number == number))
    if known is not None:
        return known
    row = Premises(
        id=new_id(),
        number=number,
        name_ar=name[0],
        name_en=name[1],
        activity_code=activity,
        parcel=parcel,
        unit=unit,
        area_m2=area_m2,
        commercial_licence=commercial_licence,
        owner=owner,
    )
    tx.add(row)
    tx.flush()
    return row.id


def register_licence(
    tx: Session,
    *,
    number: str,
    service: str,
    premises: str,
    activity: str,
    holder: str,
    state: str,
    terms: Sequence[Term],
    events: Sequence[PastEvent] = (),
    violations: Sequence[PastViolation] = (),
) -> str:
    """Enter a licence with its terms and past; its id. A number already entered keeps its row.

    ValueError when it has no term, or terms that overlap.
    """
    known = tx.scalar(select(Licence.id).where(Licence.number == number))
    if known is not None:
        return known
    if not terms or overlapping(terms):
        raise ValueError(f"{number}: a licence has terms, and they do not overlap")
    row = Licence(
        id=new_id(),
        number=number,
        service=service,
        premises_id=premises,
        activity_code=activity,
        holder=holder,
        state=state,
    )
    tx.add(row)
    tx.flush()
    tx.add_all(
        LicenceTerm(
            id=new_id(),
            licence_id=row.id,
            number=term.number,
            kind="new" if term.number == 1 else "renewal",
            starts_on=term.starts_on,
            ends_on=term.ends_on,
        )
        for term in terms
    )
    tx.add_all(
        LicenceEvent(
            id=new_id(),
            licence_id=row.id,
            kind=event.kind,
            on=event.on,
            reason_ar=event.reason[0],
            reason_en=event.reason[1],
        )
        for event in events
    )
    tx.add_all(
        Violation(
            number=violation.number,
            licence_id=row.id,
            article=violation.article,
            what_ar=violation.what[0],
            what_en=violation.what[1],
            recorded_on=violation.recorded_on,
            minor=violation.amount.minor,
            currency=violation.amount.currency,
            state=violation.state,
        )
        for violation in violations
    )
    tx.flush()
    return row.id
