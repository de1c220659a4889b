"""Read pages of the corpus and say what came of each: `python -m samples.corpus.compare [--pages N] [--kind KIND ...]`.

With `--tesseract` beside Tesseract's PSM 3, with `--profile` the functions that take the time, with `--text` what was
read. In this process, without confinement: for tuning. What is promised is measured by `./diwan bench ocr`.
"""

import argparse
import cProfile
import io
import os
import pstats
import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from ocr.formats import open_source
from ocr.line_reader import MODEL, LineReader
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.second_reader import second_reader
from ocr.shapes import Limits, Word
from samples.corpus.pages import CorpusPage, make
from samples.corpus.papers import KINDS
from samples.corpus.scoring import Score

TESSDATA = Path(__file__).resolve().parents[2] / ".venv" / "share" / "tessdata"


def told(score: Score, seconds: float) -> str:
    """One reader's columns."""
    return (
        f"CER {score.error_rate:5.1f}  numbers {score.numbers_right:3}/{score.numbers:<3}"
        f"  fields {score.fields_right:3}/{score.fields:<3}  {seconds:5.2f} s"
    )


def lines_of(words: Iterable[Word]) -> Iterator[str]:
    """The words as lines of text."""
    for _, line in groupby(words, key=lambda word: word.line):
        yield " ".join(word.text for word in line)


def tesseract(page: CorpusPage) -> str:
    """Tesseract's text of the page, Arabic and English, PSM 3."""
    import tesserocr

    with tesserocr.PyTessBaseAPI(path=str(TESSDATA), lang="ara+eng", psm=tesserocr.PSM.AUTO) as api:
        api.SetImage(page.picture())
        return str(api.GetUTF8Text())


def main() -> None:
    """Print a line a page and the sums."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", nargs="+", choices=KINDS, default=KINDS)
    for switch in ("--tesseract", "--profile", "--text"):
        parser.add_argument(switch, action="store_true")
    asked = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    recogniser = Recogniser(LineReader(MODEL), second_reader(str(TESSDATA)))
    profile = cProfile.Profile(time.process_time)
    ours, theirs, our_seconds, their_seconds = Score(), Score(), 0.0, 0.0
    for page in make(asked.pages, asked.seed, asked.kind):
        file = io.BytesIO(page.file)
        began = time.process_time()
        if asked.profile:
            profile.enable()
        words = read_page(open_source(file, f"{page.name}.pdf", Limits()), 1, recogniser, Limits()).words
        profile.disable()
        seconds = time.process_time() - began
        read = " ".join(word.text for word in words)
        our_seconds += seconds
        ours.add(read, page.text, page.fields)
        alone = Score()
        alone.add(read, page.text, page.fields)
        line = f"{page.name:16} {page.family:19} {page.damage:13} {told(alone, seconds)}"
        if asked.tesseract:
            began = time.process_time()
            other = tesseract(page)
            seconds = time.process_time() - began
            their_seconds += seconds
            theirs.add(other, page.text, page.fields)
            alone = Score()
            alone.add(other, page.text, page.fields)
            line += f"  | {told(alone, seconds)}"
        print(line, flush=True)
        if asked.text:
            print(page.text, *lines_of(words), sep="\n")
    print(f"{'all, seconds a page':50} {told(ours, our_seconds / asked.pages)}", end="")
    print(f"  | {told(theirs, their_seconds / asked.pages)}" if asked.tesseract else "")
    if asked.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(
            "main/ocr/|run_model|Recognize|GetUTF8", 30
        )


if __name__ == "__main__":
    main()
