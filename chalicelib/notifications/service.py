"""Writing notifications with the fact that causes them, and handing them over one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.identity.permissions import Permission, permit
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.ids import new_id
from chalicelib.notifications.errors import ReceiptEarly
from chalicelib.notifications.models import NotificationRow
from chalicelib.notifications.rules import may_follow, sms_parts
from chalicelib.notifications.texts import Texts
from chalicelib.ports.clock import Clock
from chalicelib.ports.jobs import BACK_OFF, Jobs
from chalicelib.ports.messages import Channel, Message, Messages, MessageUndeliverable, Receipt

QUEUE = "send_notification"


@dataclass(frozen=True)
class NotificationView:
    """A message as staff see it."""

    id: str
    channel: str
    recipient: str
    template: str
    language: str
    subject: str | None
    text: str
    parts: int
    state: str
    reason: str | None
    created_at: datetime
    changed_at: datetime


class Notifications:
    """Use cases of notifications. `templates` is the folder templates/messages."""

    def __init__(
        self, database: Database, jobs: Jobs, clock: Clock, messages: Messages, templates: Path
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._clock = clock
        self._messages = messages
        self._texts = Texts(templates)

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
        """Write a message in the caller's transaction and ask for its sending; its id.

        `key` is the event or thing that causes it. The same key, recipient, channel and template again is no
        second message: the answer is None. Raises MessageUnknown.
        """
        told = select(NotificationRow.id).where(
            NotificationRow.key == key,
            NotificationRow.recipient == recipient,
            NotificationRow.channel == channel,
            NotificationRow.template == template,
        )
        if tx.scalar(told):
            return None
        text, now = self._texts.write(template, channel, language, args), self._clock.now()
        row = NotificationRow(
            id=new_id(),
            key=key,
            party_id=party,
            channel=channel,
            recipient=recipient,
            template=template,
            language=language,
            subject=text.subject,
            text=text.body,
            parts=sms_parts(text.body) if channel == "sms" else 1,
            state="created",
            attempts=0,
            created_at=now,
            changed_at=now,
        )
        tx.add(row)
        self._jobs.add(tx, QUEUE, row.id, {"notification": row.id})
        return row.id

    def send(self, notification: str) -> str:
        """Hand one message over; the state it came to. Again after a crash hands over the same message.

        A passing failure puts it back and is raised, so that the job is tried again; when the tries are used up
        or the carrier will never take it, the message is failed with its reason.
        """
        row = self._move(notification, "sending")
        if row is None:
            return self._state(notification)
        message = Message(
            row.id, cast(Channel, row.channel), row.recipient, row.language, row.subject, row.text
        )
        try:
            provider_id = self._messages.send(message)
        except MessageUndeliverable as refusal:
            self._move(notification, "failed", reason=str(refusal.data.get("reason", refusal.code)))
            return "failed"
        except Exception as error:
            last = row.attempts > len(BACK_OFF)
            reason = error.code if isinstance(error, Refusal) else type(error).__name__
            self._move(notification, "failed" if last else "created", reason=reason)
            raise
        self._move(notification, "sent", provider_id=provider_id)
        return "sent"

    def take_receipts(self, event: Mapping[str, Any]) -> int:
        """Write down what carriers tell of messages they took, in whatever event it comes; how many were told of.

        The same again changes nothing. Raises ReceiptEarly when it should come again.
        """
        told = list(self._messages.receipts(event))
        for receipt in told:
            self._settle(receipt)
        return len(told)

    def recent(
        self, actor: Actor, before: str | None = None, limit: int = 50
    ) -> tuple[list[NotificationView], str | None]:
        """Messages newest first, and the id to go on before, when there are more."""
        permit(actor, Permission.SEE_OUTBOX)
        wanted = select(NotificationRow).order_by(NotificationRow.id.desc()).limit(limit + 1)
        if before:
            wanted = wanted.where(NotificationRow.id < before)
        with self._database.reading() as tx:
            views = [_view(row) for row in tx.scalars(wanted)]
        return views[:limit], views[limit - 1].id if len(views) > limit else None

    def _settle(self, receipt: Receipt) -> None:
        by_carrier = select(NotificationRow.id).where(NotificationRow.provider_id == receipt.provider_id)
        under_way = select(NotificationRow.id).where(NotificationRow.state == "sending").limit(1)
        with self._database.reading() as tx:
            id = receipt.message or tx.scalar(by_carrier)
            if id is None and tx.scalar(under_way):
                # It may be of the one whose hand-over is not written down yet.
                raise ReceiptEarly()
        if id is not None:
            self._move(id, receipt.state, **({"reason": receipt.reason[:300]} if receipt.reason else {}))

    def _move(self, id: str, state: str, **values: str) -> NotificationRow | None:
        """Bring the row to a state, counting hand-overs; None when it may not go there."""
        with self._database.transaction() as tx:
            row = tx.get(NotificationRow, id, with_for_update=True)
            if row is None or not may_follow(state, row.state):
                return None
            row.state, row.changed_at, row.reason = state, self._clock.now(), values.get("reason")
            row.provider_id = values.get("provider_id", row.provider_id)
            row.attempts += state == "sending"
            return row

    def _state(self, id: str) -> str:
        with self._database.reading() as tx:
            return tx.scalar(select(NotificationRow.state).where(NotificationRow.id == id)) or "unknown"


def _view(row: NotificationRow) -> NotificationView:
    return NotificationView(
        row.id,
        row.channel,
        row.recipient,
        row.template,
        row.language,
        row.subject,
        row.text,
        row.parts,
        row.state,
        row.reason,
        row.created_at,
        row.changed_at,
    )
