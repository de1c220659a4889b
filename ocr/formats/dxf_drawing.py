"""What a DXF drawing shows: its texts where they stand and the strokes around them, from entities of every kind."""

import math
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import ezdxf
from ezdxf.entities import DXFEntity, Insert
from ezdxf.proxygraphic import ProxyGraphicError

from ocr.drawings.labels import label_at

Point = tuple[float, float]

# What ezdxf raises on an entity out of shape; the rest of the drawing is still worth having.
OUT_OF_SHAPE = (
    ezdxf.DXFError, ProxyGraphicError, ValueError, TypeError, AttributeError, ArithmeticError, IndexError, KeyError,
)  # fmt: skip

# A letter is about 0.7 of its height wide, a line of paragraph text 1.6 of it high.
LETTER = 0.7
_LINE = 1.6
_LONGEST_LINE = 120
_DEEPEST = 4
_FAR = 1e12
_MADE_OF_OTHERS = frozenset({
    "INSERT", "DIMENSION", "ARC_DIMENSION", "LARGE_RADIAL_DIMENSION", "MULTILEADER", "MLEADER", "LEADER", "ACAD_TABLE",
})  # fmt: skip


@dataclass(frozen=True)
class Lettering:
    """One line of text: where its baseline begins, the height of its letters, degrees anticlockwise; and the field of
    the title block that it is the value of."""

    text: str
    place: Point
    size: float
    rotation: float
    field: str | None = None

    @property
    def width(self) -> float:
        """How much space it takes along its line."""
        return LETTER * self.size * len(self.text)


@dataclass
class Drawing:
    """Texts and strokes of a layout in its own units."""

    texts: list[Lettering] = field(default_factory=list)
    strokes: list[list[Point]] = field(default_factory=list)

    def take(self, entity: DXFEntity, name: str | None = None) -> None:
        """Adds what one entity shows; `name` is the field it is the value of. Kinds that are not known show nothing."""
        kind, dxf = entity.dxftype(), entity.dxf
        if kind in ("TEXT", "ATTRIB", "ATTDEF"):
            self._text(entity, name)
        elif kind == "MTEXT":
            self._paragraphs(entity)
        elif kind == "LINE":
            self.strokes.append([_flat(dxf.start), _flat(dxf.end)])
        elif kind == "CIRCLE":
            self.strokes.append(_arc(dxf.center, dxf.radius, 0, 360))
        elif kind == "ARC":
            self.strokes.append(_arc(dxf.center, dxf.radius, dxf.start_angle, dxf.end_angle))
        elif kind in ("LWPOLYLINE", "POLYLINE"):
            points = [_flat(v.dxf.location) for v in entity.vertices] if kind == "POLYLINE" else [  # type: ignore[attr-defined]
                (x, y) for x, y in entity.get_points("xy")  # type: ignore[attr-defined]
            ]  # fmt: skip
            if getattr(entity, "closed", False) or getattr(entity, "is_closed", False):
                points.append(points[0])
            self.strokes.append(points)

    def _text(self, entity: DXFEntity, name: str | None) -> None:
        dxf = entity.dxf
        align, first, _ = entity.get_placement()  # type: ignore[attr-defined]
        across = (
            1.0 if "RIGHT" in align.name else 0.5 if "CENTER" in align.name or align.name == "MIDDLE" else 0.0
        )
        up = 1.0 if align.name.startswith("TOP") else 0.5 if align.name.startswith("MIDDLE") else 0.0
        # Text seen from behind its plane runs the other way.
        mirrored = dxf.get("extrusion", (0, 0, 1))[2] < 0
        rotation = dxf.get("rotation", 0.0)
        self._add(
            entity.plain_text(), _flat(entity.ocs().to_wcs(first)), dxf.height,  # type: ignore[attr-defined]
            180 - rotation if mirrored else rotation, (across, up), name,
        )  # fmt: skip

    def _paragraphs(self, entity: DXFEntity) -> None:
        dxf = entity.dxf
        size = dxf.char_height
        fitting = max(8, int(dxf.get("width", 0.0) / (LETTER * size)) or _LONGEST_LINE)
        lines = [
            part for line in entity.plain_text(split=True) for part in textwrap.wrap(line, fitting)  # type: ignore[attr-defined]
        ]  # fmt: skip
        row, column = divmod(dxf.get("attachment_point", 1) - 1, 3)
        rotation = entity.get_rotation()  # type: ignore[attr-defined]
        down = -math.sin(math.radians(rotation)), math.cos(math.radians(rotation))
        x, y = _flat(dxf.insert)
        for k, line in enumerate(lines):
            away = size * (1 + _LINE * k) - _LINE * size * len(lines) * row / 2
            self._add(line, (x - away * down[0], y - away * down[1]), size, rotation, (column / 2, 0.0))

    def _add(
        self,
        text: str,
        anchor: Point,
        size: float,
        rotation: float,
        share: tuple[float, float],
        name: str | None = None,
    ) -> None:
        """A line of text whose anchor is that share of its width and height from the beginning of its baseline."""
        plain = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")).strip()
        if not plain or not 0 < size < _FAR or not all(abs(v) < _FAR for v in anchor):
            return
        along = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
        back, below = share[0] * LETTER * size * len(plain), share[1] * size
        place = anchor[0] - back * along[0] + below * along[1], anchor[1] - back * along[1] - below * along[0]
        self.texts.append(Lettering(plain, place, float(size), float(rotation), name))


def shown(
    entities: Iterable[DXFEntity], hidden_layers: frozenset[str], depth: int = _DEEPEST
) -> Iterator[tuple[DXFEntity, str | None]]:
    """What of some entities is to be seen, each with the field of a title block it is the value of, if any.

    What blocks, dimensions, leaders and tables are made of comes in their place, with the attributes of blocks.
    """
    for entity in entities:
        kind, dxf = entity.dxftype(), entity.dxf
        if dxf.get("invisible", 0) or dxf.get("layer", "0").casefold() in hidden_layers:
            continue
        if kind not in _MADE_OF_OTHERS:
            yield entity, None
            continue
        if isinstance(entity, Insert):
            yield from _attributes(entity)
        try:
            inside = list(entity.virtual_entities()) if depth else []  # type: ignore[attr-defined]
        except OUT_OF_SHAPE:
            inside = []
        yield from shown(inside, hidden_layers, depth - 1)


def _attributes(block: Insert) -> Iterator[tuple[DXFEntity, str | None]]:
    """The attributes of a block; those of a title block with the names of its fields.

    A title block is told by the tags of two fields; other tags of it name fields of their own.
    """
    tags = [attribute.dxf.get("tag", "").replace("_", " ").replace("-", " ") for attribute in block.attribs]
    names = [found[0] if (found := label_at(tag.split())) else None for tag in tags]
    is_title_block = len({name for name in names if name}) >= 2
    for attribute, name in zip(block.attribs, names, strict=True):
        if not attribute.is_invisible:
            yield attribute, (name or attribute.dxf.tag.casefold()) if is_title_block else None


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
