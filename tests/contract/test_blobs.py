"""What every blob store promises; an adapter joins by adding itself to `blobs`."""

import hashlib
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.aws.s3_blobs import S3Blobs
from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.ports.blobs import BlobMissing, Blobs, UploadBroken, UploadTooLarge, content_key


@pytest.fixture
def folder(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs", SignedLinks(b"s" * 32, SystemClock()))


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest) -> Blobs:
    if request.param == "folder":
        return request.getfixturevalue("folder")
    aws = request.getfixturevalue("aws")
    return S3Blobs(f"s3://{aws.bucket()}/town/blobs?{aws.options()}", SystemClock())


def test_content_is_kept_under_its_own_digest_once(blobs):
    first, again = blobs.put(b"deed"), blobs.put(b"deed")
    assert first == again
    assert first.key == content_key(hashlib.sha256(b"deed").hexdigest())
    assert list(blobs.keys()) == [first.key]


def test_a_file_and_its_bytes_are_the_same_blob(blobs, tmp_path):
    (tmp_path / "scan").write_bytes(b"x" * 3_000_000)
    assert blobs.put(tmp_path / "scan") == blobs.put(b"x" * 3_000_000)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_gives_back_every_byte(blobs, content):
    stored = blobs.put(content)
    assert blobs.get(stored.key) == content
    assert blobs.size(stored.key) == stored.size == len(content)
    with blobs.open(stored.key) as stream, blobs.local_path(stored.key) as path:
        assert stream.read() == path.read_bytes() == content


def test_what_is_not_there_is_missing_everywhere(blobs):
    assert not blobs.exists("words/v1/none")
    for ask in (blobs.get, blobs.size, lambda key: blobs.open(key).__enter__(), blobs.copy_to_content):
        with pytest.raises(BlobMissing):
            ask("words/v1/none")
    blobs.delete("words/v1/none")


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a//b", "a/../b", ".hidden", "A", "a\x00b"])
def test_keys_name_nothing_outside_the_store(blobs, key):
    with pytest.raises(BlobMissing):
        blobs.put(b"x", key)
    with pytest.raises(BlobMissing):
        blobs.get(key)


def test_an_upload_is_copied_to_its_content_and_again(blobs):
    blobs.put(b"scan", "incoming/1")
    copied = blobs.copy_to_content("incoming/1")
    assert blobs.get(copied.key) == blobs.get("incoming/1") == b"scan"
    assert copied == blobs.copy_to_content("incoming/1") == blobs.put(b"scan")
    blobs.put(b"scan", "incoming/2")
    assert blobs.copy_to_content("incoming/2") == copied
    for key in ("incoming/1", "incoming/2"):
        blobs.delete(key)
        assert not blobs.exists(key)
    assert list(blobs.keys()) == [copied.key]


def test_an_upload_that_many_complete_at_once_is_one_blob(blobs):
    blobs.put(b"scan" * 1000, "incoming/1")
    with ThreadPoolExecutor(6) as pool:
        [stored] = set(pool.map(lambda _: blobs.copy_to_content("incoming/1"), range(6)))
    assert blobs.get(stored.key) == b"scan" * 1000
    assert list(blobs.keys("sha256/")) == [stored.key]


def test_a_key_holds_what_was_put_last(blobs):
    for content in (b"first reading", b"second", b""):
        blobs.put(content, "words/v1/1")
        assert blobs.get("words/v1/1") == content


def test_what_is_put_once_stays(blobs):
    assert blobs.put_once(b"first", "certificates/root.der") == b"first"
    assert blobs.put_once(b"second", "certificates/root.der") == b"first"
    assert blobs.get("certificates/root.der") == b"first"
    assert list(blobs.keys()) == ["certificates/root.der"]


def test_of_many_who_put_once_at_the_same_time_one_is_kept(blobs):
    barrier = threading.Barrier(8)

    def put(number: int) -> bytes:
        barrier.wait()
        return blobs.put_once(b"%d" % number * 1000, "certificates/root.der")

    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(put, range(8)))
    assert kept == {blobs.get("certificates/root.der")}


def test_the_same_content_from_many_at_once_is_one_blob(blobs):
    with ThreadPoolExecutor(8) as pool:
        stored = set(pool.map(lambda _: blobs.put(b"deed" * 5000), range(8)))
    assert [one.key for one in stored] == list(blobs.keys())


def test_a_large_file_is_the_same_blob_as_its_bytes(blobs, tmp_path):
    content = os.urandom(1 << 20) * 40
    (tmp_path / "plan").write_bytes(content)
    stored = blobs.put(tmp_path / "plan")
    assert stored == blobs.put(content)
    assert (stored.sha256, blobs.size(stored.key)) == (hashlib.sha256(content).hexdigest(), len(content))
    with blobs.local_path(stored.key) as path:
        assert path.read_bytes() == content


def test_a_stream_that_breaks_off_leaves_nothing(folder, tmp_path):
    with pytest.raises(UploadBroken):
        folder.receive(iter([b"half"]), "incoming/1", max_bytes=100, expected=8)
    with pytest.raises(UploadTooLarge):
        folder.receive(iter([b"much", b"too", b"much"]), "incoming/1", max_bytes=8, expected=None)
    assert list(folder.keys()) == []
    assert not any(path.is_file() for path in (tmp_path / "blobs").rglob("*"))


def test_keys_are_listed_by_prefix_in_order(blobs):
    for key in ("words/v1/b", "words/v1/a", "previews/a"):
        blobs.put(b"x", key)
    assert list(blobs.keys("words/")) == ["words/v1/a", "words/v1/b"]


def test_a_kill_while_writing_leaves_all_or_nothing(tmp_path):
    """Killed at random moments of a long write, the key never holds part of it."""
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from chalicelib.adapters.embedded.folder_blobs import FolderBlobs\n"
        "blobs = FolderBlobs(Path(sys.argv[1]), None)\n"
        "def chunks():\n"
        "    for _ in range(40):\n"
        "        print('chunk', flush=True)\n"
        "        yield b'y' * 65536\n"
        "blobs.receive(chunks(), 'incoming/1', None, None)\n"
        "print('stored', flush=True)\n"
    )
    folder = tmp_path / "blobs"
    for survive in (1, 17, 40):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for _ in range(survive):
            process.stdout.readline()
        process.kill()
        process.wait()
        path = folder / "incoming" / "1"
        assert not path.exists() or path.stat().st_size == 40 * 65536
        path.unlink(missing_ok=True)


def test_every_folder_made_for_a_blob_survives_a_power_cut(folder, tmp_path, monkeypatch):
    synced = set()
    fsync = os.fsync

    def watched(descriptor):
        synced.add(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    folder.put(b"words", "words/v1/document/1/1.json.gz")
    root = tmp_path / "blobs"
    made = [root / name for name in ("", "words", "words/v1", "words/v1/document", "words/v1/document/1")]
    assert {str(folder) for folder in made} <= synced
