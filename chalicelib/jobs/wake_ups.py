"""What a message of a lane wakes: the job it names is taken from the database, and done."""

import json
import logging
from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING, Any

from chalicelib.jobs.worker import LEASE, run_job
from chalicelib.ports.jobs import Job

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

log = logging.getLogger("diwan.wake_ups")
# Milliseconds in which most jobs are done. What is begun later would be killed in mid-work, and wait out its lease.
_TO_BEGIN = 15_000


def answer_wake_ups(
    diwan: "Diwan", event: Mapping[str, Any], milliseconds_left: Callable[[], float] = lambda: inf
) -> dict[str, Any]:
    """Do the jobs that the messages of an SQS event name; one that fails is put back in the database, not here.

    The answer names the messages to be given again, as ReportBatchItemFailures asks: those of a job that another
    function has in hand (it may die), those that met a database that was away, those that nobody understands, and
    those that were not begun because the function will soon be stopped. SQS sets them aside after its tries.
    """
    failed = []
    for number, message in enumerate(event["Records"]):
        try:
            answered = (number == 0 or milliseconds_left() > _TO_BEGIN) and _answer(
                diwan, _job_of(message["body"])
            )
        except Exception:
            log.exception("wake-up failed", extra={"message_id": message["messageId"]})
            answered = False
        if not answered:
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def _job_of(body: str) -> str:
    """The job a message names; raises ValueError, KeyError or TypeError for what is none of ours."""
    job = json.loads(body)["job"]
    if not isinstance(job, str):
        raise TypeError
    return job


def _answer(diwan: "Diwan", job_id: str) -> bool:
    """Whether the message has done its work."""
    taken = diwan.jobs.take(job_id, LEASE)
    if isinstance(taken, Job):
        run_job(diwan, taken)
        return True
    if taken is None:
        # The transaction that asked for it was undone after all.
        log.info("no such job", extra={"job": job_id})
    # Done or dead: told twice. Ready: it waits out a pause, and will be told when that is over.
    return taken != "running"
