"""Giving stopped jobs a fresh start, by somebody whose name is kept."""

from typing import TYPE_CHECKING

from chalicelib.identity.permissions import Permission, permit
from chalicelib.jobs.events import JobRetried, ReasonRetried
from chalicelib.kernel.actor import Actor

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
