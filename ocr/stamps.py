"""Rings and frames of coloured stamps, lifted off what they lie across.

The brightest of three colours leaves a violet or blue stamp half dark, and the letters its ring runs through become
one figure with it, which is no writing. Letters of a colour stay as they are: they are small, and may be the text.
"""

import numpy as np
from PIL import Image, ImageChops

from ocr.components import components_of, grown

# Dots an inch of the copy on which stamps are looked for, and the least difference of two colours that is a colour:
# what JPEG makes of black print differs less.
_COPY_DPI = 100
_COLOURED = 24
# Inches: stamps are 10 to 80 mm across; larger ones are the tables of forms, smaller ones letters.
_SMALLEST, _LARGEST = 0.4, 3.2
# How much brighter each grey level of difference makes a place: JPEG keeps half the colour of a thin ring, and gives
# some to the print that crosses it.
_STRENGTH = 2
# Share of their box that rings and frames fill at most; seals of one colour have nothing to be read below them.
_FULL = 0.4


def without_stamps(image: Image.Image, grey: Image.Image, dpi: float) -> Image.Image:
    """`grey`, the grey of `image`, with the rings and frames of coloured stamps as bright as their colour is strong."""
    if image.mode in ("1", "L", "LA", "F") or image.mode.startswith("I"):
        return grey
    step = max(1, round(dpi / _COPY_DPI))
    colour = image if image.mode == "RGB" else image.convert("RGB")
    coloured = np.pad(np.asarray(_colour_of(colour.reduce(step))) > _COLOURED, 1)
    if not coloured.any():
        return grey
    # Where print crosses a ring there is no colour, and its thin places are pale: one pixel on all sides bridges that.
    near = grown(coloured)
    parts = components_of(near)
    width, height = parts.width * step / dpi, parts.height * step / dpi
    rings = (np.minimum(width, height) >= _SMALLEST) & (np.maximum(width, height) <= _LARGEST)
    rings &= parts.area < _FULL * parts.width * parts.height
    if not rings.any():
        return grey
    where = parts.painted(np.where(rings, 0, -1).astype(np.int32), near.shape)[1:-1, 1:-1] == 0
    lifted = grey.copy()
    for ring in np.flatnonzero(rings):
        box = (
            max(0, int(parts.left[ring] - 1) * step), max(0, int(parts.top[ring] - 1) * step),
            min(grey.width, int(parts.right[ring]) * step), min(grey.height, int(parts.bottom[ring]) * step),
        )  # fmt: skip
        more = _colour_of(colour.crop(box)).point([min(255, _STRENGTH * level) for level in range(256)])
        # Added to the grey and not to the colours: what is transparent has colours that nobody sees.
        pale = ImageChops.add(grey.crop(box), more)
        mask = where[box[1] // step : -(-box[3] // step), box[0] // step : -(-box[2] // step)]
        mask = mask.repeat(step, 0).repeat(step, 1)[: pale.height, : pale.width]
        lifted.paste(pale, box[:2], Image.fromarray(mask.astype(np.uint8) * 255))
    return lifted


def _colour_of(image: Image.Image) -> Image.Image:
    """By how much the brightest of red, green and blue outshines the darkest."""
    red, green, blue = image.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return ImageChops.subtract(brightest, darkest)
