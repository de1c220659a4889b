"""PDFs that were never paper: their text as the worker takes it, against pdfplumber and python-bidi."""

import importlib
import io
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import Context
from chalicelib.commands.bench.ocr_reading import Cost, Reader, text_of
from chalicelib.settings import independent_files

if TYPE_CHECKING:
    from samples.corpus.scoring import Score

_READINGS = 5
_NAME = "pdfplumber, NFKC, python-bidi line by line"
# What stands in each, folded: one is stored backwards, one in presentation forms, three with a vowel sign.
_PHRASES = {
    "paperless-ngx-rtl-test.pdf": "وزاره الداخليه",
    "pdf.js-ArabicCIDTrueType.pdf": "انواع الخطوط العربيه",
    "sample-files-habibi-oneline-cmap.pdf": "حبيبي",
    "sample-files-habibi-rotated.pdf": "حبيبي",
    "sample-files-habibi.pdf": "حبيبي",
}


def read_born_digital(context: Context, reader: Reader) -> Iterator[Row]:
    """Rows for fifty pages of eight kinds in six typefaces (four when quick)."""
    from samples.corpus.pages import born_digital
    from samples.corpus.scoring import Score
    from samples.corpus.text_layer import text_layer

    count = 4 if context.quick else 50
    context.say(f"writing {count} born-digital pages")
    file, truths = born_digital(count)
    # A process that reads loads its libraries once, ours or theirs: that is not what a page costs.
    first, _ = born_digital(1)
    text_layer(first)
    _pdfplumber(first)
    context.say(f"reading {count} born-digital pages")
    text, whole, theirs = Cost(time.process_time), Cost(reader.spent), Cost(time.process_time)
    ours, others = Score(), Score()
    # Once takes a fifth of a second, too little to measure beside other work.
    for _ in range(_READINGS):
        text.of(count, lambda: text_layer(file))
    pages = whole.of(count, lambda: reader.pages("born-digital.pdf", file))
    _score(ours, truths, [text_of(page) for page in pages])
    _score(others, truths, theirs.of(count, lambda: _pdfplumber(file)))
    yield Row(
        figure="born-digital pages per processor second, their text alone", unit="pages per CPU second",
        ours=text.pages / text.processor, baseline=theirs.pages / theirs.processor, baseline_name=_NAME,
        must=10, goal=40,
    )  # fmt: skip
    # The whole way draws every page for its preview too, in a confined process, which pdfplumber does not.
    yield Row(
        figure="the same, confined and with a preview of each page", unit="pages per CPU second",
        ours=whole.pages / whole.processor, baseline=theirs.pages / theirs.processor, baseline_name=_NAME,
        must=1, goal=4,
    )  # fmt: skip
    yield Row(
        figure="character error rate, born-digital pages", unit="%", ours=ours.error_rate,
        baseline=others.error_rate, baseline_name=_NAME, must=4, goal=1, more_is_better=False, absolute=True,
    )  # fmt: skip


def read_independent(reader: Reader) -> Iterator[Row]:
    """PDFs by others with a phrase that each holds; no row where the folder is absent."""
    folder = independent_files()
    files = [file for name in _PHRASES if folder and (file := folder / "arabic-pdf" / name).is_file()]
    if not files:
        print(
            "left out: PDFs by others (DIWAN_INDEPENDENT_FILES names no folder with arabic-pdf)",
            file=sys.stderr,
        )
        return
    from samples.corpus.scoring import folded

    ours = theirs = 0
    for file in files:
        phrase = _PHRASES[file.name]
        ours += phrase in folded(" ".join(map(text_of, reader.pages(file.name, file.read_bytes()))))
        theirs += phrase in folded(" ".join(_pdfplumber(file.read_bytes())))
    yield Row(
        figure=f"a known phrase found in order, {len(files)} Arabic PDFs by others", unit="files", ours=ours,
        baseline=theirs, baseline_name=_NAME, must=len(files), goal=len(files), absolute=True,
    )  # fmt: skip


def _score(score: "Score", truths: Sequence[str], texts: Sequence[str]) -> None:
    for truth, text in zip(truths, texts, strict=True):
        score.add(text, truth)


def _pdfplumber(file: bytes) -> list[str]:
    from bidi.algorithm import get_display

    with importlib.import_module("pdfplumber").open(io.BytesIO(file)) as pdf:
        shown = [unicodedata.normalize("NFKC", page.extract_text() or "") for page in pdf.pages]
    return ["\n".join(str(get_display(line)) for line in page.splitlines()) for page in shown]
