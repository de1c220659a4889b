"""Turns a page upright: by the grain of its lines first, then by which way up it can be read."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from ocr.preparation import Bilevel
from ocr.recognition import Prepared, Recogniser, prepared

_CONFIDENT = 82.0
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Upright:
    """The page the right way up, the degrees clockwise it was turned, and its lines."""

    image: Image.Image
    turned: int
    prepared: Prepared


def upright(image: Image.Image, dpi: int, recogniser: Recogniser) -> Upright:
    """Turns the page by quarters until it can be read."""
    best = Upright(image, 0, prepared(image, dpi))
    sure = recogniser.sample(best.prepared)
    level = _grain(best.prepared.page.ink) >= 1.0
    if sure is None or (sure >= _CONFIDENT and level):
        return best
    for turn in (180,) if level and sure > 60 else (90, 270, 180):
        turned = image.transpose(_TURNS[turn])
        other = Upright(turned, turn, prepared(turned, dpi))
        found = recogniser.sample(other.prepared)
        # Turning needs a reason: a page that reads as well as it lies is left alone.
        if found is not None and found > sure + (8.0 if best.turned == 0 and level else 2.0):
            best, sure = other, found
    return best


def _grain(ink: Bilevel) -> float:
    """Above 1 when rows of ink are clearer than columns of ink: when lines run level."""
    return _clarity(ink, 1) / max(_clarity(ink, 0), 1e-9)


def _clarity(ink: Bilevel, axis: int) -> float:
    profile = ink.sum(axis).astype(float)
    return float((np.diff(profile) ** 2).sum() / max(1.0, (profile**2).sum()))
