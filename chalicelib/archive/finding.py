"""Finding: pages are indexed as they are read, and shown with what was looked for marked on the scan."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.archive.errors import SearchEmpty
from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.page_words import PageWords, decode
from chalicelib.database.engine import Database
from chalicelib.identity.permissions import Permission, may, permit
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.search_marks import Snippet, highlight, snippet
from chalicelib.kernel.search_words import Asked
from chalicelib.ports.blobs import Blobs
from chalicelib.ports.search import Facet, PageEntry, Query, Search

# Pages that are put into a new index at once, and documents that are looked at for them (two at least).
_PAGES, _DOCUMENTS = 500, 200
_OPEN, _CONFIDENTIAL = "internal", "confidential"


@dataclass(frozen=True)
class FoundPage:
    """A page that answers: the passage, and how many words are marked on it."""

    number: int
    snippet: Snippet
    marks: int
    preview_key: str | None


@dataclass(frozen=True)
class FoundDocument:
    """A document that answers, its best pages first."""

    document: Document
    pages: tuple[FoundPage, ...]
    page_count: int


@dataclass(frozen=True)
class Found:
    """One answer: documents in order, their number, what else narrows it, and where the next begins."""

    hits: tuple[FoundDocument, ...]
    documents: int
    pages: int
    facets: dict[str, tuple[Facet, ...]]
    asked: Asked
    cursor: str | None


class Finding:
    """Indexes and searches; the database decides what an actor may see, the index only narrows."""

    def __init__(self, *, database: Database, blobs: Blobs, search: Search) -> None:
        self._database = database
        self._blobs = blobs
        self._search = search

    def index(self, document_id: str, version: int, first: int, last: int) -> int | None:
        """Make pages findable, some hundred at once; the next page to index, None when there are no more.

        Again is harmless. Pages of a version since replaced are left out.
        """
        following = first + _PAGES
        self._put(self._entries(document_id, version, first, min(last, following - 1)))
        return following if following <= last else None

    def rebuild(self) -> int:
        """Index every page again from the kept words; how many pages."""
        total, place = 0, ("", 1)
        while True:
            pages, following = self.rebuild_some(*place)
            total += pages
            if following is None:
                return total
            place = following

    def rebuild_some(self, document: str, page: int) -> tuple[int, tuple[str, int] | None]:
        """Index some hundred pages again, from this page of this document on.

        Gives their number, and where to go on; None when there are no more and the index is whole.
        """
        rest = select(Document.id, Document.version, Document.pages_read).where(Document.id >= document)
        with self._database.reading() as tx:
            documents = tx.execute(rest.order_by(Document.id).limit(_DOCUMENTS)).all()
        entries: list[PageEntry] = []
        left = _PAGES
        following: tuple[str, int] | None = None
        for document_id, version, pages in documents:
            first = page if document_id == document else 1
            last = min(pages, first + left - 1)
            if first <= last:
                entries += self._entries(document_id, version, first, last)
                left -= last - first + 1
            following = document_id, last + 1
            if not left:
                break
        self._put(entries)
        if left and len(documents) < _DOCUMENTS:
            self._search.rebuilt()
            following = None
        return _PAGES - left, following

    def _entries(self, document_id: str, version: int, first: int, last: int) -> list[PageEntry]:
        """Pages as they are searched; none when the document has another version by now."""
        with self._database.reading() as tx:
            document = tx.get(Document, document_id)
            if document is None or document.version != version:
                return []
            wanted = select(PageRow).where(
                PageRow.document_id == document_id, PageRow.number >= first, PageRow.number <= last
            )
            pages = tx.scalars(wanted).all()
        return [_entry(document, page, self._words(page).text) for page in pages]

    def _put(self, entries: list[PageEntry]) -> None:
        if not entries:
            return
        self._search.index(entries)
        put = {(entry.document, entry.version) for entry in entries}
        about: dict[str, dict[str, Any]] = {}
        with self._database.reading() as tx:
            for document_id, version in sorted(put):
                document = tx.get(Document, document_id)
                if document is None or str(document.version) != version:
                    # Replaced meanwhile: whoever took the old pages out may have done so before these came.
                    self._search.remove(document_id, version)
                else:
                    about[document_id] = _about(document)
        # Corrected meanwhile: whoever put in the pages as they are filed now may have done so before these came.
        now = [replace(entry, **about.get(entry.document, {})) for entry in entries]
        self._put([entry for entry, old in zip(now, entries, strict=True) if entry != old])

    def find(self, actor: Actor, query: Query) -> Found:
        """What answers, among what this actor may read. SearchEmpty when nothing is asked at all."""
        permit(actor, Permission.SEARCH_ARCHIVE)
        narrowed = query.parcel or query.kind or query.owner or query.year_from or query.year_to
        if not query.words.strip() and not narrowed:
            raise SearchEmpty(field="q")
        results = self._search.search(query)
        hits = []
        with self._database.reading() as tx:
            for hit in results.hits:
                document = tx.get(Document, hit.document)
                if document is None or not visible(actor, document):
                    continue
                numbers = [page.page for page in hit.pages]
                pages = tuple(
                    page
                    for number in numbers
                    if (page := self._found_page(tx, hit.document, number, results.asked)) is not None
                )
                hits.append(FoundDocument(document, pages, hit.page_count))
        return Found(
            tuple(hits), results.documents, results.pages, results.facets, results.asked, results.cursor
        )

    def marks(self, document: Document, words: PageWords, typed: str) -> set[int]:
        """Which words of a page answer a search, as the engine itself read the search."""
        if not typed.strip():
            return set()
        level = _CONFIDENTIAL if document.confidential else _OPEN
        asked = self._search.search(
            Query(words=typed, document=document.id, confidentiality=frozenset({level}), limit=1)
        ).asked
        return highlight([word.text for word in words.words], asked)

    def words(self, page: PageRow) -> PageWords:
        """The words of a page with their boxes."""
        return self._words(page)

    def _found_page(self, tx: Session, document_id: str, number: int, asked: Asked) -> FoundPage | None:
        page = tx.get(PageRow, (document_id, number))
        if page is None:
            return None
        words = [word.text for word in self._words(page).words]
        marked = highlight(words, asked)
        return FoundPage(number, snippet(words, marked), len(marked), page.preview_key)

    def _words(self, page: PageRow) -> PageWords:
        return decode(self._blobs.get(page.words_key)) if page.words_key else PageWords(())


def visible(actor: Actor, document: Document) -> bool:
    """Whether the actor may open the document."""
    if not may(actor, Permission.READ_DOCUMENT):
        return False
    return not document.confidential or may(actor, Permission.READ_CONFIDENTIAL)


def levels(actor: Actor) -> frozenset[str]:
    """The confidentiality levels an actor may search in."""
    confidential = may(actor, Permission.READ_CONFIDENTIAL)
    return frozenset({_OPEN, _CONFIDENTIAL}) if confidential else frozenset({_OPEN})


def _entry(document: Document, page: PageRow, text: str) -> PageEntry:
    return PageEntry(
        document=document.id,
        version=str(document.version),
        page=page.number,
        text=text,
        **_about(document),
    )


def _about(document: Document) -> dict[str, Any]:
    """What every page is found by beside its words: as what its document is filed."""
    return {
        "confidentiality": _CONFIDENTIAL if document.confidential else _OPEN,
        "title": document.title,
        "owner": document.owner,
        "parcel": document.parcel or "",
        "kind": document.kind,
        "year": document.year,
    }
