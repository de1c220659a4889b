"""What every job queue promises, on both databases."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from chalicelib.adapters.embedded import database_jobs
from chalicelib.adapters.embedded.database_jobs import DatabaseJobs, JobRow
from chalicelib.jobs.lanes import LANES
from chalicelib.ports.jobs import BACK_OFF, DONE_KEPT, MOST_ATTEMPTS, WORKER_LOST
from tests.aws_server import faults, refused
from tests.moving_clock import MovingClock
from tests.sqs_lanes import SqsLanes

LEASE = timedelta(seconds=60)


@pytest.fixture
def clock():
    return MovingClock()


@pytest.fixture(params=["looked for", "told of"])
def jobs(request, database, clock):
    bell = SqsLanes(request.getfixturevalue("aws")).bell if request.param == "told of" else None
    return DatabaseJobs(database, clock, bell)


def add(database, jobs, *keys, queue="read"):
    with database.transaction() as tx:
        for key in keys:
            jobs.add(tx, queue, key, {"key": key})


def ids(database):
    with database.reading() as tx:
        return tx.scalars(select(JobRow.id)).all()


def keys(database):
    with database.reading() as tx:
        return tx.scalars(select(JobRow.key).order_by(JobRow.key)).all()


def test_asking_twice_is_one_job(database, jobs):
    add(database, jobs, "a", "a")
    add(database, jobs, "a")
    assert jobs.pending() == 1
    first = jobs.claim(["read"], LEASE)
    assert jobs.finish(first)
    add(database, jobs, "a")
    assert jobs.claim(["read"], LEASE) is None


def test_a_job_asked_for_in_an_undone_transaction_is_none(database, jobs):
    def use_case():
        with database.transaction() as tx:
            jobs.add(tx, "read", "a", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use_case()
    assert jobs.claim(["read"], LEASE) is None


def test_only_the_asked_queues_are_served(database, jobs):
    add(database, jobs, "a", queue="index")
    assert jobs.claim(["read"], LEASE) is None
    assert jobs.claim(["read", "index"], LEASE).payload == {"key": "a"}


def test_a_leased_job_is_nobody_elses_until_the_lease_runs_out(database, jobs, clock):
    add(database, jobs, "a")
    first = jobs.claim(["read"], LEASE)
    assert jobs.claim(["read"], LEASE) is None
    clock.move(seconds=50)
    assert jobs.extend(first, LEASE)
    clock.move(seconds=50)
    assert jobs.claim(["read"], LEASE) is None
    clock.move(seconds=11)
    second = jobs.claim(["read"], LEASE)
    assert second.id == first.id
    assert second.attempts == 2


def test_a_worker_whose_lease_ran_out_cannot_close_the_job(database, jobs, clock):
    add(database, jobs, "a")
    late = jobs.claim(["read"], LEASE)
    clock.move(seconds=61)
    current = jobs.claim(["read"], LEASE)
    assert not jobs.finish(late)
    assert not jobs.fail(late, "late")
    assert not jobs.extend(late, LEASE)
    assert jobs.finish(current)


def test_one_job_can_be_taken_by_its_name_when_it_is_due(database, jobs, clock):
    with database.transaction() as tx:
        jobs.add(tx, "read", "a", {"key": "a"}, run_at=clock.now() + LEASE)
    job_id = next(iter(ids(database)))
    assert jobs.take(job_id, LEASE) == "ready"
    clock.move(seconds=60)
    taken = jobs.take(job_id, LEASE)
    assert (taken.id, taken.queue, taken.key, taken.payload, taken.attempts) == (
        job_id, "read", "a", {"key": "a"}, 1,
    )  # fmt: skip
    assert jobs.take(job_id, LEASE) == "running"
    clock.move(seconds=61)
    again = jobs.take(job_id, LEASE)
    assert again.attempts == 2
    assert jobs.finish(again)
    assert jobs.take(job_id, LEASE) == "done"
    assert jobs.take("never-there", LEASE) is None


def test_a_job_whose_workers_keep_dying_ends_dead(database, jobs, clock):
    add(database, jobs, "a")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert jobs.claim(["read"], LEASE).attempts == attempt
        assert jobs.tend(["read"]) == 0
        assert jobs.dead() == []
        clock.move(seconds=61)
    assert jobs.claim(["read"], LEASE) is None
    assert jobs.tend(["read"]) == 1
    [dead] = jobs.dead()
    assert dead.reason == WORKER_LOST


def test_a_job_that_brings_down_the_only_worker_at_each_start_ends_dead(database, jobs):
    add(database, jobs, "a", "b")
    for _ in range(MOST_ATTEMPTS):
        assert jobs.claim(["read"], LEASE).key == "a"
        jobs.release_leases()
    assert jobs.claim(["read"], LEASE).key == "b"
    assert [job.key for job in jobs.dead()] == ["a"]


def test_failures_wait_longer_each_time_and_end_dead_with_their_reason(database, jobs, clock):
    add(database, jobs, "a")
    for pause in BACK_OFF:
        jobs.fail(jobs.claim(["read"], LEASE), "disk-full")
        clock.move(seconds=pause, milliseconds=-1)
        assert jobs.claim(["read"], LEASE) is None
        clock.move(milliseconds=2)
    jobs.fail(jobs.claim(["read"], LEASE), "disk-full")
    clock.move(days=30)
    assert jobs.claim(["read"], LEASE) is None
    [dead] = jobs.dead()
    assert (dead.key, dead.reason, dead.state) == ("a", "disk-full", "dead")
    with database.transaction() as tx:
        assert jobs.retry(tx, dead.id)
        assert not jobs.retry(tx, dead.id)
    assert jobs.claim(["read"], LEASE).attempts == 1


def give_up(database, jobs, reason, *keys):
    add(database, jobs, *keys)
    for _ in keys:
        jobs.fail(jobs.claim(["read"], LEASE), reason, final=True)


def test_all_dead_jobs_of_one_reason_start_afresh_and_no_others(database, jobs):
    give_up(database, jobs, "store-unavailable: SlowDown", "a", "b", "c")
    give_up(database, jobs, "text-unprintable", "d")
    assert list(jobs.dead_reasons().items()) == [("store-unavailable: SlowDown", 3), ("text-unprintable", 1)]
    with database.transaction() as tx:
        retried = jobs.retry_all(tx, "store-unavailable: SlowDown")
        assert jobs.retry_all(tx, "store-unavailable: SlowDown") == []
        assert jobs.retry_all(tx, "no-such-reason") == []
    assert jobs.dead_reasons() == {"text-unprintable": 1}
    again = [jobs.claim(["read"], LEASE) for _ in range(3)]
    assert sorted(job.id for job in again) == retried
    assert sorted((job.key, job.attempts) for job in again) == [("a", 1), ("b", 1), ("c", 1)]
    assert jobs.claim(["read"], LEASE) is None


def test_so_many_dead_jobs_start_afresh_at_once_and_the_oldest_first(database, jobs, monkeypatch):
    monkeypatch.setattr(database_jobs, "RETRIED_AT_ONCE", 2)
    give_up(database, jobs, "disk-full", "a", "b", "c")
    with database.transaction() as tx:
        assert jobs.retry_all(tx, "disk-full") == sorted(ids(database))[:2]
    assert [job.id for job in jobs.dead()] == [max(ids(database))]
    with database.transaction() as tx:
        assert jobs.retry_all(tx, "disk-full") == [max(ids(database))]


def test_workers_are_told_of_all_that_start_afresh(database, clock, aws):
    lanes = SqsLanes(aws)
    keys = [f"{number}" for number in range(12)]
    give_up(database, DatabaseJobs(database, clock), "disk-full", *keys)
    with database.transaction() as tx:
        DatabaseJobs(database, clock, lanes.bell).retry_all(tx, "disk-full")
    assert sum(lanes.counts(lane)[0] for lane in LANES) == 12


def minutes(jobs, clock, count):
    for _ in range(count):
        clock.move(seconds=60)
        jobs.tend(["read"])


@pytest.fixture
def lanes(aws):
    return SqsLanes(aws)


@pytest.fixture
def told(database, clock, lanes):
    """Jobs whose workers are told of them, in the lane `prompt`."""
    return DatabaseJobs(database, clock, lanes.bell)


def messages(lanes):
    return lanes.counts("prompt")[0]


def test_what_waits_long_in_a_line_is_told_again_after_pauses_that_double(database, clock, lanes, told):
    add(database, told, "a", "b")
    minutes(told, clock, 4 * 60)
    # Once when they were added, then after 1, 2, 4, … 128 minutes; and not 240 times.
    assert messages(lanes) == 2 * (1 + 8)


def test_workers_are_told_soon_of_a_job_whose_worker_died_however_long_it_waited(
    database, clock, lanes, told
):
    add(database, told, "a")
    minutes(told, clock, 60)
    before = messages(lanes)
    assert told.claim(["read"], LEASE)
    minutes(told, clock, 2)
    assert messages(lanes) == before  # its lease has just run out
    minutes(told, clock, 1)
    assert messages(lanes) == before + 1
    assert told.claim(["read"], LEASE).attempts == 2


def test_what_could_not_be_told_for_long_is_told_as_soon_as_it_can_be(database, clock, lanes, told):
    with faults(lanes.bell._sqs, "SendMessageBatch", *[refused(403, "AccessDenied")] * 61) as met:
        add(database, told, "a")
        minutes(told, clock, 60)
    assert len(met) == 61 and messages(lanes) == 0
    minutes(told, clock, 1)
    assert messages(lanes) == 1


def test_a_job_taken_up_while_workers_are_told_keeps_no_pause(database, clock, lanes, told, monkeypatch):
    add(database, told, "a")
    ring = lanes.bell.ring

    def taken_meanwhile(wake_ups):
        rung = ring(wake_ups)
        assert told.claim(["read"], LEASE)
        return rung

    minutes(told, clock, 32)
    clock.move(seconds=32 * 60)
    monkeypatch.setattr(lanes.bell, "ring", taken_meanwhile)
    told.tend(["read"])
    monkeypatch.undo()
    before = messages(lanes)
    minutes(told, clock, 3)
    assert messages(lanes) == before + 1


def test_a_job_that_starts_afresh_is_told_as_if_new(database, clock, lanes, told):
    add(database, told, "a")
    minutes(told, clock, 32)
    told.fail(told.claim(["read"], LEASE), "disk-full", final=True)
    with database.transaction() as tx:
        assert told.retry_all(tx, "disk-full")
    before = messages(lanes)
    minutes(told, clock, 2)
    assert messages(lanes) == before + 2


def test_the_dead_are_told_by_queue_and_by_what_they_are_about(database, jobs):
    with database.transaction() as tx:
        for queue, key, subject in (("read", "a", "one"), ("read", "b", "two"), ("print", "c", "one")):
            jobs.add(tx, queue, key, {"subject": subject})
        jobs.add(tx, "read", "d", {"minute": "12:00"})
    for _ in range(4):
        jobs.fail(jobs.claim(["read", "print"], LEASE), "disk-full", final=True)
    add(database, jobs, "alive")
    assert {job.key for job in jobs.dead()} == {"a", "b", "c", "d"}
    assert {job.key for job in jobs.dead(queue="read")} == {"a", "b", "d"}
    assert [job.key for job in jobs.dead(queue="read", subject="one")] == ["a"]
    assert len(jobs.dead(limit=1, queue="read")) == 1
    with database.reading() as tx:
        told = tx.scalars(jobs.dead_messages("read")).all()
    assert sorted(message.get("subject", "none") for message in told) == ["none", "one", "two"]


def test_what_has_been_done_for_long_is_forgotten_and_nothing_else(database, jobs, clock):
    add(database, jobs, "done")
    assert jobs.finish(jobs.claim(["read"], LEASE))
    add(database, jobs, "dead")
    assert jobs.fail(jobs.claim(["read"], LEASE), "no-such-parcel", final=True)
    add(database, jobs, "under way")
    assert jobs.claim(["read"], 2 * DONE_KEPT).key == "under way"
    add(database, jobs, "later")
    add(database, jobs, "other", queue="index")
    assert jobs.finish(jobs.claim(["index"], LEASE))
    clock.move(seconds=DONE_KEPT.total_seconds(), milliseconds=-1)
    jobs.tend(["read"])
    assert keys(database) == ["dead", "done", "later", "other", "under way"]
    add(database, jobs, "done")
    assert keys(database) == ["dead", "done", "later", "other", "under way"]  # known until the last moment
    clock.move(milliseconds=2)
    jobs.tend(["read"])
    assert keys(database) == ["dead", "later", "other", "under way"]


def test_much_that_is_to_be_forgotten_goes_little_by_little(database, jobs, clock, monkeypatch):
    monkeypatch.setattr(database_jobs, "_FORGOTTEN", 2)
    add(database, jobs, *"abcde")
    while job := jobs.claim(["read"], LEASE):
        jobs.finish(job)
    clock.move(days=DONE_KEPT.days + 1)
    left = []
    for _ in range(3):
        jobs.tend(["read"])
        left.append(len(keys(database)))
    assert left == [3, 1, 0]


def test_a_hopeless_job_is_dead_at_once(database, jobs):
    add(database, jobs, "a")
    jobs.fail(jobs.claim(["read"], LEASE), "no-such-parcel", final=True)
    assert [job.reason for job in jobs.dead()] == ["no-such-parcel"]


def test_many_workers_do_every_job_once(database, jobs):
    add(database, jobs, *(f"job-{number}" for number in range(60)))
    done, lock = Counter(), threading.Lock()

    def work():
        while job := jobs.claim(["read"], LEASE):
            with lock:
                done[job.key] += 1
            jobs.finish(job)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 60
    assert set(done.values()) == {1}
