"""What was set aside by SQS is seen by who runs the machine, in both languages, and sent back by a click."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError
from chalice import Chalice

from chalicelib.bootstrap import Diwan
from chalicelib.database.outbox import EventRow
from chalicelib.jobs.lanes import READING
from chalicelib.jobs.worker import work_until_idle
from chalicelib.web.application import register
from chalicelib.web.serve import WsgiApp
from tests.aws_server import AwsServer, faults, unheard
from tests.sqs_lanes import TRIES, SqsLanes
from tests.web_browser import Browser

Staff = Callable[[str], Browser]


@pytest.fixture
def lanes(aws: AwsServer) -> SqsLanes:
    return SqsLanes(aws)


@pytest.fixture
def app(diwan: Diwan, lanes: SqsLanes) -> WsgiApp:
    told = replace(diwan, bell=lanes.bell)
    chalice = Chalice(app_name="diwan", configure_logs=False)
    register(chalice, told)
    return WsgiApp(chalice, told)


def set_aside(lanes: SqsLanes) -> None:
    lanes.send(READING, "nobody understands this")
    for _ in range(TRIES + 1):
        lanes.receive(READING)


def test_what_was_set_aside_is_seen_and_sent_back(lanes: SqsLanes, staff_browser: Staff) -> None:
    set_aside(lanes)
    admin = staff_browser("admin")
    assert "/staff/lines" in admin.get("/staff").text
    page = admin.get("/staff/lines").text
    assert "قراءة الوثائق" in page and "أعدها إلى المسار" in page
    assert "Reading of documents" in admin.get("/staff/lines?lang=en").text
    assert page.count("/send-back") == 1
    sent = admin.submit("/staff/lines", "/staff/lines/reading/send-back", {})
    assert (sent.status, sent.location) == (303, "/staff/lines")
    assert lanes.counts(READING) == (1, 0, 0)
    assert "/send-back" not in admin.get("/staff/lines").text


def test_who_sent_messages_back_is_in_the_log(diwan: Diwan, lanes: SqsLanes, staff_browser: Staff) -> None:
    set_aside(lanes)
    admin, auditor = staff_browser("admin"), staff_browser("auditor")
    form = admin.get("/staff/lines").hidden("/staff/lines/reading/send-back")
    for _ in range(2):  # the second time nothing is aside
        admin.post("/staff/lines/reading/send-back", form)
    set_aside(lanes)
    silence = unheard(EndpointConnectionError(endpoint_url="sqs"))
    with faults(lanes.bell._sqs, "ReceiveMessage", *[silence] * 9):
        assert admin.post("/staff/lines/reading/send-back", form).status == 503
    with diwan.database.reading() as tx:
        told = tx.query(EventRow).filter(EventRow.name == "jobs.messages_sent_back").all()
    assert [(row.subject, row.payload["aside"], row.actor_kind) for row in told] == [
        ("reading", 1, "staff"),
        ("reading", 2, "staff"),
    ]
    work_until_idle(diwan, ["append_audit"])
    arabic = auditor.get("/staff/audit").text
    assert (
        "طُلب أن تُعاد إلى مسارها رسالة وُضعت جانبًا" in arabic
        and "المسار:" in arabic
        and "قراءة الوثائق" in arabic
    )
    english = auditor.get("/staff/audit?lang=en").text
    assert "A message of jobs that was set aside was put to be sent back" in english
    assert re.search(r"Line:\s+Reading of documents", english)


def test_only_who_runs_the_machine_may(lanes: SqsLanes, staff_browser: Staff) -> None:
    set_aside(lanes)
    clerk = staff_browser("clerk")
    assert clerk.get("/staff/lines").status == 403
    assert "/staff/lines" not in clerk.get("/staff").text
    assert lanes.counts(READING) == (0, 0, 1)


def test_no_other_line_can_be_named(lanes: SqsLanes, staff_browser: Staff) -> None:
    set_aside(lanes)
    admin = staff_browser("admin")
    form = admin.get("/staff/lines").hidden("/staff/lines/reading/send-back")
    assert admin.post("/staff/lines/elsewhere/send-back", form).status == 404


def test_a_silent_sqs_is_told_as_such(lanes: SqsLanes, staff_browser: Staff) -> None:
    admin = staff_browser("admin")
    silence = unheard(EndpointConnectionError(endpoint_url="sqs"))
    with faults(lanes.bell._sqs, "*", *[silence] * 9) as met:
        answer = admin.get("/staff/lines")
    assert met
    assert answer.status == 503
    assert admin.get("/staff").status == 200
