"""Reads a large sheet: its text is found among the lines of the drawing, gathered, read, and put back in its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from PIL import Image

from ocr.components import Components, components_of
from ocr.drawings.blocks import in_order
from ocr.drawings.gathering import MANY, Gathered, Way, gathered, line_height
from ocr.drawings.paper import is_drawn_on, is_large, shrinking
from ocr.drawings.pieces import PieceOfText, pieces_of
from ocr.drawings.sizes import Sizes, could_be_written
from ocr.engines import Reading
from ocr.levelling import as_it_lay, levelled, skew_of
from ocr.numbers import has_digit
from ocr.preparation import even, grey_of, ink_of
from ocr.recognition import Recogniser, Sample, is_shaky_latin
from ocr.shapes import Word

# Below this the longest line of a note still keeps within its height.
_SKEWED = 0.2
_MOST_PIECES = 4000
_SAMPLED = 10
_CERTAIN = 80.0
_LEAD = 1.3
_MOSTLY = 0.6
_CLEARLY = 2.0
# Paper without shadows: that much of a sheet is as good as white.
_WHITE, _CLEAN = 250, 0.75
_LONE_LETTER = 88.0
_READ_WELL = 85.0
_SURE = 95.0
# Heights of a line in heights of its usual letter: figures read best with room around them, words with little; what is
# read well in neither is tried smaller. Heights as much alike as this are one.
_ROOMY, _TIGHT, _LOOSE = 1.35, 1.0, 1.7
_ALIKE = 0.01
# 4.60, 4.60 x 3.20, +0.15, R 12.5: numbers that only say how long something is.
_DIMENSION = re.compile(
    r"(?:[+\-±RØø]? ?[\d٠-٩]+(?:[.,٫][\d٠-٩]+)?)(?: ?[xX×*] ?[\d٠-٩]+(?:[.,٫][\d٠-٩]+)?)*"
)
_TRANSPOSED = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Sheet:
    """The sheet the right way up, the degrees clockwise it was turned, its skew, and its words on it."""

    image: Image.Image
    turned: int
    skew: float
    words: tuple[Word, ...]


@dataclass(frozen=True)
class _Found:
    """A sheet as it lies, level, at the scale of reading, and its pieces of text."""

    grey: Image.Image
    skew: float
    parts: Components
    pieces: list[PieceOfText]
    sizes: Sizes


def is_drawing(image: Image.Image, dpi: int) -> bool:
    """Whether a page is to be read as a drawing: all of A2 and above, and what has mostly strokes on it from A3 on."""
    if not is_drawn_on(image.size, dpi) or is_large(image.size, dpi):
        return is_large(image.size, dpi)
    grey, sizes = _shrunk(image, dpi)
    parts = components_of(ink_of(grey))
    strokes = parts.area[~could_be_written(parts, sizes)].sum()
    return bool(strokes > _MOSTLY * parts.area.sum())


def read_sheet(image: Image.Image, dpi: int, recogniser: Recogniser) -> Sheet:
    """Words of a sheet, whichever way it lies and its texts run. What is hardly lettering is left out."""
    found = _found(image, dpi)
    turn = _turn_of(found, recogniser)
    if turn:
        image = image.transpose(_TRANSPOSED[turn])
        found = _found(image, dpi)
    in_place = in_order(found.pieces, _read(found, recogniser), found.sizes)
    words = [_on_sheet(word, found, image.size) for word in in_place]
    return Sheet(image, turn, found.skew, tuple(words))


def _found(image: Image.Image, dpi: int) -> _Found:
    grey, sizes = _shrunk(image, dpi)
    ink = ink_of(grey)
    skew = skew_of(ink)
    if abs(skew) >= _SKEWED:
        grey = Image.fromarray(levelled(np.asarray(grey), skew, 255))
        ink = ink_of(grey)
    else:
        skew = 0.0
    parts = components_of(ink)
    del ink  # a byte for each pixel of the sheet, which would else be held beside all that follows
    pieces, parts = pieces_of(parts, sizes)
    pieces = sorted(pieces, key=lambda p: -len(p.members))[:_MOST_PIECES]
    return _Found(grey, skew, parts, pieces, sizes)


def _shrunk(image: Image.Image, dpi: int) -> tuple[Image.Image, Sizes]:
    """The page in grey at the scale of reading, evenly lit, and the sizes of lettering there."""
    factor = shrinking(dpi)
    grey = grey_of(image)
    grey = grey.reduce(factor) if factor > 1 else grey
    histogram = grey.histogram()
    is_clean = sum(histogram[_WHITE:]) > _CLEAN * sum(histogram)
    return grey if is_clean else even(grey), Sizes.at(dpi / factor)


def _turn_of(found: _Found, recogniser: Recogniser) -> int:
    """The degrees clockwise that turn the sheet upright: those at which most of its longer texts can be read."""
    words = sorted((p for p in found.pieces if len(p.members) >= 3), key=lambda p: -p.length)
    sides = {is_upright: [p for p in words if p.is_upright == is_upright] for is_upright in (False, True)}
    score = {}
    for turn in (0, 180, 90, 270):
        side = sides[turn in (90, 270)]
        chosen = side[:_SAMPLED]
        page = gathered(found.grey, found.parts, [Way(p, turn, _ROOMY) for p in chosen])
        taste = recogniser.sample(page.prepared, len(chosen))
        readings = [r for line in taste.readings.values() for r in line] if taste else []
        score[turn] = sum(len(r.text) for r in readings if r.confidence >= _CERTAIN)
        most = sum(p.length for p in side) > _CLEARLY * sum(p.length for p in sides[turn in (0, 180)])
        if most and score[turn] > _MOSTLY * sum(len(r.text) for r in readings):
            return turn
    best = max(score, key=lambda turn: score[turn])
    return best if score[best] > _LEAD * score[0] else 0


def _read(found: _Found, recogniser: Recogniser) -> list[list[Word]]:
    """The words of each piece, read the way that reads best; other ways are tried where the first is not sure."""
    rounds: list[tuple[Gathered, Sample]] = []
    best: dict[int, tuple[float, int, int]] = {}
    sure: set[int] = set()
    pieces = found.pieces
    for ways_of in (first_way, other_ways):
        ways = [way for piece in pieces for way in ways_of(piece, found.parts)]
        page = gathered(found.grey, found.parts, ways)
        sample = recogniser.sample(page.prepared, len(ways))
        if sample is None:
            continue
        for label, way in enumerate(ways):
            readings = sample.readings.get(label, [])
            right = likely_right(readings)
            if readings and right > best.get(id(way.piece), (-inf,))[0]:
                best[id(way.piece)] = (right, len(rounds), label)
                if _mean(readings) >= _SURE:
                    sure.add(id(way.piece))
        rounds.append((page, sample))
        pieces = [p for p in pieces if id(p) not in sure]
    return _looked_up(found.pieces, rounds, best, recogniser)


def likely_right(readings: Sequence[Reading]) -> float:
    """How many letters are likely right, less those that are likely wrong: what is sure of one letter only has left
    out others, and what has more letters may have one twice."""
    return sum((2 * r.confidence / 100 - 1) * len(r.text) for r in readings)


def first_way(piece: PieceOfText, _: Components) -> list[Way]:
    """Upright text mostly runs upwards."""
    return [Way(piece, 90 if piece.is_upright else 0, _ROOMY)]


def other_ways(piece: PieceOfText, parts: Components) -> list[Way]:
    """Larger or smaller. What is upright may run downwards, or be one tall letter. Long lines have a height of their
    own, not a way's."""
    (first,) = first_way(piece, parts)
    height = line_height(parts, first)
    ways = [replace(first, room=room) for room in (_TIGHT, _LOOSE)]
    ways = [way for way in ways if abs(line_height(parts, way) - height) > _ALIKE * height]
    if not piece.is_upright:
        return ways if len(piece.members) < MANY else []
    ways.append(Way(piece, 270, _ROOMY))
    is_short = piece.bottom - piece.top < 2.2 * (piece.right - piece.left)
    return [*ways, Way(piece, 0, _ROOMY)] if is_short else ways


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
    return bool(_DIMENSION.fullmatch(text)) or (not has_digit(text) and _mean(readings) >= _READ_WELL)


def _mean(words: Sequence[Word | Reading]) -> float:
    letters = sum(len(w.text) for w in words)
    return sum(w.confidence * len(w.text) for w in words) / letters if letters else 0.0


def _clear(words: list[Word]) -> list[Word]:
    if len(words) == 1 and len(words[0].text) == 1 and words[0].confidence < _LONE_LETTER:
        return []
    return words


def _on_sheet(word: Word, found: _Found, size: tuple[int, int]) -> Word:
    """The word's box from the levelled page of reading to the sheet of `size` pixels."""
    corners = np.array(
        [(x, y) for x in (word.x, word.x + word.width) for y in (word.y, word.y + word.height)], float
    )
    corners = as_it_lay(corners, found.grey.size, found.skew) * np.array(size) / np.array(found.grey.size)
    left, top = np.clip(np.floor(corners.min(0)), 0, np.array(size) - 1).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(0)), 1, size).astype(int)
    return replace(
        word, x=int(left), y=int(top), width=max(1, int(right - left)), height=max(1, int(bottom - top))
    )
