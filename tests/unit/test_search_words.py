"""How a typed search is read, and which words of a page it marks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.search_marks import highlight, one_letter_apart, snippet
from chalicelib.kernel.search_words import MOST_WORDS, read

TEXT = st.text(st.sampled_from('عبدالهرخصة أحمد12/٣٤-"«»: \u200f'), max_size=60)


def test_reads_words_phrases_and_numbers() -> None:
    asked = read('رخصة "شارع البحر" ١٢/٣٤٥ «عبد الله» أحمد')
    assert [word.norm for word in asked.words] == ["رخصه", "احمد"]
    assert asked.phrases == (("شارع", "البحر"), ("عبدالله",))
    assert [(number.text, number.parts) for number in asked.numbers] == [("12/345", ("12", "345"))]


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("رخصة صيد", True),
        ("رخصة صي", False),
        ("صيدلية ", False),
        ('"صيدلية"', False),
        ("774", True),
        ("صيد،", False),
    ],
)
def test_only_the_last_word_may_be_half_typed(typed: str, prefix: bool) -> None:
    assert any(word.prefix for word in read(typed).words) == prefix


def test_long_searches_are_cut() -> None:
    assert len(read(" ".join(f"كلمة{number}" for number in range(500))).words) == MOST_WORDS


def test_nothing_asked_is_false() -> None:
    assert not read("") and not read(' "" … ')
    assert read("ا")


@pytest.mark.parametrize(
    ("page", "typed", "marked"),
    [
        ("رخصة صحية باسم عبد الله العتيبي", "عبدالله", {3, 4}),
        ("رخصة صحية باسم عبدالله العتيبي", "عبد الله", {3}),
        ("وَالرُّخْصَةُ الصحية", "رخصه", {0}),
        ("رحصه الصحة", "رخصة", {0}),
        ("القسيمة ١٢ / ٣٤٥ شارع 12", "12/345", {1, 2, 3}),
        ("القسيمة ١٢/٣٤٥", "12-345", {1}),
        ("القسيمة 345 12", "12/345", {1, 2}),
        ("الدور 12 فقط", "12/345", set()),
        ("القسيمة MN-3-0127 بجوار MN-3-0128", "MN-3-0127", {1}),
        ("القسيمة MN-3-0127 بجوار MN-3-0128", "mn-٣-٠١٢٧", {1}),
        ("المجموع 378.200 د.ك", "٣٧٨٫٢٠٠", {1}),
        ("المساحة ١٬١٠٢ م", "1102", {1}),
        ("المساحة 1102 م", "1,102", {1}),
        ("صيدلية الشفاء", "الصيدل", {0}),
        ("البحر شارع البحر الطويل", '"شارع البحر"', {1, 2}),
        ("المالك:محمد حاضر", "محمد ", {0}),
        ("", "شيء", set()),
    ],
)
def test_marks_what_engines_match(page: str, typed: str, marked: set[int]) -> None:
    assert highlight(page.split(), read(typed)) == marked


@given(st.lists(TEXT, max_size=12), TEXT)
def test_marks_are_words_of_the_page(words: list[str], typed: str) -> None:
    marked = highlight(words, read(typed))
    assert marked <= set(range(len(words)))
    passage = snippet(words, marked, size=5)
    assert len(passage.words) == min(5, len(words))
    assert [word.text for word in passage.words] == words[passage.start : passage.start + 5]
    assert not marked or any(word.marked for word in passage.words)


def test_snippet_shows_where_most_is_marked() -> None:
    words = [f"كلمة{index}" for index in range(100)]
    passage = snippet(words, {3, 60, 62, 65}, size=12)
    assert [index for index, word in enumerate(passage.words, passage.start) if word.marked] == [60, 62, 65]
    assert passage.before and passage.after
    assert snippet(words[:4], set()).start == 0


def edits(one: str, other: str) -> int:
    """Distance with neighbours swapped as one edit, by the whole table."""
    rows = [[max(i, j) if not (i and j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("ابت", max_size=6), st.text("ابت", max_size=6))
def test_one_letter_apart_is_distance_one(one: str, other: str) -> None:
    assert one_letter_apart(one, other) == (edits(one, other) <= 1)


def test_repeated_words_are_asked_once() -> None:
    words = read("رخصة رخصه رُخصة").words
    assert all(one.norm != other.norm for one, other in pairwise(words))
    assert len(words) == 1
