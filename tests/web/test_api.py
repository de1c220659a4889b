"""What every call of the API keeps to: problems, keys that make once, lists by cursor."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from chalicelib.archive.models import Document, Upload
from chalicelib.web.application import all_routes
from chalicelib.web.idempotency import ABANDONED, IdempotencyRow
from tests.town import OWNER, Town, fresh_key
from tests.web_browser import Answer

FILE: dict[str, Any] = {"filename": "a.pdf", "size": 10}
PROBLEM = {"type", "title", "status", "detail", "code", "request_id", "errors", "data"}


def announce(town: Town, key: str, body: dict[str, Any] | None = None, who: str = "clerk") -> Answer:
    headers = {**town.bearer(who), "Idempotency-Key": key}
    return town.visitor().call("POST", "/api/v1/uploads", body or FILE, **headers)


def uploads(town: Town) -> int:
    with town.diwan.database.reading() as tx:
        return tx.scalar(select(func.count()).select_from(Upload)) or 0


# Problems


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/v1/documents/nothing", None, 404, "document-unknown"),
        ("GET", "/api/v1/documents?limit=0", None, 422, "field-malformed"),
        ("GET", "/api/v1/documents?limit=101", None, 422, "field-malformed"),
        ("GET", "/api/v1/documents?limit=%D9%A2", None, 422, "field-malformed"),
        ("GET", "/api/v1/search", None, 422, "search-empty"),
        ("POST", "/api/v1/uploads", {"filename": "", "size": 1}, 422, "body-invalid"),
        ("POST", "/api/v1/uploads", {"filename": "a", "size": 0}, 422, "file-empty"),
        ("POST", "/api/v1/uploads", {"filename": "a", "size": 2**52}, 422, "file-too-large"),
        ("POST", "/api/v1/uploads", {"filename": "a", "size": 1, "year": "x"}, 422, "fields-invalid"),
        ("POST", "/api/v1/uploads", {"filename": "a", "size": 1, "other": 1}, 422, "body-invalid"),
        ("POST", "/api/v1/uploads", None, 422, "body-invalid"),
    ],
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_problem_has_its_shape_and_speaks_the_callers_language(
    shared_town: Town, method: str, path: str, body: Any, status: int, code: str, language: str
) -> None:
    keys = fresh_key() if method == "POST" else {}
    answer = shared_town.visitor().call(
        method, path, body, **shared_town.bearer("clerk"), **keys, **{"accept-language": f"{language}-KW"}
    )
    assert (answer.status, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json) == PROBLEM
    assert answer.json["type"] == f"/problems/{code}"
    assert answer.json["request_id"] == answer.headers["x-request-id"]
    arabic = any("\u0600" < letter < "\u06ff" for letter in answer.json["detail"])
    assert arabic is (language == "ar")
    if code in ("body-invalid", "fields-invalid"):
        assert answer.json["errors"]
        assert all(set(each) == {"field", "code", "detail"} for each in answer.json["errors"])


def test_what_a_call_asks_for_goes_before_what_the_browser_once_chose(shared_town: Town) -> None:
    """A page open in Arabic beside one that was turned to English: its script asks in Arabic."""
    visitor = shared_town.visitor()
    visitor.get("/?lang=en")
    said = {
        asked: visitor.get("/api/v1/documents/nothing", **{"accept-language": asked}).json["detail"]
        for asked in ("ar", "en", "fr")
    }
    assert said["ar"] != said["en"] == said["fr"]


# Keys


def test_whatever_makes_something_asks_for_a_key(shared_town: Town) -> None:
    makers = [route for route in all_routes() if route.makes]
    assert makers
    for key in (None, "", "short", "x" * 101, "with space", "é" * 10):
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = shared_town.visitor().call(
            "POST", "/api/v1/uploads", FILE, **shared_town.bearer("clerk"), **headers
        )
        assert (answer.status, answer.json["code"]) == (422, "idempotency-key-missing")


def test_a_repeated_request_gets_the_first_answer_and_makes_nothing(town: Town) -> None:
    first, again = announce(town, "the-same-key"), announce(town, "the-same-key")
    assert first.status == again.status == 201
    assert first.body == again.body
    assert first.headers["content-type"] == again.headers["content-type"] == "application/json"
    assert again.headers["cache-control"] == "no-store"
    assert uploads(town) == 1


def test_a_key_is_for_one_request(town: Town) -> None:
    announce(town, "the-same-key")
    other = announce(town, "the-same-key", {**FILE, "size": 11})
    assert (other.status, other.json["code"]) == (409, "idempotency-key-reused")
    assert uploads(town) == 1


def test_a_key_that_came_too_soon_may_come_again(town: Town) -> None:
    def ask(key: str) -> int:
        headers = {"Idempotency-Key": key}
        return town.visitor().call("POST", "/api/v1/codes", {"civil_id": OWNER}, **headers).status

    assert [ask(f"code-key-{number}") for number in range(4)] == [202, 202, 202, 429]
    town.clock.move(minutes=16)
    assert ask("code-key-3") == 202


def test_a_key_is_ones_own(town: Town) -> None:
    mine, theirs = announce(town, "the-same-key"), announce(town, "the-same-key", who="archivist")
    assert (mine.status, theirs.status) == (201, 201)
    assert mine.json["id"] != theirs.json["id"]


def test_a_refusal_is_repeated_too(town: Town) -> None:
    first, again = (announce(town, "the-same-key", {**FILE, "size": 0}) for _ in range(2))
    assert (first.status, first.json["code"]) == (again.status, again.json["code"]) == (422, "file-empty")


def test_many_at_once_with_one_key_have_one_effect(town: Town) -> None:
    town.token("clerk")
    start = threading.Barrier(8)

    def send(_number: int) -> Answer:
        start.wait()
        return announce(town, "all-at-once")

    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(send, range(8)))
    made = [answer for answer in answers if answer.status == 201]
    waiting = [answer for answer in answers if answer.status == 409]
    assert made and len(made) + len(waiting) == 8
    assert len({answer.json["id"] for answer in made}) == 1
    assert {answer.json["code"] for answer in waiting} <= {"idempotency-in-progress"}
    assert uploads(town) == 1


def test_a_key_whose_first_request_was_killed_runs_again_once(town: Town) -> None:
    announce(town, "killed-key-1")
    with town.diwan.database.transaction() as tx:
        row = tx.scalars(select(IdempotencyRow).where(IdempotencyRow.key == "killed-key-1")).one()
        row.status, row.answer = 0, ""
    assert announce(town, "killed-key-1").json["code"] == "idempotency-in-progress"
    town.clock.move(seconds=(ABANDONED + timedelta(seconds=1)).total_seconds())
    start = threading.Barrier(4)

    def send(_number: int) -> Answer:
        start.wait()
        return announce(town, "killed-key-1")

    with ThreadPoolExecutor(4) as senders:
        answers = list(senders.map(send, range(4)))
    assert uploads(town) == 2
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.json["id"] for answer in answers if answer.status == 201}) == 1


def test_kept_answers_are_forgotten_after_a_day(town: Town) -> None:
    first = announce(town, "the-same-key")
    town.clock.move(hours=25)
    again = announce(town, "the-same-key")
    assert again.status == 201
    assert again.json["id"] != first.json["id"]


# Lists


def test_a_list_is_walked_by_cursor_without_gap_or_repeat(town: Town) -> None:
    actor, intake, made = town.actor("clerk"), town.diwan.archive.intake, []
    filing = intake.check(kind="other")
    for number in range(23):
        paper = town.diwan.settings.data / "paper"
        paper.write_bytes(b"%d" % number)
        made.append(intake.file(actor, paper, filing).document.id)
    seen, query = [], "?limit=5"
    while query:
        told = town.visitor().call("GET", f"/api/v1/documents{query}", **town.bearer("clerk")).json
        assert len(told["items"]) <= 5
        seen += [item["id"] for item in told["items"]]
        paper.write_bytes(b"filed meanwhile %d" % len(seen))
        intake.file(actor, paper, filing)
        query = f"?limit=5&cursor={told['next']}" if told["next"] else ""
    assert seen == sorted(made, reverse=True)
    everything = town.visitor().call("GET", "/api/v1/documents", **town.bearer("clerk")).json
    assert len(everything["items"]) == 20
    with town.diwan.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(Document)) > 23


@pytest.mark.parametrize("cursor", ["x", "%00", "'", "z" * 5000, "%F0%9F%98%80", "e30=", "-1", "W10="])
@pytest.mark.parametrize("path", ["/api/v1/documents?", "/api/v1/search?q=x&"])
def test_a_cursor_of_nonsense_is_no_fault_of_ours(shared_town: Town, path: str, cursor: str) -> None:
    answer = shared_town.visitor().call("GET", f"{path}cursor={cursor}", **shared_town.bearer("clerk"))
    assert answer.status in (200, 422), answer.text
