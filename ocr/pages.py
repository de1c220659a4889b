"""Reads one page of an opened file to its end: words and a state, or a refusal with its reason."""

from collections.abc import Sequence
from dataclasses import replace

from ocr.drawings.sheets import Look, drawing_in, read_sheet
from ocr.formats import Source
from ocr.formats.sheet import Lettered, Picture
from ocr.orientation import upright
from ocr.placing import placed
from ocr.preview import preview_of
from ocr.recognition import Recogniser
from ocr.shapes import READ, READ_WITH_DOUBTS, REFUSED, Limits, Page, PageRefused, Word
from ocr.straight import prepared

_LEGIBLE = 45.0
# Over all that is found, printed pages had a mean of 89 and more, noise and scribbles of 49 and less.
_WRITING = 60.0
_SURE = 70.0


def read_page(source: Source, number: int, recogniser: Recogniser, limits: Limits) -> Page:
    """The page in one of its three states. Raises SourceRefused where the whole file proves unreadable."""
    try:
        sheet = source.page(number)
        if isinstance(sheet, Lettered):
            return _lettered(sheet, number, recogniser, limits)
        drawing = drawing_in(sheet.image, sheet.reading_dpi)
        if drawing is not None:
            return _drawing(drawing, sheet, number, recogniser, limits)
        return _read(sheet, number, recogniser, limits)
    except PageRefused as refusal:
        return Page(number, REFUSED, refusal.reason)


def _lettered(sheet: Lettered, number: int, recogniser: Recogniser, limits: Limits) -> Page:
    found = _inset(sheet, sheet.inset, recogniser) if sheet.inset else []
    state, reason = _judged(found, tuple(found)) if found else (READ, None)
    page = Page(
        number,
        state,
        reason,
        sheet.width,
        sheet.height,
        sheet.dpi,
        sheet.rotation,
        preview=preview_of(sheet.draw()),
        fields=sheet.fields,
    )
    return placed(page, _woven(sheet.words, found)[: limits.words_per_page] if found else sheet.words)


def _inset(sheet: Lettered, inset: Picture, recogniser: Recogniser) -> list[Word]:
    """Words that are read in the pictures of a page with text. Lines that can hardly be read are no text."""
    lines: dict[int, list[Word]] = {}
    for word in recogniser.words(prepared(inset.image, inset.reading_dpi), None):
        lines.setdefault(word.line, []).append(word)
    scale = sheet.width / inset.image.width
    return [
        replace(
            w, x=int(w.x * scale), y=int(w.y * scale), width=max(1, round(w.width * scale)),
            height=max(1, round(w.height * scale)),
        )
        for line in lines.values() if sum(w.confidence for w in line) >= _SURE * len(line)
        for w in line
    ]  # fmt: skip


def _woven(known: Sequence[Word], read: Sequence[Word]) -> list[Word]:
    """Words of both in lines from the top."""
    lines: dict[tuple[bool, int], list[Word]] = {}
    for word in known:
        lines.setdefault((False, word.line), []).append(word)
    for word in read:
        lines.setdefault((True, word.line), []).append(word)
    ordered = sorted(lines.values(), key=lambda line: min(w.y for w in line))
    return [replace(word, line=number) for number, line in enumerate(ordered) for word in line]


def _read(sheet: Picture, number: int, recogniser: Recogniser, limits: Limits) -> Page:
    page = upright(sheet.image, sheet.reading_dpi, recogniser)
    found = recogniser.words(page.prepared, page.sample)
    words = _legible(found)[: limits.words_per_page]
    state, reason = _judged(found, words)
    if not page.prepared.layout.is_writing:
        state, reason = REFUSED, "nothing-legible"
    if page.mirrored and words:
        state, reason = READ_WITH_DOUBTS, "page-mirrored"
        words = tuple(replace(w, x=page.image.width - w.x - w.width) for w in words)
    read = Page(
        number, state, reason, page.image.width, page.image.height, sheet.dpi,
        (sheet.rotation + page.turned) % 360, round(page.prepared.page.angle, 2), preview=preview_of(page.image),
    )  # fmt: skip
    return placed(read, words)


def _drawing(look: Look, sheet: Picture, number: int, recogniser: Recogniser, limits: Limits) -> Page:
    """A large sheet, or one of strokes. What is hardly legible there is mostly no text, so it is no loss either."""
    read = read_sheet(look, recogniser)
    words = tuple(w for w in read.words if w.confidence >= _LEGIBLE)[: limits.words_per_page]
    state, reason = _judged(list(words), words)
    page = Page(
        number, state, reason, read.image.width, read.image.height, sheet.dpi,
        (sheet.rotation + read.turned) % 360, round(read.skew, 2), preview=preview_of(read.image),
    )  # fmt: skip
    return placed(page, words)


def _legible(found: Sequence[Word]) -> tuple[Word, ...]:
    """What can be believed of what was found: nothing at all where most of it cannot, for that is no writing."""
    letters = sum(len(w.text) for w in found)
    if sum(w.confidence * len(w.text) for w in found) < _WRITING * letters:
        return ()
    return tuple(w for w in found if w.confidence >= _LEGIBLE)


def _judged(found: list[Word], words: tuple[Word, ...]) -> tuple[str, str | None]:
    """The state: much that looks like writing and none of it legible is a refusal; shaky numbers are doubts."""
    if not words:
        return (REFUSED, "nothing-legible") if len(found) >= 3 else (READ, None)
    letters = sum(len(w.text) for w in words)
    mean = sum(w.confidence * len(w.text) for w in words) / letters
    lost = sum(len(w.text) for w in found) - letters
    if any(w.doubt for w in words):
        return READ_WITH_DOUBTS, "number-in-doubt"
    if mean < _SURE or lost > letters:
        return READ_WITH_DOUBTS, "poorly-legible"
    return READ, None
