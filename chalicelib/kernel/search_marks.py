"""Which words of a page answer a search, to be marked on its scan, and the passage worth showing.

Agrees with what engines match: the folded word, its stem, its rasm, the beginning of a half-typed word,
one wrong letter where the engine allowed it, whole phrases, and compound numbers.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from chalicelib.kernel import arabic
from chalicelib.kernel.search_words import Asked, Word


@dataclass(frozen=True)
class SnippetWord:
    """A word of a passage and whether it answers the search."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Snippet:
    """A run of a page's words from index `start`; `before` and `after` say that the page goes on."""

    start: int
    words: tuple[SnippetWord, ...]
    before: bool
    after: bool


def highlight(page_words: list[str], asked: Asked) -> set[int]:
    """Indexes of the page's words (as read from the scan, in order) that answer the search.

    A joined `عبد الله` marks both its words. Words matched only through a document's title or
    owner mark nothing on the page.
    """
    text = " ".join(page_words)
    starts = [0, *accumulate(len(word) + 1 for word in page_words)][: len(page_words)]
    tokens = arabic.tokens(text)
    spans = [
        (token.start, token.end) for token in tokens if any(_answers(token, word) for word in asked.words)
    ]
    spans += _phrase_spans(tokens, asked)
    spans += _number_spans(text, tokens, asked)
    marked: set[int] = set()
    for start, end in spans:
        marked.update(range(bisect_right(starts, start) - 1, bisect_right(starts, end - 1)))
    return marked


def snippet(page_words: list[str], marked: set[int], size: int = 24) -> Snippet:
    """The run of `size` words that holds the most marked ones, a little before the first of them.

    With nothing marked, the beginning of the page.
    """
    ordered = sorted(index for index in marked if 0 <= index < len(page_words))
    start = 0
    if ordered:
        room = max(size - size // 4, 1)
        best = max(ordered, key=lambda first: (sum(first <= each < first + room for each in ordered), -first))
        start = max(0, min(best - size // 4, len(page_words) - size))
    end = min(start + size, len(page_words))
    words = tuple(SnippetWord(page_words[index], index in marked) for index in range(start, end))
    return Snippet(start, words, before=start > 0, after=end < len(page_words))


def _answers(token: arabic.Token, word: Word) -> bool:
    if token.norm == word.norm or token.stem == word.stem or token.rasm == word.rasm:
        return True
    if word.prefix and token.norm.startswith(word.norm):
        return True
    if word.prefix_stem and token.stem.startswith(word.prefix_stem):
        return True
    return word.fuzzy and one_letter_apart(token.norm, word.norm)


def one_letter_apart(one: str, other: str) -> bool:
    """Equal but for one letter missing, added, wrong, or swapped with its neighbour."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    same = next((at for at, letter in enumerate(one) if letter != other[at]), len(one))
    if len(one) < len(other):
        return one[same:] == other[same + 1 :]
    swapped = one[same + 1 : same + 2] + one[same : same + 1] + one[same + 2 :]
    return one[same + 1 :] == other[same + 1 :] or swapped == other[same:]


def _phrase_spans(tokens: list[arabic.Token], asked: Asked) -> list[tuple[int, int]]:
    norms = [token.norm for token in tokens]
    return [
        (tokens[at].start, tokens[at + len(phrase) - 1].end)
        for phrase in asked.phrases
        for at in range(len(norms) - len(phrase) + 1)
        if tuple(norms[at : at + len(phrase)]) == phrase
    ]


def _number_spans(text: str, tokens: list[arabic.Token], asked: Asked) -> list[tuple[int, int]]:
    """Each number where it stands whole, or else its parts, when the page has them all."""
    if not asked.numbers:
        return []
    spans: list[tuple[int, int]] = []
    found = arabic.number_spans(text)
    norms = {token.norm for token in tokens}
    for number in asked.numbers:
        whole = [(span.start, span.end) for span in found if span.text == number.text]
        if not whole and norms.issuperset(number.parts):
            whole = [(token.start, token.end) for token in tokens if token.norm in number.parts]
        spans += whole
    return spans
