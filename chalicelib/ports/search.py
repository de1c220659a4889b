"""Finding pages by what stands on them. One entry a page; every index can be rebuilt from the archive."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.search_words import Asked

PAGES_A_HIT = 3


class SearchCursorInvalid(Refusal):
    """The cursor was not made by this search."""

    code = "search-cursor-invalid"


class SearchWriterBusy(Refusal):
    """Another process writes this index; there is one writer at a time. `data["folder"]` names the index."""

    code = "search-writer-busy"
    kind = "unavailable"


class SearchReadOnly(Refusal):
    """This opening of the index reads only; the worker process writes."""

    code = "search-read-only"
    kind = "unavailable"


@dataclass(frozen=True, kw_only=True)
class PageEntry:
    """One page as it is searched. `document` and `version` hold no colon; `page` counts from 1.

    `text` is the page's words as read, separated by spaces; `title` and `owner` are the document's and are
    searched with every page. Empty strings and a `year` of None mean unknown.
    """

    document: str
    version: str
    page: int
    text: str
    confidentiality: str
    title: str = ""
    owner: str = ""
    parcel: str = ""
    kind: str = ""
    department: str = ""
    year: int | None = None

    @property
    def id(self) -> str:
        """`document:version:page`; indexing the same id again replaces the page."""
        return f"{self.document}:{self.version}:{self.page}"


@dataclass(frozen=True, kw_only=True)
class Query:
    """What to find, among what may be seen.

    `confidentiality` holds the levels the reader may see; nothing outside it is found, counted or hinted at.
    No `words` means every page that passes the filters, newest document first. `parcel`, `kind` and
    `department` are exact (digits of any script); `owner` is words that must all stand in the owner's name.
    `collapse=False` answers page by page, as within one `document`.
    """

    confidentiality: frozenset[str]
    words: str = ""
    document: str | None = None
    parcel: str | None = None
    kind: str | None = None
    department: str | None = None
    owner: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    limit: int = 20
    cursor: str | None = None
    collapse: bool = True


@dataclass(frozen=True)
class PageHit:
    """A page that answers, and how well: scores compare only within one answer."""

    document: str
    version: str
    page: int
    score: float


@dataclass(frozen=True)
class Hit:
    """A document that answers: its best pages first, at most three, and how many of its pages answer."""

    document: str
    score: float
    pages: tuple[PageHit, ...]
    page_count: int


@dataclass(frozen=True)
class Facet:
    """A value found among the answers and the number of answering pages that have it."""

    value: str
    pages: int


@dataclass(frozen=True)
class Results:
    """The hits, best first, and what stands around them.

    `asked` is the search as the engine carried it out: give it to `kernel.search_marks.highlight`.
    `pages` and the facet counts are exact; `documents` is exact while few, and within a few per cent when
    they are thousands. Facets are `kind`, `year` and `parcel`, most pages first, at most twenty values
    each. `cursor` asks for the next hits, None when there are none.
    """

    asked: Asked
    hits: tuple[Hit, ...] = ()
    pages: int = 0
    documents: int = 0
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict)
    cursor: str | None = None


class Search(Protocol):
    """An index of pages. One process writes; any number read."""

    @property
    def needs_rebuild(self) -> bool:
        """Whether pages indexed before may be missing here: a new index, a new analysis, a broken one.

        Stays true until `rebuilt` is called, across restarts.
        """
        ...

    def rebuilt(self) -> None:
        """Every page has been indexed again; indexes of older analyses are deleted."""
        ...

    def index(self, entries: Iterable[PageEntry]) -> None:
        """Add or replace pages, in one commit: all or none.

        Returns when they are durable and every search begun later finds them.

        Raises SearchReadOnly.
        """
        ...

    def remove(self, document: str, version: str | None = None) -> None:
        """Take out a document's pages, or those of one version; as durable and visible as `index`.

        Raises SearchReadOnly.
        """
        ...

    def search(self, query: Query) -> Results:
        """Find pages.

        Raises SearchCursorInvalid.
        """
        ...

    def count(self) -> int:
        """Pages in the index."""
        ...

    def close(self) -> None:
        """Let go of the index; nothing acknowledged is lost without it."""
        ...
