"""The order of pages that answer a search, the documents they make up, and the place to go on from.

Tantivy cannot sort by more than one field: pages that tie are all looked at, and ordered here.
"""

from tantivy import Query, Searcher

from chalicelib.adapters.embedded import tantivy_query as plan
from chalicelib.adapters.search_order import first_of_each, follows
from chalicelib.ports.search import PAGES_A_HIT, Hit, PageHit

FIRST_WINDOW = 100
WIDEST_WINDOW = 25_600


class Ranking:
    """The pages that answer, in their order: by score, then document and page; without words to
    score by, newest document first. Equal scores make no difference between runs or segments."""

    def __init__(self, searcher: Searcher, wanted: Query, *, by_score: bool, collapse: bool) -> None:
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
            leaders = first_of_each(self._pages) if self._collapse else self._pages
            rest = [
                page for page in leaders if after is None or follows(page, after, by_score=self._by_score)
            ]
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
                Query.const_score_query(Query.term_set_query(plan.SCHEMA, "document", documents), 0.0),
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
