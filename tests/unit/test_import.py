"""`./diwan import` beside others who have the data folder."""

import json
import threading
import time
from pathlib import Path

import pytest

from chalicelib.commands.import_files import import_files
from chalicelib.commands.processes import sole_server
from chalicelib.commands.run import prepare
from chalicelib.database.engine import Database
from chalicelib.settings import read_settings


def test_files_are_read_when_the_server_that_should_read_them_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    prepare(settings)
    scan = tmp_path / "scan.pdf"
    scan.write_text("no PDF at all")
    ended: list[int] = []

    def take_in() -> None:
        ended.append(import_files(settings, [scan], parcel="", kind="other", as_json=True))

    importing = threading.Thread(target=take_in)
    database = Database(settings.database_url)
    with sole_server(settings.data) as ours:
        assert ours
        importing.start()
        deadline = time.monotonic() + 30
        while not _documents(database) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _documents(database) == 1
    importing.join(60)
    database.close()
    assert ended == [0]
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (said["file"], said["state"]) == (str(scan), "refused")


def _documents(database: Database) -> int:
    with database.reading() as tx:
        return int(tx.connection().exec_driver_sql("select count(*) from documents").scalar() or 0)
