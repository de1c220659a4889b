"""What is told of jobs that wait: how many, since when, and which request they are for; on both databases."""

from datetime import timedelta

import pytest

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.database.engine import Database
from chalicelib.ports.jobs import Line
from chalicelib.telemetry.logs import about
from tests.moving_clock import MovingClock

LEASE = timedelta(minutes=1)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def jobs(database: Database, clock: MovingClock) -> DatabaseJobs:
    return DatabaseJobs(database, clock)


def add(
    database: Database, jobs: DatabaseJobs, queue: str, key: str, clock: MovingClock, later: int = 0
) -> None:
    with database.transaction() as tx:
        jobs.add(tx, queue, key, {}, clock.now() + timedelta(seconds=later))


def test_a_line_is_what_is_due_and_nobody_has_taken_up(
    database: Database, jobs: DatabaseJobs, clock: MovingClock
) -> None:
    assert jobs.line(["read", "index"]) == Line(0, 0.0)
    add(database, jobs, "read", "first", clock)
    clock.move(seconds=40)
    add(database, jobs, "index", "second", clock)
    add(database, jobs, "index", "not due", clock, later=60)
    add(database, jobs, "notify", "of another lane", clock)
    clock.move(seconds=5)
    assert jobs.line(["read", "index"]) == Line(2, 45.0)
    taken = jobs.claim(["read"], LEASE)
    assert taken is not None
    assert jobs.line(["read", "index"]) == Line(1, 5.0)
    clock.move(seconds=61)  # its worker died, and the third is due
    assert jobs.line(["read", "index"]) == Line(3, 106.0)


def test_a_job_knows_the_request_it_is_for_and_hands_it_on(
    database: Database, jobs: DatabaseJobs, clock: MovingClock
) -> None:
    with about(request_id="request-1"):
        add(database, jobs, "read", "asked for", clock)
    add(database, jobs, "index", "by itself", clock)
    first, second = jobs.claim(["read"], LEASE), jobs.claim(["index"], LEASE)
    assert first is not None and second is not None
    assert first.cause == {"request_id": "request-1"}
    assert second.cause == {}
    assert jobs.finish(first)


def test_a_job_of_the_release_before_has_no_cause(
    database: Database, jobs: DatabaseJobs, clock: MovingClock
) -> None:
    add(database, jobs, "read", "old", clock)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET cause = NULL")
    taken = jobs.claim(["read"], LEASE)
    assert taken is not None and taken.cause == {}
