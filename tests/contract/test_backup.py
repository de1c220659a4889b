"""Copies of a home that is in use, and homes made of copies, on both databases: whole, unchanged, or refused."""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, count
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
    BackupAmongData,
    CopyingFailed,
    NothingToBackUp,
    OriginalsGone,
    backup,
)
from chalicelib.commands.backup_folder import BackupBusy, BackupChanged, BackupFolder, BackupMissing
from chalicelib.commands.home import BackupElsewhere, blob_keys
from chalicelib.commands.restore import RestoreNotEmpty, RestoreOtherDatabase, restore
from chalicelib.commands.staged_home import refuse_unfinished
from chalicelib.database import snapshot
from chalicelib.database.engine import Database
from chalicelib.database.snapshot import DumpFailed, DumpProgramMissing
from chalicelib.setting_values import PlaceUnusable
from chalicelib.settings import CHECKOUT, Settings, read_settings
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


def test_keys_come_in_the_order_in_which_lists_have_them(tmp_path: Path) -> None:
    names = ["a", "a-b/c", "a.d", "ab/c", "ab-1", "ab.1/d", "sha256/0/1", "sha256-old/0"]
    for name in names:
        (tmp_path / "blobs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "blobs" / name).touch()
    (tmp_path / "other-disk").mkdir()
    (tmp_path / "other-disk" / "1").touch()
    (tmp_path / "blobs" / "ac").symlink_to(tmp_path / "other-disk")
    assert list(blob_keys(tmp_path / "blobs")) == sorted([*names, "ac/1"])


def test_a_town_of_many_files_is_copied_and_looked_through_in_little_memory(
    sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    number, folder, words = 16_000, BackupFolder(copies), sqlite_town.settings.data / "blobs" / "words"
    for file in range(number):
        path = words / f"{file // 200:02}" / f"{file:032}"
        if not file % 200:
            path.parent.mkdir(parents=True)
        path.touch()
    with folder.alone():
        [first] = folder.copies()
        empty = folder.keep(path, "empty")
        more = (
            replace(empty, name=str(path.relative_to(sqlite_town.settings.data)))
            for path in sorted(words.glob("*/*"))
        )
        folder.write(datetime.now(UTC), "sqlite", first, chain(first.files(), more))

    def looks_through() -> None:
        with pytest.raises(BackupChanged) as refused:
            restore(read_settings({}, data=tmp_path / "elsewhere"), copies, "")
        assert len(refused.value.data["files"]) == 6 and f"({number})" in refused.value.data["files"][-1]

    def peak_of(use: Callable[[], object]) -> int:
        use()  # what is loaded and kept at its first use is no list of files
        tracemalloc.start()
        try:
            use()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    copying = peak_of(lambda: backup(sqlite_town.settings, copies))
    (copies / "objects" / empty.sha256[:2] / empty.sha256).unlink()
    looking = peak_of(looks_through)
    assert max(copying, looking) < 6_000_000  # all names at once take four more


def test_what_others_left_among_the_blobs_and_keys_stands_in_nobodys_way(
    sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    data = sqlite_town.settings.data
    (data / "blobs" / "lost+found").mkdir()
    for stray in ("blobs/Thumbs.db", "blobs/lost+found/1", "keys/issuer (copy).pem"):
        (data / stray).write_text("not ours")
    backup(sqlite_town.settings, copies)
    back = restored(read_settings({}, data=tmp_path / "elsewhere"), copies)
    assert back.noted() == ["first"]


def test_copies_may_stand_anywhere_and_only_their_owner_reads_them(
    sqlite_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, seen, check = tmp_path / "copies #1 50%25 ?", list[int](), snapshot.check

    def looked_at(path: Path) -> None:
        seen.append(path.stat().st_mode)
        check(path)

    monkeypatch.setattr(snapshot, "check", looked_at)
    copies.mkdir(mode=0o755)
    backup(sqlite_town.settings, copies)
    modes = [*seen, *(path.stat().st_mode for path in (*objects(copies), *copies.glob("*.jsonl")))]
    assert len(modes) > 6 and not any(mode & 0o077 for mode in modes)
    assert restored(read_settings({}, data=tmp_path / "elsewhere"), copies).noted() == ["first"]
    assert {path.name for path in tmp_path.iterdir()} == {"data", "elsewhere", copies.name}


def test_rights_of_roles_that_the_other_server_lacks_stay_behind(
    postgres: postgres_server.PostgresServer, postgres_url: str, copies: Path, tmp_path: Path
) -> None:
    town = Town(read_settings({"DIWAN_DATABASE": postgres_url}, data=tmp_path / "data"))
    town.begin()
    with town.database.transaction() as tx:
        tx.execute(text("CREATE ROLE statistician"))
        tx.execute(text("GRANT SELECT ON notes TO statistician"))
    backup(town.settings, copies)
    with town.database.transaction() as tx:
        tx.execute(text("REVOKE ALL ON notes FROM statistician"))
        tx.execute(text("DROP ROLE statistician"))
    town.database.close()
    name = postgres.create_database()
    settings = read_settings({"DIWAN_DATABASE": postgres.url(name)}, data=tmp_path / "elsewhere")
    assert restored(settings, copies).noted() == ["first"]
    postgres.drop_database(name)


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


def dies_at(patch: pytest.MonkeyPatch, step: int) -> None:
    """Has the process end before it changes something on the disk for the `step`th time, and change nothing after."""
    left = iter(range(step))

    def or_killed(real: Callable[..., object]) -> Callable[..., object]:
        def change(*arguments: object, **options: object) -> object:
            if next(left, None) is None:
                raise Killed
            return real(*arguments, **options)

        return change

    for name in ("fsync", "replace", "unlink", "rmdir", "mkdir"):
        patch.setattr(os, name, or_killed(getattr(os, name)))
    patch.setattr(snapshot, "put_back", or_killed(snapshot.put_back))


def test_a_restore_killed_at_any_moment_leaves_nothing_that_passes_for_a_town(
    town: Town,
    elsewhere: Settings,
    copies: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    backup(town.settings, copies)
    monkeypatch.setenv("DIWAN_DATABASE", elsewhere.database_url)
    unfinished = 0
    for step in count():
        with pytest.MonkeyPatch.context() as patch:
            dies_at(patch, step)
            with contextlib.suppress(Killed):
                restore(elsewhere, copies, "")
        database = Database(elsewhere.database_url)
        nothing = snapshot.holds_nothing(database)
        database.close()
        if not nothing:
            break
        capsys.readouterr()
        moved = [*elsewhere.data.glob("keys/*.pem"), *elsewhere.data.glob("blobs/[a-z]*")]
        if (elsewhere.data / "blobs").exists() and any((elsewhere.data / "blobs").iterdir()):
            assert main(["backup", str(copies), "--data", str(elsewhere.data)]) == 2
            said = capsys.readouterr().err
            assert "goes on or was interrupted" in said or not moved
            unfinished += bool(moved)
    assert step > 20 and unfinished > 3
    # Killed when all was there and that was not yet written down: it is there.
    with pytest.raises(RestoreNotEmpty):
        restore(elsewhere, copies, "")
    refuse_unfinished(elsewhere)
    back = Town(elsewhere)
    assert back.noted() == ["first"]
    back.database.close()
    assert not [path for path in elsewhere.data.rglob("*") if path.name.endswith((".restoring", ".settling"))]


def test_a_home_comes_back_onto_disks_of_its_own(sqlite_town: Town, copies: Path, tmp_path: Path) -> None:
    backup(sqlite_town.settings, copies)
    data, seen = tmp_path / "elsewhere", tmp_path / "seen"
    script = f"""
        for place in {data} {data}/blobs {data}/keys; do
            mkdir -p $place && mount -t tmpfs none $place && mkdir $place/lost+found || exit 99
        done
        {sys.executable} -m chalicelib.cli restore {copies} --data {data} && cp -a {data} {seen}
    """
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    ran = subprocess.run(alone, cwd=CHECKOUT, capture_output=True, text=True)
    if ran.returncode == 99 or "unshare" in ran.stderr:
        pytest.skip(f"nobody may mount here: {ran.stderr}")
    assert ran.returncode == 0, ran.stderr
    back = Town(read_settings({}, data=seen))
    assert back.noted() == ["first"]
    assert back.keys.certificate_chain("issuer") == sqlite_town.keys.certificate_chain("issuer")
    back.database.close()


def test_a_restore_whose_database_is_not_taken_leaves_an_empty_place(
    town: Town, elsewhere: Settings, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(town.settings, copies)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "put_back", killed)
        with pytest.raises(Killed):
            restore(elsewhere, copies, "")
    assert untouched(elsewhere)
    assert restored(elsewhere, copies).noted() == ["first"]


def test_a_town_that_began_meanwhile_is_left_as_it_is(
    sqlite_town: Town, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(sqlite_town.settings, copies)
    settings = read_settings({}, data=tmp_path / "elsewhere")

    def begins(_: Path) -> None:
        Town(settings).begin()

    monkeypatch.setattr(snapshot, "check", begins)
    with pytest.raises(RestoreNotEmpty):
        restore(settings, copies, "")
    assert Town(settings).noted() == ["first"]
    assert Town(settings).keys.public_key("issuer") != sqlite_town.keys.public_key("issuer")


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_what_a_former_database_left_is_not_played_into_the_new_one(
    ending: str, sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    file = tmp_path / "database.sqlite3"
    file.with_name(file.name + ending).write_bytes(b"of another")
    with pytest.raises(RestoreNotEmpty):
        restore(read_settings({"DIWAN_DATABASE": f"sqlite:///{file}"}, data=tmp_path / "new"), copies, "")
    assert not file.exists()


@pytest.mark.parametrize("step", range(3))
def test_a_disk_that_is_full_or_away_is_said(
    step: int, sqlite_town: Town, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(sqlite_town.settings, copies)
    sqlite_town.note("second")
    settings, real, left = read_settings({}, data=tmp_path / "elsewhere"), os.fsync, iter(range(step))

    def full(handle: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    for use in (lambda: backup(sqlite_town.settings, copies), lambda: restore(settings, copies, "")):
        left = iter(range(step))
        with monkeypatch.context() as patch:
            patch.setattr(backup_folder.os, "fsync", full)
            with pytest.raises(CopyingFailed) as refused:
                use()
        assert refused.value.data["reason"] == os.strerror(errno.ENOSPC)
    assert len(BackupFolder(copies).copies()) == 1 and untouched(settings)
    with pytest.raises(DumpFailed):
        snapshot.take(sqlite_town.database, tmp_path / "nowhere" / "snapshot", lambda *_: None)


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
    assert restored(settings, copies, digest).noted() == ["first"]  # which stands on no other list


@pytest.mark.parametrize("spoilt", ["{", ""])
def test_a_list_that_is_none_keeps_nobody_from_another_that_is_asked_for_by_its_digest(
    spoilt: str, sqlite_town: Town, copies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digests = []
    for _ in range(3):
        backup(sqlite_town.settings, copies)
        digests.append(capsys.readouterr().out.strip())
    sorted(copies.glob("*.jsonl"))[1].write_text(spoilt)
    for place, digest in (("older", digests[0]), ("newer", digests[2])):
        settings = read_settings({}, data=tmp_path / place)
        assert restored(settings, copies, digest).noted() == ["first"]
    for digest, refusal in (("", BackupChanged), (digests[1], BackupMissing)):
        with pytest.raises(refusal):
            restore(read_settings({}, data=tmp_path / "third"), copies, digest)


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


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"name": "database"}', "7", ""])
def test_a_line_that_is_none_is_told_of_its_list(
    line: str, sqlite_town: Town, copies: Path, tmp_path: Path
) -> None:
    backup(sqlite_town.settings, copies)
    [path] = copies.glob("*.jsonl")
    whole = path.read_text()
    for head in (whole, ""):
        path.write_text(f"{head}{line}\n")
        settings = read_settings({}, data=tmp_path / "elsewhere")
        with pytest.raises(BackupChanged) as refused:
            restore(settings, copies, "")
        assert refused.value.data["files"] == [path.name]
        assert untouched(settings)


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


@pytest.mark.parametrize(("folder", "setting"), [("keys", "DIWAN_KEYS"), ("blobs", "DIWAN_BLOBS")])
def test_no_copy_is_made_without_the_keys_or_the_blobs(
    folder: str, setting: str, sqlite_town: Town, copies: Path
) -> None:
    shutil.rmtree(sqlite_town.settings.data / folder)
    with pytest.raises(PlaceUnusable) as refused:
        backup(sqlite_town.settings, copies)
    assert refused.value.data["setting"] == setting
    assert not copies.exists()


def test_no_copy_is_made_when_originals_went(sqlite_town: Town, copies: Path) -> None:
    backup(sqlite_town.settings, copies)
    [lost] = (kept for kept in BackupFolder(copies).copies()[0].files() if "blobs/sha256/" in kept.name)
    path = sqlite_town.settings.data / lost.name
    path.unlink()
    with pytest.raises(OriginalsGone) as refused:
        backup(sqlite_town.settings, copies)
    assert refused.value.data["files"] == [lost.name]
    assert len(BackupFolder(copies).copies()) == 1
    shutil.copy(copies / "objects" / lost.sha256[:2] / lost.sha256, path)
    assert backup(sqlite_town.settings, copies) == 0


def test_no_copy_is_made_when_some_folder_cannot_be_looked_into(
    sqlite_town: Town, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, closed = os.scandir, sqlite_town.settings.data / "blobs" / "sha256"

    def scandir(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(CopyingFailed) as refused:
        backup(sqlite_town.settings, copies)
    assert refused.value.data["path"] == str(closed)
    assert BackupFolder(copies).copies() == []


@pytest.mark.parametrize(
    "place", [".", "copies", "blobs", "blobs/copies", "keys/copies", "..", "../through/copies"]
)
def test_no_copy_is_made_among_the_data_or_around_them(place: str, sqlite_town: Town, tmp_path: Path) -> None:
    data = sqlite_town.settings.data
    (tmp_path / "through").symlink_to(data)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupAmongData) as refused:
        backup(sqlite_town.settings, data / place)
    assert refused.value.data["place"].startswith(str(data))
    assert sorted(tmp_path.rglob("*")) == before


def test_no_copy_is_made_among_blobs_that_stand_elsewhere(sqlite_town: Town, tmp_path: Path) -> None:
    blobs = tmp_path / "disk" / "blobs"
    shutil.move(sqlite_town.settings.data / "blobs", blobs)
    settings = replace(sqlite_town.settings, blobs_url=f"file://{blobs}")
    for place in (blobs / "copies", tmp_path / "disk"):
        with pytest.raises(BackupAmongData):
            backup(settings, place)
    assert backup(settings, tmp_path / "disk" / "copies") == 0


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
