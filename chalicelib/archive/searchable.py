"""A document as a PDF that can be searched: asked for once, made by the reader, kept while its reading counts."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from sqlalchemy import select

from chalicelib.archive.document_jobs import SEARCHABLE_QUEUE, dead_jobs, is_given_up
from chalicelib.archive.errors import DocumentUnread, ReadBeforeSearchable
from chalicelib.archive.events import SearchableAsked, SearchableEnded, SearchableRepeated
from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.page_words import decode, searchable_key
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.kernel.actor import Actor, system
from chalicelib.ports.blobs import Blobs, content_key
from chalicelib.ports.jobs import Jobs
from chalicelib.ports.ocr import Ocr, PageState, ReadPage, SourceRefused

ASKED, MADE = "asked", "made"
_ACTOR = system("archive.searchable")


class Searchable:
    """Makes the PDFs. `Document.searchable` says how far one is: asked, made, or why it cannot be."""

    def __init__(self, *, database: Database, blobs: Blobs, outbox: Outbox, jobs: Jobs, ocr: Ocr) -> None:
        self._database = database
        self._blobs = blobs
        self._outbox = outbox
        self._jobs = jobs
        self._ocr = ocr

    def ask(self, actor: Actor, document_id: str) -> None:
        """Have it made, unless it is made or asked for already; for a document that `actor` may read.

        Where its making was given up, it is begun anew.
        DocumentUnread for one that is not read, ReadBeforeSearchable for one read by a version that noted too little.
        """
        with self._database.reading() as tx:
            document = tx.get_one(Document, document_id)
        stopped = dead_jobs(self._jobs, SEARCHABLE_QUEUE, document)
        with self._database.transaction() as tx:
            document = tx.get_one(Document, document_id, with_for_update=True)
            if document.searchable == ASKED and sum(self._jobs.retry(tx, job.id) for job in stopped):
                self._outbox.publish(tx, actor, SearchableRepeated(document_id, document.version))
            if document.searchable in (ASKED, MADE):
                return
            if document.state not in ("read", "read with doubts"):
                raise DocumentUnread()
            noted = (
                select(PageRow.number)
                .where(PageRow.document_id == document_id, PageRow.dpi.is_(None))
                .limit(1)
            )
            if tx.scalar(noted) is not None:
                raise ReadBeforeSearchable()
            document.searchable = ASKED
            self._outbox.publish(tx, actor, SearchableAsked(document_id, document.version))

    def is_given_up(self, document: Document) -> bool:
        """Whether it is asked for, and nobody makes it any more unless it is asked for again."""
        wanted = select(Document.id).where(
            Document.id == document.id,
            Document.searchable == ASKED,
            is_given_up(self._jobs, SEARCHABLE_QUEUE),
        )
        with self._database.reading() as tx:
            return tx.scalar(wanted) is not None

    def make(self, document_id: str, version: int) -> None:
        """Make the PDF that was asked for of this version; nothing where it is made or no longer wanted."""
        with self._database.reading() as tx:
            document = tx.get_one(Document, document_id)
        if (document.version, document.searchable) != (version, ASKED):
            return
        with (
            self._blobs.local_path(content_key(document.sha256)) as source,
            tempfile.TemporaryDirectory(prefix="diwan-searchable-") as folder,
        ):
            try:
                made = self._ocr.write_searchable(source, self._pages(document_id), Path(folder))
            except SourceRefused as refused:
                self._end(document_id, version, refused.code)
                return
            self._blobs.put(made, searchable_key(document_id, version))
        self._end(document_id, version, MADE)

    def _end(self, document_id: str, version: int, came: str) -> None:
        with self._database.transaction() as tx:
            document = tx.get_one(Document, document_id, with_for_update=True)
            if (document.version, document.searchable) == (version, ASKED):
                document.searchable = came
                self._outbox.publish(tx, _ACTOR, SearchableEnded(document_id, version, came))

    def _pages(self, document_id: str) -> Iterator[ReadPage]:
        """The pages as they were read, one at a time: a long document's words do not fit in memory."""
        with self._database.reading() as tx:
            rows = tx.scalars(
                select(PageRow).where(PageRow.document_id == document_id).order_by(PageRow.number)
            ).all()
        for row in rows:
            words = decode(self._blobs.get(row.words_key)).words if row.words_key else ()
            yield ReadPage(
                row.number, cast(PageState, row.state), row.reason, row.width, row.height, row.dpi or 0, row.rotation,
                words, None, row.skew or 0.0,
            )  # fmt: skip
