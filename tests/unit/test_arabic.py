"""Arabic folding, tokens, numbers and order: the reference rows and the rules behind them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import arabic

ARABIC = st.text(
    st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإٱؤئةىپچژکگیہ ـًٌٍَُِّْٰ٠١٩۴ﻻﷲﷺﺏﹰ \u200f\u202a.,:،/-_'a1B\n"),
    max_size=80,
)
ANY = st.text(st.characters(), max_size=80)


@pytest.mark.parametrize(
    ("text", "norm", "stem", "rasm"),
    [
        ("والمدرسة", "والمدرسه", "مدرس", "مدرس"),
        ("ﻣﺪﺭﺳﺔ", "مدرسه", "مدرس", "مدرس"),
        ("لرخصة", "لرخصه", "لرخص", "لرحص"),
        ("وثيقة", "وثيقه", "ثيق", "ببف"),
        ("فؤاد لؤي", "فواد لوي", "فواد لو", "فواد لو"),
        ("BLD-7741", "bld 7741", "bld 7741", "bld 7741"),
        ("BLD7741", "bld7741", "bld7741", "bld7741"),
    ],
)
def test_reference_rows(text: str, norm: str, stem: str, rasm: str) -> None:
    streams = arabic.streams(text)
    assert (streams.norm, streams.stem, streams.rasm) == (norm, stem, rasm)
    assert arabic.normalise(text) == norm


@pytest.mark.parametrize(
    ("letters", "folded"),
    [("آأإٱ", "اااا"), ("ىئیې", "يييي"), ("ةہھەۀ", "ههههه"), ("ؤک", "وك"), ("٣۴५３", "3453"), ("É", "e")],
)
def test_letters_fold(letters: str, folded: str) -> None:
    assert arabic.fold(letters) == folded


def test_marks_tatweel_and_invisible_characters_vanish() -> None:
    assert arabic.normalise("وَثِيـــقَةُ\u200f مِ\u200cلْك") == "وثيقه ملك"
    assert arabic.fold("آ") == arabic.fold("ا\u0653") == "ا"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("عبد الله", "عبدالله"),
        ("عبدالله", "عبدالله"),
        ("عَبْد الله", "عبدالله"),
        ("عـبد الله", "عبدالله"),
        ("عبد\u200f الله", "عبدالله"),
        ("عبد  \n الرحمن", "عبدالرحمن"),
        ("وعبد الله", "وعبدالله"),
        ("لعبد القادر", "لعبدالقادر"),
        ("وَعَبْدُ الكَرِيم", "وعبدالكريم"),
        ("(عبد الله)", "عبدالله"),
        ("معبد القديم", "معبد القديم"),
        ("مَعبد القديم", "معبد القديم"),
        ("عبد علي", "عبد علي"),
        ("عبدة الدار", "عبده الدار"),
        ("عبد، الله", "عبد الله"),
    ],
)
def test_servants_join(text: str, words: str) -> None:
    assert arabic.normalise(text) == words


def test_a_joined_name_spans_both_words() -> None:
    text = "السيد عَبْدُ اللهِ أحمد"
    joined = arabic.tokens(text)[1]
    assert text[joined.start : joined.end] == "عَبْدُ اللهِ"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("المالك:محمد", "المالك محمد"),
        ("رقم.القسيمة", "رقم القسيمه"),
        ("القسائم ١٢،١٣،١٤", "القسائم 12 13 14".replace("ئ", "ي")),
        ("الاسم:____سليمان____", "الاسم سليمان"),
        ("1,250.500 و٢٥٫٥٠٠", "1250.500 و25.500"),
        ("١٬٢٥٠٫٥٠٠ ١٬١٠٢", "1250.500 1102"),
        ("1,102م 12,5 1,2,3 1,25,000", "1102م 12,5 1,2,3 1,25,000"),
        ("info@albahar.example", "info albahar.example"),
        ("don't", "don't"),
        ("“…” — ؟!", ""),
    ],
)
def test_words_are_cut_where_forms_cut_them(text: str, words: str) -> None:
    assert arabic.normalise(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("١٢/٣٤٥", ["12/345"]),
        ("۱۲-۳۴۵ و 7\\8", ["12/345", "7/8"]),
        ("12 / 345", ["12/345"]),
        ("15/03/2019", ["15/03/2019"]),
        ("12\u200f/\u200f345", ["12/345"]),
        ("345", []),
        ("12/ب", []),
        ("12 - 345", []),
    ],
)
def test_compound_numbers(text: str, found: list[str]) -> None:
    assert arabic.numbers(text) == found


def test_a_number_knows_where_it_stands() -> None:
    text = "القسيمة ١٢/\u200f٣٤٥ شارع"
    (number,) = arabic.number_spans(text)
    assert text[number.start : number.end] == "١٢/\u200f٣٤٥"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("٢٨٤٠١٠١ ۱۲۳۴۵", "284010112345"),
        (" \u200f+965 9988-7766\u202c", "+96599887766"),
        ("(965) 9988 7766", "96599887766"),
        ("2\u00a084\tـ01", "28401"),
        ("1,250.500", "1250.500"),
        ("١٬٢٥٠٫٥٠٠", "1250.500"),
        ("1,000,000", "1000000"),
        ("12,500", "12,500"),
        ("1,2,3", "1,2,3"),
        ("-5", "-5"),
        ("−٥", "-5"),
        ("5-", "5-"),
        ("AB-12—3", "AB123"),
        ("12/345", "12/345"),
        ("", ""),
    ],
)
def test_clean_number(typed: str, meant: str) -> None:
    assert arabic.clean_number(typed) == meant


def test_names_sort_by_the_alphabet() -> None:
    names = [
        "وليد",
        "هند",
        "أحمد",
        "ثامر",
        "پروين",
        "آمنة",
        "بدر",
        "إبراهيم",
        "تركي",
        "عبد الله",
        "عبدالعزيز",
    ]
    ordered = [
        "إبراهيم",
        "أحمد",
        "آمنة",
        "بدر",
        "پروين",
        "تركي",
        "ثامر",
        "عبدالعزيز",
        "عبد الله",
        "هند",
        "وليد",
    ]
    assert sorted(names, key=arabic.sort_key) == ordered
    assert sorted(["فاطمه ب", "فاطمة ا", "فَاطِمَة ت"], key=arabic.sort_key) == ["فاطمة ا", "فاطمه ب", "فَاطِمَة ت"]


def test_folding_any_character_twice_changes_nothing() -> None:
    for code in range(0x20000):
        folded = arabic.fold(chr(code))
        assert arabic.fold(folded) == folded, hex(code)


@given(ANY | ARABIC)
def test_never_raises_and_offsets_hold(text: str) -> None:
    end = 0
    for token in arabic.tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= end or text[token.start] == "ﷺ"
        end = token.end
    arabic.clean_number(text)
    arabic.sort_key(text)
    for number in arabic.number_spans(text):
        assert arabic.numbers(text[number.start : number.end]) == [number.text]


@given(ANY | ARABIC)
def test_streams_are_the_tokens(text: str) -> None:
    tokens, streams = arabic.tokens(text), arabic.streams(text)
    assert streams.norm.split(" ") == [token.norm for token in tokens] or not tokens
    assert streams.stem.split(" ") == [token.stem for token in tokens] or not tokens
    assert streams.rasm.split(" ") == [token.rasm for token in tokens] or not tokens
    assert streams.nums.split() == arabic.numbers(text)


@given(ANY | ARABIC)
def test_a_word_normalises_to_itself(text: str) -> None:
    for token in arabic.tokens(text):
        assert arabic.normalise(token.norm) == token.norm
        assert (arabic.stem(token.norm), arabic.rasm(token.norm)) == (token.stem, token.rasm)


@given(ARABIC)
def test_a_token_is_what_stands_at_its_offsets(text: str) -> None:
    for token in arabic.tokens(text):
        if "ﷺ" not in text[token.start : token.end]:
            assert arabic.normalise(text[token.start : token.end]) == token.norm


@given(st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"), min_size=1, max_size=12))
def test_stems_keep_two_letters_and_rasm_has_no_dots(word: str) -> None:
    assert len(arabic.stem(word)) >= min(2, len(word))
    assert not set(arabic.rasm(word)) & set("تثنيجخذزشضظغقك")


@given(ANY | ARABIC)
def test_ascii_digits_keep_length_and_everything_else(text: str) -> None:
    plain = arabic.to_ascii_digits(text)
    assert len(plain) == len(text)
    for before, after in zip(text, plain, strict=True):
        assert after == (str(unicodedata.decimal(before)) if before.isdecimal() else before)


@given(st.integers(0, 10**15), st.sampled_from(["٠", "۰", "0"]), st.integers(1, 4))
def test_digits_typed_in_any_script_and_groups_are_the_same_number(number: int, zero: str, size: int) -> None:
    digits = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
    typed = " ".join(digits[at : at + size] for at in range(0, len(digits), size))
    assert arabic.clean_number(typed) == str(number)
