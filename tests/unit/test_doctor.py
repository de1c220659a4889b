"""`./diwan doctor` tells what is there, what is missing, and what to do about it."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from chalicelib.cli import main
from chalicelib.commands.doctor import doctor
from chalicelib.database.engine import Database
from chalicelib.database.migrate import migrate
from chalicelib.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({}, data=tmp_path / "data", port=_free_port())


def findings(settings: Settings, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    capsys.readouterr()
    code = doctor(settings, json=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == int(any(finding["state"] == "missing" for finding in told))
    return {finding["name"]: finding for finding in told}


def test_makes_nothing(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    told = findings(settings, capsys)
    assert not settings.data.exists()
    assert told["database"]["state"] == told["signing keys"]["state"] == told["data folder"]["state"] == "ok"


def test_prints_a_table_for_people(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    doctor(settings, json=False)
    assert "Python packages" in capsys.readouterr().out


def test_tells_exposed_keys(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    keys = settings.data / "keys"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "issuer.pem").touch(mode=0o600)
    assert findings(settings, capsys)["signing keys"]["state"] == "ok"
    (keys / "issuer.pem").chmod(0o644)
    exposed = findings(settings, capsys)["signing keys"]
    assert exposed["state"] == "missing" and str(keys / "issuer.pem") in exposed["remedy"]


def test_tells_a_database_that_lags_behind(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.data.mkdir()
    database = Database(settings.database_url)
    with database.transaction() as tx:
        tx.execute(text("create table older (id integer)"))
    assert "older" in findings(settings, capsys)["database"]["found"]
    migrate(database)
    assert "up to date" in findings(settings, capsys)["database"]["found"]
    database.close()


def test_tells_a_database_server_that_does_not_answer(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"postgresql+psycopg://postgres@127.0.0.1:{_free_port()}/diwan"
    told = findings(replace(settings, database_url=url), capsys)["database"]
    assert told["state"] == "missing" and told["remedy"]


def test_tells_a_port_that_is_taken(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert findings(settings, capsys)["port"]["state"] == "ok"
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        assert findings(settings, capsys)["port"]["state"] == "optional"


def test_looks_at_the_port_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = _free_port()
    main(["doctor", "--json", "--port", str(port), "--data", str(tmp_path / "data")])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [f"127.0.0.1:{port}" in one["found"] for one in told if one["name"] == "port"] == [True]


def test_tells_that_no_staff_could_come_in(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert findings(settings, capsys)["staff sign-in"]["state"] == "ok"
    told = findings(replace(settings, staff_accounts=False), capsys)["staff sign-in"]
    assert told["state"] == "missing" and "DIWAN_STAFF_DIRECTORY" in told["remedy"]


def test_tells_assets_that_were_not_set_up(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "package.json").write_text('{"dependencies": {"bootstrap": "5.3.9"}}')
    told = findings(replace(settings, assets=bare, tessdata=bare), capsys)
    assert {
        told[name]["state"] for name in ("page assets", "typefaces", "language data", "Python packages")
    } == {"missing"}
    assert "bootstrap" in told["page assets"]["found"]


def test_tells_a_restore_that_has_not_ended(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.data.mkdir()
    (settings.data / "diwan.sqlite3.restoring").touch()
    told = findings(settings, capsys)["data folder"]
    assert told["state"] == "missing" and "restore" in told["remedy"]


def test_tells_a_setting_that_nobody_reads(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert findings(settings, capsys)["settings"]["state"] == "ok"
    monkeypatch.setenv("DIWAN_MUNICIPALTY", "town.json")
    told = findings(settings, capsys)["settings"]
    assert told["state"] == "optional" and "DIWAN_MUNICIPALTY" in told["found"]
    assert "DIWAN_MUNICIPALITY" in told["remedy"]
    assert main(["doctor", "--json", "--data", str(settings.data)]) in (0, 1)
    assert capsys.readouterr().err == ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
