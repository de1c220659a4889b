"""From the order in which glyphs stand on the paper (left to right) to the order in which they are read.

This is an inverse of the bidirectional algorithm for one printed line. Numbers, dates and Latin phrases keep their
left-to-right order, everything else turns round, and brackets are mirrored. Numbers with hyphens are read as they
look on the paper, because that is how people read them aloud.
"""

import re
from collections.abc import Iterable

_ARABIC_LETTERS = "\u0608\u060b\u0620-\u064a\u066e-\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_ARABIC = re.compile(f"[{_ARABIC_LETTERS}]+")
_NOT_ARABIC = re.compile(f"[^{_ARABIC_LETTERS}\n]+")
_SHORT = re.compile("^.{1,2}$", re.MULTILINE)
_ARABIC_DIGITS = "\u0660-\u0669\u06f0-\u06f9"
_ARABIC_DIGIT = re.compile(f"[{_ARABIC_DIGITS}]")
_LATIN_LETTERS = "A-Za-z\u00c0-\u024f"
_LATIN = re.compile(f"[{_LATIN_LETTERS}]+")
# An address is of Latin letters in a line of any language.
_ADDRESS = re.compile(
    r"[A-Za-z0-9._\-]+@[A-Za-z0-9._\-]+|(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&'()*+,;=%\-]+"
)
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")

# Raised and lowered digits and signs belong to the number or Latin word that they follow: m², 12², 10⁻³, x₂.
RAISED = "¹²³\u2070-\u208e"

# A telephone number with its country is one number, blanks and all: +965 is not 965 followed by a plus.
_ABROAD = r"\+[0-9]{3,}(?:[ \-][0-9]{2,8}){0,4}"
_ASCII_NUMBER = rf"(?:{_ABROAD}|[0-9]+(?:[./,:\-][0-9]+)*[{RAISED}]*)%?"
_NUMBER = rf"(?:{_ASCII_NUMBER}|[٠-٩]+(?:[./,:،٫٬\-][٠-٩]+)*[{RAISED}]*%?)"
_LETTERS = rf"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9{RAISED}@&_.,'’\-/:%+#]*"
_LATIN_WORD = rf"(?:{_LETTERS}(?<![.,:\-/])|[0-9][0-9.,/\-]*{_LETTERS}(?<![.,:\-/]))"
# A Latin phrase: Latin words with ASCII numbers between or around them, parted by single spaces. A full stop that hangs
# on its right end is its own (SHEET NO.): one of the Arabic sentence would stand on its left.
_PHRASE = rf"(?:{_ASCII_NUMBER} )*{_LATIN_WORD}(?:[.,:]? (?:{_LATIN_WORD}|{_ASCII_NUMBER}))*(?:\.(?= ))?"
_LEFT_TO_RIGHT = re.compile(rf"{_PHRASE}|{_NUMBER}")
_NUMBERS = re.compile(_NUMBER)
_NO_PHRASE = rf"[^{_LATIN_LETTERS}+()\[\]{{}}<>«»‹›]*"
_SIMPLE = re.compile(f"{_NO_PHRASE}[{_ARABIC_LETTERS}{_ARABIC_DIGITS}]{_NO_PHRASE}")
_RIGHT_TO_LEFT = re.compile(
    "[\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff\u0750-\u077f](?:[\u0600-\u06ff\u0750-\u077f .،؛]*"
    "[\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff\u0750-\u077f])?"
)
# Where Latin and Arabic letters meet, and before that the full stop of a Latin word: REV.المراجعة.
_MEET = re.compile(
    rf"(?<=[{_LATIN_LETTERS}]{{2}})\.?(?=[{_ARABIC_LETTERS}]{{3}})"
    rf"|(?<=[{_ARABIC_LETTERS}]{{3}})(?=[{_LATIN_LETTERS}]{{2}})"
)


def script_of(text: str) -> tuple[int, int]:
    """How many Arabic and how many Latin letters there are."""
    return sum(map(len, _ARABIC.findall(text))), sum(map(len, _LATIN.findall(text)))


def has_letters(text: str) -> bool:
    """Whether there is an Arabic or a Latin letter in it."""
    return bool(_ARABIC.search(text) or _LATIN.search(text))


def meetings(visual: str) -> list[int]:
    """Positions before which a blank is missing: no word is both of Latin letters and of Arabic ones."""
    return [meeting.end() for meeting in _MEET.finditer(visual)]


def is_right_to_left(line: str) -> bool:
    """Whether the line reads from the right: it has Arabic letters (at least as many as Latin), or digits alone.

    Letters of e-mail and web addresses are not counted.
    """
    if not _LATIN.search(line):
        return bool(_ARABIC.search(line) or _ARABIC_DIGIT.search(line))
    arabic, latin = script_of(_ADDRESS.sub(" ", line))
    if arabic or latin:
        return arabic >= latin
    return bool(_ARABIC_DIGIT.search(line))


def reading_order(visual: str) -> list[int]:
    """Positions of `visual` (left to right as printed) in the order in which they are read."""
    if is_right_to_left(visual):
        return _leftward(visual, 0)
    order: list[int] = []
    done = 0
    for run in _RIGHT_TO_LEFT.finditer(visual):
        order += range(done, run.start())
        order += _leftward(run.group(), run.start())
        done = run.end()
    return order + list(range(done, len(visual)))


def _leftward(visual: str, start: int) -> list[int]:
    """Reading order of right-to-left text that stands at `start`, its left-to-right runs kept whole."""
    size = len(visual)
    order = list(range(start + size - 1, start - 1, -1))
    for run in _LEFT_TO_RIGHT.finditer(visual):
        first, end = run.span()
        order[size - end : size - first] = range(start + first, start + end)
    return order


def turned(visual: str, text: str) -> str | None:
    """`text`, printed as `visual` is, in reading order: where that has no Latin letters, brackets or plus signs, so
    that each word stays whole and all of them simply come from the right. None for anything else."""
    if not _SIMPLE.fullmatch(visual):
        return None
    if numbers := [number.span() for number in _NUMBERS.finditer(visual)]:
        letters = list(text)
        for first, end in numbers:
            letters[first:end] = letters[first:end][::-1]
        text = "".join(letters)
    return text[::-1]


def mirrored_positions(visual: str) -> set[int]:
    """Positions whose bracket faces the other way in logical text, being part of right-to-left text."""
    if not is_right_to_left(visual):
        return set()
    kept = {i for run in _LEFT_TO_RIGHT.finditer(visual) for i in range(run.start(), run.end())}
    return {i for i, c in enumerate(visual) if i not in kept and c != c.translate(_MIRRORED)}


def mirror(character: str) -> str:
    """The bracket facing the other way; any other character as it is."""
    return character.translate(_MIRRORED)


def to_logical(visual: str) -> str:
    """The line as it is read, from the line as it is printed."""
    mirrored = mirrored_positions(visual)
    return "".join(mirror(visual[i]) if i in mirrored else visual[i] for i in reading_order(visual))


def reads_backwards(words: Iterable[str]) -> bool:
    """Whether Arabic words have their letters the wrong way round, as some programs wrote them.

    Told by what no right word does: begin with teh marbuta or alef maksura, or end (and not begin) with the article.
    """
    letters = _SHORT.sub("", _NOT_ARABIC.sub("", "\n".join(words)))
    right = sum(map(f"\n{letters}\n".count, ("ة\n", "ى\n", "\nال", "\nوال", "\nبال")))
    wrong = sum(map(f"\n{letters}\n".count, ("\nة", "\nى", "لا\n", "لاو\n", "لاب\n")))
    return wrong > 2 * right
