"""Work to be done later, at least once, in an order nobody should rely on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy import Select
from sqlalchemy.orm import Session

JobState = Literal["ready", "running", "done", "dead"]

# Seconds to wait after the first, second, … failed attempt; after the last one the job is dead.
BACK_OFF = (1, 5, 30, 120, 600)
# Attempts after which a job is dead although none of them failed: whoever took it up died each time.
MOST_ATTEMPTS = 20
WORKER_LOST = "worker-lost"
# How long a done job is remembered: until then, asking for it again is no second job. Whoever asks twice does so within
# hours (a transaction tried again, a message redelivered); what the job did keeps a key of its own for ever.
DONE_KEPT = timedelta(days=30)
# How many dead jobs one call starts afresh: workers are told of each, while somebody waits for the page.
RETRIED_AT_ONCE = 1000


@dataclass(frozen=True)
class Job:
    """One claimed or listed piece of work; `attempts` counts the present one, `cause` says what asked for it."""

    id: str
    queue: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    state: JobState
    run_at: datetime
    reason: str | None = None
    cause: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """What is due and not taken up: how many jobs, and for how many seconds the oldest has been due."""

    waiting: int
    oldest: float


class Jobs(Protocol):
    """A queue whose rows are committed with the work that asked for them.

    A job is unique by (queue, key): adding it again is no second job, until it has been done for DONE_KEPT.
    Delivery is at least once: a worker that dies holds its lease until it runs out, then another takes
    the job. Handlers are therefore idempotent by a key of their own.
    """

    def add(
        self, tx: Session, queue: str, key: str, payload: Mapping[str, Any], run_at: datetime | None = None
    ) -> None:
        """Ask for work, in the caller's transaction. The same (queue, key) twice is one job."""
        ...

    def claim(self, queues: Sequence[str], lease: timedelta) -> Job | None:
        """Take one due job for `lease`, or None when nothing is due."""
        ...

    def take(self, job_id: str, lease: timedelta) -> Job | JobState | None:
        """Take this one job for `lease`, when it is due.

        Else its state: ready (due later), running (another's), done or dead; None when there is no such job.
        """
        ...

    def extend(self, job: Job, lease: timedelta) -> bool:
        """Keep a long job longer; False when it is no longer ours (stop working on it)."""
        ...

    def finish(self, job: Job) -> bool:
        """Close a job; False when the lease had run out and another worker has it."""
        ...

    def fail(self, job: Job, reason: str, final: bool = False) -> bool:
        """Put a job back after its back-off, or make it dead when attempts are used up or `final`."""
        ...

    def dead(self, limit: int = 100, queue: str | None = None, subject: str | None = None) -> list[Job]:
        """Jobs nobody will run again by themselves, newest first, each with its reason.

        Only those of a queue, and those whose payload names this `subject`, where that is given.
        """
        ...

    def dead_messages(self, queue: str) -> Select[tuple[Any]]:
        """The same of one queue as a query with the one column `payload`, for a caller's own query to look into."""
        ...

    def retry(self, tx: Session, job_id: str) -> bool:
        """Give a dead job a fresh start; False when it is not dead."""
        ...

    def dead_reasons(self) -> Mapping[str, int]:
        """How many dead jobs each reason has, the most first."""
        ...

    def retry_all(self, tx: Session, reason: str) -> list[str]:
        """Give dead jobs of this reason a fresh start, the oldest first, RETRIED_AT_ONCE at most; their ids."""
        ...

    def tend(self, queues: Sequence[str]) -> int:
        """What time does to jobs; for once a minute. How many became dead.

        A job whose workers died MOST_ATTEMPTS times is dead, with WORKER_LOST for a reason. Of each queue some jobs
        that were due, and are done, for longer than DONE_KEPT are forgotten; dead ones never, for they wait for
        somebody. Where workers are told of work rather than look for it, they are told again of what is overdue, after
        pauses that double: what waits for hours in a long line is told of a few times, not each minute.
        """
        ...

    def release_leases(self) -> int:
        """Make every leased job due at once, and say how many; for the only worker there is, when it starts."""
        ...

    def line(self, queues: Sequence[str]) -> Line:
        """How long the line of these queues is now."""
        ...

    def pending(self, queues: Sequence[str] | None = None) -> int:
        """How many jobs are ready or running."""
        ...
