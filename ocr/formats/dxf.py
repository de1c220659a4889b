"""DXF drawings: the words are in the file, so they are taken from it and not read from a picture.

A page is the model space or one of the paper sheets that have text or lines of their own, scaled so that its long side
is 4,000 pixels. The picture shows its lines, arcs and texts plainly; hatches and line types are left out.
"""

import codecs
import io
import math
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

import ezdxf
import ezdxf.recover
from ezdxf.layouts import BaseLayout
from ezdxf.tools.codepage import codepage_to_encoding
from PIL import Image, ImageDraw

from ocr.formats.dxf_drawing import LETTER, OUT_OF_SHAPE, Drawing, Lettering, Point, shown
from ocr.formats.sheet import Lettered
from ocr.media_type import DXF
from ocr.reading_order import is_right_to_left
from ocr.shapes import TEXT_LAYER, Field, Limits, PageRefused, SourceRefused, Word

_LONG_SIDE = 4000
_PICTURE_SIDE = 1600
_MOST_ENTITIES = 100_000
_DPI = 100
# How far apart, in heights of the smaller one, two texts of one row may stand.
_IN_ROW = 0.6

# Loaded now, because a confined reader can no longer load them; the last is that of texts in proxy graphics.
for _encoding in (*codepage_to_encoding.values(), "utf-16-le"):
    codecs.lookup(_encoding)


class DxfSource:
    """An opened drawing: its model space, and each sheet of paper that shows more than a window on that."""

    media_type = DXF

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._limits = limits
        try:
            document, _ = ezdxf.recover.read(io.BytesIO(stream.read()))
            self._layouts: list[BaseLayout] = [document.modelspace()]
            self._layouts += [
                layout for layout in document.layouts
                if layout.is_any_paperspace and any(entity.dxftype() != "VIEWPORT" for entity in layout)
            ]  # fmt: skip
            self._hidden = frozenset(
                layer.dxf.name.casefold() for layer in document.layers if layer.is_off() or layer.is_frozen()
            )
        except (OSError, *OUT_OF_SHAPE) as error:
            raise SourceRefused("truncated-file", {"actual": DXF}) from error
        self.pages = len(self._layouts)

    def page(self, number: int) -> Lettered:
        """The model space first, then the sheets of paper in their order."""
        drawing = Drawing()
        for seen, (entity, name) in enumerate(shown(self._layouts[number - 1], self._hidden), 1):
            if seen > _MOST_ENTITIES:
                raise PageRefused("page-damaged", {"entities": seen})
            try:
                drawing.take(entity, name)
            except OUT_OF_SHAPE:
                continue
        return _laid_out(drawing, self._limits)


def _laid_out(drawing: Drawing, limits: Limits) -> Lettered:
    points = [p for stroke in drawing.strokes for p in stroke]
    for text in drawing.texts:
        x, y = text.place
        turn = math.radians(text.rotation)
        points += [(x, y), (x + text.width * math.cos(turn), y + text.width * math.sin(turn) + text.size)]
    points = [p for p in points if all(math.isfinite(v) and abs(v) < 1e12 for v in p)]
    if not points:
        return Lettered((), 1000, 1000, _DPI, lambda: Image.new("L", (1000, 1000), 255))
    left, bottom = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - left, max(y for _, y in points) - bottom
    scale = _LONG_SIDE / max(wide, high, 1e-9)
    width, height = max(1, round(wide * scale)) + 1, max(1, round(high * scale)) + 1

    def placed(x: float, y: float) -> Point:
        return (x - left) * scale, height - 1 - (y - bottom) * scale

    words: list[Word] = []
    fields: list[Field] = []
    for line, text in enumerate(_in_order(drawing.texts)):
        first = len(words)
        words += _words(text, placed(*text.place), text.size * scale, line, (width, height))
        if len(words) > limits.words_per_page:
            del words[limits.words_per_page :]
            break
        if text.field:
            fields.append(Field(text.field, text.text, tuple(range(first, len(words)))))
    return Lettered(
        tuple(words), width, height, _DPI,
        lambda: _picture(drawing, words, placed, (width, height)), fields=tuple(fields),
    )  # fmt: skip


def _in_order(texts: Sequence[Lettering]) -> Iterator[Lettering]:
    """From the top row by row, each row as its script runs."""
    rows: list[list[Lettering]] = []
    for text in sorted((t for t in texts if all(map(math.isfinite, t.place))), key=lambda t: -t.place[1]):
        if rows and rows[-1][0].place[1] - text.place[1] < _IN_ROW * min(text.size, rows[-1][0].size):
            rows[-1].append(text)
        else:
            rows.append([text])
    for row in rows:
        leftward = is_right_to_left(" ".join(text.text for text in row))
        yield from sorted(row, key=lambda t: t.place[0], reverse=leftward)


def _words(
    lettering: Lettering, place: Point, size: float, line: int, page: tuple[int, int]
) -> Iterator[Word]:
    """Words along the text's own direction."""
    text, turn = lettering.text, math.radians(lettering.rotation)
    along = math.cos(turn), -math.sin(turn)
    leftward = is_right_to_left(text)
    at = 0
    for token in text.split():
        at = text.index(token, at)
        # Right-to-left text begins at the far end of the space that it takes.
        start = len(text) - at - len(token) if leftward else at
        near, far = LETTER * size * start, LETTER * size * (start + len(token))
        xs = (place[0] + along[0] * near, place[0] + along[0] * far)
        ys = (place[1] + along[1] * near, place[1] + along[1] * far)
        x = min(max(0, round(min(xs))), page[0] - 1)
        y = min(max(0, round(min(ys) - size * abs(along[0]))), page[1] - 1)
        width = max(1, round(abs(xs[1] - xs[0]) + size * abs(along[1])))
        height = max(1, round(abs(ys[1] - ys[0]) + size * abs(along[0])))
        box = x, y, min(width, page[0] - x), min(height, page[1] - y)
        yield Word(token, *box, 100.0, line, source=TEXT_LAYER)
        at += len(token)


def _picture(
    drawing: Drawing, words: list[Word], placed: Callable[[float, float], Point], size: tuple[int, int]
) -> Image.Image:
    shrink = min(1.0, _PICTURE_SIDE / max(size))
    image = Image.new("L", (max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))), 255)
    draw = ImageDraw.Draw(image)
    for stroke in drawing.strokes:
        points = [placed(x, y) for x, y in stroke if math.isfinite(x) and math.isfinite(y)]
        if len(points) > 1 and all(abs(v) < 1e6 for p in points for v in p):
            draw.line([(x * shrink, y * shrink) for x, y in points], 60)
    for word in words:
        box = (
            word.x * shrink,
            word.y * shrink,
            (word.x + word.width) * shrink,
            (word.y + word.height) * shrink,
        )
        draw.rectangle(box, outline=200)
    return image
