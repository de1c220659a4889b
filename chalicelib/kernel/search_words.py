"""What a typed search asks for: words, phrases and numbers. Search engines and marks read it from here."""

import re
from dataclasses import dataclass

from chalicelib.kernel import arabic

PREFIX_LETTERS = 3
FUZZY_LETTERS = range(4, 33)
MOST_WORDS = 32

_PHRASE = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”')
# The letters of a code belong to its number: alone, the MN of MN-3-0127 would answer for every parcel there.
_OF_CODE = re.compile(r"(?<![^\W\d_])[A-Za-z]{1,4}-$")
_APART = " | "


@dataclass(frozen=True)
class Word:
    """One word asked for, in its three forms.

    `prefix`: the word may be half typed, so words that begin with it answer too; `prefix_stem` is
    what their stems then begin with, empty when it would be too short to mean anything.
    `fuzzy`: an engine found the word rare and lets one letter differ.
    """

    norm: str
    stem: str
    rasm: str
    prefix: bool = False
    prefix_stem: str = ""
    fuzzy: bool = False

    @property
    def may_be_fuzzy(self) -> bool:
        """Long enough to survive one wrong letter, and not a number: a wrong digit is another number."""
        return len(self.norm) in FUZZY_LETTERS and not any(letter.isdecimal() for letter in self.norm)


@dataclass(frozen=True)
class Number:
    """A compound number asked for: `12/345`, and its parts as words. Of a code it is what follows the letters."""

    text: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A search as read: any of `words` and `numbers` may answer, each of `phrases` (folded words) must."""

    words: tuple[Word, ...] = ()
    numbers: tuple[Number, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words or self.numbers or self.phrases)


def read(typed: str) -> Asked:
    """Read what a person typed; never refuses.

    Phrases stand in "…", «…» or “…”. The last word, unless a space or a quote ends it, counts as half
    typed from three letters on. Words past the 32nd are not looked for.
    """
    phrases = [
        tuple(token.norm for token in arabic.tokens("".join(filter(None, match.groups())))[:MOST_WORDS])
        for match in _PHRASE.finditer(typed)
    ]
    loose = _PHRASE.sub(_APART, typed)
    spans = arabic.number_spans(loose)[:MOST_WORDS]
    for span in reversed(spans):
        loose = _OF_CODE.sub("", loose[: span.start]) + _APART + loose[span.end :]
    tokens = arabic.tokens(loose)[:MOST_WORDS]
    words = {token.norm: Word(token.norm, token.stem, token.rasm) for token in tokens}
    if tokens and tokens[-1].end == len(loose) and len(tokens[-1].norm) >= PREFIX_LETTERS:
        words[tokens[-1].norm] = _half_typed(tokens[-1])
    return Asked(
        tuple(words.values()),
        tuple({span.text: Number(span.text, tuple(span.text.split("/"))) for span in spans}.values()),
        tuple(dict.fromkeys(phrase for phrase in phrases if phrase)),
    )


def _half_typed(token: arabic.Token) -> Word:
    bare = arabic.strip_prefix(token.norm)
    prefix_stem = bare if len(bare) >= PREFIX_LETTERS and not bare.isdecimal() else ""
    return Word(token.norm, token.stem, token.rasm, prefix=True, prefix_stem=prefix_stem)
