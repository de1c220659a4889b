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


@dataclass(frozen=True)
class Sizes:
    """Sizes on paper in pixels of the ink: of the least and the tallest letter, the longest joined word, a speck."""

    least: float
    tallest: float
    longest: float
    speck: float
    usual: float
    mark: float

    @classmethod
    def at(cls, dpi: float) -> "Sizes":
        """The sizes at a resolution."""
        dot = dpi / _MM_PER_INCH
        return cls(
            _LETTER[0] * dot, _LETTER[1] * dot, _LONGEST * dot, _SPECK * dot, _USUAL * dot, _MARK * dot
        )


def could_be_written(parts: Components, sizes: Sizes) -> Bools:
    """Which parts are no larger than letters, and words of joined letters, are."""
    short, long = np.minimum(parts.width, parts.height), np.maximum(parts.width, parts.height)
    return (short <= sizes.tallest) & (long <= sizes.longest)
