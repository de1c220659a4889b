"""One-time codes to a phone: sent in the use case's transaction, tried at most five times."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.identity import attempts, rules
from chalicelib.identity.errors import CodeRefused, CodeVoid
from chalicelib.identity.models import OneTimeCodeRow, PartyRow
from chalicelib.kernel.arabic import clean_number
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.ids import new_id

SIGN_IN = "sign-in"


class CodeMessenger(Protocol):
    """What identity needs of notifications."""

    def notify(
        self,
        tx: Session,
        *,
        key: str,
        party: str,
        recipient: str,
        channel: str,
        template: str,
        language: str,
        args: Mapping[str, str],
    ) -> str | None:
        """Send a text, in the caller's transaction."""
        ...


def latest_code(tx: Session, account: str) -> OneTimeCodeRow | None:
    """The account's latest sign-in code, the only one that counts, locked until the transaction ends."""
    latest = (
        select(OneTimeCodeRow)
        .where(OneTimeCodeRow.account == account, OneTimeCodeRow.purpose == SIGN_IN)
        .order_by(OneTimeCodeRow.created_at.desc(), OneTimeCodeRow.id.desc())
        .limit(1)
        .with_for_update()
    )
    return tx.scalar(latest)


def send_code(
    tx: Session, messenger: CodeMessenger, account: str, party: PartyRow | None, now: datetime
) -> OneTimeCodeRow:
    """Make a code and send it to the party's phone; the same work when there is no party, and no message."""
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    row = OneTimeCodeRow(id=new_id(), purpose=SIGN_IN, account=account, created_at=now)
    row.party_id = party.id if party else None
    row.code_digest = _code_digest(row.id, code)
    row.attempts, row.expires_at = 0, now + rules.CODE_LIFE
    tx.add(row)
    # One phone may serve a family. Its limit refuses nobody aloud: that would tell who shares it.
    number = attempts.attempt_key("phone", party.phone if party else account)
    tired = rules.wait_for(rules.CODES_PER_PHONE, attempts.moments(tx, number), now)
    attempts.remember(tx, now, number)
    # For nobody the message is written too, and taken back: the time it takes must not tell.
    with tx.begin_nested() as sending:
        messenger.notify(
            tx,
            key=row.id,
            party=party.id if party else row.id,
            recipient=party.phone if party else "+96500000000",
            channel="sms",
            template="sign_in_code",
            language=party.language if party else "ar",
            args={"code": code, "minutes": str(int(rules.CODE_LIFE.total_seconds()) // 60)},
        )
        if party is None or tired:
            sending.rollback()
    return row


def try_code(row: OneTimeCodeRow | None, code: str, now: datetime) -> Refusal | None:
    """Count one try at the account's latest code; the refusal, or None when it is right."""
    if row is None or not rules.code_is_open(row.attempts, row.expires_at, row.used_at, now):
        return CodeVoid(field="code")
    right = hmac.compare_digest(row.code_digest, _code_digest(row.id, clean_number(code)))
    if right and row.party_id is not None:
        return None
    row.attempts += 1
    left = rules.CODE_TRIES - row.attempts
    return CodeRefused(left=left, field="code") if left else CodeVoid(field="code")


def _code_digest(salt: str, code: str) -> str:
    # No hash hides six digits; five minutes and five tries protect them. This keeps them from glances.
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
