"""What the bench of the reader counts with: recall part by part, processor time of a process, its drawings and PDFs."""

import io
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr, reader_command
from chalicelib.commands.bench import ocr
from chalicelib.commands.bench.harness import BenchUnready, Context
from chalicelib.commands.bench.ocr_born_digital import read_independent
from chalicelib.commands.bench.ocr_pages import read_real_pages
from chalicelib.commands.bench.ocr_reading import Cost, Reader
from chalicelib.commands.bench.ocr_sheets import Drawn, Weighed, read_sheets, words_found
from chalicelib.commands.bench.processor_time import processor_seconds
from chalicelib.settings import read_settings
from samples.corpus.typefaces import FOLDER, TYPEFACES
from tests.ocr.drawing import page

needs_typefaces = pytest.mark.skipif(
    not all((FOLDER / face.package).is_dir() for face in TYPEFACES),
    reason="the typefaces are not fetched: python -m samples.corpus fetches them",
)
BUSY = "import time\nwhile time.process_time() < 0.3: pass\ninput()"


def test_a_word_written_twice_has_to_be_found_twice() -> None:
    texts = {"rooms": ["غرفة نوم", "غرفة"], "dimensions": ["4.20 x 3.60", "٤٫٢٠"]}
    found, written = words_found(texts, "غرفه 4,20 نوم 4.20")
    assert (found, written) == ({"rooms": 2, "dimensions": 2}, {"rooms": 3, "dimensions": 4})


def test_a_sheet_may_cost_the_same_at_every_resolution(context: Context, tmp_path: Path) -> None:
    texts = {part: ["مخطط"] for part in ("title", "notes", "rooms", "dimensions")}
    sheets = [Drawn(f"A0 at {dpi} dpi", tmp_path / f"{dpi}.png", texts) for dpi in (300, 400)]
    theirs: Future[Weighed] = Future()
    theirs.set_result(("مخطط", 6.0, 236))
    for sheet in sheets:
        page(["مخطط"], width=300, height=200).save(sheet.file)
    ocr = SubprocessOcr(reader_command(None))
    try:
        reader = Reader(ocr, tmp_path)
        # Starts the process that is weighed.
        reader.pages("first.png", sheets[0].file.read_bytes())
        rows = list(read_sheets(context, reader, sheets, [theirs, theirs]))
    finally:
        ocr.close()
    assert [(row.figure, row.must, row.goal) for row in rows if "words" not in row.figure] == [
        (f"A0 at {dpi} dpi: {what}", must, goal) for dpi in (300, 400)
        for what, must, goal in (("processor time a sheet", 4, 2), ("memory", 700, 400))
    ]  # fmt: skip


def test_processor_time_of_a_child_is_its_own_and_part_of_ours() -> None:
    cost = Cost()
    with subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE) as child:
        cost.of(3, lambda: _until_busy(child.pid))
        child.communicate(b"\n")
    assert cost.pages == 3
    assert cost.processor >= 0.25
    assert processor_seconds() > cost.processor


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(
        quick=True, settings=read_settings({}, data=tmp_path), say=lambda _: None, note=lambda _: None
    )


def test_without_pages_by_others_their_rows_are_left_out_and_it_is_said(
    context: Context, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DIWAN_INDEPENDENT_FILES", raising=False)
    reader = Reader(SubprocessOcr(["false"]), context.settings.data)
    assert [*read_real_pages(context, reader), *read_independent(reader)] == []
    assert capsys.readouterr().err.count("left out") == 2


def test_what_a_baseline_needs_is_asked_for_before_anything_is_measured(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(context.settings.data))
    with pytest.raises(BenchUnready, match="apt-get install tesseract-ocr"):
        next(ocr.run(context))


def _until_busy(pid: int) -> None:
    while processor_seconds(pid) < 0.25:
        pass


@needs_typefaces
def test_a_sheet_says_the_same_at_every_resolution() -> None:
    from samples.corpus.sheets import make_sheet

    coarse, fine = make_sheet(3, dpi=20, mode="grey"), make_sheet(3, dpi=40)
    assert (coarse.texts, coarse.fields) == (fine.texts, fine.fields)
    assert fine.picture.width == pytest.approx(2 * coarse.picture.width, abs=2)
    assert (coarse.suffix, fine.suffix) == (".jpg", ".tif")
    assert all(coarse.texts.values())
    assert coarse.fields["sheet_number"] in " ".join(coarse.texts["title"])


@needs_typefaces
def test_a_born_digital_document_has_a_text_for_each_of_its_pages() -> None:
    import pikepdf

    from samples.corpus.pages import born_digital

    file, texts = born_digital(4)
    with pikepdf.open(io.BytesIO(file)) as pdf:
        assert len(pdf.pages) == len(texts) == len(set(texts)) == 4
