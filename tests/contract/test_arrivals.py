"""What the blob store tells of uploads: filed once, whoever says so first, and nothing lost for a bad message."""

import json

import pytest

from chalicelib.archive.rules import Filing
from chalicelib.jobs.arrivals import file_arrivals
from tests.contract.test_archive import CLERK, Office


class Diwan:
    """As much of everything as arrivals need."""

    def __init__(self, archive) -> None:
        self.archive = archive


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
    assert office.archive.intake.complete_upload(CLERK, upload).id == document.id


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
