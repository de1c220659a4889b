"""What reading gives: words with boxes, pages with a state, refusals with a reason."""

from dataclasses import dataclass, field
from typing import Any

READ = "read"
READ_WITH_DOUBTS = "read with doubts"
REFUSED = "refused"


@dataclass(frozen=True)
class Limits:
    """What one document may cost. Seconds and memory are enforced on the reading process from outside;
    the grace is what it may take longer by the clock than by the processor."""

    pages: int = 2000
    pixels: int = 300_000_000
    words_per_page: int = 20_000
    seconds_per_page: float = 60.0
    grace_seconds: float = 5.0
    memory_bytes: int = 2_560 * 1024 * 1024
    page_bytes: int = 16 * 1024 * 1024


@dataclass(frozen=True)
class Word:
    """Text in logical order; the box in pixels of the upright page; confidence 0 to 100; `line` counts from 0.

    `doubt` marks a word with digits that a person should compare with the picture.
    """

    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: float
    line: int
    doubt: bool = False


@dataclass(frozen=True)
class Page:
    """One page as read. `width` and `height` are pixels of the upright page, `rotation` the degrees clockwise
    that made it upright, `preview` a JPEG of it (`None` where nothing could be shown)."""

    number: int
    state: str
    reason: str | None = None
    width: int = 0
    height: int = 0
    dpi: int = 0
    rotation: int = 0
    words: tuple[Word, ...] = ()
    preview: bytes | None = None


@dataclass
class SourceRefused(Exception):
    """The whole file cannot be read. `reason` is a kebab-case code, `data` the facts for a sentence."""

    reason: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class PageRefused(Exception):
    """This page cannot be read; the others may be."""

    reason: str
    data: dict[str, Any] = field(default_factory=dict)
