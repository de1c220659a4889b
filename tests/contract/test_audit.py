"""The audit log on both databases: gap-free, once, and any change found."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, select, update

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs, JobRow
from chalicelib.audit import rules
from chalicelib.audit.events import Access
from chalicelib.audit.models import AuditRow
from chalicelib.audit.service import Audit
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.events import SignedOut
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import NotFound, NotPermitted
from chalicelib.kernel.ids import new_id
from tests.moving_clock import MovingClock

AUDITOR = Actor("staff", "a", frozenset({"auditor"}))


def happened(n: int) -> dict[str, object]:
    return {
        "event": f"{n:026}",
        "name": "archive.page_read",
        "subject": f"page-{n}",
        "actor": {"kind": "staff", "id": "s"},
        "at": "2026-11-22T09:00:00+00:00",
        "payload": {"words": n, "note": "قسيمة"},
    }


@pytest.fixture
def audit(database: Database) -> Audit:
    clock = MovingClock()
    return Audit(database, Outbox(DatabaseJobs(database, clock), clock, {"*": ["append_audit"]}))


def test_counts_from_one_and_an_event_twice_is_one_entry(audit: Audit) -> None:
    assert [audit.append(happened(n)) for n in (5, 6, 5, 7)] == [1, 2, 1, 3]
    assert audit.verify() is None


def test_an_empty_log_is_sound(audit: Audit) -> None:
    assert audit.verify() is None
    assert audit.root() == rules.EMPTY_ROOT


def test_writers_at_once_leave_no_gap_and_no_fork(audit: Audit, database: Database) -> None:
    with ThreadPoolExecutor(6) as threads:
        places = list(threads.map(audit.append, [happened(n % 30) for n in range(60)]))
    assert sorted(set(places)) == list(range(1, 31))
    assert places[:30] == places[30:]
    with database.reading() as tx:
        assert tx.scalar(select(func.max(AuditRow.sequence))) == 30
    assert audit.verify() is None


@pytest.mark.parametrize(
    "forged",
    [
        {"leaf": rules.canonical(happened(99))},
        {"leaf_hash": "00" * 32},
        {"previous_hash": "00" * 32},
        {"hash": "00" * 32},
        {"event_id": new_id()},
        {
            "leaf": rules.canonical(happened(99)),
            "leaf_hash": rules.leaf_hash(rules.canonical(happened(99))).hex(),
        },
    ],
    ids=lambda forged: "+".join(forged),
)
def test_a_changed_entry_is_found(audit: Audit, database: Database, forged: dict[str, str]) -> None:
    for n in range(5):
        audit.append(happened(n))
    with database.transaction() as tx:
        tx.execute(update(AuditRow).where(AuditRow.sequence == 3).values(**forged))
    assert audit.verify() == 3


def test_a_removed_entry_is_found(audit: Audit, database: Database) -> None:
    for n in range(5):
        audit.append(happened(n))
    with database.transaction() as tx:
        tx.execute(delete(AuditRow).where(AuditRow.sequence == 2))
    assert audit.verify() == 2


def test_entries_cut_from_the_end_are_missed(audit: Audit, database: Database) -> None:
    with database.transaction() as tx:
        for n in range(3):
            audit.record_access(tx, AUDITOR, f"document:{n}", Access.ORIGINAL_DOWNLOADED)
    with database.reading() as tx:
        messages = [row.payload for row in tx.scalars(select(JobRow).order_by(JobRow.id))]
    assert audit.state(AUDITOR).missing == 3
    for message in messages:
        audit.append(message)
    assert audit.state(AUDITOR).missing == 0
    with database.transaction() as tx:
        tx.execute(delete(AuditRow).where(AuditRow.sequence == 3))
    state = audit.state(AUDITOR)
    assert (state.size, state.broken_at, state.missing) == (2, None, 1)


def test_every_entry_is_proved_under_the_root(audit: Audit) -> None:
    for n in range(11):
        audit.append(happened(n))
    for n in range(11):
        proof = audit.proof(f"{n:026}")
        path = [bytes.fromhex(step) for step in proof.path]
        assert proof.index == n
        assert rules.proves(rules.leaf_hash(proof.leaf), n, proof.size, path, audit.root())
    with pytest.raises(NotFound):
        audit.proof(new_id())


def test_reading_a_document_is_an_entry_with_who_and_what(audit: Audit, database: Database) -> None:
    reader = Actor("staff", "s1", frozenset({"clerk"}))
    with database.transaction() as tx:
        audit.record_access(tx, reader, "document:d1", Access.PAGE_OPENED, 3)
    with database.reading() as tx:
        audit.append(tx.scalar(select(JobRow)).payload)
    (entry,), _ = audit.recent(AUDITOR)
    assert (entry.name, entry.subject, entry.actor_id) == ("audit.accessed", "document:d1", "s1")
    assert entry.facts["action"] == "page 3 opened"


def test_the_newest_come_first_and_only_auditors_see_them(audit: Audit) -> None:
    for n in range(5):
        audit.append(happened(n))
    first, more = audit.recent(AUDITOR, limit=3)
    rest, end = audit.recent(AUDITOR, before=more, limit=3)
    assert [entry.sequence for entry in first + rest] == [5, 4, 3, 2, 1]
    assert end is None
    for role in ("manager", "admin", "clerk"):
        with pytest.raises(NotPermitted):
            audit.recent(Actor("staff", "x", frozenset({role})))
        with pytest.raises(NotPermitted):
            audit.state(Actor("staff", "x", frozenset({role})))


def test_events_of_a_use_case_come_to_the_log_as_jobs(audit: Audit, database: Database) -> None:
    clock = MovingClock()
    outbox = Outbox(DatabaseJobs(database, clock), clock, {"*": ["append_audit"]})
    with database.transaction() as tx:
        outbox.publish(tx, AUDITOR, SignedOut(subject="s"))
    with database.reading() as tx:
        job = tx.scalar(select(JobRow))
    assert job.queue == "append_audit"
    assert audit.append(job.payload) == 1
