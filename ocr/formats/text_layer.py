"""Words from the letters of a born-digital page, by where they stand and not by the order they are stored in.

Standing letters have one order, left to right, whatever the program that wrote the file thought of Arabic; so text
that is stored backwards comes out right as well.
"""

import unicodedata
from dataclasses import dataclass
from statistics import median

from ocr.reading_order import is_right_to_left, mirror, mirrored_positions, reading_order, reads_backwards
from ocr.shapes import TEXT_LAYER, Word

_WORD_GAP = 0.14
_CELL_GAP = 1.6
_OPENING, _CLOSING = "([{«", ")]}»"


@dataclass(frozen=True)
class Letter:
    """One character and its box, points from the top left; `level` when its line runs level."""

    character: str
    left: float
    top: float
    right: float
    bottom: float
    level: bool


@dataclass
class Unit:
    """Letters of one glyph (a ligature has several), in logical order."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of_letters(letters: list[Letter], scale: float) -> list[Word]:
    """Words in reading order; boxes multiplied by `scale`."""
    units = _units([x for x in letters if x.level])
    rows = [_cells(row) for row in _rows(units)]
    words = _words_of_rows(rows, scale, backwards=False)
    if reads_backwards(word.text for word in words):
        words = _words_of_rows(rows, scale, backwards=True)
    return words + _steep_words([x for x in letters if not x.level], len(rows), scale)


def _words_of_rows(rows: list[list[list[Unit]]], scale: float, backwards: bool) -> list[Word]:
    words: list[Word] = []
    for number, cells in enumerate(rows):
        leftward = is_right_to_left("".join(u.text[0] for cell in cells for u in cell)) and not backwards
        for cell in reversed(cells) if leftward else cells:
            words += _words(cell, number, scale, backwards)
    return words


def _units(letters: list[Letter]) -> list[Unit]:
    units: list[Unit] = []
    place: tuple[float, float] | None = None
    for letter in letters:
        text = "".join(
            c for c in unicodedata.normalize("NFKC", letter.character)
            if unicodedata.category(c) not in ("Mn", "Cf", "Cc", "Co") and c not in "\u0640\ufffd"
        )  # fmt: skip
        if letter.character.isspace():
            place = None
            continue
        if not text.strip():
            continue
        here = (letter.left, letter.right)
        if units and place == here and abs(units[-1].top - letter.top) < 0.01:
            units[-1].text += text.strip()
            continue
        place = here
        units.append(Unit(text.strip(), letter.left, letter.top, letter.right, letter.bottom))
    return units


def _rows(units: list[Unit]) -> list[list[Unit]]:
    """Units that share most of their height, rows from the top. Dots and marks come to rows that others have made."""
    usual = median([u.bottom - u.top for u in units]) if units else 0.0
    rows: list[tuple[float, float, list[Unit]]] = []
    for unit in sorted(units, key=lambda u: (u.bottom - u.top < 0.5 * usual, u.top + u.bottom)):
        middle = (unit.top + unit.bottom) / 2
        near = rows if unit.bottom - unit.top < 0.5 * usual else rows[-8:]
        for top, bottom, row in reversed(near):
            shared = min(bottom, unit.bottom) - max(top, unit.top)
            if shared > 0.6 * min(bottom - top, unit.bottom - unit.top) and top <= middle <= bottom:
                row.append(unit)
                break
        else:
            rows.append((unit.top, unit.bottom, [unit]))
    return [row for _, _, row in sorted(rows, key=lambda r: r[0] + r[1])]


def _cells(row: list[Unit]) -> list[list[Unit]]:
    cells: list[list[Unit]] = []
    reach = float("-inf")
    for unit in _once(sorted(row, key=lambda u: (u.left + u.right) / 2)):
        if not cells or unit.left - reach > _CELL_GAP * (unit.bottom - unit.top):
            cells.append([])
        cells[-1].append(unit)
        reach = max(reach, unit.right)
    return cells


def _once(row: list[Unit]) -> list[Unit]:
    """The row without letters that stand inside the same letter: some typefaces draw dots as glyphs of their own."""
    return [
        unit for i, unit in enumerate(row)
        if not any(_within(unit, other) for other in (*row[max(0, i - 3) : i], *row[i + 1 : i + 4]))
    ]  # fmt: skip


def _within(dot: Unit, body: Unit) -> bool:
    shared = min(dot.right, body.right) - max(dot.left, body.left)
    narrower = dot.right - dot.left < body.right - body.left
    return dot.text == body.text and narrower and shared > 0 and shared >= 0.5 * (dot.right - dot.left)


def _words(cell: list[Unit], line: int, scale: float, backwards: bool) -> list[Word]:
    spaced: list[Unit | None] = []
    reach = None
    for letter in cell:
        if reach is not None and letter.left - reach > _WORD_GAP * (letter.bottom - letter.top):
            spaced.append(None)
        spaced.append(letter)
        reach = letter.right if reach is None else max(reach, letter.right)
    visual = "".join(u.text[0] if u else " " for u in spaced)
    mirrored = _mirrored(visual)
    order = list(range(len(visual))) if backwards else reading_order(visual)
    words: list[Word] = []
    waiting: list[int] = []
    for i in [*order, -1]:
        unit = spaced[i] if i >= 0 else None
        if unit is not None:
            waiting.append(i)
        elif waiting:
            members = [u for k in waiting if (u := spaced[k])]
            text = "".join(mirror(u.text) if k in mirrored else u.text for k in waiting if (u := spaced[k]))
            words.append(_word(text, members, line, scale))
            waiting = []
    return words


def _mirrored(visual: str) -> set[int]:
    """Brackets to turn. Most files store what was typed; those that store the shape are told by closing first."""
    candidates = mirrored_positions(visual)
    depth = wrong = 0
    for i in reading_order(visual):
        if i in candidates:
            depth += 1 if visual[i] in _OPENING else -1 if visual[i] in _CLOSING else 0
            if depth < 0:
                wrong, depth = wrong + 1, 0
    return candidates if wrong and wrong + depth >= len(candidates) / 2 else set()


def _steep_words(letters: list[Letter], line: int, scale: float) -> list[Word]:
    """Words of text that runs up or down the page, in stored order."""
    words: list[Word] = []
    waiting: list[Unit] = []
    last: Letter | None = None
    for letter in letters:
        size = max(letter.right - letter.left, letter.bottom - letter.top)
        far = last is not None and (
            abs(letter.left - last.left) > 2.5 * size or abs(letter.top - last.top) > 2.5 * size
        )
        if (letter.character.isspace() or far) and waiting:
            words.append(_word("".join(u.text for u in waiting), waiting, line, scale))
            waiting = []
        waiting += _units([letter])
        last = letter
    if waiting:
        words.append(_word("".join(u.text for u in waiting), waiting, line, scale))
    return words


def _word(text: str, members: list[Unit], line: int, scale: float) -> Word:
    left, top = min(u.left for u in members), min(u.top for u in members)
    right, bottom = max(u.right for u in members), max(u.bottom for u in members)
    x, y = max(0, int(left * scale)), max(0, int(top * scale))
    return Word(
        text, x, y, max(1, round(right * scale) - x), max(1, round(bottom * scale) - y), 100.0, line,
        source=TEXT_LAYER,
    )  # fmt: skip
