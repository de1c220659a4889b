"""Reading scans: a file of bytes in, pages of words out, page by page, whatever the file holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from chalicelib.kernel.errors import Refusal

PageState = Literal["read", "read with doubts", "refused"]


class SourceRefused(Refusal):
    """The whole file cannot be read.

    `code` is the reason: empty-file, truncated-file, password-protected, mislabelled (data: claimed, actual),
    unsupported-type (actual), too-many-pages (pages, limit), file-missing, reader-crashed, reader-timeout or
    reader-out-of-memory: the last three when this file alone brought its reading to grief.
    """

    kind: ClassVar[Literal["invalid"]] = "invalid"

    def __init__(self, reason: str, **data: object) -> None:
        self.code = reason  # type: ignore[misc]  # one class, the reason told by the reader
        super().__init__(**data)

    @property
    def reason(self) -> str:
        """The reason as a code."""
        return self.code


class ReaderGone(Exception):
    """The reader itself ended or fell silent: stopped, or killed for another's sake. Nothing follows for the file."""


@dataclass(frozen=True)
class Word:
    """Text in logical order, boxed in pixels of the upright page; confidence 0 to 100; `line` counts from 0.

    `doubt` marks a word with digits that a person should compare with the picture; `from_file` one that was not read
    but stands as text in the file itself.
    """

    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: float
    line: int
    doubt: bool = False
    from_file: bool = False


@dataclass(frozen=True)
class Opened:
    """The file is what it should be and has this many pages."""

    pages: int
    media_type: str


@dataclass(frozen=True)
class ReadPage:
    """One page, numbered from 1, at its end.

    `width` and `height` are pixels of the upright page as it was read (0 when it was refused unseen; sheets of
    A2 and above are read at about 180 dpi), `rotation` the degrees clockwise that made it upright, `skew` the degrees
    by which its lines fall to the right then. `preview` is a WebP in the results folder, long side at most 1600 pixels.
    Reasons: too-many-pixels, page-damaged, page-timeout, nothing-legible, reader-crashed, reader-out-of-memory for
    a refused page; number-in-doubt, poorly-legible, page-mirrored or read-outside for one read with doubts; None for
    one simply read.
    """

    number: int
    state: PageState
    reason: str | None
    width: int
    height: int
    dpi: int
    rotation: int
    words: tuple[Word, ...]
    preview: Path | None
    skew: float = 0.0


class Ocr(Protocol):
    """Reads files. Safe to use from several threads at once."""

    def read(self, source: Path, results: Path, first_page: int = 1) -> Iterator[Opened | ReadPage]:
        """Opened first, then every page from `first_page` in order, each as soon as it is done.

        Pictures are written to the folder `results`. Raises SourceRefused or ReaderGone, also after some pages,
        and then nothing more comes. Closing the iterator early ends the reading. Reading again from a later page
        continues a job that was interrupted.
        """
        ...

    def write_searchable(self, source: Path, pages: Iterable[ReadPage], results: Path) -> Path:
        """The file as a PDF that can be searched, in the folder `results`, given all its pages as they were read.

        The same bytes for the same input. Raises SourceRefused for what cannot be made one (`unsupported-type` for
        DXF), or ReaderGone.
        """
        ...

    def close(self) -> None:
        """Let go of what reads; readings under way raise ReaderGone."""
        ...
