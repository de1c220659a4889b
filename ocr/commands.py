"""What a person asks of the reader at a terminal: read, measure, doctor."""

import json
import os
import platform
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ocr import document
from ocr.accuracy import character_error_rate, doubts_of, folded, number_recall, word_recall
from ocr.confinement import confine
from ocr.formats import Source, open_source
from ocr.line_reader import MODEL, LineReader
from ocr.messages import told
from ocr.number_formats import number_formats
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.second_reader import second_reader
from ocr.shapes import Limits, Page, Profile, SourceRefused, Word

_LARGE = 10_000_000


def say(line: str) -> None:
    """Prints a line at once. Ends the program quietly, as filters end, where nobody reads it any more."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The line is still in the buffer, and would be written once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)


def text_of(words: Iterable[Word]) -> str:
    """The words as lines of text."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(words) for words in lines.values())


def read(file: Path, profile: Profile, password: str | None, as_json: bool) -> None:
    """Prints each page of a file as it is read: as a line of JSON, or its state and text. Raises SourceRefused."""
    for page in document.read(file, profile, Limits(), password=password):
        if as_json:
            say(json.dumps(told(page), ensure_ascii=False))
        else:
            say(f"--- {page.number} {page.state} {page.reason or ''}".rstrip())
            say(text_of(page.words))


def write_pdf(file: Path, target: Path, profile: Profile, password: str | None) -> None:
    """Writes a file as a searchable PDF. Raises SourceRefused."""
    pages = document.read(file, profile, Limits(), password=password)
    document.write_searchable(file, pages, target, profile, Limits(), password)


def write_tiles(file: Path, folder: Path, profile: Profile, password: str | None) -> None:
    """Writes deep-zoom tiles of the pages larger than A4 at 300 dpi; says of the others why they get none. Raises
    SourceRefused."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in document.read(file, profile, Limits(), password=password):
        if page.width * page.height > _LARGE:
            say(str(document.write_tiles(file, page, folder, profile, Limits(), password)))
        else:
            why = "it is not larger than A4 at 300 dpi" if page.width else page.reason
            sys.stderr.write(f"page {page.number}: no tiles: {why}\n")


def measure(folder: Path, profile: Profile) -> int:
    """Prints error rates of every image or PDF in `folder` that has its truth in a `.txt` of the same name."""
    recogniser = Recogniser(
        LineReader(MODEL), second_reader(profile.tessdata), number_formats(profile.number_formats)
    )
    edits = letters = pages = 0.0
    doubts: Counter[tuple[bool, bool]] = Counter()
    began = time.process_time()
    for file in sorted(folder.rglob("*")):
        truth = file.with_suffix(".txt")
        if file.suffix.lower() == ".txt" or not file.is_file() or not truth.is_file():
            continue
        started = time.process_time()
        found = _pages(file, recogniser)
        read_text = "\n".join(text_of(page.words) for page in found)
        expected = truth.read_text("utf-8")
        rate = character_error_rate(read_text, expected)
        numbers = number_recall(read_text, expected)
        say(
            f"{file.name:40} CER {100 * rate:6.2f} %  words {100 * word_recall(read_text, expected):5.1f} %"
            f"  numbers {'    -' if numbers is None else f'{100 * numbers:5.1f}'} %"
            f"  {time.process_time() - started:5.2f} s  {', '.join(sorted({p.state for p in found}))}"
        )
        edits += rate * len(folded(expected))
        letters += len(folded(expected))
        pages += len(found)
        doubts += doubts_of(((word.text, word.doubt) for page in found for word in page.words), expected)
    if not pages:
        say("no image with a .txt beside it")
        return 1
    took = (time.process_time() - began) / pages
    say(
        f"all: CER {100 * edits / max(1, letters):.2f} %, {took:.2f} processor seconds a page, {pages:.0f} pages"
    )
    right, wrong = doubts[True, True] + doubts[True, False], doubts[False, True] + doubts[False, False]
    say(
        f"numbers: {doubts[False, True]} of {wrong} wrong ones in doubt, {doubts[True, True]} of {right} right ones"
    )
    return 0


def _pages(file: Path, recogniser: Recogniser) -> list[Page]:
    try:
        with file.open("rb") as stream:
            source: Source = open_source(stream, file.name, Limits())
            return [read_page(source, n, recogniser, Limits()) for n in range(1, source.pages + 1)]
    except SourceRefused:
        return []


def doctor(tessdata: str | None) -> int:
    """Prints which readers work and which layers of confinement this machine grants, as JSON."""
    second = second_reader(tessdata)
    report = {
        "machine": platform.machine(),
        "line_reader": MODEL.is_file(),
        "second_reader": type(second).__name__ if second else None,
        "second_reader_languages": sorted(second.languages) if second else [],
        "confinement": _layers(),
    }
    say(json.dumps(report, indent=2))
    return 0 if report["line_reader"] else 1


def _layers() -> dict[str, bool]:
    """The layers in force, found by confining a child."""
    out, into = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(into, json.dumps(confine((), Limits.memory_bytes, starts_processes=False)).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as told:
        answer = told.read()
    os.waitpid(pid, 0)
    layers: dict[str, bool] = json.loads(answer or b"{}")
    return layers
