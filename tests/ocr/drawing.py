"""Draws pages of text as a printer would, for reading them back."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, features

FONTS = Path(__file__).parents[2] / "node_modules" / "@expo-google-fonts"
NASKH = "noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf"
AMIRI = "amiri/400Regular/Amiri_400Regular.ttf"


def page(
    lines: Sequence[str], font: str = NASKH, size: int = 54, width: int = 1654, height: int = 2339
) -> Image.Image:
    """Right-to-left lines at the right margin of a white page (A4 at 200 dots an inch unless told)."""
    if not (FONTS / font).is_file():
        pytest.skip("the typefaces of package.json are absent: run ./diwan once")
    if not features.check("raqm"):
        pytest.skip("this Pillow cannot shape Arabic (no raqm)")
    image = Image.new("L", (width, height), 255)
    face = ImageFont.truetype(str(FONTS / font), size, layout_engine=ImageFont.Layout.RAQM)
    draw = ImageDraw.Draw(image)
    for k, line in enumerate(lines):
        draw.text((width - 120, 160 + k * 2 * size), line, 20, face, "ra", direction="rtl", language="ar")
    return image


def saved(image: Image.Image, path: Path, dpi: int = 200) -> Path:
    """The image in a file, its resolution said."""
    image.save(path, dpi=(dpi, dpi))
    return path
