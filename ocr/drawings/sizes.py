"""Sizes of lettering on paper, in millimetres: it keeps to what can be read in print, while the lines, arcs and hatches
of a drawing are as large as what they draw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.components import Components

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MM_PER_INCH = 25.4
_LETTER = (0.9, 14.0)
_LONGEST = 70.0
_SPECK = 0.15
_USUAL = 3.0
_MARK = 1.6
# Three quarters of the letters of a drawing, notes included, have shorter sides of up to 3.5 mm; of what is to be read
# from afar a quarter and more have 4.1 and above.
_LETTERING = 3.8
_MOSTLY = 75
# Of the shorter side of a letter: how long its runs of ink are at least and at most.
_PEN = (0.06, 0.75)


@dataclass(frozen=True)
class Sizes:
    """Sizes on paper in pixels of the ink: of the least and the tallest letter, the longest joined word, a speck,
    usual lettering and marks; and the shorter side that most letters of a
    drawing have at most."""

    least: float
    tallest: float
    longest: float
    speck: float
    usual: float
    mark: float
    lettering: float

    @classmethod
    def at(cls, dpi: float) -> "Sizes":
        """The sizes at a resolution."""
        dot = dpi / _MM_PER_INCH
        return cls(
            _LETTER[0] * dot, _LETTER[1] * dot, _LONGEST * dot, _SPECK * dot, _USUAL * dot, _MARK * dot,
            _LETTERING * dot,
        )  # fmt: skip


def could_be_written(parts: Components, sizes: Sizes) -> Bools:
    """Which parts are no larger than letters, and words of joined letters, are."""
    short, long = _sides(parts)
    return (short <= sizes.tallest) & (long <= sizes.longest)


def are_letters(parts: Components) -> Bools:
    """Which parts are drawn as letters of any size are: frames and walls are thin for their size, lines as broad as
    they are long or thick."""
    short, _ = _sides(parts)
    runs = np.bincount(parts.run_component, minlength=len(parts))
    pen = parts.area / np.maximum(1, runs * short)
    return (pen >= _PEN[0]) & (pen <= _PEN[1])


def common_size(parts: Components, letters: Bools, sizes: Sizes) -> float:
    """The shorter side that most of the letters keep to, in pixels; 0 where there are none.

    Arabic runs together, so only its shorter side says how large it is; and a sheet may lie on any side. Letters are
    counted, not weighed by their ink: the few of a large title do not make a poster of a drawing.
    """
    short, long = _sides(parts)
    chosen = short[letters & (long >= sizes.least)]
    return float(np.percentile(chosen, _MOSTLY)) if len(chosen) else 0.0


def _sides(parts: Components) -> tuple[Ints, Ints]:
    """The shorter and the longer side of every part."""
    return np.minimum(parts.width, parts.height), np.maximum(parts.width, parts.height)
