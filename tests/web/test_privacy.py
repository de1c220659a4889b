"""Logs tell what happened and not to whom: nothing personal in any line of a renewal, an intake or a trace."""

import json
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from chalice import Chalice

from chalicelib.bootstrap import build
from chalicelib.settings import read_settings
from chalicelib.telemetry.logs import JsonLines
from chalicelib.web.application import register
from chalicelib.web.serve import WsgiApp
from tests.moving_clock import MovingClock
from tests.renewal import renew
from tests.town import NEIGHBOUR, OWNER, PARTIES, STAFF, Town, fresh_key

SCAN = Path(__file__).resolve().parents[2] / "samples" / "scans" / "neighbours-consent-RD-5-0342.pdf"


def personal() -> set[str]:
    """Everything of the sample people that no log may hold."""
    found: set[str] = set()
    for person in PARTIES:
        found |= {person["civil_id"], person["email"], person["phone"], person["phone"].removeprefix("+965")}
        found |= {person["name"]["ar"], person["name"]["en"]}
        found |= {person["name"]["ar"].split()[-1], person["name"]["en"].split()[-1]}
    for member in STAFF.values():
        found |= {member["email"], member["password"], member["totp_secret"], member["name"]["ar"]}
    return found


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs from now on, as the lines that would be written."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(JsonLines("diwan-dev-api"))
    return caplog


@pytest.fixture
def writing_town(prepared_town: Path, tmp_path: Path) -> Iterator[Town]:
    """A town that writes its index too, as its worker does."""
    shutil.copytree(prepared_town, tmp_path / "town")
    clock = MovingClock()
    diwan = build(read_settings({}, data=tmp_path / "town"), index_writer=True, clock=clock)
    app = Chalice(app_name="diwan", configure_logs=False)
    register(app, diwan)
    yield Town(diwan, WsgiApp(app, diwan), clock)
    diwan.close()


def intake(town: Town, scan: Path) -> str:
    """File a scan as the clerk, have it read and find it; the document's id."""
    described = json.loads(scan.with_name(f"{scan.stem}.truth.json").read_text("utf-8"))["document"]
    clerk, bearer = town.visitor(), town.bearer("clerk")
    filing = {
        "filename": f"{described['owner']}.pdf", "size": scan.stat().st_size, "kind": described["kind"],
        "title": described["title_ar"], "owner": described["owner"], "parcel": described["parcel"],
    }  # fmt: skip
    target = clerk.call("POST", "/api/v1/uploads", filing, **bearer, **fresh_key())
    assert target.status == 201, target.text
    sent = clerk.send("PUT", target.json["url"], scan.read_bytes(), target.json["headers"])
    assert sent.status < 300, sent.text
    done = clerk.call("POST", f"/api/v1/uploads/{target.json['id']}/complete", {}, **bearer)
    assert done.status == 200, done.text
    town.work()
    document: str = done.json["document"]
    read = clerk.call("GET", f"/api/v1/documents/{document}", **bearer).json
    assert read["state"] in ("read", "read with doubts"), read
    found = clerk.call(
        "GET", f"/api/v1/search?q={quote(described['owner'])}", **town.bearer("archivist")
    ).json
    assert document in [hit["document"]["id"] for hit in found["items"]]
    return document


def test_no_line_of_a_whole_journey_names_anyone(town: Town, told: pytest.LogCaptureFixture) -> None:
    renewal = renew(town)
    code = town.last_code()
    visitor = town.visitor()
    visitor.submit("/sign-in", "/sign-in", {"civil_id": NEIGHBOUR})
    visitor.submit("/sign-in/code", "/sign-in/code", {"code": "000000"})
    visitor.submit("/staff/sign-in", "/staff/sign-in", {**STAFF["clerk"], "totp": "000000"})
    visitor.get(f"/verify?number={renewal.number}")
    visitor.get(f"/track?number={OWNER}")
    clerk = town.staff("clerk")
    clerk.get(f"/staff/search?q={PARTIES[0]['name']['ar']}&owner={OWNER}")
    clerk.get(f"/staff/documents/{OWNER}")
    visitor.get(f"/{OWNER}?phone={PARTIES[0]['phone']}")
    assert told.text.count("\n") > 30
    assert [word for word in personal() if word in told.text] == []
    for secret in (code, town.token("citizen"), town.token("clerk"), visitor.cookies["diwan_visitor"]):
        assert secret not in told.text


def test_no_line_of_an_intake_names_anyone(writing_town: Town, told: pytest.LogCaptureFixture) -> None:
    document = intake(writing_town, SCAN)
    clerk, path = writing_town.bearer("clerk"), f"/api/v1/documents/{document}"
    filed = writing_town.visitor().call("GET", path, **clerk).json
    typed = {"kind": "other", "title": filed["title"], "year": "", "filing_etag": filed["filing_etag"]}
    body = {**typed, "owner": PARTIES[0]["name"]["ar"]}
    assert writing_town.visitor().call("POST", f"{path}/filing", body, **clerk).status == 200
    writing_town.work()
    lines = [json.loads(line) for line in told.text.splitlines() if line.startswith('{"at"')]
    about_it = [line for line in lines if line.get("document") == document]
    assert {line["message"] for line in about_it} == {"request", "pages read", "job done"}
    owner = json.loads(SCAN.with_name(f"{SCAN.stem}.truth.json").read_text("utf-8"))["document"]["owner"]
    assert [word for word in (*personal(), owner, *owner.split()) if word in told.text] == []


def test_one_request_id_finds_all_that_came_of_a_request(
    writing_town: Town, told: pytest.LogCaptureFixture
) -> None:
    intake(writing_town, SCAN)
    lines = [json.loads(line) for line in told.text.splitlines() if line.startswith('{"at"')]
    asked = next(line for line in lines if line.get("route") == "/api/v1/uploads/{upload}/complete")
    came = {line.get("queue") for line in lines if line.get("request_id") == asked["request_id"]}
    assert {"read_document", "index_pages"} <= came


def test_a_fault_is_logged_without_what_was_typed(town: Town, told: pytest.LogCaptureFixture) -> None:
    with town.diwan.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE one_time_codes")
    answer = town.visitor().call("POST", "/api/v1/codes", {"civil_id": OWNER}, **fresh_key())
    assert (answer.status, answer.json["code"]) == (500, "internal-error")
    assert "one_time_codes" not in answer.text
    assert "one_time_codes" in told.text
    assert answer.headers["x-request-id"] in told.text
    assert OWNER not in told.text and "50001108" not in told.text


def test_a_line_is_one_object_whatever_is_in_it() -> None:
    record = logging.makeLogRecord(
        {"msg": 'a\r\n{"level":"forged"}\u2028\u0085', "levelname": "INFO", "name": "diwan", "route": "x\ny"}
    )
    told = JsonLines().format(record)
    assert len(told.splitlines()) == 1
    assert json.loads(told)["message"] == record.getMessage()
    assert not re.search(r"[\x00-\x1f\u2028\u2029\x85]", told)
