"""A page that kills, stalls or confuses its reader costs that page only."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr
from chalicelib.ports.ocr import Opened, ReadPage, SourceRefused

DRIVER = Path(__file__).parent / "faulty_reader.py"


@pytest.fixture
def six_pages(tmp_path: Path) -> Path:
    """A TIFF of six blank pages."""
    path = tmp_path / "six.tif"
    sheets = [Image.new("1", (200, 300), 1) for _ in range(6)]
    sheets[0].save(path, save_all=True, append_images=sheets[1:])
    return path


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("crash", "reader-crashed"),
        ("killed", "reader-crashed"),
        ("hang", "page-timeout"),
        ("spin", "page-timeout"),
        ("memory", "reader-out-of-memory"),
        ("abort", "reader-out-of-memory"),
        ("garbage", "reader-crashed"),
        ("babble", "reader-crashed"),
        ("lie", "reader-crashed"),
        ("chatter", "reader-crashed"),
        ("turns", "reader-crashed"),
        ("boast", "reader-crashed"),
        ("bluff", "reader-crashed"),
    ],
)
def test_refuses_the_deadly_page_and_reads_the_rest(
    fault: str, reason: str, six_pages: Path, tmp_path: Path
) -> None:
    ocr = SubprocessOcr([sys.executable, "-c", _START, str(DRIVER), fault])
    results = tmp_path / "results"
    results.mkdir()
    try:
        told = list(ocr.read(six_pages, results))
        assert told[0] == Opened(6, "image/tiff")
        pages = [x for x in told if isinstance(x, ReadPage)]
        assert [(p.number, p.state, p.reason) for p in pages] == [
            (n, "refused", reason) if n == 4 else (n, "read", None) for n in range(1, 7)
        ]
        assert sorted(p.name for p in results.iterdir()) == [f"page-{n:04d}.webp" for n in (1, 2, 3, 5, 6)]
        # The process itself is none the worse.
        assert len(list(ocr.read(six_pages, results, first_page=5))) == 3
    finally:
        ocr.close()


def test_a_page_that_killed_its_child_is_tried_once_more(six_pages: Path, tmp_path: Path) -> None:
    """The kernel ends a child for want of memory that another process took: the page has done nothing."""
    ocr = SubprocessOcr([sys.executable, "-c", _START, str(DRIVER), "once"])
    try:
        told = [x for x in ocr.read(six_pages, tmp_path) if isinstance(x, ReadPage)]
        assert [(p.number, p.state, p.reason) for p in told] == [(n, "read", None) for n in range(1, 7)]
    finally:
        ocr.close()


def test_a_child_speaks_for_its_own_file_only(six_pages: Path, tmp_path: Path) -> None:
    """Whatever file it says it refuses, it is the one it reads; and of facts, those that there are."""
    ocr = SubprocessOcr([sys.executable, "-c", _START, str(DRIVER), "forge"])
    try:
        with pytest.raises(SourceRefused) as refused:
            list(ocr.read(six_pages, tmp_path))
        assert (refused.value.reason, refused.value.data) == ("truncated-file", {"pages": 6})
    finally:
        ocr.close()


# The driver is run by path, with the checkout (the working folder) on the module path.
_START = (
    "import sys, runpy; sys.path.insert(0, ''); sys.argv = sys.argv[1:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def test_ends_with_its_parent(tmp_path: Path, six_pages: Path) -> None:
    """Killing the program that started it leaves no reading process behind."""
    script = (
        "import sys, os, signal; sys.path.insert(0, ''); from pathlib import Path\n"
        "from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr\n"
        "ocr = SubprocessOcr([sys.executable, '-c', sys.argv[1], sys.argv[2], 'hang', 'sign=' + sys.argv[4]])\n"
        "for told in ocr.read(Path(sys.argv[3]), Path(sys.argv[4])):\n"
        "    if getattr(told, 'number', 0) == 3: print(flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, _START, str(DRIVER), str(six_pages), str(tmp_path)],
        cwd=DRIVER.parents[2], check=False, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert ended.stdout, "page 3 was never read"
    for _ in range(150):
        if not _running(f"sign={tmp_path}".encode()):
            return
        time.sleep(0.1)
    pytest.fail("a reading process outlived its parent")


def _running(sign: bytes) -> list[str]:
    """Processes that were started with this argument."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if sign in line.split(b"\0"):
            found.append(process.name)
    return found
