"""Floor plans: walls, doors, hatches, rooms with their names, and chains of dimensions along two sides."""

from itertools import pairwise
from typing import Any

import numpy as np

from samples.corpus.values import Values
from samples.papers.script import latin, plain, set_line

_ROOMS = (
    ("غرفة نوم رئيسية", "MASTER BEDROOM"), ("غرفة نوم", "BEDROOM"), ("صالة معيشة", "LIVING"), ("ديوانية", "DIWANIYA"),
    ("مطبخ", "KITCHEN"), ("حمام", "BATH"), ("غرفة ملابس", "DRESSING"), ("مخزن", "STORE"), ("غرفة طعام", "DINING"),
    ("صالة استقبال", "RECEPTION"), ("مكتب", "OFFICE"), ("غرفة غسيل", "LAUNDRY"), ("مدخل", "ENTRANCE"), ("درج", "STAIR"),
    ("غرفة سائق", "DRIVER"), ("غرفة خادمة", "MAID"), ("شرفة", "TERRACE"), ("ممر", "CORRIDOR"),
    ("غرفة ألعاب", "PLAYROOM"),
)  # fmt: skip
_METRE = 16.0  # millimetres on paper: the plans are about 1:62
_SMALLEST = 2.6


class Plan:
    """Draws plans on one sheet: SVG elements in millimetres, texts to be set on them, and the truth by part."""

    def __init__(self, values: Values, random: np.random.Generator) -> None:
        self._values = values
        self._random = random
        self.lines: list[str] = []
        self.texts: list[dict[str, Any]] = []
        self.rooms: list[str] = []
        self.dimensions: list[str] = []

    def draw(self, left: float, top: float, width: float = 25.6, depth: float = 18.0) -> None:
        """One floor, its upper left corner at `left`, `top` millimetres, `width` by `depth` metres."""
        across, down = {0.0, width}, {0.0, depth}
        for x, y, wide, deep in self._divided(0.0, 0.0, width, depth):
            across.add(round(x, 2))
            down.add(round(y, 2))
            self._room(left + x * _METRE, top + y * _METRE, wide, deep)
        self._chain(sorted(across), left, top, upright=False)
        self._chain(sorted(down), left, top, upright=True)

    def _divided(
        self, x: float, y: float, wide: float, deep: float
    ) -> list[tuple[float, float, float, float]]:
        """The floor cut in two again and again, until rooms are of the size of rooms."""
        if max(wide, deep) < 2 * _SMALLEST or (wide * deep < 34 and self._random.random() < 0.6):
            return [(x, y, wide, deep)]
        share = round(float(self._random.uniform(0.35, 0.65)) * max(wide, deep) * 20) / 20
        if wide >= deep:
            return self._divided(x, y, share, deep) + self._divided(x + share, y, wide - share, deep)
        return self._divided(x, y, wide, share) + self._divided(x, y + share, wide, deep - share)

    def _room(self, left: float, top: float, wide: float, deep: float) -> None:
        width, depth = wide * _METRE, deep * _METRE
        wall = 'stroke-width="0.7"'
        self.lines.append(
            f'<rect x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{depth:.2f}" {wall}/>'
        )
        self.lines.append(
            f'<rect x="{left + 2:.2f}" y="{top + 2:.2f}" width="{width - 4:.2f}" height="{depth - 4:.2f}"/>'
        )
        self.lines.append(
            f'<path d="M{left + 6:.2f} {top + 2:.2f} v13 a13 13 0 0 0 13 -13" stroke-width="0.25"/>'
        )
        arabic, english = _ROOMS[int(self._random.integers(len(_ROOMS)))]
        size = f"{wide:.2f} x {deep:.2f}"
        kind = int(self._random.integers(6))
        if kind == 0 and width > 60 and depth > 60:
            self._hatch(left + 2, top + depth * 0.62, width - 4, depth * 0.38 - 2)
            depth *= 0.62
        x, y = left + width / 2, top + depth / 2
        # A narrow room has its name along it.
        turn = -90 if width < 44 and depth > width else 0
        names = [arabic, latin(english)] if kind in (1, 2) else [arabic]
        for step, words in enumerate([*names, latin(size)]):
            away = (step - len(names) / 2) * 7.5
            self._write(
                words,
                x + (away if turn else 0),
                y + (0 if turn else away),
                15 if step < len(names) else 11,
                turn,
            )
        self.rooms += [plain(name) for name in names]
        self.dimensions.append(size)

    def _hatch(self, left: float, top: float, width: float, depth: float) -> None:
        strokes = []
        for offset in np.arange(-depth, width, 2.4):
            start, end = max(0.0, offset), min(width, offset + depth)
            strokes.append(
                f"M{left + start:.1f} {top + start - offset:.1f} L{left + end:.1f} {top + end - offset:.1f}"
            )
        self.lines.append(f'<path d="{" ".join(strokes)}" stroke-width="0.2"/>')

    def _chain(self, marks: list[float], left: float, top: float, upright: bool) -> None:
        """Dimensions between the marks: above the plan, or upright on its left."""
        ends = [
            (left - 14, top + mark * _METRE) if upright else (left + mark * _METRE, top - 14)
            for mark in marks
        ]
        (x0, y0), (x1, y1) = ends[0], ends[-1]
        ticks = " ".join(
            f"M{x - 1.5:.2f} {y + 1.5:.2f} l3 -3 M{x - 3:.2f} {y:.2f} h6 M{x:.2f} {y - 3:.2f} v6"
            for x, y in ends
        )
        self.lines.append(f'<path d="M{x0:.2f} {y0:.2f} L{x1:.2f} {y1:.2f} {ticks}" stroke-width="0.25"/>')
        for (one, other), (a, b) in zip(pairwise(marks), pairwise(ends), strict=True):
            if other - one < 0.9:
                continue  # no draughtsman finds room for it
            middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
            text = f"{other - one:.2f}"
            self.dimensions.append(text)
            self._write(
                text, middle[0] - 3.4 * upright, middle[1] - 3.4 * (not upright), 10, -90 if upright else 0
            )

    def _write(self, words: str, x: float, y: float, size: float, turn: float) -> None:
        self.texts.append(
            {
                "text": set_line(words),
                "x": round(x, 2),
                "y": round(y, 2),
                "size": size,
                "turn": turn,
                "bold": size > 14,
            }
        )
