"""Adding to the audit log, and proving that nobody changed it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from chalicelib.audit import rules
from chalicelib.audit.events import Access, Accessed
from chalicelib.audit.models import AuditRow
from chalicelib.database.engine import Database
from chalicelib.database.outbox import EventRow, Outbox
from chalicelib.identity.permissions import Permission, permit
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import NotFound

_BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """One entry, as the auditor reads it."""

    sequence: int
    event_id: str
    at: datetime
    name: str
    subject: str
    actor_kind: str
    actor_id: str
    facts: Mapping[str, Any]
    hash: str


@dataclass(frozen=True)
class Proof:
    """That an event is in the log: its leaf, its place, and the hashes from it to the root (all hex)."""

    leaf: str
    index: int
    size: int
    path: list[str]
    root: str


@dataclass(frozen=True)
class ChainState:
    """The log as a whole: how long, its root, where it is broken, how many events are not in it (yet)."""

    size: int
    root: str
    broken_at: int | None
    missing: int


class Audit:
    """Use cases of audit."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    def record_access(
        self, tx: Session, actor: Actor, subject: str, access: Access, n: int | None = None
    ) -> None:
        """Let the log know, in the caller's transaction, what `actor` read of `subject` (its page `n`, say)."""
        self._outbox.publish(tx, actor, Accessed(subject=subject, action=access.format(n=n)))

    def append(self, message: Mapping[str, Any]) -> int:
        """Add an event (as the outbox hands it over) to the end; its place. Again gives the same place."""
        leaf = rules.canonical(message)
        digest = rules.leaf_hash(leaf)
        with self._database.transaction() as tx:
            _one_writer(tx)
            placed = tx.scalar(select(AuditRow.sequence).where(AuditRow.event_id == message["event"]))
            if placed is not None:
                return placed
            last = tx.scalar(select(AuditRow).order_by(AuditRow.sequence.desc()).limit(1))
            previous = bytes.fromhex(last.hash) if last else rules.GENESIS
            row = AuditRow(
                sequence=last.sequence + 1 if last else 1,
                event_id=message["event"],
                leaf=leaf,
                leaf_hash=digest.hex(),
                previous_hash=previous.hex(),
                hash=rules.chain_hash(previous, digest).hex(),
            )
            tx.add(row)
            return row.sequence

    def verify(self) -> int | None:
        """The place of the first entry that is not as it was written (or is gone), None when all are."""
        previous, expected = rules.GENESIS, 1
        with self._database.reading() as tx:
            for row in _entries(tx):
                digest = rules.leaf_hash(row.leaf)
                sound = (
                    row.sequence == expected
                    and row.leaf_hash == digest.hex()
                    and row.previous_hash == previous.hex()
                    and row.hash == rules.chain_hash(previous, digest).hex()
                    and json.loads(row.leaf)["event"] == row.event_id
                )
                if not sound:
                    return expected
                previous, expected = bytes.fromhex(row.hash), expected + 1
        return None

    def root(self) -> bytes:
        """The Merkle root over every entry."""
        with self._database.reading() as tx:
            return rules.root(_leaf_hashes(tx))

    def proof(self, event_id: str) -> Proof:
        """That this event is in the log; NotFound when it is not."""
        with self._database.reading() as tx:
            row = tx.scalar(select(AuditRow).where(AuditRow.event_id == event_id))
            if row is None:
                raise NotFound()
            leaves = _leaf_hashes(tx)
        index = row.sequence - 1
        path = [step.hex() for step in rules.inclusion_proof(leaves, index)]
        return Proof(row.leaf, index, len(leaves), path, rules.root(leaves).hex())

    def state(self, actor: Actor) -> ChainState:
        """The log as a whole, checked from its first entry."""
        permit(actor, Permission.SEE_AUDIT)
        absent = select(func.count(EventRow.id)).outerjoin(AuditRow, AuditRow.event_id == EventRow.id)
        with self._database.reading() as tx:
            leaves = _leaf_hashes(tx)
            missing = tx.scalar(absent.where(AuditRow.event_id.is_(None))) or 0
        return ChainState(len(leaves), rules.root(leaves).hex(), self.verify(), missing)

    def recent(
        self, actor: Actor, before: int | None = None, limit: int = 30
    ) -> tuple[list[Entry], int | None]:
        """Entries newest first, and the place to go on before, when there are more."""
        permit(actor, Permission.SEE_AUDIT)
        wanted = select(AuditRow).order_by(AuditRow.sequence.desc()).limit(limit + 1)
        if before:
            wanted = wanted.where(AuditRow.sequence < before)
        with self._database.reading() as tx:
            entries = [_entry(row) for row in tx.scalars(wanted)]
        return entries[:limit], entries[limit - 1].sequence if len(entries) > limit else None


def _one_writer(tx: Session) -> None:
    # SQLite's transaction holds the only write lock already. Two PostgreSQL writers would both read one last entry.
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE audit_log IN SHARE ROW EXCLUSIVE MODE"))


def _entries(tx: Session) -> Iterator[AuditRow]:
    yield from tx.scalars(select(AuditRow).order_by(AuditRow.sequence).execution_options(yield_per=_BATCH))


def _leaf_hashes(tx: Session) -> list[bytes]:
    return [
        bytes.fromhex(leaf) for leaf in tx.scalars(select(AuditRow.leaf_hash).order_by(AuditRow.sequence))
    ]


def _entry(row: AuditRow) -> Entry:
    told = json.loads(row.leaf)
    actor = told["actor"]
    return Entry(
        row.sequence,
        row.event_id,
        datetime.fromisoformat(told["at"]),
        told["name"],
        told["subject"],
        actor["kind"],
        actor["id"],
        told["payload"],
        row.hash,
    )
