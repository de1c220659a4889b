"""A town is copied while people are at work in it, burns down, and stands again: its documents and its licences."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from chalicelib.bootstrap import build
from chalicelib.commands import demo
from chalicelib.commands.backup_folder import BackupFolder
from chalicelib.commands.townspeople import Townspeople, outbox_texts
from chalicelib.ports.blobs import content_key
from chalicelib.settings import read_settings
from tests.journeys.site import SCANS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def diwan(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chalicelib.cli", *words], cwd=demo.CHECKOUT, capture_output=True, text=True
    )


class Burnt:
    """What is left of a town: its copies, the last one's digest, and the licence on a citizen's phone."""

    def __init__(self, copies: Path, digest: str, licence: Path) -> None:
        self.copies, self.digest, self.licence = copies, digest, licence


@pytest.fixture(scope="module")
def burnt(tmp_path_factory: pytest.TempPathFactory) -> Burnt:
    folder = tmp_path_factory.mktemp("town")
    data, copies, licence = folder / "data", folder / "copies", folder / "licence.pdf"
    data.mkdir()
    port = demo.free_port()
    at_work, over = threading.Event(), threading.Event()
    ended: list[subprocess.CompletedProcess[str]] = []

    def copy_again_and_again() -> None:
        at_work.wait(120)
        while not over.is_set():
            ended.append(diwan("backup", str(copies), "--data", str(data)))

    copier = threading.Thread(target=copy_again_and_again)
    copier.start()
    people = Townspeople(f"http://127.0.0.1:{port}", outbox_texts(data), demo.SAMPLES, patience=120)
    try:
        with demo.server(data, port):
            for name, work in demo.Demo(people, data, [demo.SAMPLES / "scans" / n for n in SCANS]).steps():
                if name == "scans are filed":
                    at_work.set()
                work()
            over.set()
            copier.join()
            last = diwan("backup", str(copies), "--data", str(data))
    finally:
        at_work.set()
        over.set()
        copier.join()
        people.close()
    assert [(one.returncode, one.stderr) for one in ended if one.returncode] == []
    assert last.returncode == 0, last.stderr
    shutil.copy(data / "licence.pdf", licence)
    shutil.rmtree(data)
    return Burnt(copies, last.stdout.strip(), licence)


def test_a_town_stands_again_with_its_documents_and_licences(burnt: Burnt, tmp_path: Path) -> None:
    data = tmp_path / "data"
    back = diwan("restore", str(burnt.copies), "--digest", burnt.digest, "--data", str(data))
    assert back.returncode == 0, back.stderr
    port = demo.free_port()
    people = Townspeople(f"http://127.0.0.1:{port}", outbox_texts(data), demo.SAMPLES, patience=120)
    with demo.server(data, port):
        people.ask("", "GET", "/healthz")
        words = ("search", "عبدالله المرساوى", "--json", "--data", str(data))
        found = people.until("index", lambda: diwan(*words).stdout)
        assert "fee-receipt-MN-3-0125.png" in {json.loads(line)["file"] for line in found.splitlines()}
        verified = diwan("verify", str(burnt.licence), "--json", "--data", str(data))
        assert verified.returncode == 0, verified.stdout
        number = json.loads(verified.stdout)["number"]
        assert people.ask("", "POST", "/api/v1/verifications", {"number": number})["outcome"] == "valid"
    people.close()


def test_every_copy_made_while_people_were_at_work_is_whole(burnt: Burnt, tmp_path: Path) -> None:
    copies = BackupFolder(burnt.copies).copies()
    assert len(copies) > 2, "people were done before there was a copy"
    for number, copy in enumerate(copies):
        data = tmp_path / str(number)
        assert (
            diwan("restore", str(burnt.copies), "--digest", copy.digest, "--data", str(data)).returncode == 0
        )
        town = build(read_settings({}, data=data))
        with town.database.reading() as tx:
            named = {content_key(sha256) for sha256 in tx.scalars(text("SELECT sha256 FROM documents"))}
            named |= set(tx.scalars(text("SELECT words_key FROM pages WHERE words_key IS NOT NULL")))
            named |= set(tx.scalars(text("SELECT preview_key FROM pages WHERE preview_key IS NOT NULL")))
            named |= set(tx.scalars(text("SELECT blob_key FROM licence_files")))
        assert named <= set(town.blobs.keys())
        assert town.audit.verify() is None
        town.close()
