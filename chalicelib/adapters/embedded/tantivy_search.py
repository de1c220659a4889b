"""Search in a folder, by tantivy: one long-lived writer in one process, readers anywhere on the machine.

A second writer would be locked out, and short-lived writers leave hundreds of segments that are never
merged, so the worker process keeps one open and commits in batches. A commit is fsynced before it is
acknowledged. The folder's name carries the versions of schema and analysis: a change of either starts an
empty index that says it needs rebuilding.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

from tantivy import Index, IndexWriter, Searcher

from chalicelib.adapters.embedded import tantivy_query as plan
from chalicelib.adapters.embedded.tantivy_ranking import Ranking
from chalicelib.adapters.search_fields import FACET_VALUES, FACETS, keyword
from chalicelib.adapters.search_order import cursor_after, read_cursor
from chalicelib.kernel.arabic import ANALYSIS_VERSION
from chalicelib.kernel.search_words import read
from chalicelib.ports.search import (
    Facet,
    PageEntry,
    Query,
    Results,
    SearchReadOnly,
    SearchWriterBusy,
)

WRITER_BYTES = 64_000_000
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
                    writer.delete_documents_by_term("id", keyword(entry.id))
                    writer.add_document(plan.document(entry))
                writer.commit()
            except BaseException:
                self._undo(writer)
                raise

    def remove(self, document: str, version: str | None = None) -> None:
        with self._write_lock:
            writer = self._writer_now()
            gone = [plan.only("document", keyword(document))]
            if version is not None:
                gone.append(plan.only("version", keyword(version)))
            try:
                writer.delete_documents_by_query(plan.every(gone))
                writer.commit()
            except BaseException:
                self._undo(writer)
                raise

    def count(self) -> int:
        searcher = self._searcher()
        return 0 if searcher is None else searcher.num_docs

    def search(self, query: Query) -> Results:
        after = None if query.cursor is None else read_cursor(query.cursor)
        asked = read(query.words)
        searcher = self._searcher()
        if searcher is None or not query.confidentiality or (query.words.strip() and not asked):
            return Results(asked)
        required, asked = plan.Plan(searcher).carry_out(asked)
        wanted = plan.every(plan.filters(query) + required)
        ranking = Ranking(searcher, wanted, by_score=bool(required), collapse=query.collapse)
        leaders, more = ranking.leaders(after, query.limit)
        around = searcher.aggregate(wanted, AROUND)
        documents = ranking.documents()
        return Results(
            asked,
            hits=tuple(ranking.hits(leaders)),
            pages=ranking.count,
            documents=round(around["documents"]["value"]) if documents is None else documents,
            facets=_facets(around),
            cursor=cursor_after(leaders[-1]) if more else None,
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

    def _undo(self, writer: IndexWriter) -> None:
        """Forget what was not committed; a writer too broken for that is replaced at the next change."""
        try:
            writer.rollback()
        except ValueError:
            self._writer = None

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
