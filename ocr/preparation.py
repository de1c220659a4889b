"""Makes a page fit for reading: one grey channel without stamp ink, even paper, and what is ink on it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

Bilevel = NDArray[np.bool_]

_BAND = 512
_REACH = 4


def grey_of(image: Image.Image) -> Image.Image:
    """The brightest of red, green and blue: coloured stamps pale, black print stays. A grey picture is its own."""
    if image.mode == "L":
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I") or image.mode == "F":
        return _stretched(image)
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        paper.alpha_composite(coloured)
        image = paper
    grey = Image.new("L", image.size)
    for box in _bands(image.size):
        red, green, blue = image.crop(box).convert("RGB").split()
        grey.paste(ImageChops.lighter(ImageChops.lighter(red, green), blue), box[:2])
    return grey


def _bands(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    for top in range(0, size[1], _BAND):
        yield 0, top, size[0], min(size[1], top + _BAND)


def _stretched(image: Image.Image) -> Image.Image:
    values = np.asarray(image.convert("F"))
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255.0 / max(high - low, 1.0))).astype(np.uint8))


def even(grey: Image.Image) -> Image.Image:
    """The page with its paper made white everywhere: each place divided by the brightness of the paper near it."""
    small = grey.reduce(max(1, min(16, min(grey.size) // 200)))
    # Closing takes away what is dark and small, writing, and leaves the slopes of a shadow as steep as they are.
    closed = Image.fromarray(_extreme(_extreme(np.asarray(small), np.maximum), np.minimum))
    paper = closed.filter(ImageFilter.BoxBlur(2))
    values = np.asarray(paper)
    if np.percentile(values, 1) > 235 or values.mean() < 60:
        return grey
    # In 64ths the gain fits in a byte, and its product with grey in two.
    gains = paper.point([round(255 * 64 / max(80, v)) for v in range(256)])
    down = gains.height / grey.height
    out = Image.new("L", grey.size)
    for box in _bands(grey.size):
        gain = gains.resize(
            (grey.width, box[3] - box[1]), Image.Resampling.BILINEAR,
            (0, box[1] * down, gains.width, min(gains.height, box[3] * down)),
        )  # fmt: skip
        here = np.multiply(np.asarray(grey.crop(box)), np.asarray(gain), dtype=np.uint16) >> 6
        out.paste(Image.fromarray(np.minimum(here, 255).astype(np.uint8)), box[:2])
    return out


def _extreme(values: NDArray[np.uint8], of: np.ufunc) -> NDArray[np.uint8]:
    """The greatest or least value (`of` is np.maximum or np.minimum) in a square of nine by nine around each place."""
    for _ in range(2):
        values = np.pad(values, ((_REACH, _REACH), (0, 0)), mode="edge")
        # Of two neighbours, then of four, of eight, and of nine.
        for step in (1, 2, 4, 1):
            values = of(values[step:], values[:-step])
        values = values.T
    return values


def threshold(grey: Image.Image) -> int:
    """The grey level that parts ink from paper (Otsu's method, held away from the extremes)."""
    histogram = np.asarray(grey.histogram()[:256], float)
    weight = np.cumsum(histogram)
    total = np.cumsum(histogram * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (total[-1] * weight - total * weight[-1]) ** 2 / (weight * (weight[-1] - weight))
    best = int(np.nanargmax(np.where(np.isfinite(between), between, 0)))
    return min(max(best + 1, 96), 220)


def ink_of(grey: Image.Image) -> Bilevel:
    """Where there is ink."""
    level = threshold(grey)
    ink = np.empty((grey.height, grey.width), np.bool_)
    for box in _bands(grey.size):  # a sheet's copy as an array would be the most that is held at once
        np.less(np.asarray(grey.crop(box)), level, out=ink[box[1] : box[3]])
    return ink
