"""The picture of a page that people see: a WebP small enough to send to a phone."""

import io

from PIL import Image

_LONGEST_SIDE = 1600
_MOST_BYTES = 250_000
# The fastest of WebP's methods: the next ones save a fifth of the bytes for twice the time.
_METHOD = 0


def preview_of(image: Image.Image) -> bytes:
    """WebP, long side at most 1600 pixels, below 250 kB: quality gives way first, then size."""
    small = image
    if max(image.size) > _LONGEST_SIDE:
        scale = _LONGEST_SIDE / max(image.size)
        if image.mode == "1":
            small = image.convert("L")
        elif image.mode not in ("L", "RGB"):
            small = _on_white(image)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        small = small.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    if small.mode not in ("L", "RGB"):
        small = _on_white(small) if small.mode != "1" else small.convert("L")
    for shrink, quality in ((1.0, 50), (1.0, 30), (0.8, 30), (0.6, 25), (0.4, 20)):
        size = (max(1, round(small.width * shrink)), max(1, round(small.height * shrink)))
        out = io.BytesIO()
        (small if shrink == 1.0 else small.resize(size)).save(out, "WEBP", quality=quality, method=_METHOD)
        if out.tell() <= _MOST_BYTES:
            break
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        from ocr.preparation import grey_of

        return grey_of(image)
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        see_through = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(see_through)
        return paper.convert("RGB")
    return image.convert("RGB")
