"""Logs tell what happened and not to whom: nothing personal in any line of a whole journey."""

import json
import logging
import re

import pytest

from chalicelib.commands.logs import JsonLines
from tests.renewal import renew
from tests.town import NEIGHBOUR, OWNER, PARTIES, STAFF, Town, fresh_key


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


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    formatter = JsonLines()
    return [formatter.format(record) for record in caplog.records if record.levelno >= logging.INFO]


def test_no_line_of_a_whole_journey_names_anyone(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
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
    told = lines(caplog)
    assert len(told) > 30
    everything = "\n".join(told) + caplog.text
    assert [word for word in personal() if word in everything] == []
    for secret in (code, town.token("citizen"), town.token("clerk"), visitor.cookies["diwan_visitor"]):
        assert secret not in everything


def test_a_fault_is_logged_without_what_was_typed(
    town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town.diwan.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE one_time_codes")
    caplog.set_level(logging.DEBUG)
    answer = town.visitor().call("POST", "/api/v1/codes", {"civil_id": OWNER}, **fresh_key())
    assert (answer.status, answer.json["code"]) == (500, "internal-error")
    assert "one_time_codes" not in answer.text
    told = "\n".join(lines(caplog))
    assert "one_time_codes" in told
    assert answer.headers["x-request-id"] in told
    assert OWNER not in told and "50001108" not in told


def test_a_line_is_one_object_whatever_is_in_it() -> None:
    record = logging.makeLogRecord(
        {"msg": 'a\r\n{"level":"forged"}\u2028\u0085', "levelname": "INFO", "name": "diwan", "route": "x\ny"}
    )
    told = JsonLines().format(record)
    assert len(told.splitlines()) == 1
    assert json.loads(told)["message"] == record.getMessage()
    assert not re.search(r"[\x00-\x1f\u2028\u2029\x85]", told)
