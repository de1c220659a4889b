"""Pages and searches in tantivy's terms: the fields, the weights, the query plan.

Per word asked for one dis_max over its forms, so a page is scored by the best of them; words are summed.
Tantivy scores automaton matches (prefix, one wrong letter) with a constant, so theirs is made from how
many pages match, as BM25 would.
"""

from dataclasses import replace

from tantivy import Document, FieldType, Occur, Query, Schema, SchemaBuilder, Searcher, SearchResult

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
from chalicelib.ports import search as port

SCHEMA_VERSION = 1

_FAST = ("document", "parcel", "kind")


def _schema() -> Schema:
    builder = SchemaBuilder()
    for name in ("id", *KEYWORDS):
        builder.add_text_field(
            name, stored=name == "id", fast=name in _FAST, tokenizer_name="raw", index_option="basic"
        )
    builder.add_integer_field("year", indexed=True, fast=True)
    for name in ("norm", "about_norm"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("stem", "rasm", "about_stem", "about_rasm", "nums", "owner"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


SCHEMA = _schema()


def document(entry: port.PageEntry) -> Document:
    """One page as tantivy keeps it."""
    page = Document()
    for name, value in {"id": keyword(entry.id), **codes(entry), **folded(entry)}.items():
        page.add_text(name, value)
    if entry.year is not None:
        page.add_integer("year", entry.year)
    return page


def only(field: str, value: str) -> Query:
    """Pages whose field is exactly this, without a say in the score."""
    return Query.const_score_query(Query.term_query(SCHEMA, field, value), 0.0)


def filters(query: port.Query) -> list[Query]:
    """What every page found must pass."""
    allowed = sorted(query.confidentiality)
    passed = [Query.const_score_query(Query.term_set_query(SCHEMA, "confidentiality", allowed), 0.0)]
    exact = {
        "document": query.document,
        "parcel": query.parcel,
        "kind": query.kind,
        "department": query.department,
    }
    passed += [only(field, keyword(value)) for field, value in exact.items() if value is not None]
    if query.owner is not None:
        passed += [only("owner", token.stem) for token in arabic.tokens(query.owner)]
    if query.year_from is not None or query.year_to is not None:
        years = Query.range_query(SCHEMA, "year", FieldType.Integer, query.year_from, query.year_to)
        passed.append(Query.const_score_query(years, 0.0))
    return passed


def every(queries: list[Query]) -> Query:
    """Pages that answer all of these."""
    return Query.boolean_query([(Occur.Must, each) for each in queries])


def some(queries: list[Query]) -> Query:
    """Pages that answer any of these, scores summed."""
    return Query.boolean_query([(Occur.Should, each) for each in queries])


def count(result: SearchResult) -> int:
    """How many pages answered, beyond those returned; tantivy's type hints leave it out."""
    answered: int = result.count  # type: ignore[attr-defined]
    return answered


class Plan:
    """Turns what was asked into a query, looking at the index for what is rare."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def carry_out(self, asked: Asked) -> tuple[list[Query], Asked]:
        """Queries that must all be answered, and the search with the words that became fuzzy."""
        words = tuple(self._decide(word) for word in asked.words)
        loose = [self._word(word) for word in words] + [self._number(number) for number in asked.numbers]
        required = [_phrase(phrase) for phrase in asked.phrases]
        return required + ([some(loose)] if loose else []), replace(asked, words=words)

    def _decide(self, word: Word) -> Word:
        if not word.may_be_fuzzy:
            return word
        frequency = sum(self._searcher.doc_freq(field, word.norm) for field in ("norm", "about_norm"))
        return replace(word, fuzzy=is_rare(frequency, self._searcher.num_docs))

    def _word(self, word: Word) -> Query:
        forms = []
        for about in ("", "about_"):
            forms.append(_term(f"{about}norm", word.norm))
            if not word.norm.isdecimal():
                forms.append(Query.boost_query(_term(f"{about}stem", word.stem), STEM))
                forms.append(Query.boost_query(_term(f"{about}rasm", word.rasm), RASM))
        if word.fuzzy:
            near = some(
                [
                    Query.fuzzy_term_query(SCHEMA, field, word.norm, distance=1)
                    for field in ("norm", "about_norm")
                ]
            )
            forms += self._constant(near, count(self._searcher.search(near, limit=1)), FUZZY)
        if word.prefix:
            forms += self._prefix(word)
        return Query.disjunction_max_query(forms, TIE)

    def _prefix(self, word: Word) -> list[Query]:
        """Words that begin with this one, or whose stems begin with it."""
        beginnings = {"norm": word.norm, "about_norm": word.norm}
        if word.prefix_stem:
            beginnings |= {"stem": word.prefix_stem, "about_stem": word.prefix_stem}
        frequency = max(
            sum(pages for _, pages in self._searcher.terms_with_prefix(field, beginning))
            for field, beginning in beginnings.items()
        )
        longer = some(
            [
                Query.fuzzy_term_query(SCHEMA, field, beginning, distance=0, prefix=True)
                for field, beginning in beginnings.items()
            ]
        )
        return self._constant(longer, frequency, PREFIX)

    def _constant(self, query: Query, frequency: int, weight: float) -> list[Query]:
        """The query scored as a word found on so many pages, or nothing when on none."""
        if not frequency:
            return []
        return [Query.const_score_query(query, weight * rarity(frequency, self._searcher.num_docs))]

    def _number(self, number: Number) -> Query:
        """The number as it stands, or at least all its parts: scans lose slashes and turn them round."""
        parts = [some([_term("norm", part), _term("about_norm", part)]) for part in number.parts]
        return some([Query.boost_query(_term("nums", number.text), NUMBER), every(parts)])


def _term(field: str, value: str) -> Query:
    return Query.term_query(SCHEMA, field, value, "freq")


def _phrase(words: tuple[str, ...]) -> Query:
    fields = ("norm", "about_norm")
    if len(words) == 1:
        return some([_term(field, words[0]) for field in fields])
    return some([Query.phrase_query(SCHEMA, field, list(words)) for field in fields])
