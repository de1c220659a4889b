"""The table of jobs, what makes a job due, and what makes it hopeless."""

from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Index, Integer, String, Text, Update, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.types import Id, Json, UtcDateTime
from chalicelib.ports.jobs import MOST_ATTEMPTS, WORKER_LOST


class JobRow(Base):
    """One job; (queue, key) is what makes asking twice harmless.

    `ring_at` is when workers are told of it again, if it is due then; nothing until they have been told twice.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("uq_jobs_queue_key", "queue", "key", unique=True),
        Index("ix_jobs_due", "state", "queue", "run_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    queue: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="ready")
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cause: Mapped[dict[str, str] | None] = mapped_column(Json)
    ring_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def due(columns: Any, now: datetime) -> Any:
    """Ready and its time has come, or left lying by a worker whose lease ran out."""
    return or_(
        and_(columns.state == "ready", columns.run_at <= now),
        and_(columns.state == "running", columns.locked_until < now, columns.attempts < MOST_ATTEMPTS),
    )


def bury(which: Any) -> Update:
    """Makes dead what killed, or outlived, all its workers."""
    hopeless = and_(JobRow.state == "running", JobRow.attempts >= MOST_ATTEMPTS, which)
    return update(JobRow).where(hopeless).values(state="dead", locked_until=None, reason=WORKER_LOST)


def forget(queue: str, since: datetime, some: int) -> Delete:
    """Removes some done jobs of a queue, those first that were due the longest before `since`."""
    old = (
        select(JobRow.id)
        .where(JobRow.state == "done", JobRow.queue == queue, JobRow.run_at < since)
        .order_by(JobRow.run_at)
        .limit(some)
        .with_for_update(skip_locked=True)
    )
    return delete(JobRow).where(JobRow.id.in_(old))
