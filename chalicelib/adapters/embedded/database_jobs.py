"""Jobs in a table of the database, claimed by one statement that is right on both engines."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from chalicelib.adapters.embedded.job_rows import JobRow, bury, due, forget
from chalicelib.database.engine import Database
from chalicelib.database.types import UtcDateTime
from chalicelib.kernel.ids import new_id
from chalicelib.ports.bell import Bell, WakeUp
from chalicelib.ports.clock import Clock
from chalicelib.ports.jobs import BACK_OFF, DONE_KEPT, RETRIED_AT_ONCE, Job, JobState, Line
from chalicelib.telemetry.cause import present_cause

# A wake-up takes seconds; what is due for longer was perhaps never told. Or it waits in a long line, and each wake-up
# would make the line of messages longer: so the second comes when it has waited twice as long, the third at four times.
_OVERDUE = timedelta(minutes=1)
_RUNG_AGAIN = 1000
# Done jobs of a queue that a minute forgets: more than a million a day, and few enough that nobody waits for it.
_FORGOTTEN = 1000


class DatabaseJobs:
    """The `Jobs` port over the municipality's own database; with a `bell`, workers are told of each job."""

    def __init__(self, database: Database, clock: Clock, bell: Bell | None = None) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def add(
        self, tx: Session, queue: str, key: str, payload: Mapping[str, Any], run_at: datetime | None = None
    ) -> None:
        now = self._clock.now()
        insert = sqlite_insert if self._database.is_sqlite else postgresql_insert
        row = {
            "id": new_id(),
            "queue": queue,
            "key": key,
            "payload": dict(payload),
            "state": "ready",
            "run_at": run_at or now,
            "attempts": 0,
            "added_at": now,
            "cause": dict(present_cause()),
        }
        added = tx.scalar(
            insert(JobRow)
            .values(**row)
            .on_conflict_do_nothing(index_elements=[JobRow.queue, JobRow.key])
            .returning(JobRow.id)
        )
        if added:
            self._ring_after(tx, WakeUp(added, queue, _seconds(now, run_at or now)))

    def claim(self, queues: Sequence[str], lease: timedelta) -> Job | None:
        now = self._clock.now()
        if self._database.is_sqlite and not self._due_exists(queues, now):
            return None  # look without the write lock first: an idle worker must not hold up the pages
        candidate = JobRow.__table__.alias()
        pick = (
            select(candidate.c.id)
            .where(candidate.c.queue.in_(queues), due(candidate.c, now))
            .order_by(candidate.c.run_at, candidate.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        with self._database.transaction() as tx:
            return self._lease(tx, JobRow.id == pick, now + lease)

    def take(self, job_id: str, lease: timedelta) -> Job | JobState | None:
        now = self._clock.now()
        with self._database.transaction() as tx:
            # Of two that ask at once the second waits for the row, and then finds it taken.
            if job := self._lease(tx, and_(JobRow.id == job_id, due(JobRow, now)), now + lease):
                return job
            return cast(JobState | None, tx.scalar(select(JobRow.state).where(JobRow.id == job_id)))

    def extend(self, job: Job, lease: timedelta) -> bool:
        return self._close(job, locked_until=self._clock.now() + lease)

    def finish(self, job: Job) -> bool:
        return self._close(job, state="done", locked_until=None, reason=None)

    def fail(self, job: Job, reason: str, final: bool = False) -> bool:
        if final or job.attempts > len(BACK_OFF):
            return self._close(job, state="dead", locked_until=None, reason=reason)
        pause = BACK_OFF[job.attempts - 1]
        run_at = self._clock.now() + timedelta(seconds=pause)
        closed = self._close(job, state="ready", locked_until=None, reason=reason, run_at=run_at)
        if closed and self._bell:
            # A second more: clocks differ, and who comes too early is not called again for a minute.
            self._bell.ring([WakeUp(job.id, job.queue, pause + 1)])
        return closed

    def dead(self, limit: int = 100, queue: str | None = None, subject: str | None = None) -> list[Job]:
        wanted = select(JobRow).where(JobRow.state == "dead").order_by(JobRow.id.desc()).limit(limit)
        if queue is not None:
            wanted = wanted.where(JobRow.queue == queue)
        if subject is not None:
            wanted = wanted.where(JobRow.payload["subject"].as_string() == subject)
        with self._database.reading() as tx:
            return [
                Job(row.id, row.queue, row.key, row.payload, row.attempts, "dead", row.run_at, row.reason)
                for row in tx.scalars(wanted)
            ]

    def dead_messages(self, queue: str) -> Select[tuple[Any]]:
        return select(JobRow.payload).where(JobRow.state == "dead", JobRow.queue == queue)

    def retry(self, tx: Session, job_id: str) -> bool:
        return self._revive(tx, JobRow.id == job_id) == [job_id]

    def dead_reasons(self) -> Mapping[str, int]:
        counted = select(JobRow.reason, func.count()).where(JobRow.state == "dead").group_by(JobRow.reason)
        with self._database.reading() as tx:
            found = {reason or "": count for reason, count in tx.execute(counted)}
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def retry_all(self, tx: Session, reason: str) -> list[str]:
        oldest = (
            select(JobRow.id)
            .where(JobRow.state == "dead", JobRow.reason == reason)
            .order_by(JobRow.id)
            .limit(RETRIED_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        return self._revive(tx, JobRow.id.in_(tx.scalars(oldest).all()))

    def tend(self, queues: Sequence[str]) -> int:
        now = self._clock.now()
        with self._database.transaction() as tx:
            lost = _changed(tx, bury(JobRow.locked_until < now))
        for queue in queues:  # a transaction each: at home nobody else writes meanwhile
            with self._database.transaction() as tx:
                tx.execute(forget(queue, now - DONE_KEPT, _FORGOTTEN))
        for queue in queues if self._bell else ():
            self._ring_overdue(queue, now)
        return lost

    def release_leases(self) -> int:
        """Make every leased job due at once; for the only worker of a database, when it starts."""
        now = self._clock.now()
        release = update(JobRow).where(JobRow.state == "running").values(state="ready", run_at=now)
        with self._database.transaction() as tx:
            tx.execute(bury(true()))
            return _changed(tx, release)

    def line(self, queues: Sequence[str]) -> Line:
        now = self._clock.now()
        look = select(func.count(), func.min(JobRow.run_at)).where(JobRow.queue.in_(queues), due(JobRow, now))
        with self._database.reading() as tx:
            waiting, since = tx.execute(look).one()
        return Line(waiting, (now - since).total_seconds() if since else 0.0)

    def pending(self, queues: Sequence[str] | None = None) -> int:
        count = select(func.count()).where(JobRow.state.in_(["ready", "running"]))
        if queues is not None:
            count = count.where(JobRow.queue.in_(queues))
        with self._database.reading() as tx:
            return tx.scalar(count) or 0

    def _revive(self, tx: Session, which: Any) -> list[str]:
        fresh = (
            update(JobRow)
            .where(which, JobRow.state == "dead")
            .values(state="ready", attempts=0, run_at=self._clock.now(), ring_at=None)
            .returning(JobRow.id, JobRow.queue)
            .execution_options(synchronize_session=False)
        )
        revived = tx.execute(fresh).all()
        for job_id, queue in revived:
            self._ring_after(tx, WakeUp(job_id, queue))
        return sorted(job_id for job_id, _ in revived)

    def _ring_after(self, tx: Session, wake_up: WakeUp) -> None:
        """Ring when the transaction is committed, once for all that it asked for."""
        if self._bell is None:
            return
        bell, waiting = self._bell, tx.info.setdefault("wake_ups", [])
        waiting.append(wake_up)
        if len(waiting) == 1:
            self._database.afterwards(tx, lambda: bell.ring(waiting))

    def _ring_overdue(self, queue: str, now: datetime) -> None:
        overdue = and_(JobRow.queue == queue, due(JobRow, now - _OVERDUE))
        silent = or_(JobRow.ring_at.is_(None), JobRow.ring_at <= now)
        since = case((JobRow.state == "ready", JobRow.run_at), else_=JobRow.locked_until)
        oldest = (
            select(JobRow.id, JobRow.attempts, type_coerce(since, UtcDateTime))
            .where(overdue, silent)
            .order_by(JobRow.run_at, JobRow.id)
            .limit(_RUNG_AGAIN)
        )
        with self._database.reading() as tx:
            late = tx.execute(oldest).all()
        if not self._bell or not late:
            return
        rung = {wake_up.job for wake_up in self._bell.ring([WakeUp(job_id, queue) for job_id, _, _ in late])}
        if not rung:
            return
        # Not those that somebody took up meanwhile: if that worker dies, its own time counts.
        again = (
            update(JobRow)
            .where(JobRow.id == bindparam("job"), JobRow.attempts == bindparam("attempt"))
            .values(ring_at=bindparam("at"))
        )
        told = [
            {"job": job_id, "attempt": attempts, "at": now + (now - since)}
            for job_id, attempts, since in late
            if job_id in rung
        ]
        with self._database.transaction() as tx:
            tx.connection().execute(again, told)

    def _lease(self, tx: Session, which: Any, until: datetime) -> Job | None:
        claim = (
            update(JobRow)
            .where(which)
            .values(state="running", locked_until=until, attempts=JobRow.attempts + 1, ring_at=None)
            .returning(
                JobRow.id,
                JobRow.queue,
                JobRow.key,
                JobRow.payload,
                JobRow.attempts,
                JobRow.run_at,
                JobRow.cause,
            )
            .execution_options(synchronize_session=False)
        )
        row = tx.execute(claim).one_or_none()
        if row is None:
            return None
        cause = row.cause or {}  # those of the release before have none
        return Job(row.id, row.queue, row.key, row.payload, row.attempts, "running", row.run_at, cause=cause)

    def _due_exists(self, queues: Sequence[str], now: datetime) -> bool:
        look = select(JobRow.id).where(JobRow.queue.in_(queues), due(JobRow, now)).limit(1)
        with self._database.reading() as tx:
            return tx.scalar(look) is not None

    def _close(self, job: Job, **values: Any) -> bool:
        # `attempts` is the fencing token: a worker whose lease ran out cannot close another's job.
        ours = and_(JobRow.id == job.id, JobRow.attempts == job.attempts, JobRow.state == "running")
        with self._database.transaction() as tx:
            return _changed(tx, update(JobRow).where(ours).values(**values)) == 1


def _changed(tx: Session, statement: Update) -> int:
    """How many rows the statement changed."""
    return cast(CursorResult[Any], tx.execute(statement)).rowcount


def _seconds(now: datetime, then: datetime) -> int:
    return max(0, ceil((then - now).total_seconds()))
