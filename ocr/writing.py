"""The confined child's other work: turn one file, whose pages were read, into a searchable PDF."""

import io
import sys
from typing import BinaryIO

from ocr.confinement import allow_seconds, confine
from ocr.messages import ToldPages, tell
from ocr.reading import Assignment
from ocr.shapes import SourceRefused

_PART = 1 << 20


def write_confined(assignment: Assignment, output: BinaryIO) -> None:
    """Gives up every right, then tells parts of the PDF, or why there is none. Never raises for what the file holds."""
    from ocr.searchable_pdf import prepare, searchable

    prepare()
    limits = assignment.limits
    confine((sys.prefix, sys.base_prefix), limits.memory_bytes, starts_processes=False)

    last, turn = -1, 0

    def begin(number: int) -> None:
        nonlocal last, turn
        # Pictures are converted, perhaps once more otherwise, and then written over: from the first page each time.
        turn += number <= last
        last = number
        allow_seconds(limits.seconds_per_page)
        tell(output, {"event": "reading", "page": number, "turn": turn})

    try:
        begin(0)
        pages = ToldPages(assignment.pages or io.BytesIO())
        pdf = searchable(assignment.stream, pages, limits, assignment.password, begin)
        for start in range(0, len(pdf), _PART):
            tell(output, {"event": "part"}, pdf[start : start + _PART])
        tell(output, {"event": "done"})
    except SourceRefused as refusal:
        tell(output, {"event": "refused", "reason": refusal.reason, "data": refusal.data})
    except MemoryError:
        tell(output, {"event": "refused", "reason": "reader-out-of-memory", "data": {}})
