"""The worker: claims due jobs one by one and runs their handlers."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.jobs.errors import Hopeless
from chalicelib.jobs.lanes import LANES, queues_of
from chalicelib.jobs.registry import every_minute, handlers
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.ids import is_id
from chalicelib.ports.jobs import BACK_OFF, Job
from chalicelib.telemetry.cause import REQUEST, TRACE
from chalicelib.telemetry.logs import about
from chalicelib.telemetry.traces import span

if TYPE_CHECKING:
    from chalicelib.bootstrap import Diwan

log = logging.getLogger("diwan.jobs")
LEASE = timedelta(seconds=60)
_BEAT = 15.0
# Seconds between two looks at an empty queue: work often follows work, and an idle town should cost nothing.
_SOON, _LATER = 0.05, 0.4


def run_job(diwan: "Diwan", job: Job) -> bool:
    """Run one claimed job to a closed state; True when it is done.

    The lease is renewed beside the work, so a long job is not taken by another worker
    while this one lives, and is taken soon after this one dies.
    """
    stop = threading.Event()
    heart = threading.Thread(target=_beat, args=(diwan, job, stop), daemon=True)
    heart.start()
    try:
        with about(request_id=job.cause.get(REQUEST), job=job.id, queue=job.queue, **_ids(job)):
            return _run(diwan, job)
    finally:
        stop.set()


def _run(diwan: "Diwan", job: Job) -> bool:
    began = time.perf_counter()
    try:
        with span(f"process {job.queue}", "consumer", job.cause.get(TRACE), job=job.id, **_ids(job)):
            handlers()[job.queue](diwan, job.payload)
    except Hopeless as hopeless:
        diwan.jobs.fail(job, hopeless.reason, final=True)
        log.error("job is hopeless", extra={"reason": hopeless.reason, "metrics": {"JobsDead": 1}})
        return False
    except Exception as error:
        diwan.jobs.fail(job, _reason(error))
        ends = job.attempts > len(BACK_OFF)
        metrics = {"JobsDead": 1} if ends else {"JobsFailed": 1}
        log.exception("job failed", extra={"attempt": job.attempts, "metrics": metrics})
        return False
    diwan.jobs.finish(job)
    took = round((time.perf_counter() - began) * 1000)
    log.info("job done", extra={"metrics": {"JobsDone": 1, "JobDuration": took}})
    return True


def _ids(job: Job) -> dict[str, str]:
    """The ids in a job's message; the subject of what the archive tells is a document."""
    ids = {name: value for name, value in job.payload.items() if isinstance(value, str) and is_id(value)}
    if "subject" in ids and str(job.payload.get("name")).startswith("archive."):
        ids["document"] = ids.pop("subject")
    return ids


def work(diwan: "Diwan", queues: Sequence[str], stop: threading.Event) -> None:
    """Work on `queues` until told to stop; a job under way is finished first."""
    pause = _SOON
    while not stop.is_set():
        try:
            job = diwan.jobs.claim(queues, LEASE)
        except Exception:
            log.exception("cannot claim")
            stop.wait(1.0)
            continue
        if job is None:
            stop.wait(pause)
            pause = min(pause * 1.5, _LATER)
            continue
        pause = _SOON
        try:
            run_job(diwan, job)
        except Exception:
            # Its end could not be written down: the lease runs out, and it is done again.
            log.exception("cannot close", extra={"queue": job.queue, "job": job.id})
            stop.wait(1.0)


def work_until_idle(diwan: "Diwan", queues: Sequence[str] | None = None) -> int:
    """Run what is due now, and what that makes due; how many jobs ran."""
    chosen, count = list(queues or handlers()), 0
    while job := diwan.jobs.claim(chosen, LEASE):
        run_job(diwan, job)
        count += 1
    return count


def ask_each_minute(diwan: "Diwan", now: datetime) -> None:
    """Ask for the work that is due every minute, and see to what lies overdue; the key makes two askers ask once."""
    minute = now.strftime("%Y-%m-%dT%H:%M")
    with diwan.database.transaction() as tx:
        for queue in every_minute():
            diwan.jobs.add(tx, queue, minute, {"minute": minute})
    if lost := diwan.jobs.tend(tuple(handlers())):
        log.error("jobs outlived all their workers", extra={"metrics": {"JobsDead": lost}})
    for lane in LANES:
        line = diwan.jobs.line(queues_of(lane))
        if line.waiting:
            metrics = {"JobsWaiting": line.waiting, "QueueAge": line.oldest}
            log.info("jobs wait", extra={"lane": lane, "metrics": metrics})


def _reason(error: Exception) -> str:
    """Why, for people to read: our code of it, and a store's own."""
    if not isinstance(error, Refusal):
        return type(error).__name__
    return f"{error.code}: {error.data['reason']}" if "reason" in error.data else error.code


def _beat(diwan: "Diwan", job: Job, stop: threading.Event) -> None:
    while not stop.wait(_BEAT):
        try:
            if not diwan.jobs.extend(job, LEASE):
                return
        except Exception:
            # A database that is away for one beat may be back at the next; the lease outlasts three.
            log.exception("cannot extend", extra={"queue": job.queue, "job": job.id})
