"""The last step of a reading: words of the upright page are grouped in lines and put on the page as scanned."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ocr.drawings.paper import is_drawn_on
from ocr.drawings.title_block import fields_of
from ocr.geometry import Box, turned, turned_size
from ocr.reading_order import is_right_to_left, script_of
from ocr.shapes import Line, Page, Word


def placed(upright: Page, words: Sequence[Word]) -> Page:
    """The page with `words` and their lines, given the upright page without them and words boxed on that.

    Lines are numbered from 0 without gaps, in the order in which they first occur. A word without letters has the
    language of its line. The fields of a drawing's title block are told, beside those that its file names itself.
    """
    size = (upright.width, upright.height)
    members: dict[int, list[Word]] = {}
    for word in words:
        members.setdefault(word.line, []).append(word)
    lines: list[Line] = []
    out: list[Word] = []
    for inside in members.values():
        boxes = [turned((w.x, w.y, w.width, w.height), size, -upright.rotation) for w in inside]
        line = _line(inside, boxes)
        for word, (x, y, width, height) in zip(inside, boxes, strict=True):
            place = {"x": x, "y": y, "width": width, "height": height, "line": len(lines)}
            out.append(Word(**{**vars(word), **place, "language": _language(word.text, line.language)}))
        lines.append(line)
    across, down = turned_size(size, upright.rotation)
    known = {field.name for field in upright.fields}
    ordered = [word for inside in members.values() for word in inside]
    fields = fields_of(ordered) if is_drawn_on(size, upright.dpi) else ()
    return replace(
        upright, width=across, height=down, lines=tuple(lines), words=tuple(out),
        fields=(*upright.fields, *(field for field in fields if field.name not in known)),
    )  # fmt: skip


def _line(words: Sequence[Word], boxes: Sequence[Box]) -> Line:
    left, top = min(x for x, _, _, _ in boxes), min(y for _, y, _, _ in boxes)
    right, bottom = max(x + width for x, _, width, _ in boxes), max(y + height for _, y, _, height in boxes)
    text = " ".join(w.text for w in words)
    return Line(
        left, top, right - left, bottom - top,
        _language(text, "und"), "rtl" if is_right_to_left(text) else "ltr",
    )  # fmt: skip


@lru_cache(4096)
def _language(text: str, otherwise: str) -> str:
    arabic, latin = script_of(text)
    if not arabic and not latin:
        return otherwise
    return "ar" if arabic >= latin else "en"
