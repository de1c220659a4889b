"""Remembering what is limited: by account, by number, by address."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from chalicelib.identity.errors import TooManyAttempts
from chalicelib.identity.models import AttemptRow
from chalicelib.identity.rules import ATTEMPT_MEMORY, minutes_up
from chalicelib.kernel.ids import new_id


def attempt_key(kind: str, name: str) -> str:
    """The digest under which attempts on an account, number or address are kept."""
    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()


def serialise(tx: Session, *keys: str) -> None:
    """Let transactions about the same keys pass one after another.

    SQLite has one writer anyway; on PostgreSQL two sign-ins at once would not see each other's attempt.
    """
    if tx.get_bind().dialect.name == "postgresql":
        for key in sorted(keys):
            tx.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))


def moments(tx: Session, key: str, limit: int = 50) -> Sequence[datetime]:
    """When the latest attempts under the key were; those that are forgotten are not told."""
    latest = select(AttemptRow.at).where(AttemptRow.key == key).order_by(AttemptRow.at.desc()).limit(limit)
    return tx.scalars(latest).all()


def remember(tx: Session, now: datetime, *keys: str) -> None:
    """Record one attempt under each key, and forget what is too old to matter."""
    tx.execute(delete(AttemptRow).where(AttemptRow.at < now - ATTEMPT_MEMORY))
    tx.add_all(AttemptRow(id=new_id(), key=key, at=now) for key in keys)


def forget(tx: Session, key: str) -> None:
    """A right sign-in clears the account's wrong ones."""
    tx.execute(delete(AttemptRow).where(AttemptRow.key == key))


def wait(how_long: timedelta) -> None:
    """Return when there is nothing to wait for; else raises TooManyAttempts."""
    if how_long:
        raise TooManyAttempts(minutes=minutes_up(how_long))
