"""`/readyz` in front of stores that take the connection and never say a word: real sockets, asked at the same time."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib.stores import readiness
from tests.town import Town
from tests.web.conftest import open_town

LATE = "not ready: no answer in 0.5 s"


@pytest.fixture(autouse=True)
def _short_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_PATIENCE", 0.5)
    monkeypatch.setattr(readiness, "_SECONDS", 0.0)


class SilentServer:
    """Takes connections and says nothing, until `speak` lets it answer each as OpenSearch counts no pages."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.taken = 0
        self._may_speak = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def speak(self) -> None:
        self._may_speak.set()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            self.taken += 1
            threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        with caller:
            caller.recv(65536)
            self._may_speak.wait()
            body = json.dumps({"count": 0, "_shards": {"failed": 0}}).encode()
            head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close"
            caller.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body)


@contextmanager
def silent() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.speak()
    server.close()


@pytest.fixture
def database() -> Iterator[SilentServer]:
    with silent() as server:
        yield server


@pytest.fixture
def search() -> Iterator[SilentServer]:
    with silent() as server:
        yield server


@pytest.fixture
def town(database: SilentServer, search: SilentServer, tmp_path: Path) -> Iterator[Town]:
    town = open_town(
        tmp_path / "data",
        DIWAN_DATABASE=f"postgresql+psycopg://town@127.0.0.1:{database.port}/diwan?connect_timeout=2",
        DIWAN_SEARCH=f"opensearch+http://127.0.0.1:{search.port}/pages",
    )
    yield town
    town.diwan.close()


def test_two_silent_stores_are_waited_for_at_the_same_time_and_each_is_named(town: Town) -> None:
    # Each by itself would be given up later, with a code of its own: the one deadline comes before both.
    answer = town.visitor().get("/readyz")
    assert answer.status == 503
    assert answer.json == {"ready": False, "stores": {"database": LATE, "blobs": "ready", "search": LATE}}


def test_a_store_that_stays_silent_is_waited_for_by_one_thread(town: Town, search: SilentServer) -> None:
    states = [town.visitor().get("/readyz").json["stores"]["search"] for _ in range(4)]
    assert states == [LATE] * 4
    assert sum(thread.name == "readiness" for thread in threading.enumerate()) <= 2
    assert search.taken == 1


def test_whoever_comes_while_a_silent_store_is_asked_is_told_what_was_known(town: Town) -> None:
    readiness_of_town = town.diwan.readiness
    before = readiness_of_town.states()
    with readiness_of_town._asking:  # somebody else is at it
        assert readiness_of_town.states() is before


def test_a_store_that_speaks_again_is_ready(
    town: Town, search: SilentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert town.visitor().get("/readyz").json["stores"]["search"] == LATE
    monkeypatch.setattr(readiness, "_PATIENCE", 30.0)
    search.speak()
    assert town.visitor().get("/readyz").json["stores"]["search"] == "ready"


def test_a_store_that_hangs_up_is_told_by_its_code(town: Town, database: SilentServer) -> None:
    database.speak()  # in words that are not PostgreSQL's
    assert town.visitor().get("/readyz").json["stores"]["database"] == "not ready: store-unavailable"
