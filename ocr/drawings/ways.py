"""Reads each piece of text of a sheet the way that reads it best: larger or smaller, upwards or downwards."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from PIL import Image

from ocr.components import Components
from ocr.drawings.gathering import MANY, Gathered, Way, gathered, line_height
from ocr.drawings.pieces import PieceOfText
from ocr.engines import Reading
from ocr.numbers import has_digit
from ocr.recognition import Recogniser, Sample, confidence_of, is_shaky_latin
from ocr.shapes import Word

_LONE_LETTER = 88.0
_READ_WELL = 85.0
_SURE = 95.0
# Heights of a line in heights of its usual letter: figures read best with room around them, words with little; what is
# read well in neither is tried smaller. Heights as much alike as this are one.
ROOMY, _TIGHT, _LOOSE = 1.35, 1.0, 1.7
_ALIKE = 0.01
# 4.60, 4.60 x 3.20, +0.15, R 12.5: numbers that only say how long something is.
_DIMENSION = re.compile(
    r"(?:[+\-±RØø]? ?[\d٠-٩]+(?:[.,٫][\d٠-٩]+)?)(?: ?[xX×*] ?[\d٠-٩]+(?:[.,٫][\d٠-٩]+)?)*"
)


def best_read(
    grey: Image.Image, parts: Components, found: Sequence[PieceOfText], recogniser: Recogniser
) -> list[list[Word]]:
    """The words of each piece, read the way that reads best; other ways are tried where the first is not sure."""
    rounds: list[tuple[Gathered, Sample]] = []
    best: dict[int, tuple[float, int, int]] = {}
    sure: set[int] = set()
    pieces = list(found)
    for ways_of in (first_way, other_ways):
        ways = [way for piece in pieces for way in ways_of(piece, parts)]
        page = gathered(grey, parts, ways)
        sample = recogniser.sample(page.prepared, len(ways))
        if sample is None:
            continue
        for label, way in enumerate(ways):
            readings = sample.readings.get(label, [])
            right = likely_right(readings)
            if readings and right > best.get(id(way.piece), (-inf,))[0]:
                best[id(way.piece)] = (right, len(rounds), label)
                if confidence_of(readings) >= _SURE:
                    sure.add(id(way.piece))
        rounds.append((page, sample))
        pieces = [p for p in pieces if id(p) not in sure]
    return _looked_up(found, rounds, best, recogniser)


def likely_right(readings: Sequence[Reading]) -> float:
    """How many letters are likely right, less those that are likely wrong: what is sure of one letter only has left
    out others, and what has more letters may have one twice."""
    return sum((2 * r.confidence / 100 - 1) * len(r.text) for r in readings)


def first_way(piece: PieceOfText, _: Components) -> list[Way]:
    """Upright text mostly runs upwards."""
    return [Way(piece, 90 if piece.is_upright else 0, ROOMY)]


def other_ways(piece: PieceOfText, parts: Components) -> list[Way]:
    """Larger or smaller. What is upright may run downwards, or be one tall letter. Long lines have a height of their
    own, not a way's."""
    (first,) = first_way(piece, parts)
    height = line_height(parts, first)
    ways = [replace(first, room=room) for room in (_TIGHT, _LOOSE)]
    ways = [way for way in ways if abs(line_height(parts, way) - height) > _ALIKE * height]
    if not piece.is_upright:
        return ways if len(piece.members) < MANY else []
    ways.append(Way(piece, 270, ROOMY))
    is_short = piece.bottom - piece.top < 2.2 * (piece.right - piece.left)
    return [*ways, Way(piece, 0, ROOMY)] if is_short else ways


def _looked_up(
    pieces: Sequence[PieceOfText],
    rounds: Sequence[tuple[Gathered, Sample]],
    best: dict[int, tuple[float, int, int]],
    recogniser: Recogniser,
) -> list[list[Word]]:
    """The words of each piece, by the round and label of its best reading."""
    words_of: list[list[list[Word]]] = []
    for number, (page, sample) in enumerate(rounds):
        chosen = {label for _, at, label in best.values() if at == number}
        # What is read better otherwise is as good as empty, and no more is asked about it.
        readings = {label: r if label in chosen else [] for label, r in sample.readings.items()}
        settled = frozenset(label for label, r in readings.items() if not r or _is_settled(r))
        words = recogniser.words(page.prepared, replace(sample, readings=readings, latin=0.0), settled)
        words_of.append(page.returned(words))
    return [
        _clear(words_of[best[id(p)][1]][best[id(p)][2]]) if id(p) in best else [] for p in pieces
    ]  # fmt: skip


def _is_settled(readings: Sequence[Reading]) -> bool:
    """Whether the piece is a dimension, or a name read well: a sheet has hundreds, each of little weight."""
    text = " ".join(r.text for r in readings)
    if any(map(is_shaky_latin, readings)):
        return False
    return bool(_DIMENSION.fullmatch(text)) or (not has_digit(text) and confidence_of(readings) >= _READ_WELL)


def _clear(words: list[Word]) -> list[Word]:
    if len(words) == 1 and len(words[0].text) == 1 and words[0].confidence < _LONE_LETTER:
        return []
    return words
