"""Lines with their labels, drawn and damaged by chance: what the network learns from, and what it is measured on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from ocr.line_reader import ALPHABET, ILLEGIBLE
from ocr.training.damage import Damage, Scribbler
from ocr.training.drawing import Pen
from ocr.training.text import Writer
from ocr.training.typefaces import Typeface

_WIDEST = 640
_NARROWEST_CHARACTER = 4.6
_SCRIBBLES = 0.025


@dataclass(frozen=True)
class Example:
    """A picture 40 pixels high, dark on light, and what stands on it from left to right."""

    picture: NDArray[np.uint8]
    label: str


def examples(
    paragraphs: list[str], faces: tuple[Typeface, ...], latin: tuple[Path, ...], seed: int
) -> Iterator[Example]:
    """Examples without end; the same seed gives the same ones."""
    random = Random(seed)
    writer, pen = Writer(paragraphs, random), Pen(faces, latin, random)
    damage, scribbler = Damage(random), Scribbler(random)
    known = frozenset(ALPHABET)
    while True:
        if random.random() < _SCRIBBLES:
            picture = damage.scanned(scribbler.scribble())
            if picture.shape[1] <= _WIDEST:
                yield Example(picture, ILLEGIBLE)
            continue
        drawn = pen.draw(writer.line())
        if drawn is None or not drawn.label or not set(drawn.label) <= known:
            continue
        damaged = damage.damaged(drawn)
        if damaged is None or not _NARROWEST_CHARACTER * len(drawn.label) + 8 <= damaged.shape[1] <= _WIDEST:
            continue
        yield Example(damaged, drawn.label)
