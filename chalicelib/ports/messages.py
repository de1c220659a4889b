"""Handing a finished text to whoever carries it to people: SMS, e-mail."""

from dataclasses import dataclass
from typing import Literal, Protocol

from chalicelib.kernel.errors import Refusal

Channel = Literal["sms", "email"]


class MessageUndeliverable(Refusal):
    """The carrier will never take this one: `data["reason"]`. Anything else raised is worth another try."""

    code = "message-undeliverable"


@dataclass(frozen=True)
class Message:
    """One text to one recipient. `id` is ours: a carrier given the same id twice carries it once.

    `recipient` is an E.164 number for sms, an address for email; only email has a `subject`.
    """

    id: str
    channel: Channel
    recipient: str
    language: str
    subject: str | None
    text: str


class Messages(Protocol):
    """A carrier of messages."""

    def send(self, message: Message) -> str:
        """Hand over; the carrier's own id of it. Raises MessageUndeliverable."""
        ...
