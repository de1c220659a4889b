"""What is tantivy's own: one writer, durability under kill -9, versions of the index, segments."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from chalicelib.adapters.embedded.tantivy_search import TantivySearch
from chalicelib.kernel import arabic
from chalicelib.ports.search import PageEntry, Query, SearchWriterBusy

EVERYTHING = Query(confidentiality=frozenset({"public"}), words="رخصة", limit=10_000)
ROOT = Path(__file__).parents[2]

# Commits one page at a time and says each number only after index() returned.
WRITER = """
import sys
from pathlib import Path
from chalicelib.adapters.embedded.tantivy_search import TantivySearch
from chalicelib.ports.search import PageEntry
search = TantivySearch(Path(sys.argv[1]), writer=True)
print("open", flush=True)
for number in range(int(sys.argv[2]), 1_000_000):
    search.index([PageEntry(document=f"d{number:06}", version="v", page=1, text="رخصة", confidentiality="public")])
    print(number, flush=True)
"""


def entry(number: int) -> PageEntry:
    return PageEntry(document=f"d{number:06}", version="v", page=1, text="رخصة", confidentiality="public")


def start_writer(folder: Path, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_killed_at_any_moment_keeps_every_acknowledged_page(tmp_path: Path) -> None:
    chance = random.Random(20)
    acknowledged: set[int] = set()
    reader = TantivySearch(tmp_path, writer=False)
    first = 0
    for _ in range(10):
        process = start_writer(tmp_path, first)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        killer = threading.Timer(chance.uniform(0.01, 0.3), process.send_signal, [signal.SIGKILL])
        killer.start()
        acknowledged.update(int(line) for line in process.stdout if line.endswith("\n"))
        process.wait()
        killer.join()
        found = {int(hit.document[1:]) for hit in reader.search(EVERYTHING).hits}
        assert acknowledged <= found
        assert len(found - acknowledged) <= 10  # at most one a round was durable and not yet said
        first = max(found, default=-1) + 1
    assert acknowledged
    writer = TantivySearch(tmp_path, writer=True)
    writer.index([entry(first)])
    assert reader.count() == len(found) + 1
    writer.close()
    reader.close()


def test_a_second_writer_is_refused_and_may_follow(tmp_path: Path) -> None:
    first = TantivySearch(tmp_path, writer=True)
    with pytest.raises(SearchWriterBusy) as refused:
        TantivySearch(tmp_path, writer=True)
    assert refused.value.data == {"folder": str(tmp_path)}
    first.close()
    TantivySearch(tmp_path, writer=True).close()


def test_needs_rebuild_until_told_and_drops_older_analyses(tmp_path: Path) -> None:
    (tmp_path / "pages-v0.9").mkdir()
    (tmp_path / "pages-v0.9.complete").touch()
    search = TantivySearch(tmp_path, writer=True)
    assert search.needs_rebuild
    search.index([entry(1)])
    search.close()
    search = TantivySearch(tmp_path, writer=True)
    assert search.needs_rebuild
    search.rebuilt()
    assert not search.needs_rebuild
    assert not list(tmp_path.glob("pages-v0.9*"))
    search.close()
    again = TantivySearch(tmp_path, writer=True)
    assert not again.needs_rebuild
    assert again.count() == 1
    again.close()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"segments": 5}'])
def test_a_broken_index_is_set_aside_and_rebuilt(tmp_path: Path, damage: bytes) -> None:
    search = TantivySearch(tmp_path, writer=True)
    search.index([entry(1)])
    search.rebuilt()
    search.close()
    (meta,) = tmp_path.glob("pages-v*/meta.json")
    meta.write_bytes(damage)
    search = TantivySearch(tmp_path, writer=True)
    assert search.needs_rebuild
    assert search.count() == 0
    search.index([entry(2)])
    assert search.count() == 1
    search.close()


def test_many_small_commits_leave_few_segments_and_files(tmp_path: Path) -> None:
    search = TantivySearch(tmp_path, writer=True)
    for number in range(60):
        search.index([entry(number)])
    search.close()
    assert len(list(tmp_path.glob("pages-v*/*.store"))) <= 12
    assert len(list(tmp_path.glob("pages-v*/*"))) <= 100


def test_searching_from_threads_while_writing(tmp_path: Path) -> None:
    writer, reader = TantivySearch(tmp_path, writer=True), TantivySearch(tmp_path, writer=False)
    done = threading.Event()
    trouble: list[BaseException] = []

    def look() -> None:
        least = 0
        try:
            while not done.is_set():
                found = reader.search(EVERYTHING).pages
                assert found >= least
                least = found
                time.sleep(0.005)
        except BaseException as error:
            trouble.append(error)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(20):
        writer.index([entry(number)])
    done.set()
    for thread in threads:
        thread.join()
    assert not trouble
    assert reader.count() == 20
    writer.close()
    reader.close()


def test_analysis_changes_with_its_version_only() -> None:
    """When this fails, tokens changed: raise ANALYSIS_VERSION so that indexes are rebuilt, and the pair here."""
    pages = (ROOT / "tests" / "contract" / "search" / "pages.txt").read_text(encoding="utf-8")
    letters = "".join(chr(code) for code in range(0x0600, 0x0700))
    digest = hashlib.sha256("\n".join(arabic.streams(pages + letters)).encode()).hexdigest()[:16]
    assert (arabic.ANALYSIS_VERSION, digest) == (2, "0373ce15503753ed")
