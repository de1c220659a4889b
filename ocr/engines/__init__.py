"""Readers of pictures of text, all of one form, so that one can stand in for another.

| engine | reads | needs |
|---|---|---|
| `network` | Arabic, Latin, digits of both kinds: our own, first for every line | its weights |
| `linked_tesseract` | Latin first, Arabic as a second opinion | tesserocr and language data |
| `tesseract_program` | the same, one process a line | pytesseract and any installed Tesseract |
| `outside` | whole pages, by a service of others | a municipality that allows it; off unless it does |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # whoever has no pictures to show needs no library for them
    import numpy as np
    from numpy.typing import NDArray

_FAINTEST = 24


@dataclass(frozen=True)
class Reading:
    """A word as an engine read it: text in logical order, box in pixels of the picture, confidence 0 to 100."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


def is_blank(picture: "NDArray[np.uint8]") -> bool:
    """Whether there is no ink to speak of. No engine is asked about mere paper: Tesseract invents a word there, and our
    own reader says that it cannot read it."""
    return int(picture.max()) - int(picture.min()) < _FAINTEST


class Engine(Protocol):
    """Reads pictures of text."""

    @property
    def name(self) -> str:
        """What words are said to come from (`Word.source`)."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """What it has learnt to read, as Tesseract names it: `ara`, `eng`."""
        ...

    @property
    def starts_processes(self) -> bool:
        """Whether it runs programs, which its confinement must then allow."""
        ...

    def read(self, pictures: "Sequence[NDArray[np.uint8]]", language: str) -> list[list[Reading]]:
        """Words of each picture (grey, ink dark; of any size, none empty) in reading order.

        Nothing for a picture that it fails on; never raises for what a picture shows.
        """
        ...
