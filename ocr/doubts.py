"""Numbers are the keys of an archive, so a number is believed only on evidence; what is not believed is a doubt.

The network is seldom unsure where it is wrong: of number lines in which every digit was at least 90 % sure, 8 in 220
were wrong. So every number is looked at twice more, alone and at other sizes, and weighed by what it claims to be:

- it is not what its label or shape says (`check-failed`), or written as no one writes (`ill-formed`): a doubt,
  however sure;
- its check digit holds: believed, unless hardly legible;
- both other looks say the same other number, or one differs and the reading is not sure (`readings-differ`): a doubt.
  A look does not count that is no number of the kind, where the reading is one;
- otherwise believed when fairly legible, and where its form holds even when less so (`unsure`).

What was read is changed in three cases only, and then it stays a doubt: it fails its check, and all looks that pass it
say the same; no look passes, but it does with commas for points that no number has; or it is ill-formed, and both other
looks say the same well-formed number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.lettering import closed, printed
from ocr.line_reader import HEIGHT, LineReader
from ocr.number_formats import NumberFormats, Verdict
from ocr.numbers import has_digit, ill_formed, regrouped, same_number
from ocr.reading_order import to_logical

# Width and height of the other looks, as shares of the first.
LOOKS = ((1.15, 0.95), (0.9, 0.85))

_MARGIN = 10
_LEGIBLE = 50.0
_FAIR = 70.0
_SURE = 90.0


@dataclass(frozen=True)
class Number:
    """A word with digits as first read: the words before and after it on its line, and its picture, 40 pixels high."""

    text: str
    confidence: float
    before: Sequence[str]
    after: Sequence[str]
    picture: NDArray[np.uint8]


@dataclass(frozen=True)
class Judgement:
    """The number as it should stand, what it is (`date`, `civil-id`, …; None: not known), and why it is in doubt."""

    text: str
    kind: str | None
    doubt: str | None


def judged(numbers: Sequence[Number], reader: LineReader, formats: NumberFormats) -> list[Judgement]:
    """A judgement of each number, after the other looks."""
    glyphs = reader.read([look(n.picture, *size) for n in numbers for size in LOOKS])
    looks = [to_logical(printed(closed(line))).strip() for line in glyphs]
    per = len(LOOKS)
    return [_judged(n, looks[k * per : (k + 1) * per], formats) for k, n in enumerate(numbers)]


def look(picture: NDArray[np.uint8], across: float, down: float) -> NDArray[np.uint8]:
    """The same ink at another size, on more paper."""
    size = (max(8, round(picture.shape[1] * across)), round(HEIGHT * down))
    canvas = np.full((HEIGHT, size[0] + 2 * _MARGIN), int(np.percentile(picture, 90)), np.uint8)
    top = (HEIGHT - size[1]) // 2
    resized = Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR)
    canvas[top : top + size[1], _MARGIN : _MARGIN + size[0]] = np.asarray(resized)
    return canvas


def _judged(number: Number, looks: Sequence[str], formats: NumberFormats) -> Judgement:
    first = formats.verdict(number.text, number.before, number.after)
    others = [formats.verdict(text, number.before, number.after) for text in looks]
    doubt = _doubt(number, first, looks, others)
    better: set[str] = set()
    if doubt == "check-failed":
        better = {text for text, verdict in zip(looks, others, strict=True) if verdict.holds}
        grouped = regrouped(number.text)
        if not better and formats.verdict(grouped, number.before, number.after).holds:
            better = {grouped}
    elif doubt == "ill-formed":
        better = set(looks)
    (text,) = better if len(better) == 1 else {number.text}
    changed = has_digit(text) and " " not in text and not ill_formed(text)
    return Judgement(text if changed else number.text, first.kind, doubt)


def _doubt(number: Number, first: Verdict, looks: Sequence[str], others: Sequence[Verdict]) -> str | None:
    if first.holds is False:
        return "check-failed"
    if ill_formed(number.text):
        return "ill-formed"
    if not first.by_check_digit:
        differing = [
            text for text, other in zip(looks, others, strict=True)
            if not same_number(number.text, text) and not (first.holds and other.holds is False)
        ]  # fmt: skip
        agreed = len(differing) == len(LOOKS) and same_number(*differing)
        if agreed or (differing and number.confidence < _SURE):
            return "readings-differ"
    return "unsure" if number.confidence < (_LEGIBLE if first.holds else _FAIR) else None
