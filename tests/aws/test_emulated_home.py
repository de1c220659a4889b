"""The built package on an emulator of AWS does the whole job, and what nobody says aloud is done by its queues."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import pytest

from chalicelib.commands import demo
from chalicelib.commands.townspeople import Townspeople
from tests import opensearch_node, postgres_server
from tests.conftest import absent

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
SCAN = demo.SAMPLES / "scans" / "building-permit-MN-3-0127.pdf"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[demo.Home]:
    """A deployed stack with the sample municipality in it."""
    if postgres_server.binaries() is None:
        absent("postgres", postgres_server.HOW_TO_GET_IT)
    if opensearch_node.java() is None or opensearch_node.jars() is None:
        absent("opensearch", opensearch_node.HOW_TO_GET_IT)
    folder = tmp_path_factory.mktemp("aws")
    with demo.emulated_aws_home(folder) as place:
        yield place
    shutil.rmtree(folder, ignore_errors=True)  # functions are unpacked anew in each of their processes


@pytest.fixture(scope="module")
def people(place: demo.Home) -> Iterator[Townspeople]:
    people = Townspeople(place.base_url, place.texts, demo.SAMPLES, patience=600)
    yield people
    people.close()


def test_the_whole_job_is_done_there(place: demo.Home, people: Townspeople, tmp_path: Path) -> None:
    run = demo.Demo(people, tmp_path, environ=place.environ)
    said = {name: work() for name, work in run.steps()}
    assert run.pages == 30
    assert said["signature and QR verify"].startswith(demo.LICENCE)


def test_a_scan_put_into_s3_is_filed_read_and_found(place: demo.Home, people: Townspeople) -> None:
    """Nobody says that it has come but S3 itself."""
    content = SCAN.read_bytes() + b"\n"  # as it is, it is on file since the whole job was done
    wanted = {"filename": "لم يقل أحد.pdf", "size": len(content), **demo.filing_of(SCAN)}
    target = people.ask("clerk", "POST", "/api/v1/uploads", wanted, key="unsaid")
    sent = httpx.put(target["url"], content=content, headers=target["headers"], timeout=60)
    assert sent.is_success

    def filed() -> str | None:
        recent = people.ask("clerk", "GET", "/api/v1/documents")["items"]
        return next((one["id"] for one in recent if one["filename"] == wanted["filename"]), None)

    document = people.until("document that came by S3", filed)
    assert people.read(document)["state"] in ("read", "read with doubts")
    assert people.find("رخصة بناء", document)["items"]


def test_nothing_was_given_up(place: demo.Home, people: Townspeople, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environ.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    sqs = boto3.client("sqs", endpoint_url=place.environ["AWS_ENDPOINT_URL"])
    counts = {
        url.rpartition("/")[2]: int(
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])[
                "Attributes"
            ]["ApproximateNumberOfMessages"]
        )
        for url in sqs.list_queues()["QueueUrls"]
    }
    dead = {name: count for name, count in counts.items() if "Dead" in name or "dead" in name}
    assert len(dead) == 4
    assert sum(dead.values()) == 0
