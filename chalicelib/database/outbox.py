"""Events committed with the rows they tell of, each fanned out to its subscribers as jobs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.types import Id, Json, UtcDateTime
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.events import Event
from chalicelib.kernel.ids import new_id
from chalicelib.ports.clock import Clock
from chalicelib.ports.jobs import Jobs


class EventRow(Base):
    """A fact as published; rows are never changed or removed."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_subject", "subject", "sequence"),)

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    id: Mapped[str] = mapped_column(Id, unique=True)
    name: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Outbox:
    """Publishes events in the caller's transaction.

    `subscriptions` maps an event name to the queues that want it; the name "*" is for
    those that want every event. Each gets one job keyed by the event's id, with payload
    `{"event": id, "name": …, "subject": …, "actor": …, "at": …, "payload": {…}}`.
    """

    def __init__(self, jobs: Jobs, clock: Clock, subscriptions: Mapping[str, Sequence[str]]) -> None:
        self._jobs = jobs
        self._clock = clock
        self._subscriptions = subscriptions

    def publish(self, tx: Session, actor: Actor, *events: Event) -> None:
        """Record `events` and ask for their handling; nothing is called here."""
        for event in events:
            now = self._clock.now()
            row = EventRow(
                id=new_id(),
                name=event.name,
                subject=event.subject,
                payload=event.payload(),
                actor_kind=actor.kind,
                actor_id=actor.id,
                at=now,
            )
            tx.add(row)
            message = {
                "event": row.id,
                "name": event.name,
                "subject": event.subject,
                "actor": {"kind": actor.kind, "id": actor.id},
                "at": now.isoformat(),
                "payload": row.payload,
            }
            queues = (*self._subscriptions.get(event.name, ()), *self._subscriptions.get("*", ()))
            # A use case may tell of what it has not finished filling in: nothing is written before it has.
            with tx.no_autoflush:
                for queue in queues:
                    self._jobs.add(tx, queue, row.id, message)
