"""The confined child's work: open one file, read its pages in turn, and tell each to the parent as it is done."""

import sys
from dataclasses import dataclass
from typing import Any, BinaryIO

from ocr.allocation import keep_freed_memory
from ocr.confinement import allow_seconds, confine
from ocr.formats import open_source
from ocr.messages import tell, tell_page
from ocr.pages import read_page
from ocr.recognition import Recogniser
from ocr.shapes import REFUSED, Limits, Page, SourceRefused


@dataclass(frozen=True)
class Assignment:
    """One file to read: already open, its name (only a claim), the first page wanted, and who reads it. Or one to write
    as a searchable PDF, if it has `pages`: an open file of what was read on them. Or one of which a page is cut into
    tiles: `tiles` are the page's number and the degrees clockwise that make it upright."""

    stream: BinaryIO
    name: str
    first_page: int
    password: str | None
    recogniser: Recogniser
    limits: Limits
    pages: BinaryIO | None = None
    tiles: tuple[int, int] | None = None


def read_confined(assignment: Assignment, output: BinaryIO) -> None:
    """Gives up every right, then reads. Never raises for what the file holds.

    What must be loaded from disk is loaded before: afterwards the process may not be able to open its own libraries.
    """
    keep_freed_memory()
    confine(
        (sys.prefix, sys.base_prefix), assignment.limits.memory_bytes, assignment.recogniser.starts_processes
    )
    read(assignment, output)


def read(assignment: Assignment, output: BinaryIO) -> None:
    """Reads the file page by page. Every page is announced before it is begun, so that a crash has an address."""
    limits = assignment.limits
    try:
        allow_seconds(limits.seconds_per_page)
        source = open_source(assignment.stream, assignment.name, limits, assignment.password)
        tell(output, {"event": "opened", "pages": source.pages, "media_type": source.media_type})
        for number in range(assignment.first_page, source.pages + 1):
            tell(output, {"event": "reading", "page": number})
            allow_seconds(limits.seconds_per_page)
            tell_page(output, _page(source, number, assignment.recogniser, limits))
        tell(output, {"event": "done"})
    except SourceRefused as refusal:
        tell(output, {"event": "refused", "reason": refusal.reason, "data": refusal.data})
    except MemoryError:
        tell(output, {"event": "refused", "reason": "reader-out-of-memory", "data": {}})


def _page(source: Any, number: int, recogniser: Recogniser, limits: Limits) -> Page:
    try:
        return read_page(source, number, recogniser, limits)
    except SourceRefused:
        raise
    except MemoryError:
        return Page(number, REFUSED, "reader-out-of-memory")
    except Exception:
        return Page(number, REFUSED, "page-damaged")
