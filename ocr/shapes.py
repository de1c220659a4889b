"""What reading gives: words with boxes, pages with a state, refusals with a reason."""

from dataclasses import dataclass, field
from typing import Any, Literal

READ = "read"
READ_WITH_DOUBTS = "read with doubts"
REFUSED = "refused"

# Where a word comes from.
TEXT_LAYER = "text layer"
LINE_READER = "line reader"
DIGIT_READER = "digit reader"
TESSERACT = "tesseract"
OUTSIDE_SERVICE = "outside service"


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
    document_bytes: int = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Profile:
    """How to read, the same for all documents of a municipality. `tessdata` is the folder of ara.traineddata and
    eng.traineddata for the second reader, `number_formats` the file that says how its numbers look."""

    tessdata: str | None = None
    number_formats: str | None = None


# Not frozen: there are hundreds on a page, and a frozen one takes four times as long to make.
@dataclass
class Word:
    """Text in logical order; the box in pixels of its page; confidence 0 to 100; `line` counts from 0.

    `doubt` marks a word with digits that a person should compare with the picture. `source` says where the text
    comes from: an engine by its name, or `digit reader` for a number as a look at it alone has it. `language` is a
    BCP 47 tag ("ar", "en", "und" where there are no letters to tell by). `number_kind` is what a number is, where that
    is known (`date`, `civil-id`, `amount`, …), and `doubt_reason` why it is in doubt: `check-failed`, `ill-formed`,
    `readings-differ` or `unsure`.
    """

    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: float
    line: int
    doubt: bool = False
    source: str = LINE_READER
    language: str = "und"
    number_kind: str | None = None
    doubt_reason: str | None = None


@dataclass(frozen=True)
class Line:
    """What is read as one line, be it the cells of a row: the box around its words, and its base direction."""

    x: int
    y: int
    width: int
    height: int
    language: str
    direction: Literal["rtl", "ltr"]


@dataclass(frozen=True)
class Field:
    """A field of a drawing's title block: its name (`sheet_number`, `title`, `scale`, `revision`, `date`, `office`,
    `project`, `owner`, `parcel`, `location`, or a tag of the file's own), its value, and which of the page's words
    are the value."""

    name: str
    text: str
    words: tuple[int, ...]


@dataclass(frozen=True)
class Page:
    """One page as read. Everything that has a place has it on the page *as scanned*: in its file's own pixels (those of
    the reading, where a page has none of its own, oblong ones or is read smaller), not turned, not levelled.

    `width` and `height` are those of the page as scanned, `dpi` its pixels an inch of paper; `rotation` the degrees
    clockwise that make it upright, by what its file says and what its lines show; `skew` the degrees by which lines of
    the upright page fall to the right. `words` stand in reading order, word `w` belongs to `lines[w.line]`. `preview`
    is a picture of the upright page (`None` where nothing could be shown).
    """

    number: int
    state: str
    reason: str | None = None
    width: int = 0
    height: int = 0
    dpi: int = 0
    rotation: int = 0
    skew: float = 0.0
    words: tuple[Word, ...] = ()
    lines: tuple[Line, ...] = ()
    preview: bytes | None = None
    fields: tuple[Field, ...] = ()


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
