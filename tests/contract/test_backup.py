"""Copies of a home that is in use, and homes made of copies, on both databases: whole, unchanged, or refused."""

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.key_file import KeyFile
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.cli import main
from chalicelib.commands import backup_folder
from chalicelib.commands.backup import (
    BackupElsewhere,
    NothingToBackUp,
    RestoreNotEmpty,
    RestoreOtherDatabase,
    backup,
    restore,
)
from chalicelib.commands.backup_folder import BackupBusy, BackupChanged, BackupFolder, BackupMissing
from chalicelib.database import snapshot
from chalicelib.database.engine import Database
from chalicelib.database.snapshot import DumpFailed, DumpProgramMissing
from chalicelib.settings import Settings, read_settings
from tests import postgres_server

ROW = text("INSERT INTO notes (key) VALUES (:key)")


class Town:
    """A home with a table of keys, whose blobs are put before their rows, as everywhere."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.data.mkdir(exist_ok=True)
        self.blobs = FolderBlobs(settings.data / "blobs", SignedLinks(b"s" * 32, SystemClock()))
        self.keys = KeyFile(settings.data / "keys", SystemClock())
        self.database = Database(settings.database_url)

    def begin(self) -> None:
        with self.database.transaction() as tx:
            tx.execute(text("CREATE TABLE notes (key VARCHAR(200))"))
        self.note("first")

    def note(self, words: str) -> None:
        stored = self.blobs.put(words.encode())
        with self.database.transaction() as tx:
            tx.execute(ROW, {"key": stored.key})

    def noted(self) -> list[str]:
        with self.database.reading() as tx:
            keys = tx.execute(text("SELECT key FROM notes")).scalars().all()
        return sorted(self.blobs.get(key).decode() for key in keys)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    town = Town(read_settings({"DIWAN_DATABASE": database_url}, data=tmp_path / "data"))
    town.begin()
    yield town
    town.database.close()


@pytest.fixture
def sqlite_town(tmp_path: Path) -> Iterator[Town]:
    town = Town(read_settings({}, data=tmp_path / "data"))
    town.begin()
    yield town
    town.database.close()


@pytest.fixture
def elsewhere(town: Town, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty place for a home of the same make."""
    if town.database.is_sqlite:
        yield read_settings({}, data=tmp_path / "elsewhere")
        return
    server: postgres_server.PostgresServer = request.getfixturevalue("postgres")
    name = server.create_database()
    yield read_settings({"DIWAN_DATABASE": server.url(name)}, data=tmp_path / "elsewhere")
    server.drop_database(name)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def restored(settings: Settings, copies: Path, digest: str = "") -> Town:
    assert restore(settings, copies, digest) == 0
    town = Town(settings)
    town.database.close()
    return town


def objects(copies: Path) -> set[Path]:
    return {path for path in (copies / "objects").rglob("*") if path.is_file()}


def untouched(settings: Settings) -> bool:
    there = settings.data.iterdir() if settings.data.exists() else ()
    return {path.name for path in there} <= {"server.lock"}


def test_a_home_comes_back_as_it_was(town: Town, elsewhere: Settings, copies: Path) -> None:
    town.blobs.put(b"of a reading under way", "transient/reading/page")
    assert backup(town.settings, copies) == 0
    town.note("after the copy")
    back = restored(elsewhere, copies)
    assert back.noted() == ["first"]
    assert back.keys.certificate_chain("licence-pdf") == town.keys.certificate_chain("licence-pdf")
    assert not back.blobs.exists("transient/reading/page")
    assert (elsewhere.data / "keys").stat().st_mode & 0o077 == 0


def test_a_file_is_copied_once_however_many_copies_hold_it(town: Town, copies: Path) -> None:
    backup(town.settings, copies)
    before = objects(copies)
    town.note("second")
    backup(town.settings, copies)
    new = objects(copies) - before
    assert len(new) == 2  # the words, and the database
    assert b"second" in {path.read_bytes() for path in new}


def test_of_a_copy_that_was_removed_only_what_others_name_stays(
    sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    [oldest] = copies.glob("*.jsonl")
    rows = next(kept for kept in BackupFolder(copies).copies()[0].files() if kept.name == "database")
    sqlite_town.note("second")
    backup(sqlite_town.settings, copies)
    assert BackupFolder(copies).holds(rows)
    oldest.unlink()
    sqlite_town.note("third")
    backup(sqlite_town.settings, copies)
    assert not BackupFolder(copies).holds(rows)
    back = restored(read_settings({}, data=tmp_path / "elsewhere"), copies)
    assert back.noted() == ["first", "second", "third"]


def test_an_older_copy_is_asked_for_by_its_digest(
    town: Town, elsewhere: Settings, copies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup(town.settings, copies)
    digest = capsys.readouterr().out.strip()
    town.note("second")
    backup(town.settings, copies)
    assert restored(elsewhere, copies, digest).noted() == ["first"]


def test_what_is_written_meanwhile_leaves_no_copy_in_pieces(
    town: Town, elsewhere: Settings, copies: Path
) -> None:
    end = threading.Event()

    def write() -> None:
        number = 0
        while not end.is_set():
            town.note(f"note {number}")
            number += 1

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(4):
            backup(town.settings, copies)
    finally:
        end.set()
        for writer in writers:
            writer.join()
    noted = restored(elsewhere, copies).noted()  # reads the blob of each row
    assert "first" in noted and len(noted) > 4


def test_writers_do_not_make_a_copy_begin_anew(
    sqlite_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_STEP", 1)
    for number in range(20):
        sqlite_town.note(f"{number} " + "long " * 1000)
        with sqlite_town.database.transaction() as tx:
            tx.execute(ROW, {"key": "long" * 1000})
    done: list[int] = []

    def told(pages: int, _of: int) -> None:
        done.append(pages)
        if len(done) < 10:
            sqlite_town.note(f"meanwhile {pages}")

    snapshot.take(sqlite_town.database, tmp_path / "snapshot", told)
    assert len(done) > 10 and done == sorted(set(done))


# Interrupted


class Killed(BaseException):
    """The process ends here: nothing more is done."""


def killed_at(monkeypatch: pytest.MonkeyPatch, step: int) -> pytest.MonkeyPatch:
    """Has the process end before it writes something down for the `step`th time."""
    left = iter(range(step))
    real = os.fsync

    def fsync(handle: int) -> None:
        if next(left, None) is None:
            raise Killed
        real(handle)

    monkeypatch.setattr(backup_folder.os, "fsync", fsync)
    return monkeypatch


def test_a_copy_killed_at_any_moment_is_none_and_the_next_is_whole(
    sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    sqlite_town.note("second")
    kills = 0
    while True:
        with pytest.MonkeyPatch.context() as patch:
            killed_at(patch, kills)
            try:
                backup(sqlite_town.settings, copies)
                break
            except Killed:
                kills += 1
        whole = BackupFolder(copies).copies()
        # Killed when the list has its name and that is not yet written down: it is there, and whole.
        assert all(BackupFolder(copies).holds(kept) for copy in whole for kept in copy.files())
        shutil.rmtree(tmp_path / "elsewhere", ignore_errors=True)
        back = restored(read_settings({}, data=tmp_path / "elsewhere"), copies)
        assert back.noted() == (["first"] if len(whole) == 1 else ["first", "second"])
    assert kills > 4
    assert not list(copies.rglob("*.new*"))


def test_a_restore_killed_at_any_moment_leaves_an_empty_place(
    sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    settings = read_settings({}, data=tmp_path / "elsewhere")
    files = len(list(BackupFolder(copies).copies()[0].files()))
    for step in range(files):
        with pytest.MonkeyPatch.context() as patch:
            killed_at(patch, step)
            patch.setattr("chalicelib.commands.backup._Staged.clear", lambda _: None)  # nor does it tidy up
            with pytest.raises(Killed):
                restore(settings, copies, "")
        assert not (settings.data / "diwan.sqlite3").exists()
        assert not (settings.data / "keys").exists()
    assert restored(settings, copies).noted() == ["first"]
    assert not list(settings.data.glob("*.restoring"))


# Changed


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["database", "keys/issuer.pem", "blobs/sha256"])
@pytest.mark.parametrize("how", [spoil, Path.unlink])
def test_a_file_that_changed_is_named_and_nothing_is_restored(
    how, name, sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    [kept] = [kept for kept in BackupFolder(copies).copies()[0].files() if kept.name.startswith(name)]
    how(copies / "objects" / kept.sha256[:2] / kept.sha256)
    settings = read_settings({}, data=tmp_path / "elsewhere")
    with pytest.raises(BackupChanged) as refused:
        restore(settings, copies, "")
    assert refused.value.data["files"] == [kept.name]
    assert untouched(settings)


def test_a_list_that_changed_is_found_by_those_after_it_and_by_its_digest(
    sqlite_town: Town, copies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup(sqlite_town.settings, copies)
    backup(sqlite_town.settings, copies)
    digest = capsys.readouterr().out.split()[-1]
    first, last = sorted(copies.glob("*.jsonl"))
    settings = read_settings({}, data=tmp_path / "elsewhere")
    kept = last.read_text()
    last.write_text(kept.rsplit("\n", 2)[0] + "\n")  # a file less
    with pytest.raises(BackupMissing):
        restore(settings, copies, digest)
    last.write_text(kept)
    first.write_text(first.read_text().rsplit("\n", 2)[0] + "\n")
    for use in (lambda: restore(settings, copies, ""), lambda: backup(sqlite_town.settings, copies)):
        with pytest.raises(BackupChanged) as refused:
            use()
        assert refused.value.data["files"] == [first.name]
    assert untouched(settings)


@pytest.mark.parametrize(
    "name", ["blobs/../../outside", "keys/../outside", "outside", "/etc/outside", "blobs/"]
)
def test_a_list_leads_nowhere_else(name: str, sqlite_town: Town, copies: Path, tmp_path: Path) -> None:
    backup(sqlite_town.settings, copies)
    [path] = copies.glob("*.jsonl")
    lines = path.read_text().splitlines()
    lines[-1] = json.dumps({**json.loads(lines[-1]), "name": name})
    path.write_text("\n".join(lines) + "\n")
    settings = read_settings({}, data=tmp_path / "elsewhere")
    with pytest.raises(BackupChanged):
        restore(settings, copies, "")
    assert untouched(settings)
    assert not list(tmp_path.rglob("outside"))


# Refused


def test_nothing_is_overwritten(town: Town, copies: Path) -> None:
    backup(town.settings, copies)
    town.note("later")
    with pytest.raises(RestoreNotEmpty):
        restore(town.settings, copies, "")
    assert town.noted() == ["first", "later"]


def test_a_database_with_something_in_it_is_not_filled(
    postgres_database: Database, postgres_url: str, copies: Path, tmp_path: Path
) -> None:
    town = Town(read_settings({"DIWAN_DATABASE": postgres_url}, data=tmp_path / "data"))
    town.begin()
    backup(town.settings, copies)
    town.database.close()
    url = postgres_database.url.render_as_string(hide_password=False)
    with pytest.raises(RestoreNotEmpty):
        restore(read_settings({"DIWAN_DATABASE": url}, data=tmp_path / "elsewhere"), copies, "")


def test_a_folder_that_somebody_runs_on_is_left_to_them(
    sqlite_town: Town, copies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup(sqlite_town.settings, copies)
    (tmp_path / "elsewhere").mkdir()
    with (tmp_path / "elsewhere" / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert restore(read_settings({}, data=tmp_path / "elsewhere"), copies, "") == 3
    assert "Stop it first" in capsys.readouterr().err


def test_one_copies_at_a_time(sqlite_town: Town, copies: Path) -> None:
    with BackupFolder(copies).alone(), pytest.raises(BackupBusy):
        backup(sqlite_town.settings, copies)


def test_where_there_is_no_town_or_no_copy_it_is_said(
    sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    empty = read_settings({}, data=tmp_path / "empty")
    with pytest.raises(NothingToBackUp):
        backup(empty, copies)
    assert not (tmp_path / "empty").exists() and not copies.exists()
    with pytest.raises(BackupMissing):
        restore(empty, copies, "")


@pytest.mark.parametrize("setting", ["blobs_url", "keys_url"])
def test_stores_that_are_elsewhere_are_not_left_out_in_silence(
    setting: str, sqlite_town: Town, copies: Path
) -> None:
    url = {"blobs_url": "s3://town", "keys_url": "awskms:///town"}[setting]
    with pytest.raises(BackupElsewhere):
        backup(replace(sqlite_town.settings, **{setting: url}), copies)
    assert not copies.exists()


def test_a_copy_of_one_make_of_database_is_not_put_into_another(
    sqlite_town: Town, postgres_url: str, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    with pytest.raises(RestoreOtherDatabase):
        restore(read_settings({"DIWAN_DATABASE": postgres_url}, data=tmp_path / "elsewhere"), copies, "")


def test_postgresql_without_its_programs_or_its_server_is_said(
    postgres_url: str, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(read_settings({"DIWAN_DATABASE": postgres_url}, data=tmp_path / "data"))
    town.begin()
    town.database.close()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        with pytest.raises(DumpProgramMissing):
            backup(town.settings, copies)
    (tmp_path / "pg_dump").write_text(
        "#!/bin/sh\necho 'pg_dump: error: server version mismatch' >&2\nexit 1\n"
    )
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(DumpFailed) as refused:
        backup(town.settings, copies)
    assert refused.value.data["reason"] == "pg_dump: error: server version mismatch"
    assert BackupFolder(copies).copies() == []


def test_the_command_says_why_and_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["backup", "copies", "--data", "data"]) == 2
    assert "There is no town in" in capsys.readouterr().err
    assert main(["restore", "copies", "--data", "data"]) == 2
    assert "There is no whole copy in" in capsys.readouterr().err
