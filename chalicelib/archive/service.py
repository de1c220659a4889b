"""The archive's use cases: taking in, reading, finding and opening documents."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import delete, func, select

from chalicelib.archive.correcting import Correcting
from chalicelib.archive.errors import DocumentUnknown
from chalicelib.archive.events import ReadingRepeated
from chalicelib.archive.finding import Finding, Found, levels, visible
from chalicelib.archive.intake import Intake
from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.page_words import PageWords, searchable_key
from chalicelib.archive.reading import Reading
from chalicelib.archive.searchable import MADE, Searchable
from chalicelib.audit.events import Access
from chalicelib.audit.service import Audit
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.permissions import Permission, may, permit
from chalicelib.kernel.actor import Actor
from chalicelib.ports.blobs import Blobs, content_key
from chalicelib.ports.search import Query


@dataclass(frozen=True)
class OpenPage:
    """A page as shown: what is known of it, its words, and which of them answer the search it was opened from."""

    document: Document
    page: PageRow
    words: PageWords
    marked: frozenset[int]


class Archive:
    """What staff and programs ask of the archive. `intake`, `correcting`, `reading`, … do the work."""

    def __init__(
        self,
        *,
        database: Database,
        outbox: Outbox,
        blobs: Blobs,
        audit: Audit,
        intake: Intake,
        correcting: Correcting,
        reading: Reading,
        finding: Finding,
        searchable: Searchable,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._blobs = blobs
        self._audit = audit
        self.intake = intake
        self.correcting = correcting
        self.reading = reading
        self.finding = finding
        self.searchable = searchable

    def document(self, actor: Actor, document_id: str) -> Document:
        """A document this actor may read; DocumentUnknown for none and for what is not theirs."""
        permit(actor, Permission.READ_DOCUMENT)
        with self._database.reading() as tx:
            document = tx.get(Document, document_id)
        if document is None or not visible(actor, document):
            raise DocumentUnknown()
        return document

    def pages(self, actor: Actor, document_id: str) -> list[PageRow]:
        """The pages read so far, in order."""
        self.document(actor, document_id)
        with self._database.reading() as tx:
            return list(
                tx.scalars(select(PageRow).where(PageRow.document_id == document_id).order_by(PageRow.number))
            )

    def page(self, actor: Actor, document_id: str, number: int, words: str = "") -> OpenPage:
        """One page with its words, and the answers to `words` marked; the opening is recorded."""
        document = self.document(actor, document_id)
        with self._database.transaction() as tx:
            page = tx.get(PageRow, (document_id, number))
            if page is None:
                raise DocumentUnknown()
            self._audit.record_access(tx, actor, document_id, Access.PAGE_OPENED, number)
        read = self.finding.words(page)
        marked = self.finding.marks(document, read, words)
        return OpenPage(document, page, read, frozenset(marked))

    def recent(
        self, actor: Actor, limit: int = 50, before: str | None = None, *, stopped: bool = False
    ) -> list[Document]:
        """Documents newest first, those filed before `before` when given; if `stopped`, whose reading was given up."""
        permit(actor, Permission.READ_DOCUMENT)
        wanted = select(Document).order_by(Document.id.desc()).limit(limit)
        if before:
            wanted = wanted.where(Document.id < before)
        if stopped:
            wanted = wanted.where(self.reading.stopped)
        if not may(actor, Permission.READ_CONFIDENTIAL):
            # In the question and not only of the answer, or a page of the list would come out short.
            wanted = wanted.where(Document.confidential.is_(False))
        with self._database.reading() as tx:
            return list(tx.scalars(wanted))

    def counts(self, actor: Actor) -> dict[str, int]:
        """How many documents the actor may open, by state; those whose reading was given up are `stopped` instead."""
        permit(actor, Permission.READ_DOCUMENT)
        wanted = select(Document.state, func.count().label("number")).group_by(Document.state)
        if not may(actor, Permission.READ_CONFIDENTIAL):
            wanted = wanted.where(Document.confidential.is_(False))
        with self._database.reading() as tx:
            counts = {row.state: row.number for row in tx.execute(wanted)}
            for row in tx.execute(wanted.where(self.reading.stopped)):
                counts[row.state] -= row.number
                counts["stopped"] = counts.get("stopped", 0) + row.number
        return counts

    def search(
        self,
        actor: Actor,
        words: str,
        *,
        parcel: str | None = None,
        kind: str | None = None,
        owner: str | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Found:
        """Documents that answer, among what this actor may read."""
        query = Query(
            confidentiality=levels(actor),
            words=words,
            parcel=parcel or None,
            kind=kind or None,
            owner=owner or None,
            year_from=year_from,
            year_to=year_to,
            limit=limit,
            cursor=cursor or None,
        )
        return self.finding.find(actor, query)

    def preview_url(self, actor: Actor, document_id: str, number: int) -> str:
        """Where a browser gets the picture of a page."""
        self.document(actor, document_id)
        with self._database.reading() as tx:
            page = tx.get(PageRow, (document_id, number))
        if page is None or page.preview_key is None:
            raise DocumentUnknown()
        # What was read before previews were WebP keeps its JPEGs.
        media_type = "image/webp" if page.preview_key.endswith(".webp") else "image/jpeg"
        return self._blobs.download_url(page.preview_key, media_type, None)

    def original_url(self, actor: Actor, document_id: str) -> str:
        """Where a browser gets the file as it came, as a download; recorded."""
        document = self.document(actor, document_id)
        with self._database.transaction() as tx:
            self._audit.record_access(tx, actor, document_id, Access.ORIGINAL_DOWNLOADED)
        media_type = document.media_type or "application/octet-stream"
        return self._blobs.download_url(content_key(document.sha256), media_type, document.filename)

    def correct_filing(self, actor: Actor, document_id: str, etag: str, **typed: str) -> bool:
        """File a document as the kind, title, owner and year that were typed; whether that changed anything.

        FieldsInvalid, and FilingChanged where it is not filed any more as when its `etag` was given.
        """
        permit(actor, Permission.UPLOAD_DOCUMENT)
        return self.correcting.correct(actor, self.document(actor, document_id), etag, **typed)

    def ask_searchable(self, actor: Actor, document_id: str) -> None:
        """Have a document made into a PDF that can be searched. DocumentUnread, ReadBeforeSearchable."""
        self.document(actor, document_id)
        self.searchable.ask(actor, document_id)

    def searchable_url(self, actor: Actor, document_id: str) -> str:
        """Where a browser gets that PDF, as a download; recorded. DocumentUnknown while there is none."""
        document = self.document(actor, document_id)
        if document.searchable != MADE:
            raise DocumentUnknown()
        with self._database.transaction() as tx:
            self._audit.record_access(tx, actor, document_id, Access.SEARCHABLE_DOWNLOADED)
        name = f"{PurePosixPath(document.filename).stem}.pdf"
        return self._blobs.download_url(
            searchable_key(document_id, document.version), "application/pdf", name
        )

    def read_again(self, actor: Actor, document_id: str) -> int:
        """Read a document once more from its original, as a new version; its number."""
        permit(actor, Permission.UPLOAD_DOCUMENT)
        self.document(actor, document_id)
        with self._database.transaction() as tx:
            document = tx.get_one(Document, document_id, with_for_update=True)
            document.version += 1
            document.state, document.reason, document.reason_data = "received", None, {}
            document.page_count, document.pages_read, document.searchable = None, 0, None
            tx.execute(delete(PageRow).where(PageRow.document_id == document_id))
            self._outbox.publish(tx, actor, ReadingRepeated(document_id, document.version))
        return document.version
