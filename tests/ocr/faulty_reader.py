"""A reading process whose children misbehave on page 4: `python faulty_reader.py FAULT`, one of those in `faulty`."""

import contextlib
import itertools
import mmap
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
# What every child sees that the process forks.
shared = mmap.mmap(-1, 1)


def faulty(source: Source, number: int, recogniser: Recogniser, limits: Limits) -> Page:
    """The page, unless it is the fourth."""
    if number == 4:
        if FAULT == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif FAULT == "once" and shared[0] == 0:
            shared[0] = 1
            os.kill(os.getpid(), signal.SIGKILL)
        elif FAULT == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        elif FAULT == "hang":
            time.sleep(600)
        elif FAULT == "spin":
            while True:
                pass
        elif FAULT == "memory":
            bytearray(limits.memory_bytes)
        elif FAULT == "abort":
            # What libraries in C do when they are given no more memory.
            hoard = []
            try:
                while True:
                    hoard.append(b"\x01" * (32 << 20))
            except MemoryError:
                os.abort()
        elif FAULT == "garbage":
            for pipe in range(3, 64):
                with contextlib.suppress(OSError):
                    os.write(pipe, os.urandom(4096) + b"\n{}\n")
        elif FAULT == "babble":
            return Page(number, "read\udcff" * 100_000)
        elif FAULT == "chatter":
            while True:
                for pipe in range(3, 64):
                    with contextlib.suppress(OSError):
                        os.write(pipe, b'{"event": "reading", "page": 4}\n')
        elif FAULT == "turns":
            for turn in itertools.count(1):
                for pipe in range(3, 64):
                    with contextlib.suppress(OSError):
                        os.write(pipe, b'{"event": "reading", "page": 4, "turn": %d}\n' % turn)
        elif FAULT == "boast":
            for pipe in range(3, 64):
                with contextlib.suppress(OSError):
                    os.write(pipe, b'{"event": "opened", "pages": 1000000000, "media_type": "image/tiff"}\n')
        elif FAULT in ("forge", "bluff"):
            forged = b'{"event": "refused", "reason": "truncated-file", "data": {"reason": 1, "pages": 6}, "id": 0}\n'
            bluff = b'{"event": "refused", "reason": "<b>ring me</b>", "data": {}}\n'
            for pipe in range(3, 64):
                with contextlib.suppress(OSError):
                    os.write(pipe, forged if FAULT == "forge" else bluff)
            time.sleep(600)
        elif FAULT == "lie":
            return Page(99, "read")
    return honest(source, number, recogniser, limits)


reading.read_page = faulty
# Only those that never end are meant to meet the clock: a busy machine takes its time to fill a memory.
seconds = 2.0 if FAULT in ("hang", "spin") else 30.0
zygote.serve(
    Profile(),
    Limits(seconds_per_page=seconds, grace_seconds=0.5, page_bytes=100_000, memory_bytes=1_500_000_000),
)
