"""Arabic text as an office types it: both sets of digits, and codes that keep their order."""

import re

ARABIC_INDIC = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")
ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩٫٬", "0123456789.,")

ISOLATE, END = "\u2066", "\u2069"

# A date, a code or a sum: digits joined by signs, or letters and digits together. On an Arabic line such a token
# must be isolated, or its parts are shown in the order of the line and not in their own.
_TOKEN = re.compile(r"(?:(?<!\S)[+-])?[A-Za-z0-9٠-٩][A-Za-z0-9٠-٩./:,@+_٫٬-]*[A-Za-z0-9٠-٩%]")
_NUMBER = re.compile(r"(?<![A-Za-z])[A-Z]{1,2}(?:-\d+)+|\d+(?:[-/.,:]\d+)*")


def indic(text: str) -> str:
    """The same text with Arabic-Indic digits and separators; Latin letters lose nothing."""
    return text.translate(ARABIC_INDIC)


def latin(text: str) -> str:
    """A Latin phrase that stands whole inside an Arabic line."""
    return f"{ISOLATE}{text}{END}"


def set_line(text: str) -> str:
    """The text as the page setter needs it: each code, date and sum outside an isolate is put in one."""
    pieces = re.split(f"({ISOLATE}[^{END}]*{END})", text)
    return "".join(piece if piece.startswith(ISOLATE) else _TOKEN.sub(_isolate, piece) for piece in pieces)


def _isolate(match: re.Match[str]) -> str:
    token = match.group()
    whole_number = token.isdigit()
    word = not any(character.isdigit() for character in token) and "@" not in token
    return token if whole_number or word else latin(token)


def plain(text: str) -> str:
    """The text as a reader should give it back: logical order, no direction marks, single spaces."""
    return " ".join(re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text).split())


def numbers(text: str) -> list[str]:
    """The numbers of two or more digits in reading order, with ASCII digits; a date or a code is one number."""
    found = _NUMBER.findall(plain(text).translate(ASCII))
    return [number for number in found if sum(character.isdigit() for character in number) >= 2]
