"""Reading: a filed document is read page by page, each page kept as soon as it is read."""

import logging
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from chalicelib.archive.document_jobs import READ_QUEUE, is_given_up
from chalicelib.archive.events import DocumentRead, PagesRead
from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.page_words import PageWords, encode, preview_key, words_key
from chalicelib.archive.rules import UNREAD, document_reason, document_state, refusal_reason
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.kernel.actor import system
from chalicelib.ports.blobs import Blobs, content_key
from chalicelib.ports.clock import Clock
from chalicelib.ports.jobs import Jobs
from chalicelib.ports.ocr import Ocr, Opened, ReadPage, SourceRefused, Word
from chalicelib.ports.outside_reader import OutsideReader

log = logging.getLogger("diwan.archive")
_ACTOR = system("archive.reading")
# Pages become searchable in groups: small enough to be found soon, large enough to be cheap.
_GROUP = 10


class Reading:
    """Drives the reader. A kill at any moment loses at most the page under way."""

    def __init__(
        self, *, database: Database, blobs: Blobs, outbox: Outbox, jobs: Jobs, clock: Clock, ocr: Ocr,
        outside: OutsideReader | None = None,
    ) -> None:  # fmt: skip
        self._database = database
        self._blobs = blobs
        self._outbox = outbox
        self._jobs = jobs
        self._clock = clock
        self._ocr = ocr
        self._outside = outside

    def read(self, document_id: str, until: datetime | None = None) -> int | None:
        """Read what is not yet read of a document; it ends read, read with doubts or refused.

        When pages are left `until` comes, stop after the one under way and return the number of the next; else None.
        """
        with self._database.transaction() as tx:
            document = _locked(tx, document_id)
            if document.state not in UNREAD:
                return None
            document.state = "reading"
            done = tx.scalars(select(PageRow.number).where(PageRow.document_id == document_id)).all()
            first = max(done, default=0) + 1
            page_count, version = document.page_count, document.version
            outside = None if document.confidential else self._outside
            key = content_key(document.sha256)
        pending = (first - 1) // _GROUP * _GROUP + 1
        if page_count is None or first <= page_count:
            try:
                pending, following = self._read_pages(
                    document_id, version, key, first, pending, outside, until
                )
            except SourceRefused as refused:
                self._refuse(document_id, version, refused.code, refused.data)
                return None
            if following:
                return following
        self._conclude(document_id, version, pending)
        return None

    @property
    def stopped(self) -> ColumnElement[bool]:
        """Whether a document waits to be read, or to be read to its end, and nobody does so unless asked again.

        A condition of a query on documents, and what every page says of it.
        """
        return Document.state.in_(UNREAD) & is_given_up(self._jobs, READ_QUEUE)

    def stopped_among(self, documents: Collection[str]) -> frozenset[str]:
        """Which of these documents, by id, that is true of."""
        wanted = select(Document.id).where(Document.id.in_(documents), self.stopped)
        with self._database.reading() as tx:
            return frozenset(tx.scalars(wanted))

    def _read_pages(
        self,
        document_id: str,
        version: int,
        key: str,
        first: int,
        pending: int,
        outside: OutsideReader | None,
        until: datetime | None,
    ) -> tuple[int, int | None]:
        """The first page that is not announced yet, and the next to read when time was up."""
        count = None
        with (
            self._blobs.local_path(key) as source,
            tempfile.TemporaryDirectory(prefix="diwan-read-") as folder,
        ):
            for step in self._ocr.read(source, Path(folder), first_page=first):
                if isinstance(step, Opened):
                    self._opened(document_id, step)
                    count = step.pages
                    continue
                row = self._keep(document_id, version, outside.again(step) if outside else step)
                with self._database.transaction() as tx:
                    document = _locked(tx, document_id)
                    if document.version != version:
                        return pending, None  # read anew from the start by somebody's wish
                    tx.merge(row)
                    # Whoever lost its lease and reads on beside another does not turn the count back.
                    document.pages_read = max(document.pages_read, step.number)
                    if step.number - pending + 1 >= _GROUP:
                        self._announce(tx, document_id, version, pending, step.number)
                        pending = step.number + 1
                if until and self._clock.now() >= until and step.number != count:
                    return pending, step.number + 1
        return pending, None

    def _opened(self, document_id: str, opened: Opened) -> None:
        with self._database.transaction() as tx:
            document = _locked(tx, document_id)
            document.page_count, document.media_type = opened.pages, opened.media_type

    def _keep(self, document_id: str, version: int, page: ReadPage) -> PageRow:
        """Blobs first, row after: a row never names bytes that are not there."""
        kept_words = kept_preview = None
        if page.words:
            kept_words = words_key(document_id, version, page.number)
            self._blobs.put(encode(PageWords(_one_token_each(page))), kept_words)
        if page.preview is not None:
            kept_preview = preview_key(document_id, version, page.number)
            self._blobs.put(page.preview, kept_preview)
        return PageRow(
            document_id=document_id,
            number=page.number,
            state=page.state,
            reason=page.reason,
            width=page.width,
            height=page.height,
            rotation=page.rotation,
            dpi=page.dpi,
            skew=page.skew,
            word_count=len(page.words),
            doubt_count=sum(word.doubt for word in page.words),
            preview_key=kept_preview,
            words_key=kept_words,
            read_at=self._clock.now(),
        )

    def _conclude(self, document_id: str, version: int, pending: int) -> None:
        with self._database.transaction() as tx:
            document = _locked(tx, document_id)
            if document.version != version or document.state != "reading":
                return
            rows = tx.scalars(
                select(PageRow).where(PageRow.document_id == document_id).order_by(PageRow.number)
            ).all()
            document.state = document_state([row.state for row in rows])
            document.reason = document_reason([(row.state, row.reason) for row in rows])
            document.pages_read = document.page_count = len(rows)
            if rows and pending <= rows[-1].number:
                self._announce(tx, document_id, version, pending, rows[-1].number)
            self._outbox.publish(
                tx, _ACTOR, DocumentRead(document_id, document.state, len(rows), document.reason)
            )

    def _announce(self, tx: Session, document_id: str, version: int, first: int, last: int) -> None:
        self._outbox.publish(tx, _ACTOR, PagesRead(document_id, version, first, last))
        facts = {"document": document_id, "metrics": {"PagesRead": last - first + 1}}
        self._database.afterwards(tx, lambda: log.info("pages read", extra=facts))

    def _refuse(self, document_id: str, version: int, reason: str, data: Mapping[str, Any]) -> None:
        with self._database.transaction() as tx:
            document = _locked(tx, document_id)
            if document.version != version or document.state != "reading":
                return
            facts = {name: value for name, value in data.items() if _plain(value)}
            document.state = "refused"
            document.reason, document.reason_data = refusal_reason(reason, facts, document.filename)
            self._outbox.publish(
                tx, _ACTOR, DocumentRead(document_id, "refused", document.page_count or 0, document.reason)
            )


def _locked(tx: Session, document_id: str) -> Document:
    """The document, for this transaction alone: what is decided on its version and state still holds at commit."""
    return tx.get_one(Document, document_id, with_for_update=True)


def _one_token_each(page: ReadPage) -> tuple[Word, ...]:
    """Words without spaces inside, so that word i is token i of the text; the parts share a box."""
    return tuple(replace(word, text=part) for word in page.words for part in word.text.split())


def _plain(value: object) -> bool:
    return isinstance(value, (str, int, float, bool))
