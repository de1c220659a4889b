"""Makes a page fit for reading: one grey channel without stamp ink, even paper, straight lines, no table rules."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from ocr.components import runs_of

Bilevel = NDArray[np.bool_]

_BAND = 2048
_STEEPEST = 6.0


def grey_of(image: Image.Image) -> Image.Image:
    """The brightest of red, green and blue: coloured stamps pale, black print stays."""
    if image.mode in ("1", "L"):
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
    small = grey.reduce(max(1, min(16, min(grey.size) // 32 or 1)))
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.BoxBlur(4))
    values = np.asarray(paper)
    if values.min() > 235 or values.mean() < 60:
        return grey
    paper = paper.point([max(80, v) for v in range(256)]).resize(grey.size, Image.Resampling.BILINEAR)
    out = Image.new("L", grey.size)
    for box in _bands(grey.size):
        here = np.asarray(grey.crop(box)).astype(np.uint16) * 255
        here //= np.asarray(paper.crop(box))
        out.paste(Image.fromarray(np.minimum(here, 255).astype(np.uint8)), box[:2])
    return out


def threshold(grey: Image.Image) -> int:
    """The grey level that parts ink from paper (Otsu's method, held away from the extremes)."""
    histogram = np.asarray(grey.histogram()[:256], float)
    weight = np.cumsum(histogram)
    total = np.cumsum(histogram * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (total[-1] * weight - total * weight[-1]) ** 2 / (weight * (weight[-1] - weight))
    best = int(np.nanargmax(np.where(np.isfinite(between), between, 0)))
    return min(max(best + 1, 96), 200)


def ink_of(grey: Image.Image) -> Bilevel:
    """Where there is ink."""
    return np.asarray(grey) < threshold(grey)


def skew_of(ink: Bilevel) -> float:
    """Degrees by which lines of text fall to the right (positive: clockwise), within six degrees.

    The sharpest profile wins: the angle at which rows are most clearly ink or paper.
    """
    step = max(1, max(ink.shape) // 1200)
    y, x = np.nonzero(ink[::step, ::step])
    if len(x) < 200:
        return 0.0
    if len(x) > 150_000:
        chosen = np.linspace(0, len(x) - 1, 150_000).astype(np.int64)
        x, y = x[chosen], y[chosen]
    xs, ys = x.astype(np.float32), y.astype(np.float32)

    def sharpness(degrees: float) -> float:
        slope = np.float32(np.tan(np.radians(degrees)))
        rows = np.bincount((ys - xs * slope + ink.shape[1] / step * abs(slope) + 1).astype(np.int64))
        return float((np.diff(rows).astype(float) ** 2).sum())

    rough = np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5)
    best = float(rough[int(np.argmax([sharpness(a) for a in rough]))])
    fine = best + np.arange(-0.5, 0.51, 0.1)
    scores = [sharpness(a) for a in fine]
    found = float(fine[int(np.argmax(scores))])
    return found if max(scores) > sharpness(0.0) * 1.02 else 0.0


def straightened(grey: Image.Image, degrees: float) -> Image.Image:
    """The page turned so that lines which fall by `degrees` lie level, at the same size."""
    if abs(degrees) < 0.08:
        return grey
    return grey.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255)


def rules_of(ink: Bilevel, text_height: float) -> Bilevel:
    """Pixels of ruled lines: long and thin, level or upright, where no stroke of writing crosses."""
    level = _level_rules(ink, text_height)
    return level | _level_rules(ink.T, text_height).T


def _level_rules(ink: Bilevel, text_height: float) -> Bilevel:
    height, width = ink.shape
    shortest = max(30, round(4.5 * text_height))
    thickest = max(3, round(0.3 * text_height))
    # Ink within one pixel above or below counts, so that a slightly slanted rule is still one run.
    near = ink.copy()
    near[1:] |= ink[:-1]
    near[:-1] |= ink[1:]
    row, start, end = runs_of(near)
    long = end - start >= shortest
    if not long.any():
        return np.zeros_like(ink)
    edges = np.zeros((height, width + 1), np.int8)
    edges[row[long], start[long]] = 1
    edges[row[long], end[long]] = -1
    candidate = (np.cumsum(edges, axis=1, dtype=np.int8)[:, :width] > 0) & ink
    # A stroke that crosses the rule makes the ink of its column taller than a rule is thick.
    return candidate & (_vertical_extent(ink) <= thickest)


def _vertical_extent(ink: Bilevel) -> NDArray[np.int32]:
    """For every ink pixel, the length of the upright run of ink that it lies in."""
    height, width = ink.shape
    flat = np.zeros((width, height + 2), np.int8)
    flat[:, 1:-1] = ink.T
    steps = np.diff(flat, axis=1)
    column, start = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    extent = np.zeros((width, height + 1), np.int32)
    extent[column, start] += (end - start).astype(np.int32)
    extent[column, end] -= (end - start).astype(np.int32)
    return np.cumsum(extent, axis=1)[:, :height].T
