"""A reading service of others, such as a vision model, behind jobs: a picture is PUT to one address, and what was read
stands after a while at another.

Who gives the jobs (a store that signs addresses, a desk that hands them out) is not known here, nor what model it is.
The answer is JSON, at most 2 MB: `{"lines": [{"text", "box": [left, top, right, bottom], "confidence"}]}`, lines in
reading order, boxes in shares of the picture's width and height, confidence 0 to 100 where it is known. It is taken for
what it is: other people's text, of any shape until it was looked at.

To be used where nothing untrusted is opened: it needs the network, which a confined child does not have.
"""

import io
import json
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING

from ocr import presigned
from ocr.engines import Reading
from ocr.reading_order import is_right_to_left
from ocr.shapes import OUTSIDE_SERVICE

if TYPE_CHECKING:  # functions of AWS, which send pictures as they are, have no libraries for them
    import numpy as np
    from numpy.typing import NDArray

_MOST_BYTES = 2_000_000
_MOST_LINES = 5_000
_LONGEST_LINE = 2_000
_UNKNOWN = 50.0


@dataclass(frozen=True)
class Job:
    """Where to PUT a picture, and where to GET what was read in it."""

    put: str
    get: str


class OutsideService:
    """Reads whole pages, and so lines too. `patience` is how long an answer may take, in seconds."""

    name = OUTSIDE_SERVICE
    languages = frozenset({"ara", "eng"})
    starts_processes = False

    def __init__(self, jobs: Callable[[], Job], patience: float = 60.0, pause: float = 1.0) -> None:
        self._jobs = jobs
        self._patience = patience
        self._pause = pause

    def read(self, pictures: "Sequence[NDArray[np.uint8]]", language: str) -> list[list[Reading]]:
        """Words of each picture; the service tells languages by itself."""
        return [
            [word for line in self.lines(_png(picture), "image/png", picture.shape[::-1]) for word in line]
            for picture in pictures
        ]

    def lines(self, picture: bytes, media_type: str, size: tuple[int, ...]) -> list[list[Reading]]:
        """Words of an encoded picture of `size` (width, height), line by line; nothing where the service fails."""
        try:
            job = self._jobs()
            presigned.put(job.put, picture, media_type)
            told = json.loads(self._answer(job.get))
            return [line for each in told["lines"][:_MOST_LINES] if (line := _words(each, size))]
        except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return []

    def _answer(self, address: str) -> bytes:
        until = time.monotonic() + self._patience
        while (content := presigned.get(address, _MOST_BYTES)) is None:
            if time.monotonic() > until:
                raise TimeoutError(address)
            time.sleep(self._pause)
        return content


def _png(picture: "NDArray[np.uint8]") -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def _words(told: dict[str, object], size: tuple[int, ...]) -> list[Reading]:
    """The words of one line as told, sharing its width by their letters."""
    texts = _clean(str(told["text"])[:_LONGEST_LINE]).split()
    left, top, right, bottom = (min(1.0, max(0.0, float(side))) for side in told["box"])  # type: ignore[attr-defined]
    sure = min(100.0, max(0.0, float(told.get("confidence", _UNKNOWN))))  # type: ignore[arg-type]
    if not texts or not (left < right and top < bottom):
        return []
    leftward = is_right_to_left(" ".join(texts))
    step = (right - left) / (sum(map(len, texts)) + len(texts) - 1)
    words, at = [], 0.0
    for text in texts:
        begin, end = left + at * step, left + (at + len(text)) * step
        if leftward:
            begin, end = left + right - end, left + right - begin
        x0, x1 = round(begin * size[0], 2), round(end * size[0], 2)
        words.append(Reading(text, x0, top * size[1], x1, bottom * size[1], sure))
        at += len(text) + 1
    return words


def _clean(text: str) -> str:
    """Without control characters and direction marks."""
    kept = (
        "" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and not c.isspace() else c for c in text
    )
    return unicodedata.normalize("NFC", "".join(kept))
