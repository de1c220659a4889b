"""Decodes pictures of many pixels at the size at which they are read, and holds the whole no longer than needed."""

from PIL import Image

from ocr.drawings.paper import is_large, shrinking

# Above this many pixels a page is read at half its size, if it is not so large on paper that it can be shrunk anyway.
LARGE = 80_000_000

_STRIP = 512


def shrunk(image: Image.Image, dpi: float) -> Image.Image:
    """The picture of an opened file, decoded. It is shrunk by a whole number where `dpi` or its size allows."""
    factor = reduction(image.size, dpi)
    if factor == 1:
        image.load()
        return image
    # A JPEG is decoded at an eighth, a quarter or half of its size for less than it costs whole, but never smaller than
    # what is wanted: of 3 pixels half is 1, for 2 it would be decoded whole.
    wanted = (max(1, image.width // factor), max(1, image.height // factor))
    image.draft(None, wanted)
    image.load()
    return reduced(image, max(1, round(image.width / wanted[0])))


def reduced(image: Image.Image, factor: int) -> Image.Image:
    """The decoded picture with each square of `factor` by `factor` pixels made one, strip by strip."""
    if factor == 1:
        return image
    mode = "L" if image.mode == "1" else "RGB" if image.mode == "P" else image.mode
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    small.info = dict(image.info)
    for top in range(0, image.height, _STRIP * factor):
        strip = image.crop((0, top, image.width, min(image.height, top + _STRIP * factor)))
        small.paste(strip.convert(mode).reduce(factor), (0, top // factor))
    return small


def reduction(size: tuple[int, int], dpi: float) -> int:
    """By how much a page of this size and resolution is shrunk before it is read."""
    if is_large(size, dpi):
        return shrinking(dpi)
    return 2 if size[0] * size[1] > LARGE else 1
