"""Which kind of number a word is, told by the label before it, the unit after it or its shape, and whether it is one.

The formats are data: `number-formats.json` beside this file holds what is true of any paper from Kuwait, and a
municipality adds its own (a file of the same form, named by the profile):

kind      what the number is called: `date`, `civil-id`, `parcel`, …
labels    words that stand before it
units     words that stand after it
shape     a regular expression: what looks like this is meant as one of the kind, with no label
pattern   a regular expression: what it must be
check     what it must be beside that, by name (`number_checks`)

Expressions are matched against the whole number in ASCII. Formats of one kind are alternatives.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr.accuracy import folded
from ocr.number_checks import CHECK_DIGITS, CHECKS
from ocr.numbers import has_digit, number_in

_PUNCTUATION = " :.,،؛-_/()[]"
_LONGEST_LABEL = 4


@dataclass(frozen=True)
class Verdict:
    """What a number is (None: nothing that is known) and whether it is a right one (None: it cannot be told)."""

    kind: str | None = None
    holds: bool | None = None
    by_check_digit: bool = False


@dataclass(frozen=True)
class _Format:
    kind: str
    shape: re.Pattern[str] | None
    pattern: re.Pattern[str] | None
    check: str | None

    def holds(self, text: str) -> bool:
        return (self.pattern is None or bool(self.pattern.fullmatch(text))) and (
            self.check is None or CHECKS[self.check](text)
        )


@dataclass
class NumberFormatsRefused(Exception):
    """A file that does not say how numbers look, and what is wrong with it."""

    file: str
    fault: str


class NumberFormats:
    """Formats in the order in which their shapes are tried. Raises ValueError, KeyError or re.error for wrong data."""

    def __init__(self, formats: Iterable[dict[str, Any]]) -> None:
        self._formats: list[_Format] = []
        self._labels: dict[str, str] = {}
        self._units: dict[str, str] = {}
        for told in formats:
            kind, check = told["kind"], told.get("check")
            if check is not None and check not in CHECKS:
                raise ValueError(f"no check is called {check!r}")
            if check or "pattern" in told:
                self._formats.append(
                    _Format(kind, _compiled(told, "shape"), _compiled(told, "pattern"), check)
                )
            for label in told.get("labels", ()):
                self._labels.setdefault(_plain(label), kind)
            for unit in told.get("units", ()):
                self._units.setdefault(_plain(unit), kind)

    def verdict(self, word: str, before: Sequence[str], after: Sequence[str]) -> Verdict:
        """What the number in `word` is, given the words before and after it in reading order.

        A number in several groups (`5000 0177`, `3 / 2004`) is named but not judged.
        """
        text = number_in(word)
        shaped = next((f.kind for f in self._formats if f.shape and f.shape.fullmatch(text)), None)
        kind = self._labelled(before) or self._measured(word, after) or shaped
        if kind is None:
            return Verdict()
        for format_ in self._formats:
            if format_.kind == kind and format_.holds(text):
                return Verdict(kind, True, format_.check in CHECK_DIGITS)
        in_groups = any(has_digit(w) or not _plain(w) for w in (*before[-1:], *after[:1]))
        return Verdict(kind, None if in_groups and kind != shaped else False)

    def _labelled(self, before: Sequence[str]) -> str | None:
        words = [plain for w in before[-_LONGEST_LABEL - 1 :] if (plain := _plain(w))]
        for length in range(_LONGEST_LABEL, 0, -1):
            kind = self._labels.get(" ".join(words[-length:]))
            if kind and len(words) >= length:
                return kind
        return None

    def _measured(self, word: str, after: Sequence[str]) -> str | None:
        glued = _plain(re.sub(r"[\d٫٬]", "", word))
        return self._units.get(glued) or (self._units.get(_plain(after[0])) if after else None)


def number_formats(file: str | None) -> NumberFormats:
    """A municipality's formats, and the standard ones of kinds it does not define itself; labels and units of both.

    Raises NumberFormatsRefused.
    """
    standard = json.loads(Path(__file__).with_name("number-formats.json").read_text("utf-8"))
    if file is None:
        return NumberFormats(standard)
    try:
        own = json.loads(Path(file).read_text("utf-8"))
        defined = {told["kind"] for told in own}
        return NumberFormats(
            [*own, *(_words_only(told) if told["kind"] in defined else told for told in standard)]
        )
    except OSError as error:
        raise NumberFormatsRefused(file, error.strerror or str(error)) from error
    except KeyError as error:
        raise NumberFormatsRefused(file, f"a format has no {error}") from error
    except re.error as error:
        raise NumberFormatsRefused(file, f"{error.pattern!r} is no expression: {error}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NumberFormatsRefused(file, f"is no JSON: {error}") from error
    except ValueError as error:
        raise NumberFormatsRefused(file, str(error)) from error
    except (TypeError, AttributeError) as error:
        raise NumberFormatsRefused(file, "has not the form of ocr/number-formats.json") from error


def _compiled(told: dict[str, Any], name: str) -> re.Pattern[str] | None:
    return re.compile(told[name]) if name in told else None


def _plain(text: str) -> str:
    return " ".join(folded(text).lower().replace(":", " ").split()).strip(_PUNCTUATION)


def _words_only(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("kind", "labels", "units") if name in told}


STANDARD = number_formats(None)
