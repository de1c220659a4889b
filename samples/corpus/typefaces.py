"""The typefaces pages are measured in: `ocr/training/typefaces.py` keeps them apart, training draws none of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocr.training import typefaces

# Kept between runs, beside the other things that are fetched once.
FOLDER = Path(__file__).resolve().parents[2] / ".venv" / "share" / "typefaces"


@dataclass(frozen=True)
class Typeface:
    """A family, its Debian package and regular file, and the size in points at which it looks like 12 point type."""

    family: str
    package: str
    file: str
    size: float
    leading: float = 0.5


TYPEFACES = (
    Typeface("DejaVu Sans", "fonts-dejavu-core", "DejaVuSans.ttf", 10.5),
    Typeface("Harmattan", "fonts-sil-harmattan", "Harmattan-Regular.ttf", 14.5, 0.4),
    Typeface("KacstNaskh", "fonts-kacst", "KacstNaskh.ttf", 13.0),
    Typeface("Noto Kufi Arabic", "fonts-noto-core", "NotoKufiArabic-Regular.ttf", 11.0),
    Typeface("PakType Naskh Basic", "fonts-paktype", "PakType Naskh Basic.ttf", 13.5),
    Typeface("Scheherazade", "fonts-sil-scheherazade", "Scheherazade-Regular.ttf", 15.0, 0.35),
)


@cache
def folders() -> tuple[Path, ...]:
    """Where the families' files are; fetched on first use. Raises OSError or CalledProcessError when they cannot be."""
    packages = tuple(face.package for face in TYPEFACES)
    if not all((FOLDER / package).is_dir() for package in packages):
        typefaces.fetch(FOLDER, debian=packages, npm=())
    return tuple(FOLDER / package for package in packages)


@cache
def file_of(face: Typeface) -> Path:
    """The file of a family's regular face."""
    folder = folders()[TYPEFACES.index(face)]
    return next(folder.rglob(face.file))
