"""What a confined child tells its parent: one line of JSON a message, its picture as bytes behind it.

A child may be in the hands of the file that it reads. So the parent takes from it nothing but what has the right shape.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ocr.shapes import READ, READ_WITH_DOUBTS, REFUSED, Field, Line, Page, Word

Message = dict[str, Any]

_REASON = re.compile("[a-z-]{1,40}")
_FACTS = ("actual", "claimed", "limit", "pages")


def tell(output: BinaryIO, message: Message, picture: bytes = b"") -> None:
    """Sends one message; one with a picture says its length."""
    if picture:
        message = {**message, "bytes": len(picture)}
    output.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n" + picture)
    output.flush()


def tell_page(output: BinaryIO, page: Page) -> None:
    """Sends one page."""
    tell(output, {"event": "page", **told(page)}, page.preview or b"")


def next_message(said: bytearray, most_bytes: int) -> tuple[Message, bytes] | None:
    """Takes the next whole message and its picture off the front of what was said; None when there is none yet.

    Raises ValueError, KeyError or TypeError for what is no message, or one above `most_bytes`.
    """
    end = said.find(b"\n")
    if end >= 0:
        message = json.loads(said[:end])
        size = int(message.get("bytes", 0))
        if size < 0:
            raise ValueError(size)
        whole = end + 1 + size
        if len(said) >= whole:
            picture = bytes(said[end + 1 : whole])
            del said[:whole]
            return message, picture
    if len(said) > most_bytes:
        raise ValueError(len(said))
    return None


def told(page: Page) -> Message:
    """The page without its preview, as JSON has it."""
    message = {
        **vars(page), "words": [vars(w) for w in page.words], "lines": [vars(x) for x in page.lines],
        "fields": [vars(x) for x in page.fields],
    }  # fmt: skip
    del message["preview"]
    return message


def refusal_of(message: Message) -> Message:
    """The refusal of a file that was told, and of its facts those that there are. Raises ValueError or KeyError."""
    facts = {
        key: value
        for key, value in message["data"].items()
        if key in _FACTS and isinstance(value, (str, int))
    }
    return {"event": "refused", "reason": _code(message["reason"]), "data": facts}


def page_of(message: Message, preview: bytes = b"") -> Page:
    """The page that was told. Raises ValueError, KeyError or TypeError where the message has not the shape of one."""
    if message["state"] not in (READ, READ_WITH_DOUBTS, REFUSED):
        raise ValueError(message["state"])
    lines = tuple(_line(line) for line in message["lines"])
    words = tuple(_word(word) for word in message["words"])
    if any(not 0 <= word.line < len(lines) for word in words):
        raise ValueError("a word of no line")
    fields = tuple(_field(field) for field in message["fields"])
    if any(not 0 <= number < len(words) for field in fields for number in field.words):
        raise ValueError("a field of no word")
    return Page(
        int(message["number"]), message["state"], _code(message["reason"]),
        int(message["width"]), int(message["height"]), int(message["dpi"]), int(message["rotation"]) // 90 * 90 % 360,
        _within(message["skew"], -90, 90), words, lines, preview or None, fields,
    )  # fmt: skip


class ToldPages:
    """Pages that were told, a line of JSON each, in a file: not all of a long document's words need be in memory.

    Each round goes through the file from its beginning, and keeps its own place in it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[Page]:
        self._file.seek(0)
        while line := self._file.readline():
            place = self._file.tell()
            yield page_of(json.loads(line))
            self._file.seek(place)


def _code(value: object) -> str | None:
    """A reason, or None. Raises ValueError for what was never one."""
    if value is not None and not (isinstance(value, str) and _REASON.fullmatch(value)):
        raise ValueError(value)
    return value


def _within(value: Any, least: float, most: float) -> float:
    return min(most, max(least, float(value)))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _word(word: Message) -> Word:
    return Word(
        str(word["text"]), int(word["x"]), int(word["y"]), int(word["width"]), int(word["height"]),
        _within(word["confidence"], 0, 100), int(word["line"]), bool(word["doubt"]),
        str(word["source"]), str(word["language"]),
        _text(word["number_kind"]), _text(word["doubt_reason"]),
    )  # fmt: skip


def _line(line: Message) -> Line:
    return Line(
        int(line["x"]), int(line["y"]), int(line["width"]), int(line["height"]), str(line["language"]),
        "rtl" if line["direction"] == "rtl" else "ltr",
    )  # fmt: skip


def _field(field: Message) -> Field:
    return Field(str(field["name"]), str(field["text"]), tuple(int(number) for number in field["words"]))
