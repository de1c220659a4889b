"""Traces: sent to a collector where one is named, one trace from a request to all that came of it."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chalicelib.telemetry import traces
from tests.live_server import LiveServer
from tests.renewal import renew
from tests.span_collector import SpanCollector, facts
from tests.town import OWNER, Town
from tests.web.test_privacy import personal

SERVER, CONSUMER, ERROR = 2, 5, 2


@pytest.fixture
def collector() -> Iterator[SpanCollector]:
    """A collector that this process sends its spans to."""
    started = SpanCollector()
    traces.start_traces(started.url, "diwan-test")
    yield started
    traces.stop_traces()
    started.stop()


def test_a_renewal_is_traced_from_its_requests_to_its_jobs(town: Town, collector: SpanCollector) -> None:
    renewal = renew(town)
    traces.stop_traces()
    assert collector.services == {"diwan-test"}
    by_name = {span.name: span for span in collector.spans}
    asked = by_name["POST /sandbox-gateway/{provider_id}"]
    assert asked.kind == SERVER
    assert facts(asked) == {
        "http.request.method": "POST",
        "http.route": "/sandbox-gateway/{provider_id}",
        "http.response.status_code": 303,
    } | {name: value for name, value in facts(asked).items() if name == "provider_id"}
    issued = by_name["process issue_licence"]
    assert issued.kind == CONSUMER
    assert facts(issued)["application"] == renewal.ids["application"]
    # The payment's return asked for the licence, and the licence for the message about it.
    back = by_name["GET /payments/return/{reference}"]
    assert {span.trace_id for span in (back, issued)} == {back.trace_id}
    assert issued.trace_id in {s.trace_id for s in collector.spans if s.name == "process send_notification"}


def test_no_span_names_anyone(town: Town, collector: SpanCollector) -> None:
    renew(town)
    visitor = town.visitor()
    visitor.get(f"/track?number={OWNER}")
    visitor.get(f"/{OWNER}")
    town.staff("clerk").get(f"/staff/documents/{OWNER}")
    traces.stop_traces()
    told = "\n".join(str(span) for span in collector.spans)
    assert len(collector.spans) > 20
    assert [word for word in personal() if word in told] == []


def test_a_fault_marks_its_span_and_not_what_was_said(collector: SpanCollector) -> None:
    with pytest.raises(ValueError, match=OWNER), traces.span("process read"):
        raise ValueError(OWNER)
    traces.stop_traces()
    [span] = collector.spans
    assert (span.status.code, facts(span)["error.type"]) == (ERROR, "ValueError")
    assert OWNER not in str(span)


def test_a_caller_s_trace_is_gone_on_with(shared_town: Town, collector: SpanCollector) -> None:
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    shared_town.visitor().get("/healthz", traceparent=f"00-{trace}-{parent}-01")
    traces.stop_traces()
    [span] = collector.spans
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (trace, parent)


def test_in_a_function_spans_are_sent_before_it_is_frozen(shared_town: Town) -> None:
    collector = SpanCollector()
    traces.start_traces(collector.url, "diwan-dev-api", freezes=True)
    try:
        shared_town.visitor().get("/healthz")
        assert [span.name for span in collector.spans] == ["GET /healthz"]
    finally:
        traces.stop_traces()
        collector.stop()


@pytest.mark.parametrize("status", [400, 503])
def test_people_are_served_whatever_the_collector_answers(
    shared_town: Town, collector: SpanCollector, status: int
) -> None:
    collector.status = status
    assert shared_town.visitor().get("/healthz").status == 200


def test_one_trace_goes_through_both_processes_of_the_embedded_home(
    prepared_town: Path, tmp_path: Path
) -> None:
    shutil.copytree(prepared_town, tmp_path / "data")
    collector = SpanCollector()
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    server = LiveServer(tmp_path / "data", **variables)
    server.start()
    try:
        sent = httpx.post(
            f"{server.url}/api/v1/codes",
            json={"civil_id": OWNER},
            headers={"Idempotency-Key": "traced-code-1", "X-Request-Id": "traced-request-1"},
        )
        assert sent.status_code == 202, sent.text
        end = time.monotonic() + 20
        while time.monotonic() < end and "process send_notification" not in {s.name for s in collector.spans}:
            time.sleep(0.1)
    finally:
        server.stop()
        collector.stop()
    by_name = {span.name: span for span in collector.spans}
    assert by_name["process send_notification"].trace_id == by_name["POST /api/v1/codes"].trace_id
    assert {"diwan-web", "diwan-worker"} <= collector.services
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    told = {line["message"] for line in lines if line.get("request_id") == "traced-request-1"}
    assert told == {"request", "job done"}
    # Besides lines there are the sample's own sign-ins, told to whoever started it.
    assert [word for word in personal() if word in json.dumps(lines, ensure_ascii=False)] == []


def test_without_a_collector_nothing_of_it_is_loaded() -> None:
    program = (
        "import sys, chalicelib.web.application, chalicelib.jobs.worker, chalicelib.bootstrap\n"
        "from chalicelib.settings import read_settings\n"
        "from chalicelib.telemetry.startup import observe\n"
        "from chalicelib.telemetry.traces import span, traceparent\n"
        "observe(read_settings({}), 'web')\n"
        "with span('x'): assert traceparent() is None\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
