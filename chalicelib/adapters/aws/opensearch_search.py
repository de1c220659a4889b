"""Search in OpenSearch: any number of writers, an alias over indexes named by schema and analysis.

`ALIAS` is what searches ask; `ALIAS-complete` marks the index that holds every page. While a new analysis is
being indexed the older index goes on answering and is written as well; `rebuilt` moves both aliases and drops
what is older, in one change of the cluster's state.
"""

from collections.abc import Iterable, Sequence

from chalicelib.adapters.aws import opensearch_query as plan
from chalicelib.adapters.aws.opensearch_client import Json, OpenSearchClient, line
from chalicelib.adapters.aws.opensearch_ranking import WIDEST_WINDOW, Ranking
from chalicelib.adapters.search_fields import FACETS, keyword
from chalicelib.adapters.search_order import cursor_after, read_cursor
from chalicelib.kernel.arabic import ANALYSIS_VERSION
from chalicelib.kernel.search_words import read
from chalicelib.ports.search import (
    Facet,
    Hit,
    PageEntry,
    Query,
    Results,
    SearchReadOnly,
)


class OpenSearchSearch:
    """The search port over a cluster; see `chalicelib.ports.search` and, for `url`, OpenSearchClient.

    A bulk of OpenSearch is no transaction. "All or none" is met so: nothing is sent before every entry was made;
    what was sent becomes visible at one refresh, after the last of it is on disk; and when that is not reached
    the call raises, and the same call again makes it whole, for a page replaces itself. Between the two another
    writer's refresh may show a part, and pages it replaced may already be the new ones.

    Every method may raise StoreUnavailable, StoreDenied or ClockWrong. Documents past the ten thousandth of an
    answer are not reached.
    """

    def __init__(self, url: str, *, writer: bool) -> None:
        self._client = OpenSearchClient(url)
        self._writing = writer
        self._alias = self._client.alias
        self._complete = f"{self._alias}-complete"
        self._index = f"{self._alias}-v{plan.SCHEMA_VERSION}.{ANALYSIS_VERSION}"

    @property
    def needs_rebuild(self) -> bool:
        return self._complete not in self._indexes().get(self._index, ())

    def rebuilt(self) -> None:
        self._written()
        older = self._indexes().keys() - {self._index}
        actions: list[Json] = [{"remove_index": {"index": name}} for name in older]
        actions += [
            {"add": {"index": self._index, "alias": alias}} for alias in (self._alias, self._complete)
        ]
        self._client.ask("POST", "/_aliases", {"actions": actions})

    def index(self, entries: Iterable[PageEntry]) -> None:
        self._must_write()
        pages = {entry.id: _lines(entry) for entry in entries}
        written = self._written()
        for index in written:
            self._client.send(index, pages)
        self._client.show(written)

    def remove(self, document: str, version: str | None = None) -> None:
        self._must_write()
        gone = [{"term": {"document": keyword(document)}}]
        if version is not None:
            gone.append({"term": {"version": keyword(version)}})
        self._client.ask(
            "POST",
            f"/{','.join(self._written())}/_delete_by_query",
            {"query": {"bool": {"filter": gone}}},
            refresh="true",
            routing=keyword(document),
        )

    def count(self) -> int:
        answer = self._client.ask("GET", f"/{self._alias}/_count")
        return 0 if answer is None else int(answer["count"])

    def search(self, query: Query) -> Results:
        after = None if query.cursor is None else read_cursor(query.cursor)
        asked = read(query.words)
        if not query.confidentiality or (query.words.strip() and not asked):
            return Results(asked)
        required, asked = plan.Plan(self._counts).carry_out(asked)
        wanted = {"bool": {"filter": plan.filters(query), "must": required}}
        ranking = Ranking(self._client, wanted, by_score=bool(required))
        limit = min(query.limit, WIDEST_WINDOW - 1)
        if query.collapse:
            leaders, answer = ranking.leaders(after, limit + 1)
            hits = ranking.documents(leaders[:limit])
        else:
            leaders, answer = ranking.pages(after, limit + 1)
            hits = [Hit(page.document, page.score, (page,), 1) for page in leaders[:limit]]
        if answer is None:
            return Results(asked)
        return Results(
            asked,
            hits=tuple(hits),
            pages=answer["hits"]["total"]["value"],
            documents=answer["aggregations"]["documents"]["value"],
            facets={name: _facets(answer["aggregations"][name]) for name in FACETS},
            cursor=cursor_after(leaders[limit - 1]) if len(leaders) > limit else None,
        )

    def close(self) -> None:
        self._client.close()

    def _must_write(self) -> None:
        if not self._writing:
            raise SearchReadOnly(folder=self._alias)

    def _indexes(self) -> dict[str, frozenset[str]]:
        """The aliases of every index of ours, by its name."""
        answer = self._client.ask("GET", f"/{self._alias}-v*/_alias") or {}
        return {name: frozenset(told["aliases"]) for name, told in answer.items()}

    def _written(self) -> list[str]:
        """What is to be written: our index, made when it is not there, and the one that answers in its place."""
        indexes = self._indexes()
        if self._index not in indexes:
            self._client.create(self._index, plan.index_body(self._client.shards))
        answering = [name for name, aliases in indexes.items() if self._alias in aliases]
        if not answering:
            self._client.ask(
                "POST", "/_aliases", {"actions": [{"add": {"index": self._index, "alias": self._alias}}]}
            )
        return sorted({self._index, *answering})

    def _counts(self, queries: Sequence[Json]) -> list[int]:
        lines: list[Json] = []
        for each in queries:
            filtered = {"bool": {"filter": [each]}}
            lines += [{}, {"size": 0, "track_total_hits": True, "query": filtered}]
        answer = self._client.ask("POST", f"/{self._alias}/_msearch", "".join(map(line, lines)))
        return [each["hits"]["total"]["value"] if "hits" in each else 0 for each in answer["responses"]]


def _lines(entry: PageEntry) -> str:
    """A page as a bulk takes it. A document's pages lie in one shard, so that they become visible together."""
    page = plan.document(entry)
    return line({"index": {"_id": keyword(entry.id), "routing": page["document"]}}) + line(page)


def _facets(answer: Json) -> tuple[Facet, ...]:
    """The values, most pages first; buckets come so, those with as many pages by value."""
    return tuple(Facet(str(bucket["key"]), bucket["doc_count"]) for bucket in answer["buckets"])
