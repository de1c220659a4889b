"""A paper to be scanned: its pages, what it is about, and how the scanner treated each page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from samples.papers.blocks import Block
from samples.papers.scanner import Scan

A4, A3_LANDSCAPE, A4_LANDSCAPE, A5_LANDSCAPE = (210.0, 297.0), (420.0, 297.0), (297.0, 210.0), (210.0, 148.0)


@dataclass(frozen=True)
class Page:
    """One side of paper; sizes in millimetres."""

    blocks: Sequence[Block]
    scan: Scan
    size: tuple[float, float] = A4
    margin: float = 20.0


@dataclass(frozen=True)
class Document:
    """One scanned file. `container` is pdf, tiff, jpeg or png; `owner` is the name written on the paper."""

    name: str
    kind: str
    title_ar: str
    title_en: str
    parcel: str
    owner: str
    owner_civil_id: str
    year: int
    container: str
    pages: Sequence[Page]
    font: str = "IBM Plex Sans Arabic"
    text_size: float = 12.0
    leading: float = 0.5
    ink: str = "#1a1a1a"
    jpeg_quality: int = field(default=40)
