"""`./diwan import`: what it says of files that are not read, and beside others who have the data folder."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from chalicelib.commands.import_files import import_files
from chalicelib.commands.processes import sole_server
from chalicelib.commands.run import prepare
from chalicelib.database.engine import Database
from chalicelib.settings import CHECKOUT, read_settings

SCAN = CHECKOUT / "samples" / "scans" / "fee-receipt-MN-3-0125.png"


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
    assert ended == [1]
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (said["file"], said["state"]) == (str(scan), "refused")


def test_one_file_that_is_not_there_keeps_no_other_from_being_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    absent, empty = tmp_path / "absent.pdf", tmp_path / "empty [1].pdf"
    empty.touch()
    assert import_files(settings, [absent, SCAN, empty], parcel="", kind="other", as_json=True) == 1
    said = {told["file"]: told for told in map(json.loads, capsys.readouterr().out.splitlines())}
    assert said[str(SCAN)]["state"].startswith("read")
    assert (said[str(absent)]["reason"], said[str(empty)]["reason"]) == ("cannot-open", "file-empty")
    assert "No such file" in said[str(absent)]["detail"] and "zero bytes" in said[str(empty)]["detail"]
    assert import_files(settings, [SCAN], parcel="", kind="other", as_json=True) == 0
    capsys.readouterr()
    assert import_files(settings, [empty], parcel="", kind="other", as_json=False) == 1
    shown, counted = capsys.readouterr()
    assert all(part in shown for part in (empty.name, "zero bytes", "file-empty"))
    assert "1 of 1 file was not read" in counted


def test_what_is_on_file_already_is_told_and_stays_as_it_was_filed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    told = []
    for kind in ("fee-receipt", "drawing"):
        assert import_files(settings, [SCAN], parcel="", kind=kind, as_json=True) == 0
        captured = capsys.readouterr()
        told.append(json.loads(captured.out.splitlines()[-1]))
        assert ("1 of 1 file was on file already" in captured.err) is (kind == "drawing")
    assert [one["new"] for one in told] == [True, False]
    assert told[0]["document"] == told[1]["document"]


def test_where_there_is_nothing_no_archive_is_made(tmp_path: Path) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    (tmp_path / "folder").mkdir()
    nothing = [tmp_path / "absent.pdf", tmp_path / "folder"]
    assert import_files(settings, nothing, parcel="", kind="other", as_json=True) == 2
    assert not settings.data.exists()


def test_who_stops_it_is_told_what_was_filed(tmp_path: Path) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    prepare(settings)
    database = Database(settings.database_url)
    command = [sys.executable, "-m", "chalicelib.cli", "import", SCAN, tmp_path / "absent.pdf"]
    with sole_server(settings.data):  # so that nobody reads
        importing = subprocess.Popen(
            [*command, "--data", settings.data], cwd=CHECKOUT, stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 30
        while not _documents(database) and time.monotonic() < deadline:
            time.sleep(0.1)
        importing.send_signal(signal.SIGINT)
        _, said = importing.communicate(timeout=30)
    database.close()
    assert importing.returncode == 130
    assert "1 of 2 files were filed, 0 of them read" in said and "none is filed twice" in said


def _documents(database: Database) -> int:
    with database.reading() as tx:
        return int(tx.connection().exec_driver_sql("select count(*) from documents").scalar() or 0)
