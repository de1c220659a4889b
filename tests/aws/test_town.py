"""The whole job with what a town keeps and says in AWS: a scan filed, read and found, a licence renewed and signed.

Then once more with trouble on a third of all calls: nothing may be lost, and nothing done twice.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from chalice import Chalice

from chalicelib.bootstrap import build
from chalicelib.commands import sample_municipality
from chalicelib.database.migrate import migrate
from chalicelib.jobs.lanes import LANES
from chalicelib.jobs.worker import work_until_idle
from chalicelib.settings import read_settings
from chalicelib.web.application import register
from chalicelib.web.serve import WsgiApp
from ocr.function import handler
from tests.aws_server import REGION, AwsServer, trouble
from tests.lambda_server import lambda_server
from tests.moving_clock import MovingClock
from tests.ocr.drawing import page
from tests.opensearch_node import OpenSearchNode
from tests.renewal import LICENCE_NUMBER, renew
from tests.sqs_lanes import SqsLanes
from tests.town import Town, fresh_key
from tests.web.conftest import prepared_town  # noqa: F401  (a fixture)
from tests.web_browser import Answer


@dataclass
class AwsTown(Town):
    """A town whose messages leave by SNS and SES, and whose workers are functions that SQS wakes."""

    aws: AwsServer | None = None
    lanes: SqsLanes | None = None

    def work(self) -> int:
        assert self.lanes
        count = 0
        while delivered := sum(self.lanes.deliver(self.diwan, lane)[0] for lane in LANES):
            count += delivered
        return count

    def last_code(self) -> str:
        self.work()
        assert self.aws
        return self.aws.texts()[-1][1].split("\n")[0][-6:]

    def clients(self) -> list[Any]:
        """Every client of AWS that the town has."""
        diwan: Any = self.diwan
        messages = diwan.notifications._messages
        return [
            diwan.blobs._s3,
            diwan.blobs._copier,
            diwan.keys._kms,
            messages._sns,
            messages._ses,
            diwan.ocr._lambda,
            diwan.bell._sqs,
        ]


@contextmanager
def open_town(
    aws: AwsServer, opensearch: OpenSearchNode, data: Path, **environment: str
) -> Iterator[AwsTown]:
    """A town with everything in AWS that can be, over a database; its certificates made as a deployment makes them."""
    aws.forget_messages()
    aws.client("sesv2").create_email_identity(EmailIdentity="marsa-alnoor.example")
    name, options = aws.name("secret"), aws.options()
    aws.client("secretsmanager").create_secret(Name=name, SecretString="s" * 40)
    lanes = SqsLanes(aws)
    with opensearch.alias() as alias, lambda_server({"reader": handler}) as functions:
        stores = {
            "DIWAN_BLOBS": f"s3://{aws.bucket()}/marsa?{options}",
            "DIWAN_KEYS": f"awskms:///{aws.signing_keys()}?{options}",
            "DIWAN_MESSAGES": f"aws:?{options}",
            "DIWAN_SECRET": f"secretsmanager://{name}?{options}",
            "DIWAN_SEARCH": f"opensearch+http://{opensearch.address}/{alias}",
            "DIWAN_JOBS": f"sqs://{lanes.prefix}?{options}",
            "DIWAN_OCR": f"lambda://reader?endpoint={functions.url}&region={REGION}",
        }
        clock = MovingClock()
        diwan = build(read_settings({**stores, **environment}, data=data), clock=clock)
        migrate(diwan.database)
        sample_municipality.load(diwan)
        diwan.signing.certify()
        chalice = Chalice(app_name="diwan", configure_logs=False)
        register(chalice, diwan)
        yield AwsTown(diwan, WsgiApp(chalice, diwan), clock, aws=aws, lanes=lanes)
        diwan.close()


@pytest.fixture
def town(
    aws: AwsServer, opensearch: OpenSearchNode, prepared_town: Path, tmp_path: Path, hurried: None  # noqa: F811
) -> Iterator[AwsTown]:  # fmt: skip
    data = tmp_path / "town"
    shutil.copytree(prepared_town, data)
    with open_town(aws, opensearch, data) as opened:
        yield opened


@pytest.fixture
def functions_town(
    aws: AwsServer, opensearch: OpenSearchNode, postgres_url: str, tmp_path: Path
) -> Iterator[AwsTown]:
    """As a function has it: PostgreSQL, one connection of it."""
    with open_town(aws, opensearch, tmp_path, DIWAN_DATABASE=f"{postgres_url}?pool=1") as opened:
        yield opened


@pytest.fixture
def scan(tmp_path: Path) -> bytes:
    file = tmp_path / "scan.png"
    page(["بلدية مرسى النور", "رقم القسيمة ٤٧١٥"], width=1200, height=700).save(file, dpi=(200, 200))
    return file.read_bytes()


def insist(town: AwsTown, method: str, path: str, body: dict[str, Any]) -> Any:
    """What a program does: the same call, with the same key, until it is answered."""
    headers = {**town.bearer("clerk"), **fresh_key()}
    answer = Answer(0, {}, b"")
    for _ in range(50):
        answer = town.visitor().call(method, path, body, **headers)
        if answer.status < 500:
            break
        town.clock.move(seconds=1)
    assert answer.status in (200, 201), answer.text
    return answer.json


def file(town: AwsTown, content: bytes) -> str:
    """Send a scan as a browser does; the document's id."""
    target = insist(town, "POST", "/api/v1/uploads", {"filename": "scan.png", "size": len(content)})
    sent = httpx.put(target["url"], content=content, headers=target["headers"])
    assert sent.status_code in (200, 412), sent.text
    document: str = insist(town, "POST", f"/api/v1/uploads/{target['id']}/complete", {})["document"]
    return document


def is_read_and_found(town: AwsTown, document: str) -> None:
    program = town.bearer("clerk")
    told = town.visitor().call("GET", f"/api/v1/documents/{document}", **program).json
    assert told["state"] in ("read", "read with doubts"), told
    assert told["pages"] == 1
    found = town.visitor().call("GET", "/api/v1/search?q=القسيمة", **program).json
    assert document in [hit["document"]["id"] for hit in found["items"]]
    link = town.staff("clerk").get(f"/staff/documents/{document}/pages/1/preview").location
    assert httpx.get(link).content.startswith(b"RIFF")


def is_issued_once(town: AwsTown) -> None:
    licences = town.visitor().call("GET", "/api/v1/licences", **town.bearer("citizen")).json["items"]
    licence = next(one for one in licences if one["number"] == LICENCE_NUMBER)
    got = town.visitor().call("GET", f"/api/v1/licences/{licence['id']}/pdf", **town.bearer("citizen"))
    pdf = httpx.get(got.location)
    assert pdf.headers["content-type"] == "application/pdf"
    verified = town.diwan.signing.verify_pdf(pdf.content)
    assert (verified.valid, verified.number) == (True, LICENCE_NUMBER), verified
    assert len(list(town.diwan.blobs.keys("licences/"))) == 1


def test_the_whole_job(functions_town: AwsTown, aws: AwsServer, scan: bytes) -> None:
    town = functions_town
    document = file(town, scan)
    town.work()
    is_read_and_found(town, document)
    assert file(town, scan) == document  # sent again, and not filed a second time
    renew(town)
    is_issued_once(town)
    assert any(LICENCE_NUMBER in text for _, text in aws.texts())
    assert len(aws.letters()) == 2  # a receipt and a licence
    town.work()
    kept = {key.split("/")[0] for key in town.diwan.blobs.keys("")}
    assert kept == {"sha256", "words", "previews", "licences", "certificates"}


def test_pages_let_browsers_send_to_the_bucket_and_see_previews_from_it(town: AwsTown) -> None:
    policy = town.staff("clerk").get("/staff/documents").headers["content-security-policy"]
    files = town.diwan.blobs.origin
    assert files.startswith("http://127.0.0.1:")
    assert f"connect-src 'self' {files};" in policy and f"img-src 'self' data: {files};" in policy
    # There is no way for bytes through us any more.
    link = town.diwan.links.make("upload", {"key": "incoming/1", "max": 1}, 60)
    assert town.visitor().send("PUT", link, b"x").status == 404


@pytest.mark.parametrize("seed", [1, 3])
def test_trouble_on_a_third_of_all_calls(town: AwsTown, aws: AwsServer, scan: bytes, seed: int) -> None:
    town.token("clerk")
    town.token("citizen")
    with trouble(town.clients(), share=1 / 3, seed=seed) as met:
        documents = [file(town, scan), file(town, scan + b"another file")]
        with pytest.MonkeyPatch.context() as patch:
            # The renewal's own helper works once and looks; here work takes as long as it takes.
            patch.setattr(AwsTown, "work", work_patiently)
            renew(town)
    assert met.total() > 10, met
    # What trouble outlasted is parked with its reason, and goes on when a person says so.
    for job in town.diwan.jobs.dead():
        assert job.reason and job.reason.partition(":")[0] in (
            "store-unavailable",
            "store-denied",
            "ReaderGone",
        )
        with town.diwan.database.transaction() as tx:
            assert town.diwan.jobs.retry(tx, job.id)
    work_patiently(town)
    for document in documents:
        is_read_and_found(town, document)
    is_issued_once(town)
    told = [text for _, text in aws.texts()]
    # What SNS took and could not say so is said again: at least once each.
    assert len(set(told)) >= 4, told  # a code, received, paid, issued


def work_patiently(town: AwsTown) -> int:
    """Work until nothing is left to do, however long jobs have to wait between their tries."""
    for _ in range(200):
        work_until_idle(town.diwan)
        if not town.diwan.jobs.pending():
            return 1
        town.clock.move(seconds=5)
    raise AssertionError("jobs are left")
