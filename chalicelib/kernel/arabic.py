"""Arabic text as people mean it: one folding, one tokeniser, one light stemmer, for search and for sorting.

Every search engine is fed from here, so a word is found by what it says and not by how it was typed:
hamza seats, teh marbuta, alef maqsura, marks, tatweel, presentation forms and digits of any script fold
together, and `١٬٢٥٠٫٥٠٠` and `1,250.500` are `1250.500`; `stem` takes off the article and endings as Lucene's
Arabic stemmer does; `rasm` drops the dots, which scanners lose first. Tokens follow the word rules of UAX #29
but for what forms need: `المالك:محمد` and `12،13` are two words each, and the underscores of a blank to fill
in belong to no word.

Change anything that alters a token and raise `ANALYSIS_VERSION`: the indexes are rebuilt.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

ANALYSIS_VERSION = 2

_LETTERS = {
    **dict.fromkeys("آأإٱ", "ا"),
    **dict.fromkeys("ىئیې", "ي"),
    **dict.fromkeys("ةہھەۀ", "ه"),
    "ؤ": "و",
    "ک": "ك",
    "٫": ".",
    "٬": ",",
}
_REMOVED = re.compile(
    "[\u0640\u064b-\u065f\u0610-\u061a\u0670\u06d6-\u06ed\u0300-\u036f"
    "\u00ad\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_DOTLESS = str.maketrans("تثنيپجخچذزژشضظغقك", "بببببحححدررسصطعفل")

_WORD = re.compile(r"[^\W_]+(?:[.:,'’‘·][^\W_]+)*")
_PART = re.compile(
    r"[^\W_]+(?:(?:(?<=[^\W\d_])(?<![\u0600-\u06ff])[.:'’‘·](?![\u0600-\u06ff])(?=[^\W\d_])"
    r"|(?<=\d)[.,'’](?=\d))[^\W_]+)*"
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_UNEVEN = re.compile(f"{_REMOVED.pattern}|[\ufc5e-\ufc63\ufdfa\ufe70-\ufe7f]")
_SERVANT = re.compile(r"(?<![^\W\d_])([وفبكل]?عبد)(\s+)(?=ال)")
_NUMBER = re.compile(r"[0-9]+(?:(?:[\\-]|\s?/\s?)[0-9]+)+")
_GROUP = re.compile(r"[0-9]+")


class Token(NamedTuple):
    """A word and its three forms; `start` and `end` are character offsets into the text it came from."""

    norm: str
    stem: str
    rasm: str
    start: int
    end: int


class Streams(NamedTuple):
    """The words of a text in each form, and its compound numbers, all joined by single spaces."""

    norm: str
    stem: str
    rasm: str
    nums: str


class Number(NamedTuple):
    """Digit groups joined by `/`, and the offsets they were found at."""

    text: str
    start: int
    end: int


def _fold_character(character: str) -> str:
    """The folded form of one character: none, one, or several characters."""
    if _REMOVED.match(character):
        return ""
    if character in _LETTERS:
        return _LETTERS[character]
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    code = ord(character)
    if 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFE:
        # A spacing form of a mark ("space + shadda") would cut its word in two.
        form = unicodedata.normalize("NFKC", character).lstrip(" ")
    elif character.isalpha() and (code < 0x0590 or 0x1E00 <= code <= 0x1FFF or 0xFF00 <= code <= 0xFFEF):
        form = unicodedata.normalize("NFKD", character).lower()
    else:
        form = character.lower()
    return form if form == character else "".join(_fold_character(each) for each in form)


class _Fold(dict[int, str]):
    """Folded characters by code point, each worked out once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_FOLD = _Fold()


def fold(text: str) -> str:
    """The text with every letter and digit in its plain form; spaces and punctuation stay. Idempotent."""
    return text.translate(_FOLD)


@lru_cache(maxsize=1 << 16)
def _forms(norm: str) -> tuple[str, str]:
    """The stem and the rasm of a folded word."""
    stemmed = _strip_suffixes(strip_prefix(norm))
    return stemmed, stemmed.translate(_DOTLESS)


def strip_prefix(norm: str) -> str:
    """A folded word without its article or leading `و`, when enough of it is left."""
    for prefix in _PREFIXES:
        if norm.startswith(prefix) and len(norm) >= (4 if prefix == "و" else len(prefix) + 2):
            return norm[len(prefix) :]
    return norm


def _strip_suffixes(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            word = word[: -len(suffix)]
    return word


def stem(word: str) -> str:
    """The light stem of one word: `والمدرسة` gives `مدرس`."""
    return _forms(fold(word))[0]


def rasm(word: str) -> str:
    """The stem of one word without dots: `وثيقة` gives `ببف`."""
    return _forms(fold(word))[1]


def normalise(text: str) -> str:
    """The folded words of a text with one space between them: `BLD-7741` gives `bld 7741`."""
    return " ".join(_norms(fold(text)))


def tokens(text: str) -> list[Token]:
    """The words of a text in order.

    `عبد الله` is one word, `عبدالله`, whose offsets span both. Offsets take in the marks of the
    word's last letter. Never raises, whatever the text.
    """
    folded, origins = _join_servants(*_fold_with_origins(text))
    if origins is None:
        return [Token(norm, *_forms(norm), start, end) for norm, start, end in _words(folded)]
    return [
        Token(norm, *_forms(norm), origins[start], max(origins[end - 1] + 1, origins[end]))
        for norm, start, end in _words(folded)
    ]


def streams(text: str) -> Streams:
    """The same words as `tokens`, and the same numbers as `numbers`, ready for an index."""
    folded = fold(text)
    norms = _norms(folded)
    forms = [_forms(norm) for norm in norms]
    return Streams(
        " ".join(norms),
        " ".join([stemmed for stemmed, _ in forms]),
        " ".join([dotless for _, dotless in forms]),
        " ".join([number for number, _, _ in _numbers(folded)]),
    )


def _norms(folded: str) -> list[str]:
    """The words of a folded text, servants joined; the short way when places are not asked for."""
    joined, _ = _join_servants(folded, None)
    words: list[str] = _WORD.findall(joined)
    if "".join(words).isalnum() or not words:
        return words
    return [
        part for word in words for part in ([word] if word.isalnum() else map(_plain, _PART.findall(word)))
    ]


def _words(folded: str) -> list[tuple[str, int, int]]:
    """The words of a folded text and where they stand in it."""
    words = []
    for match in _WORD.finditer(folded):
        word = match.group()
        if word.isalnum():
            words.append((word, *match.span()))
        else:
            at = match.start()
            words.extend(
                (_plain(part.group()), at + part.start(), at + part.end()) for part in _PART.finditer(word)
            )
    return words


def _plain(word: str) -> str:
    """A folded word, its number without the commas between thousands."""
    return _GROUPED.sub(lambda number: number.group().replace(",", ""), word) if "," in word else word


def _fold_with_origins(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and its origins unless every character stands where it stood."""
    folded = fold(text)
    if len(folded) == len(text) and not _UNEVEN.search(text):
        return folded, None
    return folded, _origins(text)


def _origins(text: str) -> list[int]:
    """For each folded character where it came from, and at the end the length of the text."""
    origins: list[int] = []
    for index, character in enumerate(text):
        width = len(_FOLD[ord(character)])
        if width == 1:
            origins.append(index)
        elif width:
            origins.extend([index] * width)
    origins.append(len(text))
    return origins


def _join_servants(folded: str, origins: list[int] | None) -> tuple[str, list[int] | None]:
    """The folded text with `عبد ال` closed up, and its origins."""
    if "عبد" not in folded:
        return folded, origins
    gaps = [match.span(2) for match in _SERVANT.finditer(folded)]
    if not gaps:
        return folded, origins
    origins = list(range(len(folded) + 1)) if origins is None else origins
    for start, end in reversed(gaps):
        folded = folded[:start] + folded[end:]
        del origins[start:end]
    return folded, origins


def number_spans(text: str) -> list[Number]:
    """The compound numbers of a text (`١٢/٣٤٥`, `12-345`), in ASCII, their groups joined by `/`."""
    folded, origins = _fold_with_origins(text)
    if origins is None:
        return _numbers(folded)
    return [
        Number(number, origins[start], max(origins[end - 1] + 1, origins[end]))
        for number, start, end in _numbers(folded)
    ]


def numbers(text: str) -> list[str]:
    """The compound numbers of a text without their places."""
    return [number for number, _, _ in _numbers(fold(text))]


def _numbers(folded: str) -> list[Number]:
    return [
        Number("/".join(_GROUP.findall(match.group())), *match.span()) for match in _NUMBER.finditer(folded)
    ]


class _Digits(dict[int, str]):
    """ASCII for every decimal digit of Unicode, any other character itself."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        digit = unicodedata.decimal(character, None)
        self[code] = character if digit is None else str(digit)
        return self[code]


_DIGITS = _Digits()
_INVISIBLE = re.compile(r"[\s\u0640\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-") | {"٫": ".", "＋": "+"})
_INNER_DASH = re.compile(r"(?<=[^\W_])[-_]+(?=[^\W_])")
_AREA_CODE = re.compile(r"\((\+?\d+)\)(?=\d)")
_THOUSANDS = re.compile(r"(?<!\d)(\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:,\d{3})+(?=\.\d))(?!,?\d)")


def to_ascii_digits(text: str) -> str:
    """The text with the decimal digits of every script as ASCII; same length, nothing else changed."""
    return text.translate(_DIGITS)


def clean_number(text: str) -> str:
    """What a person meant in a number field: civil id, phone, code or amount.

    Digits become ASCII; spaces, direction marks, tatweel, dashes between digits or letters, brackets round
    an area code and thousands separators go; `٫` becomes a point. A lone `12,500` keeps its comma and a
    leading minus stays: what could mean two amounts is for the caller to refuse, not for us to choose.
    """
    cleaned = _INVISIBLE.sub("", to_ascii_digits(text)).translate(_DASHES)
    cleaned = _AREA_CODE.sub(r"\1", _INNER_DASH.sub("", cleaned)).replace("٬", "")
    return _THOUSANDS.sub(lambda match: match.group().replace(",", ""), cleaned)


def sort_key(name: str) -> str:
    """A string that sorts names in the order of the Arabic alphabet.

    Hamza seats, teh marbuta, marks and the space of `عبد الله` make no difference; `پ چ ژ گ` follow
    `ب ج ز ك`. Equal keys are told apart by the name itself, so the order is total.
    """
    return f"{normalise(name).translate(_AFTER)}\0{name}"


_AFTER = str.maketrans({"پ": "ب\uffff", "چ": "ج\uffff", "ژ": "ز\uffff", "گ": "ك\uffff"})
