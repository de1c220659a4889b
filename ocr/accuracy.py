"""How well a reading agrees with the truth: character error rate and word recall, after folding."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_MARKS = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
_FOLDED = str.maketrans("آأإٱىة٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹–—“”‘’٪٫٬", "اااايه01234567890123456789--\"\"''%,,")


_GROUP = re.compile(r"\d+(?:[.,]\d+)*")


def folded(text: str) -> str:
    """Text without differences that no reader is asked to see: vowel signs, tatweel, alef forms, digit shapes, and the
    honorific of the Prophet, which is printed as one sign and transcribed by its abbreviation."""
    plain = unicodedata.normalize("NFKC", text.replace("\ufdfa", "صلعم"))
    plain = _MARKS.sub("", plain).translate(_FOLDED)
    return re.sub(r"\s+", " ", plain).strip()


def distance(one: str, other: str) -> int:
    """Levenshtein distance."""
    import numpy as np

    if not one or not other:
        return max(len(one), len(other))
    codes = np.array([ord(c) for c in other])
    ramp = np.arange(len(other) + 1)
    row = ramp.copy()
    for i, character in enumerate(one, 1):
        best = np.empty_like(row)
        best[0] = i
        best[1:] = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(character)))
        # Insertions run along the row: the least of what came before plus the distance from it.
        row = np.minimum.accumulate(best - ramp) + ramp
    return int(row[-1])


def character_error_rate(read: str, truth: str) -> float:
    """Edits per character of the truth, both folded; 0 is perfect."""
    expected = folded(truth)
    return distance(folded(read), expected) / max(1, len(expected))


def word_recall(read: str, truth: str) -> float:
    """Share of the truth's words that were read, in any order."""
    expected, found = Counter(folded(truth).split()), Counter(folded(read).split())
    return sum((expected & found).values()) / max(1, sum(expected.values()))


def numbers_of(text: str) -> Counter[str]:
    """The numbers of two or more digits with the signs inside them, in ASCII digits, and how often each occurs."""
    return Counter(re.findall(r"\d[\d./,:\-]*\d", folded(text)))


def number_recall(read: str, truth: str) -> float | None:
    """Share of the truth's numbers of two or more digits that were read; None when it has none."""
    expected = numbers_of(truth)
    return (expected & numbers_of(read)).total() / expected.total() if expected else None


def doubts_of(words: Iterable[tuple[str, bool]], truth: str) -> Counter[tuple[bool, bool]]:
    """How many words with digits are (right, in doubt), given each word's text and whether it is in doubt.

    A word is right when all its groups of digits stand in the truth; whether in this order and as often is for
    `number_recall` to tell.
    """
    expected = set(_GROUP.findall(folded(truth)))
    found: Counter[tuple[bool, bool]] = Counter()
    for text, doubt in words:
        groups = set(_GROUP.findall(folded(text)))
        found[groups <= expected, doubt] += bool(groups)
    return found
