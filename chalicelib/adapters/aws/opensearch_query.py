"""Pages and searches in OpenSearch's terms: the mapping, the query plan.

The words come folded by `kernel.arabic` and are only split at spaces here, so that both engines find the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib.adapters.aws.opensearch_client import Json
from chalicelib.adapters.search_fields import (
    FUZZY,
    KEYWORDS,
    NUMBER,
    PREFIX,
    RASM,
    STEM,
    TIE,
    codes,
    folded,
    is_rare,
    keyword,
    rarity,
)
from chalicelib.kernel import arabic
from chalicelib.kernel.search_words import Asked, Number, Word
from chalicelib.ports.search import PageEntry, Query

SCHEMA_VERSION = 1
# Lucene's BM25 with k1 = 1.2 gives a word that stands once on a page of average length its rarity / 2.2.
_ONCE = 1 / 2.2

_POSITIONS = ("norm", "about_norm")
_FREQUENCIES = ("stem", "rasm", "about_stem", "about_rasm", "nums", "owner")


def index_body(shards: int) -> Json:
    """What an index is made of. Words are not stored: they stand in the archive, from which it can be rebuilt."""
    text = {"type": "text", "analyzer": "whitespace"}
    return {
        "settings": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            # What is stored is only what a copy of a shard is caught up from.
            "codec": "best_compression",
            # Pages become visible when a writer says so, and together.
            "refresh_interval": "-1",
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},
            "_routing": {"required": True},
            "properties": {
                **{name: {"type": "keyword"} for name in KEYWORDS},
                **{name: {"type": "integer"} for name in ("page", "year")},
                **{name: {**text, "index_options": "positions"} for name in _POSITIONS},
                **{name: {**text, "index_options": "freqs"} for name in _FREQUENCIES},
            },
        },
    }


def document(entry: PageEntry) -> Json:
    """One page as OpenSearch keeps it."""
    known = {} if entry.year is None else {"year": entry.year}
    return {**codes(entry), "page": entry.page, **known, **folded(entry)}


def filters(query: Query) -> list[Json]:
    """What every page found must pass, without a say in the score."""
    passed: list[Json] = [{"terms": {"confidentiality": sorted(query.confidentiality)}}]
    exact = {
        "document": query.document,
        "parcel": query.parcel,
        "kind": query.kind,
        "department": query.department,
    }
    passed += [{"term": {field: keyword(value)}} for field, value in exact.items() if value is not None]
    if query.owner is not None:
        passed += [{"term": {"owner": token.stem}} for token in arabic.tokens(query.owner)]
    years = {"gte": query.year_from, "lte": query.year_to}
    if asked := {side: year for side, year in years.items() if year is not None}:
        passed.append({"range": {"year": asked}})
    return passed


def some(queries: list[Json]) -> Json:
    """Pages that answer any of these, scores summed."""
    return {"bool": {"should": queries, "minimum_should_match": 1}}


class Plan:
    """Turns what was asked into a query, looking at the index for what is rare.

    `count` tells for each of several queries how many pages of the whole index answer it.
    """

    def __init__(self, count: Callable[[Sequence[Json]], list[int]]) -> None:
        self._count = count

    def carry_out(self, asked: Asked) -> tuple[list[Json], Asked]:
        """Queries that must all be answered, and the search with the words that became fuzzy."""
        loose: list[Json] = []
        if asked.words:
            loose, asked = self._words(asked)
        loose += [_number(number) for number in asked.numbers]
        required = [_phrase(phrase) for phrase in asked.phrases]
        return required + ([some(loose)] if loose else []), asked

    def _words(self, asked: Asked) -> tuple[list[Json], Asked]:
        perhaps = [word for word in asked.words if word.may_be_fuzzy]
        halves = [word for word in asked.words if word.prefix]
        pages, *counts = self._count([{"match_all": {}}, *map(_exact, perhaps), *map(_longer, halves)])
        rare = {
            word for word, pages_of_it in zip(perhaps, counts, strict=False) if is_rare(pages_of_it, pages)
        }
        longer = dict(zip(halves, counts[len(perhaps) :], strict=True))
        near = dict(zip(rare, self._count([_near(word) for word in rare]), strict=True)) if rare else {}
        queries = [
            {
                "dis_max": {
                    "tie_breaker": TIE,
                    "queries": _forms(word)
                    + _guess(_near(word), near.get(word, 0), pages, FUZZY)
                    + _guess(_longer(word), longer.get(word, 0), pages, PREFIX),
                }
            }
            for word in asked.words
        ]
        return queries, replace(asked, words=tuple(replace(word, fuzzy=word in rare) for word in asked.words))


def _term(field: str, value: str, boost: float = 1.0) -> Json:
    return {"term": {field: {"value": value, "boost": boost}}}


def _exact(word: Word) -> Json:
    return some([_term(field, word.norm) for field in _POSITIONS])


def _near(word: Word) -> Json:
    """Pages with a word that differs in one letter; all such words, where the default stops at fifty."""
    fuzzy = {"value": word.norm, "fuzziness": 1, "rewrite": "constant_score"}
    return some([{"fuzzy": {field: fuzzy}} for field in _POSITIONS])


def _longer(word: Word) -> Json:
    """Pages with a word that begins with this one, or whose stem begins with it."""
    beginnings = dict.fromkeys(_POSITIONS, word.norm)
    if word.prefix_stem:
        beginnings |= dict.fromkeys(("stem", "about_stem"), word.prefix_stem)
    return some([{"prefix": {field: {"value": value}}} for field, value in beginnings.items()])


def _forms(word: Word) -> list[Json]:
    forms = []
    for about in ("", "about_"):
        forms.append(_term(f"{about}norm", word.norm))
        if not word.norm.isdecimal():
            forms.append(_term(f"{about}stem", word.stem, STEM))
            forms.append(_term(f"{about}rasm", word.rasm, RASM))
    return forms


def _guess(query: Json, frequency: int, pages: int, weight: float) -> list[Json]:
    """The query scored as a word found on so many pages, or nothing when on none."""
    if not frequency:
        return []
    boost = weight * rarity(frequency, pages) * _ONCE
    return [{"constant_score": {"filter": query, "boost": boost}}]


def _number(number: Number) -> Json:
    """The number as it stands, or at least all its parts: scans lose slashes and turn them round."""
    parts = [some([_term(field, part) for field in _POSITIONS]) for part in number.parts]
    return some([_term("nums", number.text, NUMBER), {"bool": {"must": parts}}])


def _phrase(words: tuple[str, ...]) -> Json:
    # A string of folded words, which the analyser only splits at spaces.
    return some([{"match_phrase": {field: " ".join(words)}} for field in _POSITIONS])
