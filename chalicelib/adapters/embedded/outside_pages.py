"""Has pages read by a service behind jobs; a desk at one address hands the jobs out, or whoever signs them himself."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import replace

from chalicelib.ports.ocr import ReadPage, Word
from ocr.engines.outside import Job, OutsideService

_PATIENCE = 30.0
_MOST_BYTES = 100_000


class OutsidePages:
    """The OutsideReader port over such a service, for pages read with less than `below` (0 to 100).

    `jobs` gives, for each picture, where to PUT it (as image/webp) and where to GET its answer. `patience` is how long
    an answer may take, in seconds.
    """

    def __init__(
        self, jobs: Callable[[], tuple[str, str]], below: float, patience: float = 60.0, pause: float = 1.0
    ) -> None:
        self._service = OutsideService(lambda: Job(*jobs()), patience, pause)
        self._below = below

    def again(self, page: ReadPage) -> ReadPage:
        """The page as the service reads it, or as it is."""
        if page.preview is None or not page.width or _confidence(page) >= self._below:
            return page
        # The picture is sent as our child made it; it comes of a file that nobody trusts, so it is not opened here.
        lines = self._service.lines(page.preview.read_bytes(), "image/webp", (page.width, page.height))
        if not lines:
            return page
        words = tuple(
            Word(
                r.text, int(r.left), int(r.top), max(1, int(r.right - r.left)), max(1, int(r.bottom - r.top)),
                r.confidence, number, doubt=any(c.isdigit() for c in r.text),
            )
            for number, line in enumerate(lines) for r in line
        )  # fmt: skip
        return replace(page, state="read with doubts", reason="read-outside", words=words)


def _confidence(page: ReadPage) -> float:
    """How sure our reader was of a letter; 0 where writing was seen and none was legible, 100 on blank paper."""
    letters = sum(len(word.text) for word in page.words)
    if letters:
        return sum(word.confidence * len(word.text) for word in page.words) / letters
    return 0.0 if page.reason == "nothing-legible" else 100.0


def from_desk(desk: str) -> tuple[str, str]:
    """A job of the desk at this address: it is asked by POST and answers `{"put": address, "get": address}`."""
    request = urllib.request.Request(desk, b"", method="POST")  # noqa: S310  an address of the settings
    with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
        told = json.loads(answer.read(_MOST_BYTES))
    return told["put"], told["get"]
