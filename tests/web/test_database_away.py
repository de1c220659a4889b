"""What people and programs are told while the database is away: the same as of any store."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.town import Town
from tests.web.conftest import open_town

SIGNED_IN = {"diwan_session": "somebody"}


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Town]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    town = open_town(tmp_path / "data", DIWAN_DATABASE=f"postgresql+psycopg://town@127.0.0.1:{port}/diwan")
    yield town
    town.diwan.close()


@pytest.mark.parametrize("path", ["/", "/no-such-page"])
def test_people_are_told_to_come_back(away: Town, path: str) -> None:
    browser = away.visitor()
    browser.cookies.update(SIGNED_IN)
    answer = browser.get(path)
    assert answer.status == 503
    assert "أحد المخازن لا يجيب الآن" in answer.text


def test_programs_are_told_the_code(away: Town) -> None:
    answer = away.visitor().call("GET", "/api/v1/licences", authorization="Bearer somebody")
    assert (answer.status, answer.json["code"]) == (503, "store-unavailable")


def test_nobody_is_sent_here(away: Town) -> None:
    assert away.visitor().get("/readyz").status == 503
    assert away.visitor().get("/healthz").status == 200
