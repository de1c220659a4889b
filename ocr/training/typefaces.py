"""The typefaces lines are drawn in, and those that never are: the reader is measured on letters it has not seen.

They come from Debian's packages and from npm, unpacked into a folder without installing anything.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

DEBIAN = (
    "fonts-arabeyes", "fonts-farsiweb", "fonts-freefarsi", "fonts-freefont-ttf", "fonts-hosny-amiri",
    "fonts-hosny-thabit", "fonts-kacst", "fonts-kacst-one", "fonts-lemonada", "fonts-liberation2",
    "fonts-noto-core", "fonts-noto-extra", "fonts-sil-lateef", "fonts-dejavu-core", "fonts-paktype",
    "fonts-sil-harmattan", "fonts-sil-scheherazade",
)  # fmt: skip
# Faces of offices, signs and screens, which Debian has few of.
NPM = (
    "alexandria", "almarai", "aref-ruqaa", "baloo-bhaijaan-2", "cairo", "changa", "el-messiri", "kufam", "mada",
    "markazi-text", "mirza", "readex-pro", "rubik", "tajawal", "vazirmatn",
    # For their figures: narrow ones and geometric ones.
    "archivo-narrow", "barlow-condensed", "josefin-sans", "jost", "pt-sans-narrow",
)  # fmt: skip

# Kept for measuring: no line of training is drawn in these.
MEASURING = ("DejaVu Sans", "Harmattan", "KacstNaskh", "Noto Kufi Arabic", "PakType Naskh", "Scheherazade")

# Not print: display faces, Quranic and Urdu calligraphy, and files whose letters or digits are broken.
_LEFT_OUT = (
    "AmiriQuran", "Nastaliq", "ae_Shado", "KacstTitleL", "ae_Japan", "Thabit-Oblique", "Thabit-Bold-Oblique",
    "KacstPoster", "ae_Jet", "mry_", "PakType Ajrak", "PakTypeAjrak", "Ostorah", "ae_Electron",
    "ExtraCondensed", "Thin", "ExtraLight", "Sindhi", "Teyek", "DejaVuSans-Oblique", "DejaVuMath",
)  # fmt: skip
# How often a face is drawn, by the beginning of its file's name: what offices and books are set in comes most.
_WEIGHTS = {
    "Amiri": 3.0, "nazli": 3.0, "NotoNaskh": 2.0, "KacstBook": 3.0, "KacstOffice": 3.0, "KacstOne": 3.0,
    "KacstLetter": 3.0, "KacstQurn": 2.0, "Lateef-Regular": 1.5, "Lateef-Bold": 1.0, "FreeSerif": 1.5,
    "FreeFarsi": 1.5, "NotoSansArabic": 0.15, "ae_": 0.6, "Cairo": 0.5, "Tajawal": 0.5, "Almarai": 0.7,
    "MarkaziText": 0.7, "Mirza": 0.6, "Thabit": 0.8,
}  # fmt: skip

ARABIC_LETTERS = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي")
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"


@dataclass(frozen=True)
class Typeface:
    """A font file, the family it belongs to, how often it is drawn, and the characters it has."""

    file: Path
    family: str
    weight: float
    characters: frozenset[str]


def fetch(folder: Path, debian: Sequence[str] = DEBIAN, npm: Sequence[str] = NPM) -> None:
    """Unpacks the packages into `folder`; one that is there already is left as it is. Raises CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in debian:
        if not (target := folder / package).is_dir():
            downloads = folder / "downloads"
            downloads.mkdir(exist_ok=True)
            subprocess.run(
                ["apt-get", "download", "-q", package], cwd=downloads, check=True, stdout=subprocess.DEVNULL
            )
            (archive,) = downloads.glob(f"{package}_*.deb")
            subprocess.run(["dpkg-deb", "-x", archive, target.with_suffix(".part")], check=True)
            target.with_suffix(".part").rename(target)
            shutil.rmtree(downloads)
    for name in npm:
        if not (target := folder / f"npm-{name}").is_dir():
            part = target.with_suffix(".part")
            part.mkdir(exist_ok=True)
            command = [
                "npm",
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                f"@expo-google-fonts/{name}",
            ]
            subprocess.run([*command, "--prefix", str(part)], check=True, stdout=subprocess.DEVNULL)
            part.rename(target)


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*.[ot]tf")):
        if not any(part in file.name for part in _LEFT_OUT) and not file.name.startswith("."):
            yield file


@cache
def arabic(folder: Path) -> tuple[Typeface, ...]:
    """Every face under `folder` with the whole Arabic alphabet, those for measuring among them."""
    faces = []
    for file in _files(folder):
        with TTFont(file, lazy=True) as font:
            characters = frozenset(map(chr, font.getBestCmap() or ()))
            family = font["name"].getBestFamilyName() or file.stem
        if characters >= ARABIC_LETTERS:
            weight = next((w for start, w in _WEIGHTS.items() if file.name.startswith(start)), 0.8)
            faces.append(Typeface(file, family, weight, characters))
    return tuple(faces)


def is_measuring(face: Typeface) -> bool:
    """Whether the face is kept for measuring (Scheherazade New would be, too: families are told by how they begin)."""
    return face.family.replace(" ", "").startswith(tuple(name.replace(" ", "") for name in MEASURING))


def training(folder: Path) -> tuple[Typeface, ...]:
    """The faces to learn from."""
    return tuple(face for face in arabic(folder) if not is_measuring(face))


def measuring(folder: Path) -> tuple[Typeface, ...]:
    """The faces to be measured on."""
    return tuple(face for face in arabic(folder) if is_measuring(face))


@cache
def latin(folder: Path) -> tuple[Path, ...]:
    """Faces for Latin words and ASCII digits in lines whose own face lacks them."""
    wanted = ("LiberationSans-Regular", "LiberationSerif-Regular", "LiberationSans-Bold", "LiberationMono-Regular",
              "FreeSans.", "FreeSerif.", "FreeMono.", "ArchivoNarrow_400Regular.", "ArchivoNarrow_700Bold.",
              "BarlowCondensed_400Regular.", "BarlowCondensed_600SemiBold.", "JosefinSans_400Regular.",
              "JosefinSans_600SemiBold.", "Jost_400Regular.", "Jost_600SemiBold.",
              "PTSansNarrow_400Regular.")  # fmt: skip
    return tuple(file for file in _files(folder) if file.name.startswith(wanted))
