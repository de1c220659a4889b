"""The last step of a reading: words of the upright page are grouped in lines and put on the page as scanned."""

from collections.abc import Sequence
from dataclasses import replace

from ocr.geometry import turned, turned_size
from ocr.reading_order import is_right_to_left, script_of
from ocr.shapes import Line, Page, Word


def placed(upright: Page, words: Sequence[Word]) -> Page:
    """The page with `words` and their lines, given the upright page without them and words boxed on that.

    Lines are numbered from 0 without gaps, in the order in which they first occur. A word without letters has the
    language of its line.
    """
    size = (upright.width, upright.height)
    members: dict[int, list[Word]] = {}
    for word in words:
        x, y, width, height = turned((word.x, word.y, word.width, word.height), size, -upright.rotation)
        members.setdefault(word.line, []).append(replace(word, x=x, y=y, width=width, height=height))
    lines = [_line(line) for line in members.values()]
    across, down = turned_size(size, upright.rotation)
    return replace(
        upright, width=across, height=down, lines=tuple(lines),
        words=tuple(
            replace(word, line=number, language=_language(word.text, line.language))
            for number, (line, inside) in enumerate(zip(lines, members.values(), strict=True))
            for word in inside
        ),
    )  # fmt: skip


def _line(words: Sequence[Word]) -> Line:
    left, top = min(w.x for w in words), min(w.y for w in words)
    right, bottom = max(w.x + w.width for w in words), max(w.y + w.height for w in words)
    text = " ".join(w.text for w in words)
    return Line(
        left, top, right - left, bottom - top,
        _language(text, "und"), "rtl" if is_right_to_left(text) else "ltr",
    )  # fmt: skip


def _language(text: str, otherwise: str) -> str:
    arabic, latin = script_of(text)
    if not arabic and not latin:
        return otherwise
    return "ar" if arabic >= latin else "en"
