"""Writing and handing over messages, on both databases."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chalicelib.adapters.aws.aws_messages import AwsMessages
from chalicelib.adapters.embedded.database_jobs import DatabaseJobs, JobRow
from chalicelib.adapters.embedded.outbox_folder import OutboxFolder
from chalicelib.database.engine import Database
from chalicelib.identity.errors import Unauthenticated
from chalicelib.kernel.actor import ANONYMOUS, Actor
from chalicelib.kernel.errors import NotPermitted
from chalicelib.notifications.errors import ReceiptEarly
from chalicelib.notifications.service import Notifications, NotificationView
from chalicelib.ports.jobs import BACK_OFF
from chalicelib.ports.messages import Message, Messages, MessageUndeliverable, Receipt
from tests.aws_server import AwsServer
from tests.moving_clock import MovingClock

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "messages"
MANAGER = Actor("staff", "m", frozenset({"manager"}))
CODE = {"code": "123456", "minutes": "5"}


class Carrier:
    """A carrier that fails as told, and remembers what it carried; its events are receipts as they are."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.carried: list[Message] = []
        self.while_carrying: Callable[[], object] = lambda: None

    def send(self, message: Message) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.carried.append(message)
        self.while_carrying()
        return "carried"

    def receipts(self, event: Mapping[str, Any]) -> Iterable[Receipt]:
        return event["receipts"]


class Desk:
    """Notifications over a carrier."""

    def __init__(self, database: Database, carrier: Messages) -> None:
        self.database, self.clock = database, MovingClock()
        self.service = Notifications(
            database, DatabaseJobs(database, self.clock), self.clock, carrier, TEMPLATES
        )

    def write(self, key: str = "event-1", recipient: str = "+96550001101", **other: str) -> str | None:
        given = {"channel": "sms", "template": "sign_in_code", "language": "ar", **other}
        with self.database.transaction() as tx:
            return self.service.notify(tx, key=key, party="p", recipient=recipient, args=CODE, **given)

    def seen(self) -> list[NotificationView]:
        return self.service.recent(MANAGER)[0]


def test_one_message_a_cause_recipient_channel_and_template(database: Database) -> None:
    desk = Desk(database, Carrier())
    assert desk.write()
    assert desk.write() is None
    assert desk.write(key="event-2")
    assert desk.write(recipient="+96550001102")
    assert len(desk.seen()) == 3
    with database.reading() as tx:
        assert [row.queue for row in tx.scalars(select(JobRow))] == ["send_notification"] * 3


def test_nothing_is_written_when_the_use_case_fails(database: Database) -> None:
    desk = Desk(database, Carrier())
    with database.transaction() as tx:
        told = {"key": "event", "party": "p", "recipient": "+96550001101", "channel": "sms"}
        desk.service.notify(tx, **told, template="sign_in_code", language="ar", args=CODE)
        tx.rollback()
    assert desk.seen() == []


def test_a_message_is_handed_over_once(database: Database) -> None:
    carrier = Carrier()
    desk = Desk(database, carrier)
    id = desk.write()
    assert desk.service.send(id) == "sent"
    assert desk.service.send(id) == "sent"
    assert len(carrier.carried) == 1
    assert carrier.carried[0].id == id
    assert desk.seen()[0].state == "sent"


def test_a_passing_failure_is_tried_again_and_its_reason_seen(database: Database) -> None:
    desk = Desk(database, Carrier(ConnectionError("no route to +96550001101")))
    id = desk.write()
    with pytest.raises(ConnectionError):
        desk.service.send(id)
    assert (desk.seen()[0].state, desk.seen()[0].reason) == ("created", "ConnectionError")
    assert desk.service.send(id) == "sent"
    assert desk.seen()[0].reason is None


def test_when_the_tries_are_used_up_it_has_failed(database: Database) -> None:
    tries = len(BACK_OFF) + 1
    desk = Desk(database, Carrier(*[TimeoutError() for _ in range(tries)]))
    id = desk.write()
    for _ in range(tries):
        with pytest.raises(TimeoutError):
            desk.service.send(id)
    assert (desk.seen()[0].state, desk.seen()[0].reason) == ("failed", "TimeoutError")
    # The carrier is back, and somebody starts the stopped job anew.
    assert desk.service.send(id) == "sent"
    assert (desk.seen()[0].state, desk.seen()[0].reason) == ("sent", None)


def test_what_a_carrier_never_takes_has_failed_at_once(database: Database) -> None:
    desk = Desk(database, Carrier(MessageUndeliverable(reason="number-unknown")))
    assert desk.service.send(desk.write()) == "failed"
    assert desk.seen()[0].reason == "number-unknown"


def test_a_hand_over_cut_off_is_repeated_under_the_same_id(database: Database, tmp_path: Path) -> None:
    class Killed(BaseException):
        """The process ends here."""

    folder = OutboxFolder(tmp_path / "outbox", "service@marsa.example")

    class CutOff:
        killed = False

        def send(self, message: Message) -> str:
            sent = folder.send(message)
            if not self.killed:
                self.killed = True
                raise Killed
            return sent

        def receipts(self, event: Mapping[str, Any]) -> Iterable[Receipt]:
            return ()

    desk = Desk(database, CutOff())
    id = desk.write()
    with pytest.raises(Killed):
        desk.service.send(id)
    assert desk.seen()[0].state == "sending"
    assert desk.service.send(id) == "sent"
    assert sorted(path.name for path in (tmp_path / "outbox").iterdir()) == [f"{id}.json", f"{id}.txt"]


def test_the_newest_come_first_page_by_page(database: Database) -> None:
    desk = Desk(database, Carrier())
    written = [desk.write(key=f"event-{n}") for n in range(5)]
    first, more = desk.service.recent(MANAGER, limit=3)
    rest, end = desk.service.recent(MANAGER, before=more, limit=3)
    assert sorted(view.id for view in first + rest) == sorted(written)
    assert len(first) == 3
    assert [view.id for view in first + rest] == sorted(written, reverse=True)
    assert end is None


def test_only_who_may_sees_messages(database: Database) -> None:
    desk = Desk(database, Carrier())
    with pytest.raises(Unauthenticated):
        desk.service.recent(ANONYMOUS)
    with pytest.raises(NotPermitted):
        desk.service.recent(Actor("staff", "c", frozenset({"clerk"})))


def told(*receipts: Receipt) -> dict[str, Any]:
    return {"receipts": receipts}


DELIVERED = Receipt("carried", None, "delivered")
UNREACHABLE = Receipt("carried", None, "failed", "Phone is currently unreachable/unavailable")


def test_what_the_carrier_tells_afterwards_is_written_down(database: Database) -> None:
    desk = Desk(database, Carrier())
    desk.service.send(desk.write())
    for receipt, seen in ((DELIVERED, ("delivered", None)), (UNREACHABLE, ("failed", UNREACHABLE.reason))):
        for _ in range(2):
            assert desk.service.take_receipts(told(receipt)) == 1
            assert (desk.seen()[0].state, desk.seen()[0].reason) == seen


def test_a_message_that_was_delivered_is_not_handed_over_again(database: Database) -> None:
    carrier = Carrier(TimeoutError())
    desk = Desk(database, carrier)
    id = desk.write()
    with pytest.raises(TimeoutError):
        desk.service.send(id)
    # The carrier took it, its answer was lost; what it tells names our own id.
    desk.service.take_receipts(told(Receipt("unknown", id, "delivered")))
    assert desk.service.send(id) == "delivered"
    assert carrier.carried == []


def test_a_receipt_before_the_hand_over_is_written_down_comes_again(database: Database) -> None:
    carrier = Carrier()
    desk = Desk(database, carrier)

    def too_quick() -> None:
        with pytest.raises(ReceiptEarly):
            desk.service.take_receipts(told(DELIVERED))

    carrier.while_carrying = too_quick
    assert desk.service.send(desk.write()) == "sent"
    desk.service.take_receipts(told(DELIVERED))
    assert desk.seen()[0].state == "delivered"


def test_a_receipt_of_somebody_elses_message_is_nothing(database: Database) -> None:
    desk = Desk(database, Carrier())
    desk.service.send(desk.write())
    others = (
        Receipt("another", None, "failed"),
        Receipt("another", "01jd2m8w9rk5v7xq3hyt6bnzca", "delivered"),
    )
    assert desk.service.take_receipts(told(*others)) == 2
    assert desk.service.take_receipts(told()) == 0
    assert desk.seen()[0].state == "sent"


SMS = Message("01jd", "sms", "+96550001101", "ar", None, "رمز دخولك: ١٢٣")
LETTER = Message("01je", "email", "a@post.example", "ar", "صدر ترخيصك", "السلام عليكم،\n\nصدر.")
SENDER = "service@marsa.example"


class Carriers:
    """A real carrier, and what has left by it: numbers with texts, and letters."""

    def __init__(
        self,
        messages: Messages,
        texts: Callable[[], list[tuple[str, str]]],
        letters: Callable[[], list[bytes]],
    ) -> None:
        self.messages, self.texts, self.letters = messages, texts, letters


def outbox(_: pytest.FixtureRequest, folder: Path) -> Carriers:
    def texts() -> list[tuple[str, str]]:
        told = [json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")]
        return [(one["recipient"], one["text"]) for one in told if one["channel"] == "sms"]

    return Carriers(
        OutboxFolder(folder, SENDER), texts, lambda: [file.read_bytes() for file in folder.glob("*.eml")]
    )


def aws_carriers(request: pytest.FixtureRequest, _: Path) -> Carriers:
    aws: AwsServer = request.getfixturevalue("aws")
    aws.forget_messages()
    aws.client("sesv2").create_email_identity(EmailIdentity="marsa.example")
    return Carriers(AwsMessages(f"aws:?{aws.options()}", SENDER), aws.texts, aws.letters)


@pytest.fixture(params=[outbox, aws_carriers])
def carriers(request: pytest.FixtureRequest, tmp_path: Path) -> Carriers:
    return request.param(request, tmp_path / "outbox")


def test_a_carrier_carries_texts_and_letters(carriers: Carriers) -> None:
    assert carriers.messages.send(SMS) != carriers.messages.send(LETTER)
    assert carriers.texts() == [(SMS.recipient, SMS.text)]
    letter = message_from_bytes(carriers.letters()[0], policy=policy.default)
    assert (letter["From"], letter["To"], letter["Subject"]) == (SENDER, LETTER.recipient, LETTER.subject)
    assert letter["Content-Language"] == "ar"
    assert letter.get_content().strip() == LETTER.text


def test_no_carrier_takes_a_recipient_with_a_second_header(carriers: Carriers) -> None:
    forged = replace(LETTER, recipient="a@post.example\nBcc: b@post.example")
    with pytest.raises(MessageUndeliverable) as refusal:
        carriers.messages.send(forged)
    assert refusal.value.data["reason"] == "address-invalid"
    assert carriers.letters() == []


@pytest.mark.parametrize(
    "event", [{}, {"Records": []}, {"source": "aws.events"}, {"Records": [{"body": "no json"}]}]
)
def test_an_event_of_something_else_holds_no_receipt(carriers: Carriers, event: dict[str, Any]) -> None:
    assert list(carriers.messages.receipts(event)) == []
