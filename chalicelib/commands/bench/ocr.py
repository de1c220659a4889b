"""`diwan bench ocr`: the reader of scans against what a town could install instead, speed and quality side by side."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from chalicelib.bootstrap import build
from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import BenchUnready, Context
from chalicelib.commands.bench.ocr_baselines import OcrMyPdf
from chalicelib.commands.bench.ocr_born_digital import read_born_digital, read_independent
from chalicelib.commands.bench.ocr_memory import weigh
from chalicelib.commands.bench.ocr_pages import read_pages, read_real_pages
from chalicelib.commands.bench.ocr_reading import Reader
from chalicelib.commands.bench.ocr_sheets import draw_sheets, read_beside, read_sheets

NAME = "ocr"


def run(context: Context) -> Iterator[Row]:
    """Each part reads the same files with ours and with its baseline."""
    _check(context)
    diwan = build(context.settings)
    with tempfile.TemporaryDirectory(prefix="diwan-bench-ocr-") as folder:
        (files := Path(folder, "files")).mkdir()
        (others := Path(folder, "others")).mkdir()
        reader, ocrmypdf = Reader(diwan.ocr, files), OcrMyPdf(others, context.settings.tessdata)
        try:
            yield from read_pages(context, reader, ocrmypdf)
            # Nothing below goes by the clock.
            with ThreadPoolExecutor(1) as aside:
                sheets = draw_sheets(context, files)
                theirs = read_beside(context, sheets, aside)
                yield from read_real_pages(context, reader)
                yield from read_born_digital(context, reader)
                if not context.quick:
                    yield from read_independent(reader)
                yield from weigh(context, reader, ocrmypdf)
                yield from read_sheets(context, reader, sheets, theirs)
        finally:
            diwan.close()


def _check(context: Context) -> None:
    """Raises BenchUnready for what the later parts would miss, before the first is measured."""
    from samples.corpus.typefaces import folders

    for package in ("ocrmypdf", "pdfplumber", "tesserocr"):
        if find_spec(package) is None:
            raise BenchUnready(f"{package} is missing: ./diwan test sets it up.")
    if not shutil.which("tesseract"):
        raise BenchUnready("Tesseract's program is missing (Debian: apt-get install tesseract-ocr).")
    context.say("looking for typefaces")
    try:
        folders()
    except (OSError, subprocess.CalledProcessError):
        raise BenchUnready(
            "The typefaces for measuring are missing: on Debian, apt-get download fetches them (after apt-get update)."
        ) from None
