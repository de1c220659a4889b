"""A kill -9 at any moment of the demonstration, then a restart: nothing lost, nothing twice."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from chalicelib.bootstrap import Diwan, build
from chalicelib.commands import demo
from chalicelib.commands.townspeople import DidNotHappen, Townspeople, outbox_texts
from chalicelib.kernel.ids import new_id
from chalicelib.ports.blobs import content_key
from chalicelib.settings import read_settings
from tests.journeys.power_cut import PowerCuts, alive, command_of, descendants
from tests.journeys.site import SCANS, Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PATIENCE = 400.0


class Aftermath:
    """What is in a data folder once nobody runs on it."""

    def __init__(self, diwan: Diwan, cuts: PowerCuts, cuts_at_work: int) -> None:
        self.diwan, self.cuts, self.cuts_at_work = diwan, cuts, cuts_at_work

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.diwan.database.reading() as tx:
            return [tuple(row) for row in tx.execute(text(query))]


def scene(data: Path) -> str:
    """What there was to see when the town stood still: who runs on it, jobs that are not done, the last of the log."""
    running = [f"{pid}: {command_of(pid)}" for pid in descendants(os.getpid())]
    diwan = build(read_settings({}, data=data))
    with diwan.database.reading() as tx:
        jobs = [
            str(dict(row)) for row in tx.execute(text("SELECT * FROM jobs WHERE state <> 'done'")).mappings()
        ]
    diwan.close()
    log = (data / "server.log").read_text("utf-8", "replace").splitlines()[-60:]
    return "\n".join((*running, *jobs, *log))


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """The demonstration carried out while its server is killed over and over, and one more clean start."""
    data = tmp_path_factory.mktemp("killed") / "data"
    data.mkdir()
    port = demo.free_port()
    cuts = PowerCuts(data, port, times=3, seed=20261122)
    lifeline = threading.Thread(target=cuts.run, name="power-cuts")
    lifeline.start()
    people = Townspeople(f"http://127.0.0.1:{port}", outbox_texts(data), demo.SAMPLES, patience=PATIENCE)
    try:
        run = demo.Demo(people, data, [demo.SAMPLES / "scans" / name for name in SCANS])
        for _, work in run.steps():
            work()
        cuts_at_work = len(cuts.done)
        cuts.over.wait(PATIENCE)  # the rest of the cuts fall on a town that is at rest
    except DidNotHappen as error:
        error.add_note(scene(data))
        raise
    finally:
        cuts.end.set()
        lifeline.join(60)
        people.close()
    with demo.server(data, port) as server:
        diwan = build(read_settings({}, data=data))
        end = time.monotonic() + 120
        while diwan.jobs.pending() and time.monotonic() < end:
            assert server.poll() is None
            time.sleep(0.2)
        assert not diwan.jobs.pending()
    yield Aftermath(diwan, cuts, cuts_at_work)
    diwan.close()


def test_it_was_killed_in_every_way_and_left_no_process_behind(aftermath: Aftermath) -> None:
    assert sorted(aftermath.cuts.done) == ["everything"] * 3 + ["server"] * 3 + ["worker"] * 3
    assert aftermath.cuts_at_work >= 3, "the demonstration was over before it was disturbed"
    assert aftermath.cuts.left_behind == []


def test_the_same_documents_as_without_a_kill(aftermath: Aftermath, site: Site) -> None:
    query = "SELECT filename, state, reason, page_count, pages_read, duplicate_of, version FROM documents"
    with site.database.reading() as tx:
        calm = [
            tuple(row) for row in tx.execute(text(query)) if row.filename in SCANS and not row.duplicate_of
        ]
    assert sorted(aftermath.rows(query), key=str) == sorted(calm, key=str)


def test_every_page_is_kept_and_indexed_once(aftermath: Aftermath) -> None:
    pages = aftermath.rows("SELECT document_id, number FROM pages")
    (expected,) = aftermath.rows("SELECT sum(page_count) FROM documents")[0]
    assert len(pages) == expected == aftermath.diwan.search.count()


def test_every_blob_is_named_by_a_row_and_every_name_is_a_blob(aftermath: Aftermath) -> None:
    named = {
        key for pair in aftermath.rows("SELECT preview_key, words_key FROM pages") for key in pair if key
    }
    named |= {content_key(str(sha256)) for (sha256,) in aftermath.rows("SELECT sha256 FROM documents")}
    named |= {str(key) for (key,) in aftermath.rows("SELECT blob_key FROM licence_files")}
    assert set(aftermath.diwan.blobs.keys()) == named
    assert list((aftermath.diwan.settings.data / "blobs" / ".incoming").iterdir()) == []


def test_one_payment_one_booking_one_receipt(aftermath: Aftermath) -> None:
    assert aftermath.rows("SELECT state, count(*) FROM payments GROUP BY state") == [("success", 1)]
    success = "SELECT count(*) FROM payment_attempts WHERE state = 'success'"
    assert aftermath.rows(success) == [(1,)]
    assert aftermath.rows("SELECT count(*) FROM ledger_transactions") == [(1,)]
    assert aftermath.rows("SELECT sum(minor) FROM ledger_entries") == [(0,)]
    assert aftermath.rows("SELECT count(*) FROM receipts") == [(1,)]


def test_one_licence(aftermath: Aftermath) -> None:
    assert aftermath.rows("SELECT state FROM applications") == [("issued",)]
    assert aftermath.rows("SELECT count(*) FROM licence_terms WHERE application_id IS NOT NULL") == [(1,)]
    assert aftermath.rows("SELECT count(*) FROM licence_files") == [(1,)]


def test_no_job_is_dead_and_people_were_told_once(aftermath: Aftermath) -> None:
    assert aftermath.diwan.jobs.dead() == []
    told = (
        "SELECT template, channel, count(*) FROM notifications WHERE template LIKE 'licence%' GROUP BY 1, 2"
    )
    assert {count for _, _, count in aftermath.rows(told)} == {1}


def test_the_audit_log_is_whole_and_holds_every_event(aftermath: Aftermath) -> None:
    assert aftermath.diwan.audit.verify() is None
    missing = "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM audit_log)"
    assert aftermath.rows(missing) == [(0,)]
    assert aftermath.rows("SELECT count(*) - count(DISTINCT event_id) FROM audit_log") == [(0,)]


def test_children_end_with_a_server_killed_while_they_start(tmp_path: Path) -> None:
    """The port comes free, and nothing stays that would hold the index or read old files."""
    port = demo.free_port()
    with demo.server(tmp_path, port) as server:
        end = time.monotonic() + 60
        while len(family := descendants(server.pid)) < 2:
            assert time.monotonic() < end
            time.sleep(0.02)
        server.kill()
        server.wait()
        end = time.monotonic() + 20
        while alive(family) and time.monotonic() < end:
            time.sleep(0.1)
        assert alive(family) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/healthz")


def test_a_killed_request_frees_its_key_at_the_next_start(tmp_path: Path) -> None:
    from chalicelib.commands.run import prepare
    from chalicelib.web.idempotency import IdempotencyRow

    settings = read_settings({}, data=tmp_path / "data")
    prepare(settings)
    diwan = build(settings)
    with diwan.database.transaction() as tx:
        for key, status in (("unfinished", 0), ("finished", 201)):
            row = IdempotencyRow(actor=f"citizen:{new_id()}", key=key, request_hash="0" * 64, status=status)
            row.at = diwan.clock.now()
            tx.add(row)
    prepare(settings)
    with diwan.database.reading() as tx:
        assert tx.execute(text("SELECT key FROM idempotency")).scalars().all() == ["finished"]
    diwan.close()
