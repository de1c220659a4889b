"""Indexing in AWS: jobs told by SQS put pages into OpenSearch, and what goes wrong there is tried again or parked."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.adapters.aws import opensearch_client
from chalicelib.adapters.aws.opensearch_search import OpenSearchSearch
from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.database.engine import Database
from chalicelib.jobs import worker
from chalicelib.jobs.lanes import PROMPT
from chalicelib.ports.jobs import BACK_OFF
from chalicelib.ports.search import PageEntry, Query
from tests import faulty_opensearch as faulty
from tests.aws_server import AwsServer
from tests.faulty_opensearch import FaultyOpenSearch
from tests.moving_clock import MovingClock
from tests.opensearch_node import OpenSearchNode
from tests.sqs_lanes import SqsLanes

QUEUE = "index_pages"


@dataclass
class Office:
    """Jobs that index, a way to OpenSearch that can be spoiled, and a reader that goes another way."""

    lanes: SqsLanes
    door: FaultyOpenSearch
    clock: MovingClock
    database: Database
    jobs: DatabaseJobs
    reader: OpenSearchSearch
    diwan: Any

    def ask_for(self, *documents: str) -> None:
        with self.database.transaction() as tx:
            for document in documents:
                self.jobs.add(tx, QUEUE, document, {"document": document})

    def deliver(self) -> tuple[int, int]:
        return self.lanes.deliver(self.diwan, PROMPT)

    def later(self) -> None:
        """Long after: whatever was waiting is due, and is told again."""
        self.clock.move(minutes=11)
        worker.ask_each_minute(self.diwan, self.clock.now())

    def found(self) -> list[str]:
        everything = Query(confidentiality=frozenset({"public"}))
        return sorted(hit.document for hit in self.reader.search(everything).hits)


@pytest.fixture
def office(
    aws: AwsServer, opensearch: OpenSearchNode, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    def index(diwan: Any, payload: dict[str, Any]) -> None:
        pages = [
            PageEntry(
                document=payload["document"], version="1", page=page, text="رخصة", confidentiality="public"
            )
            for page in range(1, 5)
        ]
        diwan.search.index(pages)

    monkeypatch.setattr(worker, "handlers", lambda: {QUEUE: index})
    monkeypatch.setattr(worker, "every_minute", lambda: ())
    monkeypatch.setattr(opensearch_client, "_wait", lambda _seconds: None)
    clock, lanes = MovingClock(), SqsLanes(aws)
    jobs = DatabaseJobs(database, clock, lanes.bell)
    with opensearch.alias() as alias, FaultyOpenSearch(opensearch) as door:
        search = OpenSearchSearch(f"opensearch+http://{door.address}/{alias}", writer=True)
        reader = OpenSearchSearch(f"opensearch+http://{opensearch.address}/{alias}", writer=False)
        diwan = SimpleNamespace(jobs=jobs, database=database, search=search)
        yield Office(lanes, door, clock, database, jobs, reader, diwan)
        search.close()
        reader.close()


def test_a_cluster_that_is_away_for_a_while_loses_nothing(office: Office) -> None:
    office.door.faults = [faulty.hung_up] * 8
    office.ask_for("d1", "d2")
    assert office.deliver() == (2, 0)
    assert office.found() == []
    assert not office.door.faults
    office.later()
    while office.deliver() != (0, 0):
        pass
    assert office.found() == ["d1", "d2"]
    assert office.jobs.dead() == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faulty.busy, "store-unavailable: es_rejected_execution_exception"),
        (faulty.denied, "store-denied: status 403"),
        (faulty.skewed, "clock-wrong: status 403"),
        (faulty.malformed, "store-unavailable: mapper_parsing_exception"),
    ],
)
def test_what_lasts_is_parked_with_its_reason_and_done_when_somebody_retries(
    office: Office, fault: faulty.Fault, reason: str
) -> None:
    office.door.faults = [fault] * 100
    office.ask_for("d1")
    for _ in range(len(BACK_OFF) + 1):
        office.deliver()
        office.later()
    [dead] = office.jobs.dead()
    assert dead.reason == reason
    office.door.faults = []
    with office.database.transaction() as tx:
        assert office.jobs.retry(tx, dead.id)
    while office.deliver() != (0, 0):
        pass
    assert office.found() == ["d1"]
    assert office.reader.count() == 4


def test_a_bulk_that_was_done_but_not_answered_is_done_once(office: Office) -> None:
    office.ask_for("d1")
    office.deliver()
    office.door.faults = [None, faulty.done_but_not_said, faulty.done_but_not_said]
    office.ask_for("d2")
    office.deliver()
    assert not office.door.faults
    assert office.found() == ["d1", "d2"]
    assert office.reader.count() == 8
