"""What the worker's threads survive, on both databases."""

import threading
from datetime import timedelta
from types import SimpleNamespace

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.jobs import worker
from tests.moving_clock import MovingClock


class Faltering(DatabaseJobs):
    """Loses its database whenever `faults` are left."""

    faults = 0

    def _close(self, job, **values):
        if self.faults:
            self.faults -= 1
            raise ConnectionError
        return super()._close(job, **values)


def test_a_worker_outlives_a_database_that_is_away_when_a_job_ends(database, monkeypatch):
    clock, stop, done = MovingClock(), threading.Event(), []
    jobs = Faltering(database, clock)
    jobs.faults = 1
    with database.transaction() as tx:
        for key in ("first", "second"):
            jobs.add(tx, "read", key, {"key": key})

    def handle(_diwan, payload):
        done.append(payload["key"])
        if len(done) == 2:
            stop.set()

    monkeypatch.setattr(worker, "handlers", lambda: {"read": handle})
    worker.work(SimpleNamespace(jobs=jobs), ["read"], stop)
    assert sorted(done) == ["first", "second"]
    # The one that could not be closed is taken up again once its lease has run out.
    assert jobs.claim(["read"], timedelta(minutes=1)) is None
    clock.move(seconds=61)
    assert jobs.claim(["read"], timedelta(minutes=1)).payload == {"key": done[0]}


def test_a_lease_is_kept_up_through_a_moment_without_database(database, monkeypatch):
    jobs = Faltering(database, MovingClock())
    with database.transaction() as tx:
        jobs.add(tx, "read", "long", {})
    monkeypatch.setattr(worker, "_BEAT", 0.05)
    extended = threading.Event()

    def extend(job, lease):
        kept = DatabaseJobs.extend(jobs, job, lease)
        extended.set()
        return kept

    jobs.extend = extend
    jobs.faults = 1
    monkeypatch.setattr(worker, "handlers", lambda: {"read": lambda *_: extended.wait(10)})
    assert worker.run_job(SimpleNamespace(jobs=jobs), jobs.claim(["read"], timedelta(minutes=1)))
    assert extended.is_set()
