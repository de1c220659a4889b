"""DXF drawings: the words are in the file, so they are taken from it and not read from a picture.

The page is the drawing's model space, scaled so that its long side is 4,000 pixels. The picture shows its lines, arcs
and texts plainly; hatches, dimensions' arrows and line types are left out.
"""

import codecs
import io
import math
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import ezdxf
import ezdxf.recover
from ezdxf.entities import DXFEntity
from ezdxf.tools.codepage import codepage_to_encoding
from PIL import Image, ImageDraw

from ocr.formats.sheet import Lettered
from ocr.media_type import DXF
from ocr.reading_order import is_right_to_left
from ocr.shapes import TEXT_LAYER, Limits, PageRefused, SourceRefused, Word

_LONG_SIDE = 4000
_PICTURE_SIDE = 1600
_MOST_ENTITIES = 100_000
_DEEPEST = 4
_DPI = 100
_LONGEST_LINE = 120

# Loaded now, because a confined reader can no longer load them.
for _encoding in codepage_to_encoding.values():
    codecs.lookup(_encoding)

Point = tuple[float, float]


class Drawing:
    """Texts and strokes of a drawing in its own units."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, Point, float, float]] = []
        self.strokes: list[list[Point]] = []


class DxfSource:
    """An opened drawing: one page."""

    media_type = DXF
    pages = 1

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._limits = limits
        try:
            self._document, _ = ezdxf.recover.read(io.BytesIO(stream.read()))
        except (
            ezdxf.DXFError,
            OSError,
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
        ) as error:
            raise SourceRefused("truncated-file", {"actual": DXF}) from error

    def page(self, number: int) -> Lettered:
        """The model space."""
        drawing = Drawing()
        seen = 0
        for entity in _flattened(self._document.modelspace(), _DEEPEST):
            seen += 1
            if seen > _MOST_ENTITIES:
                raise PageRefused("page-damaged", {"entities": seen})
            try:
                _take(entity, drawing)
            except (ezdxf.DXFError, ValueError, TypeError, AttributeError, ArithmeticError, IndexError):
                # One entity out of shape is left out; the drawing is still worth having.
                continue
        return _laid_out(drawing, self._limits)


def _flattened(entities: Iterable[DXFEntity], depth: int) -> Iterator[DXFEntity]:
    """Entities, with those of inserted blocks and the blocks' attributes in place of each insertion."""
    for entity in entities:
        kind = entity.dxftype()
        if kind not in ("INSERT", "DIMENSION"):
            yield entity
            continue
        if kind == "INSERT":
            yield from entity.attribs  # type: ignore[attr-defined]
        if depth:
            try:
                inside = list(entity.virtual_entities())  # type: ignore[attr-defined]
            except (ezdxf.DXFError, ValueError, TypeError, AttributeError, ArithmeticError, KeyError):
                continue
            yield from _flattened(inside, depth - 1)


def _take(entity: DXFEntity, drawing: Drawing) -> None:
    kind, dxf = entity.dxftype(), entity.dxf
    if kind in ("TEXT", "ATTRIB", "ATTDEF"):
        _text(entity.plain_text(), dxf.insert, dxf.height, dxf.get("rotation", 0.0), drawing)  # type: ignore[attr-defined]
    elif kind == "MTEXT":
        fitting = max(8, int(dxf.get("width", 0.0) / (0.7 * dxf.char_height)) or _LONGEST_LINE)
        for k, line in enumerate(_wrapped(entity.plain_text(split=True), fitting)):  # type: ignore[attr-defined]
            x, y, *_ = dxf.insert
            _text(
                line,
                (x, y - (k + 1) * 1.6 * dxf.char_height),
                dxf.char_height,
                dxf.get("rotation", 0.0),
                drawing,
            )
    elif kind == "LINE":
        drawing.strokes.append([_flat(dxf.start), _flat(dxf.end)])
    elif kind == "CIRCLE":
        drawing.strokes.append(_arc(dxf.center, dxf.radius, 0, 360))
    elif kind == "ARC":
        drawing.strokes.append(_arc(dxf.center, dxf.radius, dxf.start_angle, dxf.end_angle))
    elif kind in ("LWPOLYLINE", "POLYLINE"):
        points = [_flat(v.dxf.location) for v in entity.vertices] if kind == "POLYLINE" else [  # type: ignore[attr-defined]
            (x, y) for x, y in entity.get_points("xy")  # type: ignore[attr-defined]
        ]  # fmt: skip
        if getattr(entity, "closed", False) or getattr(entity, "is_closed", False):
            points.append(points[0])
        drawing.strokes.append(points)


def _wrapped(lines: list[str], fitting: int) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, fitting)]


def _flat(point: Iterable[float]) -> Point:
    x, y, *_ = (float(v) for v in point)
    return x, y


def _arc(center: Iterable[float], radius: float, start: float, end: float) -> list[Point]:
    x, y = _flat(center)
    sweep = (end - start) % 360 or 360
    return [
        (x + radius * math.cos(math.radians(a)), y + radius * math.sin(math.radians(a)))
        for a in (start + sweep * k / 24 for k in range(25))
    ]


def _text(text: str, place: Iterable[float], height: float, rotation: float, drawing: Drawing) -> None:
    plain = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")).strip()
    if plain and height > 0:
        drawing.texts.append((plain, _flat(place), float(height), float(rotation)))


def _laid_out(drawing: Drawing, limits: Limits) -> Lettered:
    points = [p for stroke in drawing.strokes for p in stroke]
    for text, (tx, ty), size, _ in drawing.texts:
        points += [(tx, ty), (tx + 0.7 * size * len(text), ty + size)]
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
    ordered = sorted(drawing.texts, key=lambda t: (-round(t[1][1] / max(t[2], 1e-9)), t[1][0]))
    for line, (text, (x, y), size, rotation) in enumerate(ordered):
        words += _words(text, placed(x, y), size * scale, rotation, line, (width, height))
    return Lettered(
        tuple(words[: limits.words_per_page]), width, height, _DPI,
        lambda: _picture(drawing, words, placed, (width, height)),
    )  # fmt: skip


def _words(
    text: str, place: Point, size: float, rotation: float, line: int, page: tuple[int, int]
) -> Iterator[Word]:
    """Words along the text's own direction; letters counted as 0.7 of their height wide."""
    along = math.cos(math.radians(rotation)), -math.sin(math.radians(rotation))
    leftward = is_right_to_left(text)
    at = 0
    for token in text.split():
        at = text.index(token, at)
        # Right-to-left text begins at the far end of the space that it takes.
        start = len(text) - at - len(token) if leftward else at
        near, far = 0.7 * size * start, 0.7 * size * (start + len(token))
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
