"""Jobs with SQS in front: the database is the truth, messages wake, and whatever happens to them nothing is lost."""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.database.engine import Database
from chalicelib.jobs import worker
from chalicelib.jobs.errors import Hopeless
from chalicelib.jobs.wake_ups import answer_wake_ups
from chalicelib.ports.jobs import BACK_OFF, MOST_ATTEMPTS
from chalicelib.ports.stores import StoreUnavailable
from tests.aws_server import AwsServer, Fault, answer, faults, half_done, refused, unheard
from tests.moving_clock import MovingClock
from tests.sqs_lanes import TRIES, SqsLanes, event

READ, ISSUE = "read_document", "issue_licence"
Work = Callable[[Mapping[str, Any]], None]


class Killed(BaseException):
    """The function's process ends here."""


class Office:
    """A Diwan with jobs only, and a handler that tests choose."""

    def __init__(self, aws: AwsServer, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lanes = SqsLanes(aws)
        self.clock = MovingClock()
        self.database = database
        self.jobs = DatabaseJobs(database, self.clock, self.lanes.bell)
        self.diwan: Any = SimpleNamespace(jobs=self.jobs, database=database)
        self.done: Counter[str] = Counter()
        self.work: Work = lambda _payload: None
        queues = (READ, ISSUE)
        monkeypatch.setattr(worker, "handlers", lambda: dict.fromkeys(queues, self._handle))
        monkeypatch.setattr(worker, "every_minute", lambda: ())

    def _handle(self, _diwan: object, payload: Mapping[str, Any]) -> None:
        self.work(payload)
        self.done[payload["key"]] += 1

    def add(self, *keys: str, queue: str = READ) -> None:
        with self.database.transaction() as tx:
            for key in keys:
                self.jobs.add(tx, queue, key, {"key": key})

    def deliver(self, lane: str = "reading") -> tuple[int, int]:
        return self.lanes.deliver(self.diwan, lane)

    def minute(self) -> None:
        self.clock.move(seconds=61)
        worker.ask_each_minute(self.diwan, self.clock.now())


@pytest.fixture
def office(aws: AwsServer, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    return Office(aws, database, monkeypatch)


# What is committed is told


def test_every_committed_job_is_told_once_to_its_lane(office: Office) -> None:
    office.add("a", "a", "b")
    office.add("b")
    office.add("c", queue=ISSUE)
    told = [json.loads(message["Body"]) for message in office.lanes.receive("reading")]
    assert [message["queue"] for message in told] == [READ, READ]
    assert len({message["job"] for message in told}) == 2
    assert [json.loads(message["Body"])["queue"] for message in office.lanes.receive("issuing")] == [ISSUE]


def test_what_is_undone_is_told_to_nobody(office: Office) -> None:
    def use_case() -> None:
        with office.database.transaction() as tx:
            office.jobs.add(tx, READ, "a", {"key": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use_case()
    assert office.lanes.counts("reading") == (0, 0, 0)


def test_a_job_undone_alone_is_told_for_nothing(office: Office) -> None:
    with office.database.transaction() as tx:
        with tx.begin_nested() as part:
            office.jobs.add(tx, READ, "a", {"key": "a"})
            part.rollback()
        office.jobs.add(tx, READ, "b", {"key": "b"})
    assert office.deliver() == (2, 0)
    assert office.done == {"b": 1}


def test_a_large_batch_is_told_whole(office: Office) -> None:
    office.add(*(f"job-{number}" for number in range(25)))
    assert [office.deliver()[0] for _ in range(4)] == [10, 10, 5, 0]
    assert len(office.done) == 25 and set(office.done.values()) == {1}


@pytest.mark.parametrize(
    "fault",
    [
        refused(400, "ThrottlingException"),
        refused(503, "ServiceUnavailable"),
        refused(403, "AccessDenied"),
        refused(403, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2"),
        unheard(ReadTimeoutError(endpoint_url="sqs")),
        unheard(EndpointConnectionError(endpoint_url="sqs")),
        half_done(ReadTimeoutError(endpoint_url="sqs")),
    ],
)
def test_a_message_that_is_lost_loses_no_job(office: Office, fault: Fault) -> None:
    with faults(office.lanes.bell._sqs, "SendMessageBatch", *[fault] * 3) as met:
        office.add("a")  # the clerk is not told: the work is committed
    assert met
    office.deliver()
    office.minute()
    while office.deliver() != (0, 0):
        pass
    assert office.done == {"a": 1}


def test_of_messages_that_were_partly_refused_the_rest_is_told_a_minute_later(office: Office) -> None:
    def partly(request: AWSPreparedRequest) -> AWSResponse:
        told = answer(200, "", "", request)
        failed = {"Id": "0", "Code": "InternalError", "SenderFault": False}
        content = json.dumps({"Successful": [], "Failed": [failed]}).encode()
        told.raw._content = content
        told.headers = {"content-length": str(len(content))}
        return told

    with faults(office.lanes.bell._sqs, "SendMessageBatch", partly) as met:
        office.add("a")
    assert met and office.deliver() == (0, 0)
    office.minute()
    assert office.deliver() == (1, 0)
    assert office.done == {"a": 1}


# Delivered more than once, or to one that dies


def test_a_message_delivered_to_two_functions_at_once_does_its_work_once(office: Office) -> None:
    office.add("a")
    messages = office.lanes.receive("reading")
    begun, may_end, answers = threading.Event(), threading.Event(), []

    def work(_payload: Mapping[str, Any]) -> None:
        begun.set()
        assert may_end.wait(30)

    office.work = work
    first = threading.Thread(target=lambda: answers.append(answer_wake_ups(office.diwan, event(messages))))
    first.start()
    assert begun.wait(30)
    second = answer_wake_ups(office.diwan, event(messages))
    may_end.set()
    first.join()
    # The second gives its copy back: had the first died, it would have been the last that knew of the job.
    assert second["batchItemFailures"] == [{"itemIdentifier": messages[0]["MessageId"]}]
    assert answers == [{"batchItemFailures": []}]
    assert answer_wake_ups(office.diwan, event(messages)) == {"batchItemFailures": []}
    assert office.done == {"a": 1}


def test_many_functions_race_for_one_message(office: Office) -> None:
    office.add("a")
    messages = office.lanes.receive("reading")
    together = threading.Barrier(4)

    def function() -> None:
        together.wait(30)
        answer_wake_ups(office.diwan, event(messages))

    threads = [threading.Thread(target=function) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert office.done == {"a": 1}


def killed_at_work(_payload: Mapping[str, Any]) -> None:
    raise Killed


def test_what_a_killed_function_held_is_done_when_its_lease_is_over(office: Office) -> None:
    office.add("a")
    office.work = killed_at_work
    with pytest.raises(Killed):
        office.deliver()
    office.work = lambda _payload: None
    assert office.deliver() == (1, 1)  # still leased, as far as anybody knows
    office.clock.move(seconds=61)
    assert office.deliver() == (1, 0)
    assert office.done == {"a": 1}


# Says when it is at work, and waits to be killed.
FUNCTION = """
import sys, time
from datetime import UTC, datetime
from types import SimpleNamespace
from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.database.engine import Database
from chalicelib.jobs import wake_ups, worker

def work(_diwan, payload):
    print(payload["key"], flush=True)
    time.sleep(60)

worker.handlers = lambda: {"read_document": work}
database = Database(sys.argv[1])
diwan = SimpleNamespace(jobs=DatabaseJobs(database, SystemClock()), database=database)
wake_ups.answer_wake_ups(diwan, {"Records": [{"messageId": "1", "body": sys.argv[2]}]})
"""


def test_a_function_killed_in_another_process_loses_nothing(office: Office) -> None:
    """By kill -9, with its lease alive in the database and its message in the queue."""
    office.clock.move(seconds=(datetime.now(UTC) - office.clock.now()).total_seconds())
    office.add("a")
    [message] = office.lanes.receive("reading")
    process = subprocess.Popen(
        [sys.executable, "-c", FUNCTION, office.database.url.render_as_string(False), message["Body"]],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "a\n"
    process.kill()
    process.wait()
    process.stdout.close()
    assert office.deliver() == (1, 1)
    office.clock.move(seconds=120)
    assert office.deliver() == (1, 0)
    assert office.done == {"a": 1}
    assert office.deliver() == (0, 0)


def test_it_is_done_even_when_its_message_is_gone(office: Office) -> None:
    office.add("a")
    office.work = killed_at_work
    with pytest.raises(Killed):
        office.deliver()
    office.work = lambda _payload: None
    office.lanes.sqs.purge_queue(QueueUrl=office.lanes._urls["reading"])
    office.minute()
    assert office.deliver() == (0, 0)  # its lease has only just run out
    office.minute()
    assert office.deliver() == (1, 0)
    assert office.done == {"a": 1}


def test_a_job_that_kills_every_function_ends_dead_with_its_reason(office: Office) -> None:
    office.add("a")
    office.work = killed_at_work
    for _ in range(MOST_ATTEMPTS):
        job = office.jobs.claim([READ], worker.LEASE)
        assert job is not None
        with pytest.raises(Killed):
            worker.run_job(office.diwan, job)
        office.minute()
    assert office.jobs.claim([READ], worker.LEASE) is None
    assert [(job.key, job.reason) for job in office.jobs.dead()] == [("a", "worker-lost")]


def test_what_cannot_be_done_in_time_is_not_begun(office: Office) -> None:
    office.add("a", "b")
    messages = office.lanes.receive("reading")
    answer = answer_wake_ups(office.diwan, event(messages), lambda: 9_000.0)
    assert answer["batchItemFailures"] == [{"itemIdentifier": messages[1]["MessageId"]}]
    assert office.done.total() == 1
    assert office.jobs.pending() == 1


# Failing, and giving up


def test_a_job_that_fails_is_told_again_after_its_pause(office: Office) -> None:
    office.add("a")

    def fail(_payload: Mapping[str, Any]) -> None:
        raise OSError

    office.work = fail
    assert office.deliver() == (1, 0)  # the message has done its work; the database knows the rest
    assert office.lanes.counts("reading") == (0, 1, 0)
    office.work = lambda _payload: None
    office.minute()
    assert office.deliver()[0] >= 1
    assert office.done == {"a": 1}


def test_a_job_that_goes_on_failing_ends_dead_and_a_retry_is_told(office: Office) -> None:
    office.add("a")

    def fail(_payload: Mapping[str, Any]) -> None:
        raise OSError

    office.work = fail
    for _ in range(len(BACK_OFF) + 1):
        office.clock.move(minutes=11)
        worker.ask_each_minute(office.diwan, office.clock.now())
        office.deliver()
    [dead] = office.jobs.dead()
    assert dead.reason == "OSError"
    office.work = lambda _payload: None
    while office.lanes.receive("reading"):
        office.deliver()
    with office.database.transaction() as tx:
        assert office.jobs.retry(tx, dead.id)
    assert office.deliver() == (1, 0)
    assert office.done == {"a": 1}


def test_a_hopeless_job_is_dead_at_once_and_its_message_gone(office: Office) -> None:
    def fail(_payload: Mapping[str, Any]) -> None:
        raise Hopeless("text-unprintable")

    office.work = fail
    office.add("a")
    assert office.deliver() == (1, 0)
    assert [job.reason for job in office.jobs.dead()] == ["text-unprintable"]
    assert office.lanes.counts("reading") == (0, 0, 0)


def test_a_database_that_is_away_costs_no_message(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.add("a")

    def away(*_: object) -> None:
        raise StoreUnavailable(service="postgresql", operation="connect", reason="ConnectionTimeout")

    with monkeypatch.context() as broken:
        broken.setattr(DatabaseJobs, "take", away)
        assert office.deliver() == (1, 1)
    assert office.deliver() == (1, 0)
    assert office.done == {"a": 1}


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"job": 7}', '"job"', "null"])
def test_what_nobody_understands_is_set_aside_beside_work_that_is_done(office: Office, body: str) -> None:
    office.lanes.send("reading", body or " ")
    office.add("a")
    assert office.deliver() == (2, 1)
    for _ in range(TRIES):
        office.deliver()
    assert office.done == {"a": 1}
    assert office.lanes.counts("reading") == (0, 0, 1)


def test_what_was_set_aside_can_be_given_another_try(office: Office) -> None:
    office.add("a")
    for _ in range(TRIES + 1):
        office.lanes.receive("reading")  # a function that is killed before it can take the job
    assert office.lanes.counts("reading") == (0, 0, 1)
    assert office.lanes.bell.send_back("reading") == 1
    assert office.lanes.counts("reading") == (1, 0, 0)
    assert office.deliver() == (1, 0)
    assert office.done == {"a": 1}
    assert office.lanes.bell.send_back("reading") == 0
