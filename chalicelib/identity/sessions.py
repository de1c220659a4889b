"""Sessions in the database: opened at sign-in, looked up at every request, ended at once when revoked."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity import events
from chalicelib.identity.models import PartyRow, SessionRow, StaffRow
from chalicelib.identity.rules import LAST_SEEN_STEP, SESSION_LIVES, session_is_live
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.ids import new_id


@dataclass(frozen=True)
class SessionView:
    """A live session: whose it is, and what a page needs to greet them."""

    id: str
    actor: Actor
    name_ar: str
    name_en: str
    csrf_seed: str
    expires_at: datetime


def token_digest(token: str) -> str:
    """What is kept of a token. It holds 256 random bits, so one plain SHA-256 cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    tx: Session, kind: str, actor_id: str, now: datetime, replaces: str | None
) -> tuple[str, str]:
    """A fresh session; the token (shown once) and the session's id. `replaces` is the browser's old token."""
    if replaces:
        revoke(tx, now, SessionRow.token_digest == token_digest(replaces))
    token = secrets.token_urlsafe(32)
    row = SessionRow(
        id=new_id(),
        token_digest=token_digest(token),
        actor_kind=kind,
        actor_id=actor_id,
        csrf_seed=secrets.token_hex(16),
        created_at=now,
        last_seen_at=now,
        expires_at=now + SESSION_LIVES[kind].total,
    )
    tx.add(row)
    return token, row.id


def sign_in(
    tx: Session, outbox: Outbox, kind: str, actor_id: str, now: datetime, replaces: str | None
) -> str:
    """Open a session and say so; its token."""
    token, session = open_session(tx, kind, actor_id, now, replaces)
    actor = Actor(kind, actor_id)  # type: ignore[arg-type]
    outbox.publish(tx, actor, events.SignedIn(subject=session, actor_kind=kind, actor_id=actor_id))
    return token


def find_session(database: Database, token: str, now: datetime) -> SessionView | None:
    """The live session of a token, or None. Notes that it was used, at most once a minute.

    Roles and the right to be here are read from the account each time: what an administrator takes away is
    gone with the next request.
    """
    with database.reading() as tx:
        row = tx.scalar(select(SessionRow).where(SessionRow.token_digest == token_digest(token)))
        if row is None or row.revoked_at is not None:
            return None
        if not session_is_live(row.actor_kind, row.created_at, row.last_seen_at, now):
            return None
        person = _person(tx, row)
    if person is None:
        return None
    if now - row.last_seen_at >= LAST_SEEN_STEP:
        with database.transaction() as tx:
            seen = update(SessionRow).where(SessionRow.id == row.id, SessionRow.last_seen_at < now)
            tx.execute(seen.values(last_seen_at=now))
    actor, name_ar, name_en = person
    return SessionView(row.id, actor, name_ar, name_en, row.csrf_seed, row.expires_at)


def revoke(tx: Session, now: datetime, condition: object) -> list[str]:
    """End the sessions that `condition` names; their ids."""
    ended = update(SessionRow).where(condition, SessionRow.revoked_at.is_(None))  # type: ignore[arg-type]
    return list(tx.scalars(ended.values(revoked_at=now).returning(SessionRow.id)))


def _person(tx: Session, row: SessionRow) -> tuple[Actor, str, str] | None:
    if row.actor_kind == "citizen":
        party = tx.get(PartyRow, row.actor_id)
        if party is None:
            return None
        return Actor("citizen", party.id, frozenset({"citizen"})), party.name_ar, party.name_en
    member = tx.get(StaffRow, row.actor_id)
    if member is None or not member.active:
        return None
    return Actor("staff", member.id, frozenset(member.roles)), member.name_ar, member.name_en
