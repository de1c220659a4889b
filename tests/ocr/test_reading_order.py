"""Order on paper to order of reading: what the bidirectional algorithm turns, this turns back."""

import re

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from ocr.reading_order import is_right_to_left, mirror, reading_order, reads_backwards, to_logical, turned

WORDS = st.sampled_from(
    ["رخصة", "بناء", "رقم", "القسيمة", "مساحة", "شارع", "البلدية", "محضر", "مخالفة", "هاتف"]
)
NUMBERS = st.one_of(
    st.integers(0, 10**12).map(str),
    st.tuples(st.integers(1, 31), st.integers(1, 12), st.integers(1900, 2030)).map(
        lambda d: "/".join(map(str, d))
    ),
    st.decimals(0, 10**5, places=3).map(str),
)
ARABIC_NUMBERS = st.integers(0, 10**12).map(
    lambda n: str(n).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
)
LATIN = st.sampled_from(["Block", "PAI", "Plot 12", "KD", "Salmiya"])


def printed(logical: str) -> str:
    """The line as a program prints it; python-bidi leaves brackets unmirrored, fonts do not."""
    shown = get_display(logical, base_dir="R")
    inner = {m.start() for m in re.finditer(r"[()\[\]«»]", shown)}
    return "".join(mirror(c) if i in inner else c for i, c in enumerate(shown))


@given(st.lists(st.one_of(WORDS, NUMBERS, ARABIC_NUMBERS), min_size=1, max_size=8), WORDS)
def test_reads_arabic_with_numbers_as_it_was_written(tokens: list[str], word: str) -> None:
    # Two numbers side by side are one number to the algorithm that prints them, so a word stands between.
    logical = " ".join([word, *(x for token in tokens for x in (token, word))])
    assert to_logical(printed(logical)) == logical


@given(WORDS, LATIN, WORDS)
def test_reads_latin_within_arabic(before: str, latin: str, after: str) -> None:
    logical = f"{before} {latin} {after}"
    assert to_logical(printed(logical)) == logical


@given(WORDS, st.one_of(WORDS, ARABIC_NUMBERS), WORDS)
def test_turns_brackets(before: str, inside: str, after: str) -> None:
    logical = f"{before} ({inside}) {after}"
    assert to_logical(printed(logical)) == logical


@given(st.text("ابجد٠١٢012ABab ./-()%«»،", max_size=40))
def test_loses_and_doubles_nothing(visual: str) -> None:
    assert sorted(reading_order(visual)) == list(range(len(visual)))


def test_leaves_latin_lines_alone_but_for_their_arabic() -> None:
    assert to_logical("Permit No. 12/2004") == "Permit No. 12/2004"
    assert to_logical("Municipality of تيوكلا City") == "Municipality of الكويت City"


def test_takes_the_side_of_the_greater_script() -> None:
    assert is_right_to_left("٢٠٢٤/٥/١")
    assert not is_right_to_left("2024/5/1")


def test_an_address_does_not_turn_an_arabic_line() -> None:
    line = "البريد: permits66@marsa.example والموقع www.marsa.example/health"
    assert to_logical(get_display(line, base_dir="R")) == line
    assert not is_right_to_left("E-mail: info@marsa.example")
    assert not is_right_to_left("info@marsa.example")


@pytest.mark.parametrize("line", ["وزارة الداخلية", "بلدية الكويت إدارة الرخصة"])
def test_knows_words_written_backwards(line: str) -> None:
    assert not reads_backwards(line.split())
    assert reads_backwards(word[::-1] for word in line.split())


def test_a_full_stop_behind_a_latin_label_stays_with_it() -> None:
    assert to_logical("SHEET NO. ةحوللا مقر") == "رقم اللوحة SHEET NO."
    assert to_logical(".A-102 ةحوللا عم") == "مع اللوحة A-102."


@pytest.mark.parametrize(
    ("visual", "logical"),
    [
        ("+965-22451234 سكاف", "فاكس +965-22451234"),
        ("+96598765432 :فتاه", "هاتف: +96598765432"),
        ("لاقن +965 9876 5432 :فتاه", "هاتف: +965 9876 5432 نقال"),
        ("5432 9876 965+ :فتاه", "هاتف: +965 9876 5432"),
        ("ةميدقلا Tel. +965 9876 5432 فتاه", "هاتف Tel. +965 9876 5432 القديمة"),
    ],
)
def test_a_telephone_number_keeps_its_country_before_it(visual: str, logical: str) -> None:
    """Each way it is printed among Arabic words: as typed from the left, and as the bidirectional algorithm does."""
    assert to_logical(visual) == logical


@pytest.mark.parametrize(
    "logical",
    [
        "المساحة 3.5m² تقريبا", "المساحة 600m² للقسيمة", "العدد 12² من", "القيمة ٣٫٥² هنا", "معدل 4m³/h للمضخة",
        "قيمة 10⁻³ فقط", "رمز CO₂ هنا", "مساحة ٦٠٠ م² تقريبا", "مساحة 600م² تقريبا",
    ],
)  # fmt: skip
def test_raised_digits_stay_with_what_they_follow(logical: str) -> None:
    visual = get_display(logical, base_dir="R")
    assert to_logical(visual) == logical
    assert turned(visual, visual) in (logical, None)


@pytest.mark.parametrize(
    "visual", ["١٥/١٠/٢٠١٦ :خيراتلا", "19.85 نم ةيكلم ٣٠ لحملا", "34.1% ٦ل%", "٧٤٥ :ةميسقلا", "رونلا ىسرم"]
)
def test_turns_lines_without_latin_as_their_reading_order_says(visual: str) -> None:
    assert turned(visual, visual) == to_logical(visual)


@pytest.mark.parametrize(
    "visual", ["SHEET NO. ةحوللا", "(٢) رقم", "2024/5/1", "Permit", "+965 9876 5432 فتاه"]
)
def test_leaves_lines_with_latin_brackets_or_no_arabic_to_the_reading_order(visual: str) -> None:
    assert turned(visual, visual) is None
