"""What the blob store tells of uploads: filed once, whoever says so first, and nothing lost for a bad message."""

import base64
import gzip
import json

import pytest

from chalicelib.adapters.aws.aws_messages import AwsMessages
from chalicelib.archive.rules import Filing
from chalicelib.jobs.arrivals import file_arrivals
from chalicelib.notifications.errors import ReceiptEarly
from tests.contract.test_archive import CLERK, Office
from tests.contract.test_notifications import Carrier, Desk


class Diwan:
    """As much of everything as arrivals need."""

    def __init__(self, archive, notifications=None) -> None:
        self.archive = archive
        self.notifications = (
            notifications or Desk(archive._database, AwsMessages("aws:", "a@marsa.example")).service
        )


@pytest.fixture
def office(database, tmp_path):
    office = Office(database, tmp_path)
    yield office
    office.search.close()


def told(*keys: str, message: str = "m1") -> dict:
    body = json.dumps({"Records": [{"s3": {"object": {"key": key}}} for key in keys]})
    return {"messageId": message, "body": body}


def test_an_upload_is_filed_when_its_bytes_come(office):
    upload, _ = office.archive.intake.open_upload(CLERK, "scan.pdf", 5, Filing(title="صك"))
    office.blobs.put(b"whole", f"incoming/{upload}")
    event = {"Records": [told(f"town%2Fincoming/{upload}")]}
    assert file_arrivals(Diwan(office.archive), event) == {"batchItemFailures": []}
    assert file_arrivals(Diwan(office.archive), event) == {"batchItemFailures": []}
    [document] = office.archive.recent(CLERK)
    assert (document.filename, document.filed_by) == ("scan.pdf", CLERK.id)
    assert office.archive.intake.complete_upload(CLERK, upload).document.id == document.id


def test_what_nobody_announced_or_came_short_is_let_go(office):
    upload, _ = office.archive.intake.open_upload(CLERK, "scan.pdf", 5, Filing())
    office.blobs.put(b"shor", f"incoming/{upload}")
    event = {"Records": [told(f"incoming/{upload}", "incoming/nobody", "sha256/ab/cd/abcd")]}
    assert file_arrivals(Diwan(office.archive), event) == {"batchItemFailures": []}
    assert list(office.archive.recent(CLERK)) == []
    assert list(office.blobs.keys("incoming/")) == [f"incoming/{upload}"]


def test_only_the_message_that_failed_is_given_again(office, monkeypatch):
    first, _ = office.archive.intake.open_upload(CLERK, "first.pdf", 5, Filing())
    second, _ = office.archive.intake.open_upload(CLERK, "second.pdf", 6, Filing())
    office.blobs.put(b"first", f"incoming/{first}")
    office.blobs.put(b"second", f"incoming/{second}")
    put = office.blobs.put

    def away(content):
        if content.read_bytes() == b"first":
            raise ConnectionError
        return put(content)

    monkeypatch.setattr(office.blobs, "put", away)
    event = {
        "Records": [
            told(f"incoming/{first}", message="m1"),
            {"messageId": "m2", "body": "not JSON"},
            told(f"incoming/{second}", message="m3"),
            {"messageId": "m4", "body": '{"Event": "s3:TestEvent"}'},
        ]
    }
    failures = file_arrivals(Diwan(office.archive), event)["batchItemFailures"]
    assert failures == [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]
    assert [document.filename for document in office.archive.recent(CLERK)] == ["second.pdf"]


def test_what_carriers_tell_comes_the_same_way(database):
    carrier = Carrier()
    carrier.receipts = AwsMessages("aws:", "a@marsa.example").receipts
    desk = Desk(database, carrier)
    diwan = Diwan(None, desk.service)
    log = {"notification": {"messageId": "carried"}, "delivery": {}, "status": "SUCCESS"}
    packed = gzip.compress(json.dumps({"logEvents": [{"message": json.dumps(log)}]}).encode())
    straight = {"awslogs": {"data": base64.b64encode(packed).decode()}}
    carrier.while_carrying = lambda: early(diwan, straight)
    desk.service.send(desk.write(key="text"))
    file_arrivals(diwan, straight)
    assert desk.seen()[0].state == "delivered"

    letter = desk.write(key="letter")
    carrier.while_carrying = lambda: None
    desk.service.send(letter)
    mail = {"messageId": "0107", "tags": {"diwan-message": [letter]}}
    bounce = {"eventType": "Bounce", "mail": mail, "bounce": {"bounceType": "Permanent"}}
    by_bus = {"messageId": "m1", "body": json.dumps({"source": "aws.ses", "detail": bounce})}
    assert file_arrivals(diwan, {"Records": [by_bus]}) == {"batchItemFailures": []}
    assert [(view.state, view.reason) for view in desk.seen()] == [
        ("failed", "bounced-permanent"),
        ("delivered", None),
    ]


def early(diwan, event):
    """The receipt before its hand-over is written down: it is to come again."""
    with pytest.raises(ReceiptEarly):
        file_arrivals(diwan, event)
