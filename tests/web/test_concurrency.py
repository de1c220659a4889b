"""Many at once: each gets their own answer, and a connection lost half-way leaves nothing."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyotp
from chalice import Chalice

from chalicelib.web.application import register
from chalicelib.web.serve import WsgiApp
from tests.live_server import LiveServer
from tests.town import STAFF, Town, fresh_key
from tests.web_browser import Browser

AT_ONCE = 100


def slow_app(town: Town) -> tuple[Chalice, WsgiApp]:
    """The app with a pause between Chalice taking note of a request and our looking at it."""
    chalice = Chalice(app_name="diwan", configure_logs=False)

    def pause(event: Any, get_response: Callable[[Any], Any]) -> Any:
        time.sleep(0.02)
        return get_response(event)

    chalice.register_middleware(pause, "http")
    register(chalice, town.diwan)
    return chalice, WsgiApp(chalice, town.diwan)


def strangers_answers(app: WsgiApp) -> int:
    """How many of a hundred simultaneous requests were answered with another one's data."""
    start = threading.Barrier(AT_ONCE)

    def ask(number: int) -> bool:
        browser = Browser(app)
        start.wait()
        answer = browser.get(f"/sign-in?next=/renew/{number}", **{"x-request-id": f"request-{number:04}"})
        mine = (
            answer.headers.get("x-request-id") == f"request-{number:04}"
            and answer.status == 200
            and answer.hidden("/sign-in")["next"] == f"/renew/{number}"
        )
        return not mine

    with ThreadPoolExecutor(AT_ONCE) as people:
        return sum(people.map(ask, range(AT_ONCE)))


def test_a_hundred_at_once_each_get_their_own_answer(shared_town: Town) -> None:
    _chalice, app = slow_app(shared_town)
    assert strangers_answers(app) == 0


def test_without_the_swap_of_its_class_they_would_not(shared_town: Town) -> None:
    """Proves that the test above can fail: the race it guards against is real."""
    chalice, app = slow_app(shared_town)
    chalice.__class__ = Chalice
    assert strangers_answers(app) > AT_ONCE // 2


def test_a_hundred_at_once_over_real_connections(live_server: LiveServer) -> None:
    def ask(number: int) -> bool:
        address = f"{live_server.url}/sign-in?next=/renew/{number}"
        response = client.get(address, headers={"X-Request-Id": f"request-{number:04}"})
        shown = re.search(r'name="next" value="/renew/(\d+)"', response.text)
        return (
            response.headers["x-request-id"] == f"request-{number:04}"
            and shown is not None
            and shown[1] == str(number)
        )

    limits = httpx.Limits(max_connections=AT_ONCE)
    with httpx.Client(timeout=60, limits=limits) as client, ThreadPoolExecutor(AT_ONCE) as people:
        assert all(people.map(ask, range(AT_ONCE)))


def clerk(server: LiveServer) -> dict[str, str]:
    """The header of a clerk signed in now."""
    member = STAFF["clerk"]
    body = {"email": member["email"], "password": member["password"]}
    for _ in range(40):
        totp = pyotp.TOTP(member["totp_secret"]).now()
        opened = httpx.post(f"{server.url}/api/v1/sessions", json={**body, "totp": totp}, timeout=30)
        if opened.status_code == 201:
            return {"Authorization": f"Bearer {opened.json()['token']}"}
        time.sleep(1)
    raise AssertionError(opened.text)


def stored(server: LiveServer) -> list[Path]:
    return sorted(path for path in (server.data / "blobs").rglob("*") if path.is_file())


def test_a_network_lost_in_mid_upload_leaves_nothing_and_can_be_tried_again(
    live_server: LiveServer,
) -> None:
    headers, size = clerk(live_server), 3_000_000
    told = httpx.post(
        f"{live_server.url}/api/v1/uploads",
        json={"filename": "lost.pdf", "size": size},
        headers={**headers, **fresh_key()},
    ).json()
    before = stored(live_server)
    with socket.create_connection(("127.0.0.1", live_server.port)) as line:
        head = f"PUT {told['url']} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        line.sendall(head.encode() + b"x" * 1_000_000)
        time.sleep(0.3)
    finish = f"{live_server.url}/api/v1/uploads/{told['id']}/complete"
    end = time.monotonic() + 10
    while stored(live_server) != before and time.monotonic() < end:
        time.sleep(0.1)
    assert stored(live_server) == before
    assert httpx.post(finish, headers=headers).status_code == 409
    address = urlsplit(told["url"]).path
    assert httpx.put(f"{live_server.url}{address}", content=b"x" * size).status_code == 200
    assert httpx.post(finish, headers=headers).status_code == 200


def test_a_request_lost_in_mid_body_does_nothing(live_server: LiveServer) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", live_server.port)) as line:
            line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\ncivil_id=1")
    assert httpx.get(f"{live_server.url}/healthz").is_success


def test_bytes_that_are_no_http_do_not_stop_the_server(live_server: LiveServer) -> None:
    for noise in (
        b"\x00" * 100,
        b"GET / HTTP/1.1\r\nHost: x\r\nBad\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\n\xff\xff",
    ):
        with socket.create_connection(("127.0.0.1", live_server.port)) as line:
            line.sendall(noise)
            line.settimeout(2)
            with suppress(OSError):
                line.recv(1000)
    assert httpx.get(f"{live_server.url}/healthz").is_success
    body = b'5\r\n{"a":\r\n0\r\n\r\n'
    with socket.create_connection(("127.0.0.1", live_server.port)) as line:
        line.sendall(b"POST /api/v1/codes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        assert b" 400 " in line.recv(2000)


def test_every_request_is_one_line_of_the_log(live_server: LiveServer) -> None:
    httpx.get(f"{live_server.url}/help/contact?phone=50001108", headers={"X-Request-Id": "seen-in-the-log"})
    end = time.monotonic() + 5
    while "seen-in-the-log" not in live_server.log and time.monotonic() < end:
        time.sleep(0.1)
    lines = [line for line in live_server.log.splitlines() if "seen-in-the-log" in line]
    assert len(lines) == 1
    said = json.loads(lines[0])
    assert (said["route"], said["status"], said["method"]) == ("/help/{topic}", 200, "GET")
    assert "50001108" not in live_server.log
