"""Reads the title block of a drawing into fields: what stands beside, below or above the labels that offices print.

A block is told by its labels: three different ones close together, one of which only drawings have. Which side of a
label its value stands on is the same all over a block, so that side is taken on which most values make sense.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr.drawings.labels import OF_DRAWINGS, label_at
from ocr.geometry import Box, turned
from ocr.shapes import Field, Word

_FEWEST = 3
_ENOUGH = 5
# In heights of the lettering.
_GAP = 1.3
_BESIDE = 30.0
_BELOW = 3.0
_TOGETHER = 30.0
_PLACES = ("behind", "left", "right", "below", "above")

# What a value looks like, where that can be told.
_FORMS: dict[str, re.Pattern[str]] = {
    "scale": re.compile(r"\d+ ?[:/] ?\d+|nts|n\.t\.s\.?|as shown|كما هو مبين", re.IGNORECASE),
    "date": re.compile(r"[\d٠-٩].*[\d٠-٩].*"),
    "sheet_number": re.compile(r"(?=.*\d)[\w./ -]{1,24}"),
    "revision": re.compile(r"[\w.-]{1,6}(?: [\w.-]{1,3})?"),
}


@dataclass(frozen=True)
class _Cell:
    """Words that stand together in one row: their numbers in reading order, and the box around them."""

    words: tuple[int, ...]
    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True)
class _Label:
    """A cell that begins with the label of a field, and the words in it that follow the label."""

    name: str
    cell: _Cell
    value: tuple[int, ...]


def fields_of(words: Sequence[Word]) -> tuple[Field, ...]:
    """The fields of the title block among the words of an upright page, in the order of its labels; none where there
    is no title block. One that runs up the side of the sheet is found as well."""
    boxes = [(w.x, w.y, w.width, w.height) for w in words]
    size = (max((x + w for x, _, w, _ in boxes), default=0), max((y + h for _, y, _, h in boxes), default=0))
    level = _fields(words, boxes)
    if len(level) >= _ENOUGH:
        return level
    return max(level, _fields(words, [turned(box, size, 90) for box in boxes]), key=len)


def _fields(words: Sequence[Word], boxes: Sequence[Box]) -> tuple[Field, ...]:
    cells = _cells(words, boxes)
    labels, _ = _told_apart(cells, words, [False] * len(cells))
    if len({label.name for label in labels}) < _FEWEST - 1:
        return ()
    # To look for misread labels takes its time, so that is done beside the others only.
    near = [any(_stand_together(cell, label.cell) for label in labels) for cell in cells]
    labels, others = _told_apart(cells, words, near)
    block = _block(labels)
    best: dict[str, tuple[int, ...]] = {}
    for place in _PLACES:
        values: dict[str, tuple[int, ...]] = {}
        for label in block:
            behind = _plain(label.value, words)
            # What follows a label in its own cell may be the rest of that label, misread.
            value = behind if place == "behind" else _beside(label.cell, others, place) or behind
            if value and _makes_sense(label.name, _text(value, words)):
                values[label.name] = value
        if len(values) > len(best):
            best = values
    return tuple(Field(name, _text(value, words), value) for name, value in best.items())


def _told_apart(
    cells: Sequence[_Cell], words: Sequence[Word], misread: Sequence[bool]
) -> tuple[list[_Label], list[_Cell]]:
    labels, others = [], []
    for cell, may_be_misread in zip(cells, misread, strict=True):
        found = label_at([words[k].text for k in cell.words], may_be_misread)
        if found is None:
            others.append(cell)
        else:
            labels.append(_Label(found[0], cell, cell.words[found[1] :]))
    return labels, others


def _cells(words: Sequence[Word], boxes: Sequence[Box]) -> list[_Cell]:
    """The words of each line, parted where the gap is wider than between words."""
    lines: dict[int, list[int]] = {}
    for k, word in enumerate(words):
        lines.setdefault(word.line, []).append(k)
    cells = []
    for line in lines.values():
        height = max(boxes[k][3] for k in line)
        row = sorted(line, key=lambda k: boxes[k][0])
        start, reach = 0, boxes[row[0]][0]
        for at in range(len(row) + 1):
            if at == len(row) or boxes[row[at]][0] - reach > _GAP * height:
                inside = sorted(row[start:at])
                if inside:
                    here = [boxes[k] for k in inside]
                    cells.append(_Cell(
                        tuple(inside), min(b[0] for b in here), min(b[1] for b in here),
                        max(b[0] + b[2] for b in here), max(b[1] + b[3] for b in here),
                    ))  # fmt: skip
                start = at
            if at < len(row):
                reach = max(reach, boxes[row[at]][0] + boxes[row[at]][2])
    return cells


def _block(labels: Sequence[_Label]) -> list[_Label]:
    """The labels that stand together with most others of other fields, from the top; none where they are too few."""
    best: list[_Label] = []
    for label in labels:
        near = [other for other in labels if _stand_together(other.cell, label.cell)]
        if len({x.name for x in near}) > len({x.name for x in best}):
            best = near
    names = {label.name for label in best}
    if len(names) < _FEWEST or not names & OF_DRAWINGS:
        return []
    # A room may be called what a label says: of two, that is the label which stands in line with the others.
    line = median(label.cell.right for label in best)
    nearest: dict[str, _Label] = {}
    for label in sorted(best, key=lambda x: abs(x.cell.right - line)):
        nearest.setdefault(label.name, label)
    return sorted(nearest.values(), key=lambda x: x.cell.top)


def _stand_together(cell: _Cell, other: _Cell) -> bool:
    reach = _TOGETHER * other.height
    return abs(cell.top - other.top) < reach and abs(cell.right - other.right) < reach


def _beside(label: _Cell, others: Sequence[_Cell], side: str) -> tuple[int, ...]:
    """The words nearest to a label on one side of it."""
    near = []
    for cell in others:
        rows = min(label.bottom, cell.bottom) - max(label.top, cell.top)
        columns = min(label.right, cell.right) - max(label.left, cell.left)
        if side in ("left", "right"):
            gap = label.left - cell.right if side == "left" else cell.left - label.right
            fits = (
                rows > 0.5 * min(label.height, cell.height) and -label.height < gap < _BESIDE * label.height
            )
        else:
            gap = cell.top - label.bottom if side == "below" else label.top - cell.bottom
            fits = columns > 0 and -0.5 * label.height < gap < _BELOW * label.height
        if fits:
            near.append((gap, cell))
    return min(near, key=lambda n: n[0])[1].words if near else ()


def _plain(value: Sequence[int], words: Sequence[Word]) -> tuple[int, ...]:
    """The words without the colons that part them from their label."""
    return tuple(k for k in value if any(c.isalnum() for c in words[k].text))


def _text(value: Sequence[int], words: Sequence[Word]) -> str:
    return " ".join(words[k].text for k in value).strip(" :")


def _makes_sense(name: str, text: str) -> bool:
    form = _FORMS.get(name)
    return form is None or form.fullmatch(text) is not None
