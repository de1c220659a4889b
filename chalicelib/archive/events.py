"""Facts the archive publishes; the subject is the document."""

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.kernel.events import Event


@dataclass(frozen=True)
class DocumentFiled(Event):
    """Bytes were filed and wait to be read."""

    name: ClassVar[str] = "archive.document_filed"
    about: ClassVar[str] = "document"
    sha256: str
    parcel: str | None


@dataclass(frozen=True)
class FilingCorrected(Event):
    """Somebody corrected as what it is filed: `before` and `after` hold the fields that changed.

    Its pages, `first` to `last` of a version, are to be indexed as it is filed now.
    """

    name: ClassVar[str] = "archive.filing_corrected"
    about: ClassVar[str] = "document"
    before: dict[str, str | int | None]
    after: dict[str, str | int | None]
    version: int
    first: int
    last: int


@dataclass(frozen=True)
class PagesRead(Event):
    """Pages `first` to `last` of a version were read and can be indexed."""

    name: ClassVar[str] = "archive.pages_read"
    about: ClassVar[str] = "document"
    version: int
    first: int
    last: int


@dataclass(frozen=True)
class DocumentRead(Event):
    """Reading ended in `state`: read, read with doubts or refused."""

    name: ClassVar[str] = "archive.document_read"
    about: ClassVar[str] = "document"
    state: str
    pages: int
    reason: str | None


@dataclass(frozen=True)
class SearchableAsked(Event):
    """Somebody wants this version of the document as a PDF that can be searched."""

    name: ClassVar[str] = "archive.searchable_asked"
    about: ClassVar[str] = "document"
    version: int


@dataclass(frozen=True)
class SearchableRepeated(Event):
    """Its making had stopped, and somebody had it begun anew."""

    name: ClassVar[str] = "archive.searchable_repeated"
    about: ClassVar[str] = "document"
    version: int


@dataclass(frozen=True)
class SearchableEnded(Event):
    """What came of that: made, or the reason why there is none."""

    name: ClassVar[str] = "archive.searchable_ended"
    about: ClassVar[str] = "document"
    version: int
    came: str


@dataclass(frozen=True)
class ReadingRepeated(Event):
    """Somebody asked for the document to be read once more from its original."""

    name: ClassVar[str] = "archive.reading_repeated"
    about: ClassVar[str] = "document"
    version: int
