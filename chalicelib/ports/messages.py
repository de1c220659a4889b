"""Handing a finished text to whoever carries it to people: SMS, e-mail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from chalicelib.kernel.errors import Refusal

Channel = Literal["sms", "email"]


class MessageUndeliverable(Refusal):
    """The carrier will never take this one: `data["reason"]`. Anything else raised is worth another try."""

    code = "message-undeliverable"


@dataclass(frozen=True)
class Message:
    """One text to one recipient. `id` is ours: a carrier that can tells by it what it has carried before.

    `recipient` is an E.164 number for sms, an address for email; only email has a `subject`.
    """

    id: str
    channel: Channel
    recipient: str
    language: str
    subject: str | None
    text: str


@dataclass(frozen=True)
class Receipt:
    """What became of a message that a carrier took: by the carrier's id of it, and by ours where it tells that."""

    provider_id: str
    message: str | None
    state: Literal["delivered", "failed"]
    reason: str | None = None


class Messages(Protocol):
    """A carrier of messages."""

    def send(self, message: Message) -> str:
        """Hand over; the carrier's own id of it. Raises MessageUndeliverable."""
        ...

    def receipts(self, event: Mapping[str, Any]) -> Iterable[Receipt]:
        """What an event that comes of the carrier says; nothing for events that are about something else."""
        ...
