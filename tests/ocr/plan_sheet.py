"""Draws a small plan on a sheet of A1 paper: frames, hatches, names, dimensions and a title block."""

from collections.abc import Sequence

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, features

from tests.ocr.drawing import FONTS, NASKH

LATIN = "ibm-plex-sans-arabic/400Regular/IBMPlexSansArabic_400Regular.ttf"
DPI = 150
WIDTH, HEIGHT = 841, 594

BLOCK = (
    ("عنوان اللوحة", "مسقط الدور الأرضي"),
    ("المقياس", "1:100"),
    ("التاريخ", "2016/03/28"),
    ("رقم اللوحة", "A-101"),
)


class PlanSheet:
    """A sheet to draw on, in millimetres from its upper left corner."""

    def __init__(self, width: float = WIDTH, height: float = HEIGHT, dpi: int = DPI) -> None:
        if not features.check("raqm") or not (FONTS / NASKH).is_file():
            pytest.skip("this Pillow cannot shape Arabic (no raqm), or ./diwan was never run")
        self._dot = dpi / 25.4
        self.image = Image.new("L", (round(width * self._dot), round(height * self._dot)), 255)
        self._draw = ImageDraw.Draw(self.image)

    def line(self, *points: tuple[float, float], thick: float = 0.35) -> None:
        places = [(x * self._dot, y * self._dot) for x, y in points]
        self._draw.line(places, 0, max(1, round(thick * self._dot)))

    def frame(self, x: float, y: float, width: float, height: float, thick: float = 0.5) -> None:
        right, bottom = x + width, y + height
        self.line((x, y), (right, y), (right, bottom), (x, bottom), (x, y), thick=thick)

    def arc(self, x: float, y: float, radius: float, thick: float) -> None:
        """A quarter of a circle about a place, to the right of it and below."""
        box = [(v - radius) * self._dot for v in (x, y)] + [(v + radius) * self._dot for v in (x, y)]
        self._draw.arc(box, 0, 90, 0, max(1, round(thick * self._dot)))

    def hatch(self, x: float, y: float, width: float, height: float, apart: float = 2.0) -> None:
        """Strokes at 45 degrees, each by itself."""
        for k in range(int(width / apart)):
            for j in range(int(height / apart)):
                left, top = x + k * apart, y + j * apart
                self.line((left, top + apart * 0.8), (left + apart * 0.8, top), thick=0.2)

    def text(self, words: str, x: float, y: float, size: float = 3.5, turn: float = 0.0) -> None:
        """Words with their middle at a place; `size` is that of a capital, `turn` in degrees anticlockwise."""
        font = NASKH if any("\u0600" <= c <= "\u06ff" for c in words) else LATIN
        face = ImageFont.truetype(str(FONTS / font), round(size * self._dot / 0.68))
        left, top, right, bottom = face.getbbox(words)
        label = Image.new("L", (round(right - left) + 8, round(bottom - top) + 8), 255)
        ImageDraw.Draw(label).text((4 - left, 4 - top), words, 0, face)
        label = label.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        place = (round(x * self._dot - label.width / 2), round(y * self._dot - label.height / 2))
        box = (*place, place[0] + label.width, place[1] + label.height)
        self.image.paste(ImageChops.darker(self.image.crop(box), label), place)

    def title_block(self, x: float, y: float, rows: Sequence[tuple[str, str]] = BLOCK) -> None:
        """Cells of 150 by 15 millimetres; the labels on the right."""
        for k, (label, value) in enumerate(rows):
            self.frame(x, y + 15 * k, 150, 15, thick=0.3)
            self.line((x + 105, y + 15 * k), (x + 105, y + 15 * k + 15), thick=0.3)
            self.text(label, x + 127, y + 15 * k + 7.5)
            self.text(value, x + 52, y + 15 * k + 7.5)


def plan() -> Image.Image:
    """The whole sheet."""
    sheet = PlanSheet()
    sheet.frame(10, 10, WIDTH - 20, HEIGHT - 20, thick=1.0)
    for x, y in ((60, 60), (240, 60), (60, 250), (240, 250)):
        sheet.frame(x, y, 170, 180, thick=0.8)
        sheet.frame(x + 3, y + 3, 164, 174)
    sheet.hatch(246, 380, 60, 40)
    sheet.text("غرفة معيشة", 140, 140)
    sheet.text("4.85 x 3.60", 140, 150, size=2.5)
    sheet.text("مطبخ", 320, 140, turn=90)
    sheet.text("غرفة طعام", 140, 340)
    sheet.line((240, 45), (410, 45), thick=0.2)
    sheet.text("12.45", 325, 40, size=2.5)
    sheet.line((45, 60), (45, 240), thick=0.2)
    sheet.text("13.20", 40, 150, size=2.5, turn=90)
    sheet.title_block(670, 480)
    return sheet.image
