"""A probe that goes round all stores: it comes back where pages and workers see the same, and says which differ."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.key_file import KeyFile
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.adapters.embedded.tantivy_search import TantivySearch
from chalicelib.database.engine import Database
from chalicelib.kernel.errors import NotFound
from chalicelib.ports.keys import KeyMissing, Keys, Purpose
from chalicelib.ports.search import Query
from chalicelib.stores.service import PROBE_QUEUES, StoreProbes, ticket
from tests.moving_clock import MovingClock

PROBE = "01m81ah7wmbtwnewkv7vcnbfzg"
SAME = {
    "prompt": {"database": "same", "blobs": "same", "search": "same"},
    "reading": {"database": "same", "blobs": "same"},
    "issuing": {"database": "same", "blobs": "same", "keys": "same"},
}


@dataclass(frozen=True)
class Process:
    """What one process was told to use."""

    database: Database
    clock: MovingClock
    blobs: FolderBlobs
    search: TantivySearch
    keys: Keys
    links: SignedLinks

    @property
    def jobs(self) -> DatabaseJobs:
        return DatabaseJobs(self.database, self.clock)

    @property
    def probes(self) -> StoreProbes:
        return StoreProbes(jobs=self.jobs, **vars(self))


@pytest.fixture
def worker(database: Database, tmp_path: Path) -> Iterator[Process]:
    clock = MovingClock()
    links = SignedLinks(b"s" * 32, clock)
    search = TantivySearch(tmp_path / "search", writer=True)
    blobs = FolderBlobs(tmp_path / "blobs", links)
    yield Process(database, clock, blobs, search, KeyFile(tmp_path / "keys", clock), links)
    search.close()


@pytest.fixture
def pages(worker: Process, tmp_path: Path) -> Process:
    return replace(worker, search=TantivySearch(tmp_path / "search", writer=False))


def go_round(pages: Process, worker: Process) -> dict[str, dict[str, str]]:
    by = ticket(pages.links, PROBE)
    pages.probes.begin(by)
    assert {lane["database"] for lane in pages.probes.compare(by).values()} == {"waiting"}
    for queue in PROBE_QUEUES.values():
        if job := worker.jobs.claim([queue], lease=pages.clock.now() - pages.clock.now()):
            worker.probes.answer(job.payload["probe"], job.payload["lane"])
            worker.jobs.finish(job)
    pages.probes.begin(by)
    return pages.probes.compare(by)


def test_the_same_stores(pages: Process, worker: Process) -> None:
    assert go_round(pages, worker) == SAME


def test_other_blobs(pages: Process, worker: Process, tmp_path: Path) -> None:
    elsewhere = replace(worker, blobs=FolderBlobs(tmp_path / "elsewhere", worker.links))
    assert {lane["blobs"] for lane in go_round(pages, elsewhere).values()} == {"other"}


def test_blobs_that_a_worker_writes_to_and_does_not_see(
    pages: Process, worker: Process, tmp_path: Path
) -> None:
    class Blind(FolderBlobs):
        def exists(self, key: str) -> bool:
            return False

    blind = replace(worker, blobs=Blind(tmp_path / "blobs", worker.links))
    assert go_round(pages, blind)["reading"] == {"database": "same", "blobs": "other"}


def test_another_index(pages: Process, worker: Process, tmp_path: Path) -> None:
    elsewhere = replace(worker, search=TantivySearch(tmp_path / "elsewhere", writer=True))
    assert go_round(pages, elsewhere)["prompt"] == {**SAME["prompt"], "search": "other"}
    elsewhere.search.close()


def test_other_keys(pages: Process, worker: Process, tmp_path: Path) -> None:
    elsewhere = replace(worker, keys=KeyFile(tmp_path / "elsewhere", worker.clock))
    assert go_round(pages, elsewhere)["issuing"] == {**SAME["issuing"], "keys": "other"}


def test_another_database(pages: Process, worker: Process, sqlite_with_tables: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    other.write_bytes(sqlite_with_tables.read_bytes())
    elsewhere = replace(worker, database=Database(f"sqlite:///{other}"))
    assert {lane["database"] for lane in go_round(pages, elsewhere).values()} == {"waiting"}
    elsewhere.database.close()


def test_a_worker_that_may_not_see_the_keys_says_why(pages: Process, worker: Process) -> None:
    class NoKeys:
        def public_key(self, purpose: Purpose) -> bytes:
            raise KeyMissing(path=purpose)

    barred = replace(worker, keys=NoKeys())  # type: ignore[arg-type]
    assert go_round(pages, barred)["issuing"] == {**SAME["issuing"], "keys": "key-missing"}


def test_only_who_has_the_secret_can_ask_and_not_for_long(pages: Process) -> None:
    forged, old = (
        ticket(SignedLinks(b"t" * 32, pages.clock), PROBE),
        ticket(pages.links, PROBE, expires_in=300),
    )
    pages.clock.move(seconds=301)
    for by in (forged, old, "", "é"):
        for ask in (pages.probes.begin, pages.probes.compare):
            with pytest.raises(NotFound):
                ask(by)
    assert list(pages.blobs.keys()) == []


def test_nothing_is_left_of_it(pages: Process, worker: Process) -> None:
    go_round(pages, worker)
    assert worker.search.search(Query(confidentiality=frozenset({"public", "confidential"}))).hits == ()
    worker.probes.forget(PROBE)
    assert list(worker.blobs.keys()) == []
    assert worker.search.count() == 0
