"""Numbers are the keys of an archive, so a number is believed only on evidence; what is not believed is a doubt.

A line's picture has 40 rows for all that rises above its digits and hangs below them. So every number is looked at
again, cut from the page alone and as large as the network can take it, and where that look differs, once more at
another size. On 192 damaged pages two such looks that agreed were right 60 times and wrong 7 times where the line had
been read otherwise. A number is weighed by what it claims to be as well:

- it is not what its label or shape says (`check-failed`), or written as no one writes (`ill-formed`): a doubt,
  however sure;
- its check digit holds: believed, unless hardly legible;
- both looks differ from the reading, or one does and the reading is not sure (`readings-differ`): a doubt;
- otherwise believed when fairly legible, and where its form holds even when less so (`unsure`).

What was read is changed in four cases only, and then it stays in doubt: it fails its check, and all looks that pass it
say the same; it is right with commas for points that no number has; without one of its marks it is a civil ID, or an
ill-formed one a date; or both looks say the same other number. A look does not count that fails as what the reading
is, nothing that holds is changed into what does not, and nothing into what no one writes.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.lettering import closed, printed
from ocr.line_reader import LineReader
from ocr.number_formats import NumberFormats, Verdict
from ocr.numbers import bare, has_digit, ill_formed, regrouped, same_number, with_a_mark_less
from ocr.reading_order import to_logical

# Of the height of its picture, what a number's ink fills in the one look and in the other.
LOOKS = (0.65, 0.85)

_LEGIBLE = 50.0
_FAIR = 70.0
_SURE = 95.0


@dataclass(frozen=True)
class Number:
    """A word with digits as first read, and the words before and after it on its line. `picture` shows it alone, 40
    pixels high, its ink filling the given share of them."""

    text: str
    confidence: float
    before: Sequence[str]
    after: Sequence[str]
    picture: Callable[[float], NDArray[np.uint8]]


@dataclass(frozen=True)
class Judgement:
    """The number as it should stand, what it is (`date`, `civil-id`, …; None: not known), and why it is in doubt."""

    text: str
    kind: str | None
    doubt: str | None


def judged(numbers: Sequence[Number], reader: LineReader, formats: NumberFormats) -> list[Judgement]:
    """A judgement of each number, after a look at it, and another where that differs."""
    looks: list[list[str]] = [[] for _ in numbers]
    asked = list(range(len(numbers)))
    for share in LOOKS:
        seen = reader.read([numbers[k].picture(share) for k in asked])
        for k, glyphs in zip(asked, seen, strict=True):
            looks[k].append(to_logical(printed(closed(glyphs))).strip())
        asked = [k for k in asked if bare(looks[k][-1]) != bare(numbers[k].text)]
    return [_judged(number, seen, formats) for number, seen in zip(numbers, looks, strict=True)]


def _judged(number: Number, looks: Sequence[str], formats: NumberFormats) -> Judgement:
    def told(text: str) -> Verdict:
        return formats.verdict(text, number.before, number.after)

    first, read = told(number.text), bare(number.text)
    counted = [look for look in looks if not (first.holds and told(look).holds is False)]
    doubt = _doubt(number, first, counted)
    better = {bare(text) for text in _better(number.text, looks, counted, told)}
    (text,) = better if len(better) == 1 else {read}
    changed = number.text.replace(read, text)
    verdict = told(changed)
    ill = ill_formed(text) or ill_formed(changed)
    if text == read or not has_digit(text) or " " in text or ill or (first.holds and not verdict.holds):
        return Judgement(number.text, first.kind, doubt)
    return Judgement(changed, verdict.kind, doubt or "readings-differ")


def _better(
    text: str, looks: Sequence[str], counted: Sequence[str], told: Callable[[str], Verdict]
) -> Collection[str]:
    """What may stand in place of what was read, by the strongest evidence there is; where it disagrees, nothing may."""
    failed, ill = told(text).holds is False, ill_formed(text)
    if failed and (right := {look for look in looks if told(look).holds}):
        return right
    commas = regrouped(text)
    if (failed and told(commas).holds) or (ill and not ill_formed(commas)):
        return {commas}
    for less in with_a_mark_less(text):
        verdict = told(less)
        if verdict.by_check_digit or (ill and verdict.kind == "date" and verdict.holds):
            return {less}
    return counted if len(counted) == len(LOOKS) else ()


def _doubt(number: Number, first: Verdict, looks: Sequence[str]) -> str | None:
    if first.holds is False:
        return "check-failed"
    if ill_formed(number.text):
        return "ill-formed"
    if not first.by_check_digit:
        differing = [look for look in looks if not same_number(number.text, look)]
        if len(differing) == len(LOOKS) or (differing and number.confidence < _SURE):
            return "readings-differ"
    return "unsure" if number.confidence < (_LEGIBLE if first.holds else _FAIR) else None
