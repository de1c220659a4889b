"""Giving stopped jobs, and messages that were set aside, a fresh start, by somebody whose name is kept."""

from typing import TYPE_CHECKING

from chalicelib.identity.permissions import Permission, permit
from chalicelib.jobs.events import JobRetried, MessagesSentBack, ReasonRetried
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import NotFound

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

# What a subject may hold; a reason may be longer.
_SUBJECT = 80


def retry(diwan: "Diwan", actor: Actor, job: str) -> None:
    """Give a stopped job a fresh start; nothing where it is not stopped any more."""
    permit(actor, Permission.RETRY_JOBS)
    with diwan.database.transaction() as tx:
        if diwan.jobs.retry(tx, job):
            diwan.outbox.publish(tx, actor, JobRetried(job))


def retry_all(diwan: "Diwan", actor: Actor, reason: str) -> int:
    """Give the stopped jobs of one reason a fresh start, as many as go at once; how many."""
    permit(actor, Permission.RETRY_JOBS)
    with diwan.database.transaction() as tx:
        jobs = diwan.jobs.retry_all(tx, reason)
        if jobs:
            diwan.outbox.publish(tx, actor, ReasonRetried(reason[:_SUBJECT], reason, len(jobs), jobs))
    return len(jobs)


def send_back(diwan: "Diwan", actor: Actor, lane: str) -> None:
    """Send the messages that a line set aside back to it. NotFound where there is no such line."""
    permit(actor, Permission.RETRY_JOBS)
    line = next((line for line in diwan.bell.lines() if line.lane == lane), None) if diwan.bell else None
    if diwan.bell is None or line is None:
        raise NotFound()
    if line.aside:
        # Before it is done: when the queue falls silent half way, nobody knows what it has done.
        with diwan.database.transaction() as tx:
            diwan.outbox.publish(tx, actor, MessagesSentBack(lane, line.aside))
        diwan.bell.send_back(lane)
