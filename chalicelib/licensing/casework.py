"""Moving an application along its workflow: each step is an edge, written down, with its effects."""

import secrets
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chalicelib.database.outbox import Outbox
from chalicelib.kernel.actor import Actor, system
from chalicelib.kernel.ids import new_id
from chalicelib.licensing import rules
from chalicelib.licensing.definition import Action, Effect, Guard, ServiceDefinition
from chalicelib.licensing.events import ApplicationStopped, ApplicationSubmitted
from chalicelib.licensing.models import Application, ApplicationEvent, Licence
from chalicelib.parcels.municipality import Municipality
from chalicelib.payments.service import Payments
from chalicelib.ports.clock import Clock
from chalicelib.ports.jobs import Jobs

SCREENING = system("licensing.screening")
ISSUE_QUEUE = "issue_licence"


def subject_of(application_id: str) -> str:
    """What a renewal's demand is for."""
    return f"application:{application_id}"


def locked(tx: Session, application_id: str) -> Application | None:
    """The application, for this transaction alone."""
    return tx.scalar(
        select(Application)
        .where(Application.id == application_id)
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    )


class Casework:
    """Takes applications from state to state, in the caller's transaction."""

    def __init__(
        self, *, outbox: Outbox, jobs: Jobs, clock: Clock, payments: Payments, municipality: Municipality
    ) -> None:
        self._outbox = outbox
        self._jobs = jobs
        self._clock = clock
        self._payments = payments
        self._municipality = municipality

    def begin(self, tx: Session, definition: ServiceDefinition, licence: Licence) -> Application:
        """A new application for a licence, in the workflow's first state."""
        now = self._clock.now()
        row = Application(
            id=new_id(),
            number=rules.application_number(definition.application_prefix, secrets.randbits(40)),
            service_code=definition.code,
            service_version=definition.version,
            licence_id=licence.id,
            licence=licence,
            party=licence.holder,
            state=definition.workflow.initial.code,
            open=True,
            reasons=[],
            answers={},
            created_at=now,
            submitted_at=None,
            changed_at=now,
        )
        tx.add(row)
        tx.flush()
        return row

    def late_days(self, row: Application) -> int:
        """Days late, counted to the day it was sent in, or to today while it is a draft."""
        day = self._municipality.local_day(row.submitted_at or self._clock.now())
        ends_on = [term.ends_on for term in row.licence.terms if term.application_id != row.id][-1]
        return rules.days_late(ends_on, day)

    def held(self, tx: Session, definition: ServiceDefinition, row: Application) -> frozenset[Guard]:
        """The guards that hold for it now."""
        demand = self._payments.demand_for(tx, subject_of(row.id))
        return rules.guards_held(
            definition,
            confirmed=bool(row.answers),
            needs_inspection=row.licence.premises.activity.needs_inspection,
            changed=bool(row.answers.get("changed")),
            late=self.late_days(row),
            demand_paid=demand is not None and demand.state == "paid",
        )

    def take(
        self,
        tx: Session,
        definition: ServiceDefinition,
        row: Application,
        action: str,
        actor: Actor,
        roles: Collection[str],
        note: str = "",
    ) -> None:
        """One step by `actor`, and then those the system takes by itself. Raises ActionNotAllowed."""
        held = self.held(tx, definition, row)
        self._step(
            tx, definition, row, rules.take(definition.workflow, row.state, action, roles, held), actor, note
        )
        state = definition.workflow.state(row.state)
        if state.type == "DECISION" and any("system" in edge.roles for edge in state.actions):
            edge, reasons = rules.decide(definition.workflow, row.state, self.held(tx, definition, row))
            row.reasons = reasons
            self._step(tx, definition, row, edge, SCREENING, "")

    def _step(
        self,
        tx: Session,
        definition: ServiceDefinition,
        row: Application,
        edge: Action,
        actor: Actor,
        note: str,
    ) -> None:
        now = self._clock.now()
        taken = select(func.count()).where(ApplicationEvent.application_id == row.id)
        tx.add(
            ApplicationEvent(
                id=new_id(),
                application_id=row.id,
                sequence=(tx.scalar(taken) or 0) + 1,
                action=edge.code,
                from_state=row.state,
                to_state=edge.next_state,
                actor_kind=actor.kind,
                actor_id=actor.id,
                reasons=list(row.reasons),
                note=note,
                at=now,
            )
        )
        row.state, row.changed_at = edge.next_state, now
        row.open = edge.next_state not in definition.workflow.ends
        if edge.code == "submit":
            row.submitted_at = now
        for effect in edge.effects:
            self._effect(tx, definition, row, effect, actor)
        tx.flush()

    def _effect(
        self, tx: Session, definition: ServiceDefinition, row: Application, effect: Effect, actor: Actor
    ) -> None:
        match effect:
            case "raise-demand":
                self._payments.raise_demand(
                    tx,
                    subject=subject_of(row.id),
                    party=row.party,
                    charges=rules.fees(
                        definition,
                        row.licence.terms[-1].ends_on,
                        self._municipality.local_day(row.submitted_at or self._clock.now()),
                    ),
                    description=(
                        f"{definition.name.ar} - {row.licence.number}",
                        f"{definition.name.en} - {row.licence.number}",
                    ),
                )
            case "cancel-demand":
                self._payments.cancel_demand(tx, subject_of(row.id))
            case "queue-issue":
                self._jobs.add(tx, ISSUE_QUEUE, row.id, {"application": row.id})
            case "tell-submitted":
                self._outbox.publish(
                    tx,
                    actor,
                    ApplicationSubmitted(
                        subject=row.id,
                        party=row.party,
                        number=row.number,
                        service_ar=definition.name.ar,
                        service_en=definition.name.en,
                        licence=row.licence_id,
                    ),
                )
            case "tell-stopped":
                self._outbox.publish(
                    tx,
                    actor,
                    ApplicationStopped(subject=row.id, party=row.party, number=row.number, state=row.state),
                )
