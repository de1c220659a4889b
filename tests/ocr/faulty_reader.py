"""A reading process whose children misbehave on page 4: `python faulty_reader.py crash|hang|memory|babble|lie`."""

import os
import signal
import sys
import time

from ocr import reading, zygote
from ocr.formats import Source
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.shapes import Limits, Page, Profile

FAULT = sys.argv[1]
honest = read_page


def faulty(source: Source, number: int, recogniser: Recogniser, limits: Limits) -> Page:
    """The page, unless it is the fourth."""
    if number == 4:
        if FAULT == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif FAULT == "hang":
            time.sleep(600)
        elif FAULT == "memory":
            bytearray(limits.memory_bytes)
        elif FAULT == "babble":
            return Page(number, "read\udcff" * 100_000)
        elif FAULT == "lie":
            return Page(99, "read")
    return honest(source, number, recogniser, limits)


reading.read_page = faulty
zygote.serve(Profile(), Limits(seconds_per_page=2.0, grace_seconds=0.5, page_bytes=100_000))
