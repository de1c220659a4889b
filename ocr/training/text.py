"""What the lines say: prose, numbers, labels with values, Latin words, and the mixtures of offices.

A line is a list of pieces in reading order. Every piece is drawn by itself, from right to left, so that its label
cannot disagree with what a text engine makes of digits, hyphens and brackets in one string.
"""

import lzma
import re
import string
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from bidi import get_display

from ocr.line_reader import ALPHABET
from ocr.training.typefaces import ARABIC_DIGITS

Kind = Literal["arabic", "number", "latin", "note", "leader", "ending"]

VOWEL_SIGNS = re.compile(
    r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200c-\u200f\u202a-\u202e\u2066-\u2069]"
)
_AS_WRITTEN = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "ٱ": "ا", "{": "(", "}": ")", "﴿": "(",
     "﴾": ")", "٪": "%", "٬": ",", "٫": ",", "…": ".", "ک": "ك", "ی": "ي", "گ": "ك"}
)  # fmt: skip
_MIRRORED = str.maketrans("()[]«»", ")(][»«")
_TO_ARABIC = str.maketrans("0123456789", ARABIC_DIGITS)
_ARABIC_MARKS = str.maketrans(".,", "٫٬")
_SUM = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?|\d+\.\d+")
_DRAWABLE = frozenset(ALPHABET) | {chr(c) for c in range(0x64B, 0x653)} | {"\u0640"}


def _words(file: str) -> tuple[str, ...]:
    return tuple(Path(__file__).with_name(file).read_text("utf-8").splitlines())


_LABELS = _words("labels.ar.txt")
_LATIN = _words("labels.en.txt")
_HONORIFICS = ("\ufdfa", "\ufdfb")
_LETTERS_BEFORE_NUMBERS = ("ق", "م ن", "ك ب", "ر", "ب", "ص", "و", "ت م", "س")


@dataclass(frozen=True)
class Piece:
    """A run of a line that is drawn at once. A `leader` is dots to be filled in: drawn, never read. An `ending`
    touches the number before it: a full stop, the sign of a calendar, a unit."""

    text: str
    kind: Kind


class Writer:
    """Writes lines by chance. `paragraphs` are what its prose is cut from."""

    def __init__(self, paragraphs: list[str], random: Random) -> None:
        self._paragraphs = paragraphs
        self._random = random

    def line(self) -> list[Piece]:
        """A line in reading order."""
        kinds = (
            self._prose_line,
            self._noted,
            self._mixed,
            self._form,
            self._numbers,
            self._latin_line,
            self._short,
        )
        return self._random.choices(kinds, (36, 6, 20, 19, 9, 6, 4))[0]()

    def prose(self) -> str:
        """Some words in a row of somebody's prose, vowel signs as they come."""
        r = self._random
        words = r.choice(self._paragraphs).translate(_AS_WRITTEN).split()
        count = r.choice((2, 4, 5, 6, 7, 8, 9, 10, 12))
        start = r.randrange(max(1, len(words) - count))
        text = "".join(c for c in " ".join(words[start : start + count]) if c in _DRAWABLE)
        return VOWEL_SIGNS.sub("", text) if r.random() < 0.5 else text

    def number(self) -> str:
        """A number as offices write them, in either set of digits."""
        r = self._random
        text = self._plain_number()
        if r.random() > 0.62:
            return text
        # Sums have marks of their own in Arabic-Indic digits, as often as not.
        if r.random() < 0.6 and _SUM.fullmatch(text):
            text = text.translate(_ARABIC_MARKS)
        return text.translate(_TO_ARABIC)

    def _digits(self, count: int) -> str:
        return "".join(self._random.choice("0123456789") for _ in range(count))

    def _thousandths(self) -> str:
        r = self._random
        return self._digits(3) if r.random() < 0.5 else r.choice(("000", "500", "250", "750"))

    def _date(self) -> str:
        r = self._random
        mark = r.choice("//-/.")
        day, month = r.randint(1, 31), r.randint(1, 12)
        year = r.randint(1940, 2030) if r.random() < 0.75 else r.randint(1350, 1450)
        width = 2 if r.random() < 0.6 else 1
        parts = [f"{day:0{width}d}", f"{month:0{width}d}", str(year)]
        return mark.join(parts if r.random() < 0.75 else parts[::-1])

    def _phone(self) -> str:
        r = self._random
        number = self._digits(8) if r.random() < 0.6 else f"{self._digits(4)}-{self._digits(4)}"
        return r.choice(("+965-", "+965", "00965", "965-")) + number if r.random() < 0.2 else number

    def _plain_number(self) -> str:
        r = self._random
        kinds = {
            "count": lambda: str(r.randrange(10 ** r.randint(1, 4))),
            "year": lambda: str(r.randint(1300, 2030)),
            "date": self._date,
            "phone": self._phone,
            "amount": lambda: f"{r.randrange(10 ** r.randint(1, 5))}.{self._thousandths()}",
            "great amount": lambda: f"{r.randint(1, 999)},{self._digits(3)}.{self._thousandths()}",
            "thousands": lambda: f"{r.randrange(1, 999)},{self._digits(3)}",
            "of year": lambda: f"{r.randrange(1, 9999)}/{r.randint(1940, 2030)}",
            "long": lambda: self._digits(r.choice((12, 12, 10, 9, 6, 5, 7))),
            "zeros": lambda: f"{r.randint(1, 9)}{'0' * r.randint(1, 5)}",
            "percent": lambda: f"{r.randrange(100)}%",
            "time": lambda: f"{r.randint(0, 23)}:{r.randrange(60):02d}",
            "size": lambda: f"{r.randrange(1, 10 ** r.randint(1, 3))}.{self._digits(r.choice((1, 2, 2, 2)))}",
            "parcel": lambda: f"{r.randint(1, 20)}-{r.randint(1, 12)}-{self._digits(4)}",
            "hyphened": lambda: f"{r.randint(1, 999)}-{r.randint(1, 9999)}",
        }
        weights = (18, 9, 18, 10, 9, 3, 4, 6, 13, 4, 3, 2, 9, 4, 4)
        return str(r.choices(list(kinds.values()), weights)[0]())

    def _number(self) -> list[Piece]:
        """A number, and what may touch its end."""
        r = self._random
        number = self.number()
        pieces = [Piece(f"({number})" if r.random() < 0.1 else number, "number")]
        chance = r.random()
        if chance < 0.14:
            pieces.append(Piece(r.choice((".", ".", ".", "،", ":", "؛")), "ending"))
        elif chance < 0.19:
            pieces.append(Piece(r.choice(("م", "هـ", "هـ.", "م.", "م،", "ف")), "ending"))
        return pieces

    def latin(self) -> Piece:
        """A few Latin words, some of them made up, numbers among them."""
        r = self._random
        words = []
        for _ in range(r.choice((1, 1, 2, 3, 4))):
            chance = r.random()
            if chance < 0.55:
                words.append(r.choice(_LATIN))
            elif chance < 0.75:
                words.append(self._plain_number().replace("%", ""))
            elif chance < 0.85:
                code = "".join(r.choice(string.ascii_uppercase) for _ in range(r.randint(1, 3)))
                groups = [self._digits(r.randint(1, 4)) for _ in range(r.choice((1, 1, 2)))]
                words.append(r.choice("-/- ").join([code, *groups]))
            else:
                made_up = "".join(
                    r.choice("abcdefghijklmnopqrstuvwxyzaeioutnrs") for _ in range(r.randint(2, 9))
                )
                words.append(r.choice((made_up, made_up.capitalize(), made_up.upper())))
        text = " ".join(words)
        return Piece(text if re.search("[A-Za-z]", text) else f"No. {text}", "latin")

    def _prose_line(self) -> list[Piece]:
        r = self._random
        words = self.prose().split()
        if words and r.random() < 0.05:
            words.insert(r.randint(1, len(words)), r.choice(_HONORIFICS))
        return [Piece(" ".join(words), "arabic")]

    def _noted(self) -> list[Piece]:
        r = self._random
        words = self.prose().split()
        at = r.randrange(len(words)) + 1 if words else 0
        mark = str(r.randint(1, 12) if r.random() < 0.8 else r.randint(1, 99)).translate(_TO_ARABIC)
        pieces = (
            Piece(" ".join(words[:at]), "arabic"),
            Piece(f"({mark})", "note"),
            Piece(" ".join(words[at:]), "arabic"),
        )
        return [piece for piece in pieces if piece.text]

    def _mixed(self) -> list[Piece]:
        r = self._random
        words = self.prose().split() or ["من"]
        pieces: list[Piece] = []
        done = 0
        for _ in range(r.randint(1, 3)):
            at = r.randint(done, len(words))
            if at > done:
                pieces.append(Piece(" ".join(words[done:at]), "arabic"))
            if r.random() < 0.86:
                pieces += self._number()
            else:
                pieces.append(self.latin())
            done = at
        return [*pieces, Piece(" ".join(words[done:]), "arabic")] if done < len(words) else pieces

    def _form(self) -> list[Piece]:
        r = self._random
        pieces: list[Piece] = []
        for _ in range(r.randint(1, 3)):
            label = r.choice(_LABELS) if r.random() < 0.8 else " ".join(self.prose().split()[:2]) or "رقم"
            pieces.append(Piece(label + r.choice(("", " :", ":", ":", " /", ": ")), "arabic"))
            leader = r.random() < 0.12
            if leader:
                pieces.append(Piece("." * r.randint(3, 14), "leader"))
            chance = r.random()
            if chance < 0.62:
                if r.random() < 0.1:
                    pieces.append(Piece(r.choice(_LETTERS_BEFORE_NUMBERS) + r.choice(("/", " ")), "arabic"))
                pieces += self._number()
            elif chance < 0.76:
                pieces.append(self.latin())
            elif not leader:
                pieces.append(Piece(" ".join(self.prose().split()[: r.randint(1, 4)]), "arabic"))
            if leader and r.random() < 0.6:
                pieces.append(Piece("." * r.randint(3, 14), "leader"))
            if r.random() < 0.25:
                pieces.append(Piece(r.choice(_LABELS), "arabic"))
        return [piece for piece in pieces if piece.text]

    def _numbers(self) -> list[Piece]:
        return [piece for _ in range(self._random.choice((1, 1, 1, 2, 3, 4))) for piece in self._number()]

    def _latin_line(self) -> list[Piece]:
        r = self._random
        return [self.latin()] if r.random() < 0.7 else [self.latin(), Piece(r.choice(_LABELS), "arabic")]

    def _short(self) -> list[Piece]:
        """One word, or a table's head: lines whose height says little about their size."""
        r = self._random
        return [
            Piece(r.choice(_LABELS) if r.random() < 0.6 else (self.prose().split() or ["من"])[0], "arabic")
        ]


def spoken(text: str) -> str:
    """The text without vowel signs and stretches, single spaces between its words: what a label keeps."""
    return re.sub(" +", " ", VOWEL_SIGNS.sub("", text)).strip()


def label(pieces: list[Piece], notes_touch: bool = False) -> str:
    """What stands on the line, from left to right."""
    whole = ""
    for piece in pieces:
        if piece.kind == "leader":
            continue
        if piece.kind in ("arabic", "ending"):
            seen = get_display(spoken(piece.text), base_dir="R").translate(_MIRRORED)
        else:
            seen = get_display(spoken(piece.text), base_dir="L")
        gap = "" if not whole or piece.kind == "ending" or (piece.kind == "note" and notes_touch) else " "
        whole = seen + gap + whole
    return re.sub(" +", " ", whole).strip()


def paragraphs_of(file: Path) -> list[str]:
    """The paragraphs of a text file, one a line; `.xz` is unpacked."""
    raw = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
    return [line for line in raw.decode("utf-8").splitlines() if len(line) > 20]


def paragraphs_of_frequent_words(random: Random, count: int = 20_000) -> list[str]:
    """Strings of Arabic words, each as often as people write it: no sentences, but every spelling of weight."""
    from wordfreq import top_n_list, word_frequency

    words = [word for word in top_n_list("ar", 120_000) if set(word) <= _DRAWABLE]
    weights = [word_frequency(word, "ar") ** 0.75 for word in words]
    chosen = random.choices(words, weights, k=count * 14)
    lines = []
    for k in range(count):
        some = chosen[k * 14 : (k + 1) * 14]
        for at in range(len(some)):
            if random.random() < 0.08:
                some[at] += random.choice("،.:؛؟")
        lines.append(" ".join(some))
    return lines
