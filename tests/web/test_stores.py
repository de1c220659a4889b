"""`./diwan doctor` beside a running server: a probe of the stores, over HTTP and through a real worker."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.commands.doctor import doctor
from chalicelib.settings import read_settings
from tests.live_server import LiveServer

LANES = ("prompt", "reading", "issuing")


def told(
    capsys: pytest.CaptureFixture[str], server: LiveServer, secret: Path | None = None
) -> dict[str, str]:
    settings = replace(read_settings({}, data=server.data, port=server.port), base_url=server.url)
    capsys.readouterr()
    doctor(replace(settings, secret_url=f"file://{secret}") if secret else settings, json=True)
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {one["name"]: one["state"] for one in findings if one["name"].startswith("stores")}


def test_pages_and_workers_see_the_same_stores(
    live_server: LiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = {f"stores of the pages and of {lane} workers": "ok" for lane in LANES}
    assert told(capsys, live_server) == expected


def test_a_server_of_another_installation_is_not_taken_for_ours(
    live_server: LiveServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert told(capsys, live_server, tmp_path / "secret") == {"stores": "missing"}
