"""Search in a folder, by tantivy: one long-lived writer in one process, readers anywhere on the machine.

A second writer would be locked out, and short-lived writers leave hundreds of segments that are never
merged, so the worker process keeps one open and commits in batches. A commit is fsynced before it is
acknowledged. The folder's name carries the versions of schema and analysis: a change of either starts an
empty index that says it needs rebuilding.
"""

import base64
import binascii
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

from tantivy import Index, IndexWriter, Searcher
from tantivy import Query as TantivyQuery

from chalicelib.adapters.embedded import tantivy_query as plan
from chalicelib.kernel.arabic import ANALYSIS_VERSION
from chalicelib.kernel.search_words import read
from chalicelib.ports.search import (
    PAGES_A_HIT,
    Facet,
    Hit,
    PageEntry,
    PageHit,
    Query,
    Results,
    SearchCursorInvalid,
    SearchReadOnly,
    SearchWriterBusy,
)

WRITER_BYTES = 64_000_000
FIRST_WINDOW = 100
WIDEST_WINDOW = 25_600
FACETS = ("kind", "year", "parcel")
FACET_VALUES = 20
AROUND = {
    "documents": {"cardinality": {"field": "document"}},
    **{name: {"terms": {"field": name, "size": FACET_VALUES}} for name in FACETS},
}


class TantivySearch:
    """The search port over a folder; see `chalicelib.ports.search`.

    With `writer`, raises SearchWriterBusy when another process has the index open for writing. Without it
    the folder may not exist yet: nothing is found until it does, and every commit of the writer is seen by
    the next search. One object serves any number of threads.

    Ranking is walked from the top for every page of hits, so hits past the 25,600 best pages are not reached.
    """

    def __init__(self, folder: Path, *, writer: bool) -> None:
        self._folder = folder
        self._path = folder / f"pages-v{plan.SCHEMA_VERSION}.{ANALYSIS_VERSION}"
        self._complete = self._path.with_name(f"{self._path.name}.complete")
        self._writing = writer
        self._write_lock = Lock()
        self._open_lock = Lock()
        self._index: Index | None = None
        self._writer: IndexWriter | None = None
        self._seen: tuple[int, int, int] | None = None
        if writer:
            self._path.mkdir(parents=True, exist_ok=True)
            self._index = self._open_or_replace()
            self._writer = self._new_writer(self._index)

    @property
    def needs_rebuild(self) -> bool:
        return not self._complete.exists()

    def rebuilt(self) -> None:
        self._complete.touch()
        for old in self._folder.glob("pages-v*"):
            if old not in (self._path, self._complete):
                shutil.rmtree(old) if old.is_dir() else old.unlink()

    def index(self, entries: Iterable[PageEntry]) -> None:
        with self._write_lock:
            writer = self._writer_now()
            try:
                for entry in entries:
                    writer.delete_documents_by_term("id", plan.keyword(entry.id))
                    writer.add_document(plan.document(entry))
                writer.commit()
            except BaseException:
                self._writer = (
                    None  # Dropping it forgets what was not committed, and works when it is broken.
                )
                raise

    def remove(self, document: str, version: str | None = None) -> None:
        with self._write_lock:
            writer = self._writer_now()
            gone = [plan.only("document", plan.keyword(document))]
            if version is not None:
                gone.append(plan.only("version", plan.keyword(version)))
            try:
                writer.delete_documents_by_query(plan.every(gone))
                writer.commit()
            except BaseException:
                self._writer = None
                raise

    def count(self) -> int:
        searcher = self._searcher()
        return 0 if searcher is None else searcher.num_docs

    def search(self, query: Query) -> Results:
        after = None if query.cursor is None else _read_cursor(query.cursor)
        asked = read(query.words)
        searcher = self._searcher()
        if searcher is None or not query.confidentiality or (query.words.strip() and not asked):
            return Results(asked)
        required, asked = plan.Plan(searcher).carry_out(asked)
        wanted = plan.every(plan.filters(query) + required)
        ranking = _Ranking(searcher, wanted, by_score=bool(required), collapse=query.collapse)
        leaders, more = ranking.leaders(after, query.limit)
        around = searcher.aggregate(wanted, AROUND)
        documents = ranking.documents()
        return Results(
            asked,
            hits=tuple(ranking.hits(leaders)),
            pages=ranking.count,
            documents=round(around["documents"]["value"]) if documents is None else documents,
            facets=_facets(around),
            cursor=_cursor(leaders[-1]) if more else None,
        )

    def close(self) -> None:
        with self._write_lock:
            writer, self._writer, self._writing = self._writer, None, False
            if writer is not None:
                writer.wait_merging_threads()
            self._index = None

    def _open_or_replace(self) -> Index:
        """The index, or an empty one in place of one that cannot be opened, set aside to be looked at."""
        try:
            return Index(plan.SCHEMA, str(self._path))
        except ValueError:
            broken = self._path.with_name(f"{self._path.name}.broken")
            shutil.rmtree(broken, ignore_errors=True)
            self._complete.unlink(missing_ok=True)
            self._path.rename(broken)
            self._path.mkdir()
            return Index(plan.SCHEMA, str(self._path))

    def _new_writer(self, index: Index) -> IndexWriter:
        try:
            return index.writer(heap_size=WRITER_BYTES, num_threads=1)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise SearchWriterBusy(folder=str(self._folder)) from error
            raise

    def _writer_now(self) -> IndexWriter:
        if not self._writing or self._index is None:
            raise SearchReadOnly(folder=str(self._folder))
        if self._writer is None:
            self._writer = self._new_writer(self._index)
        return self._writer

    def _searcher(self) -> Searcher | None:
        """A searcher that sees the newest commit: meta.json is replaced by every one."""
        try:
            meta = (self._path / "meta.json").stat()
        except FileNotFoundError:
            return None
        now = (meta.st_ino, meta.st_mtime_ns, meta.st_size)
        with self._open_lock:
            if self._index is None:
                self._index = Index.open(str(self._path))
                self._seen = None
            if now != self._seen:
                if self._seen is None:
                    self._index.config_reader("manual")
                self._index.reload()
                self._seen = now
            return self._index.searcher()


class _Ranking:
    """The pages that answer, in their order: by score, then document and page; without words to
    score by, newest document first. Equal scores make no difference between runs or segments."""

    def __init__(self, searcher: Searcher, wanted: TantivyQuery, *, by_score: bool, collapse: bool) -> None:
        self._searcher = searcher
        self._wanted = wanted
        self._by_score = by_score
        self._collapse = collapse
        self._pages: list[PageHit] = []
        self._whole = False
        self.count = 0

    def leaders(self, after: PageHit | None, limit: int) -> tuple[list[PageHit], bool]:
        """The best page of each of the next `limit` hits, and whether more follow."""
        window = FIRST_WINDOW
        while True:
            self._pages = self._top(window)
            leaders = self._first_of_each(self._pages) if self._collapse else self._pages
            rest = [page for page in leaders if after is None or self._follows(page, after)]
            if len(rest) > limit or self._whole or window >= WIDEST_WINDOW:
                return rest[:limit], len(rest) > limit
            window *= 4

    def hits(self, leaders: list[PageHit]) -> list[Hit]:
        """The leaders with the other pages of their documents."""
        if not self._collapse:
            return [Hit(page.document, page.score, (page,), 1) for page in leaders]
        pages_of: dict[str, list[PageHit]] = {page.document: [] for page in leaders}
        for page in self._pages if self._whole else self._all_of(list(pages_of)):
            if page.document in pages_of:
                pages_of[page.document].append(page)
        return [
            Hit(
                leader.document,
                leader.score,
                tuple(pages_of[leader.document][:PAGES_A_HIT]),
                len(pages_of[leader.document]),
            )
            for leader in leaders
        ]

    def documents(self) -> int | None:
        """How many documents answer, when every page was looked at."""
        return len({page.document for page in self._pages}) if self._whole else None

    def _top(self, window: int) -> list[PageHit]:
        """The best pages, without those that may tie with pages past the window: perhaps none."""
        found = self._searcher.search(
            self._wanted, limit=window, order_by_field=None if self._by_score else "document"
        )
        self.count = plan.count(found)
        self._whole = self.count <= window
        pages = [self._page(key, address) for key, address in found.hits]
        if not self._whole and window < WIDEST_WINDOW:
            last = self._tied(pages[-1])
            pages = [page for page in pages if self._tied(page) != last]
        return self._ordered(pages)

    def _all_of(self, documents: list[str]) -> list[PageHit]:
        """Every answering page of these documents, ordered."""
        theirs = plan.every(
            [
                self._wanted,
                TantivyQuery.const_score_query(
                    TantivyQuery.term_set_query(plan.SCHEMA, "document", documents), 0.0
                ),
            ]
        )
        found = self._searcher.search(theirs, limit=WIDEST_WINDOW)
        return self._ordered([self._page(key, address) for key, address in found.hits])

    def _page(self, key: float | str, address: object) -> PageHit:
        document, version, page = self._searcher.doc(address)["id"][0].rsplit(":", 2)  # type: ignore[arg-type]
        return PageHit(document, version, int(page), round(float(key), 4) if self._by_score else 0.0)

    def _tied(self, page: PageHit) -> float | str:
        return page.score if self._by_score else page.document

    def _ordered(self, pages: list[PageHit]) -> list[PageHit]:
        pages.sort(key=lambda page: (page.page, page.version))
        pages.sort(key=lambda page: page.document, reverse=not self._by_score)
        pages.sort(key=lambda page: -page.score)
        return pages

    def _follows(self, page: PageHit, after: PageHit) -> bool:
        if page.score != after.score:
            return page.score < after.score
        if page.document != after.document:
            return (page.document > after.document) == self._by_score
        return (page.page, page.version) > (after.page, after.version)

    @staticmethod
    def _first_of_each(pages: list[PageHit]) -> list[PageHit]:
        first: dict[str, PageHit] = {}
        for page in pages:
            first.setdefault(page.document, page)
        return list(first.values())


def _facets(answer: dict[str, Any]) -> dict[str, tuple[Facet, ...]]:
    return {
        name: tuple(
            sorted(
                (Facet(_value(bucket["key"]), bucket["doc_count"]) for bucket in answer[name]["buckets"]),
                key=lambda facet: (-facet.pages, facet.value),
            )
        )
        for name in FACETS
    }


def _value(key: str | float) -> str:
    """A bucket's key as text; years come as numbers."""
    return key if isinstance(key, str) else str(int(key))


def _cursor(page: PageHit) -> str:
    place = json.dumps([page.score, page.document, page.page, page.version])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> PageHit:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        score, document, page, version = place
    except (binascii.Error, ValueError, TypeError) as error:
        raise SearchCursorInvalid(field="cursor") from error
    if not (
        isinstance(score, int | float)
        and isinstance(document, str)
        and isinstance(page, int)
        and isinstance(version, str)
    ):
        raise SearchCursorInvalid(field="cursor")
    return PageHit(document, version, page, float(score))
