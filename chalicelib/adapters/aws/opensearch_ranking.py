"""The pages that answer a search in OpenSearch, in their order, and the documents they make up."""

from hashlib import sha256

from chalicelib.adapters.aws.opensearch_client import Json, OpenSearchClient, line
from chalicelib.adapters.search_fields import FACET_VALUES, FACETS
from chalicelib.adapters.search_order import follows
from chalicelib.ports.search import PAGES_A_HIT, Hit, PageHit

# OpenSearch gives no more than this from the top of a ranking.
FIRST_WINDOW, WIDEST_WINDOW = 200, 10_000
_AROUND = {
    "documents": {"cardinality": {"field": "document", "precision_threshold": 10_000}},
    # With several shards a value counts fully while it is among the thousand most frequent of each.
    **{name: {"terms": {"field": name, "size": FACET_VALUES, "shard_size": 1000}} for name in FACETS},
}


class Ranking:
    """The answers to the query `wanted`, in the order of `search_order`.

    Answers of the cluster come beside the pages found in them, None when there is no index yet: their totals
    and `aggregations` (`documents`, and one by the name of each facet) are of everything that answers.
    """

    def __init__(self, client: OpenSearchClient, wanted: Json, *, by_score: bool) -> None:
        self._client = client
        self._wanted = wanted
        self._by_score = by_score
        score = [{"_score": "desc"}] if by_score else []
        document = {"document": "asc" if by_score else "desc"}
        self._sort: list[Json] = [*score, document, {"page": "asc"}, {"version": "asc"}]
        # The same search asks the same copies of the shards: others have deleted other pages, and score otherwise.
        self._preference = sha256(line(wanted).encode()).hexdigest()[:16]

    def pages(self, after: PageHit | None, limit: int) -> tuple[list[PageHit], Json | None]:
        """The next pages, and the answer that they came in."""
        place = {}
        if after is not None:
            score = [after.score] if self._by_score else []
            place = {"search_after": [*score, after.document, after.page, after.version]}
        answer = self._ask({"size": limit, "aggs": _AROUND, "track_total_hits": True, **place})
        return self._found(answer), answer

    def leaders(self, after: PageHit | None, limit: int) -> tuple[list[PageHit], Json | None]:
        """The best page of each of the next documents, and the answer that they came in.

        OpenSearch goes on after a place only where it sorts by the document, so the ranking is walked from its top.
        """
        window = limit if after is None else FIRST_WINDOW
        around, answer = {"aggs": _AROUND, "track_total_hits": True}, None
        while True:
            window = min(window, WIDEST_WINDOW)
            wider = self._ask({"size": window, "collapse": {"field": "document"}, **around})
            around, answer = {}, answer or wider  # what stands around is the same in every window
            found = self._found(wider)
            rest = [page for page in found if after is None or follows(page, after, by_score=self._by_score)]
            if len(rest) >= limit or len(found) < window or window == WIDEST_WINDOW:
                return rest[:limit], answer
            window *= 4

    def documents(self, leaders: list[PageHit]) -> list[Hit]:
        """The documents of these pages, each with its best pages and the number of those that answer."""
        if not leaders:
            return []
        theirs = {"terms": {"document": [page.document for page in leaders]}}
        best = {"top_hits": {"size": PAGES_A_HIT, "sort": self._sort, "_source": False}}
        # Not the inner hits of a collapse: those are a search for each document.
        each = {"terms": {"field": "document", "size": len(leaders)}, "aggs": {"pages": best}}
        filtered = {"bool": {"filter": [theirs], "must": [self._wanted]}}
        answer = self._ask({"size": 0, "query": filtered, "aggs": {"documents": each}})
        found = {
            bucket["key"]: (tuple(self._found(bucket["pages"])), bucket["doc_count"])
            for bucket in (answer["aggregations"]["documents"]["buckets"] if answer else ())
        }
        return [
            Hit(page.document, page.score, *found[page.document])
            for page in leaders
            if page.document in found
        ]

    def _ask(self, more: Json) -> Json | None:
        body = {"query": self._wanted, "sort": self._sort, "_source": False, **more}
        # Words weigh by how rare they are in the whole index, not in one shard of it.
        answer: Json | None = self._client.ask(
            "POST",
            f"/{self._client.alias}/_search",
            body,
            search_type="dfs_query_then_fetch",
            preference=self._preference,
        )
        return answer

    def _found(self, answer: Json | None) -> list[PageHit]:
        pages = []
        for hit in answer["hits"]["hits"] if answer else ():
            *score, document, page, version = hit["sort"]
            pages.append(PageHit(document, version, page, score[0] if score else 0.0))
        return pages
