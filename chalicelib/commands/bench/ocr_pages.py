"""Pages: drawn and damaged ones in typefaces never trained on, and real ones where they are to be had."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import Context
from chalicelib.commands.bench.ocr_baselines import OcrMyPdf, tesseract
from chalicelib.commands.bench.ocr_reading import AT_ONCE, Cost, Reader, text_of
from chalicelib.settings import independent_files

if TYPE_CHECKING:
    from samples.corpus.pages import CorpusPage
    from samples.corpus.scoring import Score

_BATCH = 8


def read_pages(context: Context, reader: Reader, ocrmypdf: OcrMyPdf) -> Iterator[Row]:
    """Speed and errors, numbers and field values against OCRmyPDF, whose words are Tesseract's, on the same pages."""
    from samples.corpus.pages import joined
    from samples.corpus.scoring import Score

    ours, theirs = Score(), Score()
    our_cost, their_cost = Cost(), Cost()
    pages = _made(context, 4 if context.quick else 48)
    reader.texts([pages[0].file])  # the reading process starts with the first file it is given
    for batch in (pages[first : first + _BATCH] for first in range(0, len(pages), _BATCH)):
        context.say(f"reading {len(batch)} pages")
        files = [joined([page.file for page in batch[part::AT_ONCE]]) for part in range(AT_ONCE)]
        in_turn = [page for part in range(AT_ONCE) for page in batch[part::AT_ONCE]]
        _score(ours, in_turn, our_cost.of(len(batch), partial(reader.texts, files)))
        context.say(f"reading {len(batch)} pages with OCRmyPDF")
        file = joined([page.file for page in in_turn])
        texts = their_cost.of(len(batch), partial(ocrmypdf.read, file, len(batch), AT_ONCE))
        _score(theirs, in_turn, texts)
    described = f"{len(pages)} drawn and damaged pages"
    jobs = f"{ocrmypdf.name} --jobs {AT_ONCE}"
    tesseracts = "Tesseract, ara+eng, PSM 3, as OCRmyPDF runs it"
    # Promised: 4 times OCRmyPDF's pages a second, by the clock and by the processor; 10 times is aimed at.
    yield Row(
        figure=f"pages read per second, {AT_ONCE} documents at once", unit="pages per second",
        ours=our_cost.pages / our_cost.wall, baseline=their_cost.pages / their_cost.wall,
        baseline_name=jobs, must=4, goal=10,
    )  # fmt: skip
    yield Row(
        figure="pages read per processor second", unit="pages per CPU second",
        ours=our_cost.pages / our_cost.processor, baseline=their_cost.pages / their_cost.processor,
        baseline_name=jobs, must=4, goal=10,
    )  # fmt: skip
    yield Row(
        figure=f"character error rate, {described}", unit="%", ours=ours.error_rate, baseline=theirs.error_rate,
        baseline_name=jobs, must=5, goal=2.5, more_is_better=False, absolute=True,
    )  # fmt: skip
    yield Row(
        figure=f"numbers of two digits and more right, {ours.numbers} on those pages", unit="%",
        ours=ours.number_rate, baseline=theirs.number_rate, baseline_name=tesseracts, must=96, goal=99, absolute=True,
    )  # fmt: skip
    yield Row(
        figure=f"field values exactly right, {ours.fields} in forms and tables", unit="%",
        ours=ours.field_rate, baseline=theirs.field_rate, baseline_name=tesseracts, must=85, goal=95, absolute=True,
    )  # fmt: skip


def read_real_pages(context: Context, reader: Reader) -> Iterator[Row]:
    """Scanned pages by others, from the folder that DIWAN_INDEPENDENT_FILES names; no row where it is absent."""
    from samples.corpus.scoring import Score

    folder = independent_files()
    files = sorted(folder.glob("arabic-scans/*.png")) if folder else []
    if not files:
        print(
            "left out: real pages (DIWAN_INDEPENDENT_FILES names no folder with arabic-scans)",
            file=sys.stderr,
        )
        return
    from PIL import Image

    if context.quick:
        files = files[::3]  # one of each book
    name, tesseract_reads = tesseract(context.settings.tessdata, "ara", 3)
    ours, theirs = Score(), Score()
    truths = [file.with_suffix(".txt").read_text("utf-8") for file in files]
    context.say(f"reading {len(files)} real pages")
    read = [page for file in files for page in reader.pages(file.name, file.read_bytes())]
    context.say(f"reading {len(files)} real pages with {name}")
    others = _side_by_side(tesseract_reads, [Image.open(file) for file in files])
    for page, other, truth in zip(read, others, truths, strict=True):
        ours.add(text_of(page), truth)
        theirs.add(other, truth)
    yield Row(
        figure=f"character error rate, {len(files)} pages of real print", unit="%", ours=ours.error_rate,
        baseline=theirs.error_rate, baseline_name=name, must=3, goal=2, more_is_better=False, absolute=True,
    )  # fmt: skip


def _made(context: Context, count: int) -> "list[CorpusPage]":
    """The first pages of the corpus, made side by side."""
    from samples.corpus.pages import make_page

    context.say(f"making {count} pages")
    # Spawned, not forked: this process has threads.
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn")) as makers:
        return list(makers.map(make_page, range(count)))


def _score(score: "Score", pages: "Sequence[CorpusPage]", texts: Sequence[str]) -> None:
    for page, text in zip(pages, texts, strict=True):
        score.add(text, page.text, page.fields)


def _side_by_side(read: Callable[[Any], str], pictures: Sequence[Any]) -> list[str]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(read, pictures))
