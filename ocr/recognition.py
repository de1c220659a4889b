"""From a prepared page to its words: our own reader first, a second one where it knows better."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from ocr.cells import cell_by_cell
from ocr.columns import rows_in_order
from ocr.cutting import Line, cut
from ocr.doubts import Number, judged
from ocr.engines import Engine, Reading
from ocr.engines.network import NetworkEngine
from ocr.legibility import weighed
from ocr.lettering import boxed
from ocr.line_reader import ILLEGIBLE, LineReader
from ocr.number_formats import STANDARD, NumberFormats
from ocr.numbers import has_digit
from ocr.reading_order import is_right_to_left, script_of
from ocr.shapes import DIGIT_READER, Word
from ocr.spreads import fold_of
from ocr.straight import Prepared, on_page

_SAMPLED = 4
_UNPROVEN = 8
_WORTHLESS = 50.0
_LATIN_PAGE = 0.9
_TRUSTED = 60.0
_UNSURE = 72.0
_LEAD = 8.0
_CONTEXT = 5
_SHAKY_LATIN = 97.0
_CODE = re.compile("[0-9]")
# Pixels of the straightened page beside a word, and the least that is a word, in those of the line's picture.
_ASIDE, _NARROWEST = 3, 8


@dataclass(frozen=True)
class Sample:
    """A taste of a page as it lies: how sure our reader is (0 to 100), the share of Latin among the letters, and what
    was read for it, by the labels of the pieces."""

    confidence: float
    latin: float
    readings: dict[int, list[Reading]]


class Recogniser:
    """Reads pages with our own line reader, and asks a second reader about lines that are its to read.

    Pages of Latin script go to the second reader; single lines only where ours is unsure, and Arabic ones with
    digits never.
    """

    def __init__(
        self, reader: LineReader, second: Engine | None = None, formats: NumberFormats = STANDARD
    ) -> None:
        self._reader = reader
        self._first: Engine = NetworkEngine(reader)
        self._second = second
        self._formats = formats

    @property
    def starts_processes(self) -> bool:
        """Whether reading needs the right to run a program."""
        return self._second is not None and self._second.starts_processes

    def words(self, prepared: Prepared, sample: Sample | None, settled: Collection[int] = ()) -> list[Word]:
        """Words of an upright page in reading order, boxed in its own pixels.

        Pieces in `settled`, by label, stand as the sample read them: no one is asked again.
        """
        lines = cut(prepared)
        words_of: dict[int, list[Word]] = {}
        if sample is not None and sample.latin >= _LATIN_PAGE:
            for line in lines:
                found = self._second_opinion(line, prepared, "eng")
                if confidence_of(found) >= _TRUSTED:
                    words_of[line.piece.label] = found
        readings = dict(sample.readings) if sample else {}
        rest = [x for x in lines if x.piece.label not in words_of and x.piece.label not in readings]
        readings.update(self._readings(rest))
        for line in lines:
            if line.piece.label in words_of:
                continue
            own = [
                boxed(r, line.picture.shape[1], line, prepared.layout.owner, self._first.name)
                for r in readings[line.piece.label]
            ]
            if line.piece.label not in settled:
                own = weighed(self._better(line, own, prepared), line.piece, prepared.layout.text_height)
            words_of[line.piece.label] = own
        rows = _rows(prepared, words_of)
        self._judge([x for x in lines if x.piece.label not in settled], rows, words_of)
        return [
            on_page(replace(word, line=number), prepared.page)
            for number, row in enumerate(rows) for label in row for word in words_of[label]
        ]  # fmt: skip

    def sample(self, prepared: Prepared, pieces: int = _SAMPLED) -> Sample | None:
        """A taste of the page from a few of its longer lines; None when it has no lines."""
        long = sorted(prepared.layout.pieces, key=lambda p: p.left - p.right)[:pieces]
        if not long:
            return None
        readings = self._readings(cut(prepared, long))
        words = [word for line in readings.values() for word in line]
        letters = sum(len(word.text) for word in words)
        arabic, latin = script_of(" ".join(word.text for word in words))
        # A few letters prove little: to what was read, some letters of no worth are added.
        sure = sum(word.confidence * len(word.text) for word in words) + _UNPROVEN * _WORTHLESS
        return Sample(sure / (letters + _UNPROVEN), latin / max(1, arabic + latin), readings)

    def _readings(self, lines: Sequence[Line]) -> dict[int, list[Reading]]:
        """What our own reader makes of each line, by the label of its piece."""
        found = self._first.read([line.picture for line in lines], "ara")
        return {line.piece.label: words for line, words in zip(lines, found, strict=True)}

    def _better(self, line: Line, own: list[Word], prepared: Prepared) -> list[Word]:
        text = " ".join(word.text for word in own)
        arabic, latin = script_of(text)
        if latin >= 3 and latin > 2 * arabic:
            if not any(word.confidence < _SHAKY_LATIN or is_shaky_latin(word) for word in own):
                return own
            other = self._second_opinion(line, prepared, "eng")
            return other if confidence_of(other) >= max(_TRUSTED, confidence_of(own) - 2 * _LEAD) else own
        # What is no print is nobody's to read: Tesseract would make words of a signature.
        if confidence_of(own) < _UNSURE and arabic >= 3 and not has_digit(text) and ILLEGIBLE not in text:
            other = self._second_opinion(line, prepared, "ara")
            return other if confidence_of(other) > confidence_of(own) + _LEAD else own
        return [
            better
            for _, together in groupby(own, key=lambda word: script_of(word.text)[1] >= 2)
            for better in self._better_run(line, list(together))
        ]

    def _better_run(self, line: Line, run: list[Word]) -> list[Word]:
        """Words that stand together, Latin or not, each as the second reader has it where it is Latin and shaky; or all
        as one word where that is what the second reader says: a wide letter looks like the end of a word."""
        if not any(map(is_shaky_latin, run)):
            return run
        if len(run) > 1 and not any(has_digit(word.text) for word in run):
            left, top = min(word.x for word in run), min(word.y for word in run)
            right, bottom = max(w.x + w.width for w in run), max(w.y + w.height for w in run)
            whole = replace(
                run[0], text="".join(word.text for word in run), x=left, y=top, width=right - left,
                height=bottom - top, confidence=_TRUSTED,
            )  # fmt: skip
            told = self._better_latin(line, whole)
            if told is not whole and told.text == whole.text:
                return [told]
        return [self._better_latin(line, word) if is_shaky_latin(word) else word for word in run]

    def _better_latin(self, line: Line, word: Word) -> Word:
        """A Latin word among Arabic ones, as the second reader has it where that one is surer."""
        if self._second is None or "eng" not in self._second.languages:
            return word
        scale = line.detail.shape[1] / (line.right - line.left)
        left = max(0, int((word.x - line.left - _ASIDE) * scale))
        right = int((word.x + word.width - line.left + _ASIDE) * scale)
        if right - left < _NARROWEST:
            return word
        others = self._second.read([line.detail[:, left:right]], "eng")[0]
        text = " ".join(other.text for other in others)
        least = _TRUSTED if has_digit(word.text) else word.confidence
        if confidence_of(others) <= least or script_of(text)[1] < 2:
            return word
        return replace(word, text=text, confidence=round(confidence_of(others), 1), source=self._second.name)

    def _second_opinion(self, line: Line, prepared: Prepared, language: str) -> list[Word]:
        if self._second is None or language not in self._second.languages:
            return []
        readings = self._second.read([line.detail], language)[0]
        width, owner = line.detail.shape[1], prepared.layout.owner
        return [boxed(reading, width, line, owner, self._second.name) for reading in readings]

    def _judge(
        self, lines: Sequence[Line], rows: Sequence[Sequence[int]], words_of: dict[int, list[Word]]
    ) -> None:
        """Says of every number what it is, and whether a person should look at it."""
        line_of = {line.piece.label: line for line in lines}
        places: list[tuple[int, int]] = []
        numbers: list[Number] = []
        for row in rows:
            here = [(label, k) for label in row for k in range(len(words_of[label]))]
            texts = [words_of[label][k].text for label, k in here]
            for i, (label, k) in enumerate(here):
                if label in line_of and has_digit(texts[i]):
                    word = words_of[label][k]
                    before, after = texts[max(0, i - _CONTEXT) : i], texts[i + 1 : i + 1 + _CONTEXT]
                    places.append((label, k))
                    alone = partial(
                        line_of[label].alone, word.x, word.y, word.x + word.width, word.y + word.height
                    )
                    numbers.append(Number(word.text, word.confidence, before, after, alone))
        for (label, k), told in zip(places, judged(numbers, self._reader, self._formats), strict=True):
            word = words_of[label][k]
            words_of[label][k] = replace(
                word, text=told.text, doubt=told.doubt is not None, number_kind=told.kind, doubt_reason=told.doubt,
                source=word.source if told.text == word.text else DIGIT_READER,
            )  # fmt: skip


def _rows(prepared: Prepared, words_of: dict[int, list[Word]]) -> list[list[int]]:
    """Labels of the pieces that have words, row by row in reading order."""
    texts = {
        piece: " ".join(word.text for word in words_of[piece.label])
        for piece in prepared.layout.pieces if words_of.get(piece.label)
    }  # fmt: skip
    rules = prepared.page.rules.level if prepared.page.rules else None
    fold = fold_of(list(texts), prepared.page.ink.shape[::-1], rules)
    pages = [texts]
    if fold is not None:
        left = {piece: text for piece, text in texts.items() if piece.left < fold}
        right = {piece: text for piece, text in texts.items() if piece.left >= fold}
        pages = [right, left] if is_right_to_left(" ".join(texts.values())) else [left, right]
    rows = [row for page in pages for row in rows_in_order(page)]
    if prepared.page.rules is not None:
        rows = cell_by_cell(rows, texts, prepared.page.rules)
    return [[piece.label for piece in row] for row in rows]


def is_shaky_latin(word: Word | Reading) -> bool:
    """Whether it is a Latin word, in part at least, that our reader is not sure of: Arabic is what it was taught.

    No codes: their digits are judged by themselves. But no word of Latin letters has an Arabic-Indic digit.
    """
    latin = script_of(word.text)[1] >= 2 and not _CODE.search(word.text)
    return latin and (word.confidence < _SHAKY_LATIN or has_digit(word.text))


def confidence_of(words: Sequence[Word | Reading]) -> float:
    """The mean confidence of their letters, 0 to 100; 0 of no words."""
    letters = sum(len(w.text) for w in words)
    return sum(w.confidence * len(w.text) for w in words) / letters if letters else 0.0
