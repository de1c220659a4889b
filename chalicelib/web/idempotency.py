"""Idempotency-Key: the same POST twice is done once and answered twice."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, Text, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from chalicelib.database.base import Base
from chalicelib.database.engine import Database
from chalicelib.database.types import UtcDateTime
from chalicelib.kernel.errors import Refusal
from chalicelib.web.request import Request
from chalicelib.web.responses import Response
from chalicelib.web.routing import Route

KEPT = timedelta(hours=24)
# A first attempt silent for longer than API Gateway's 29 s was killed: the key may run again,
# and the use case's own unique keys keep its effect single.
ABANDONED = timedelta(seconds=60)
_KEY = re.compile(r"[!-~]{8,100}")


class IdempotencyKeyMissing(Refusal):
    """This POST makes something and needs an Idempotency-Key of 8 to 100 visible ASCII characters."""

    code = "idempotency-key-missing"


class IdempotencyKeyReused(Refusal):
    """The key was used before with another request."""

    code = "idempotency-key-reused"
    kind = "conflict"


class IdempotencyInProgress(Refusal):
    """The first request with this key is still running: ask again shortly."""

    code = "idempotency-in-progress"
    kind = "conflict"


class IdempotencyRow(Base):
    """What a key was used for and what was answered; status 0 while it runs."""

    __tablename__ = "idempotency"

    actor: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    content_type: Mapped[str] = mapped_column(String(60), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def once(request: Request, route: Route, run: Callable[[], Response]) -> Response:
    """Run the handler under the request's key, or repeat the first answer.

    Answers of 500 and above, and that it was too often, are not kept: nothing was done, and the caller may
    try again with the same key.
    """
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing()
    who = f"{request.actor.kind}:{request.actor.id or request.source_ip}"[:100]
    content = b"\n".join((route.method.encode(), request.path.encode(), request.body))
    digest, now = hashlib.sha256(content).hexdigest(), request.diwan.clock.now()
    database = request.diwan.database
    try:
        with database.transaction() as tx:
            tx.execute(delete(IdempotencyRow).where(IdempotencyRow.at < now - KEPT))
            tx.add(IdempotencyRow(actor=who, key=key, request_hash=digest, at=now))
    except IntegrityError:
        answered = _earlier(request, who, key, digest)
        if answered is not None:
            return answered
    ours = (IdempotencyRow.actor == who, IdempotencyRow.key == key)
    try:
        response = run()
    except BaseException:
        with database.transaction() as tx:
            tx.execute(delete(IdempotencyRow).where(*ours))
        raise
    with database.transaction() as tx:
        if response.status >= 500 or response.status == 429:
            tx.execute(delete(IdempotencyRow).where(*ours))
        else:
            tx.execute(
                update(IdempotencyRow)
                .where(*ours)
                .values(
                    status=response.status,
                    content_type=response.headers.get("Content-Type", ""),
                    answer=response.body,
                )
            )
    return response


def forget_unfinished(database: Database) -> int:
    """Free the keys whose request never ended, since whoever ran it is gone; how many.

    Only for the one server of a database, before it serves: otherwise they may still be running.
    """
    with database.transaction() as tx:
        return len(
            tx.execute(
                delete(IdempotencyRow).where(IdempotencyRow.status == 0).returning(IdempotencyRow.key)
            ).all()
        )


def _earlier(request: Request, who: str, key: str, digest: str) -> Response | None:
    """The first answer under the key; None when its maker was killed and this request takes over."""
    now = request.diwan.clock.now()
    with request.diwan.database.transaction() as tx:
        first = tx.get(IdempotencyRow, (who, key), with_for_update=True)
        if first is None:
            raise IdempotencyInProgress()
        if first.request_hash != digest:
            raise IdempotencyKeyReused()
        if first.status:
            headers = {"Content-Type": first.content_type, "Cache-Control": "no-store"}
            return Response(first.answer, first.status, headers)
        if first.at > now - ABANDONED:
            raise IdempotencyInProgress()
        first.at = now
    return None
