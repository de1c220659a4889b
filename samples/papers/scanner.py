"""What an office scanner does to a clean page. Every effect is drawn from the seed, so a page can be made again."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

WHITE = 255.0

# The picture must be turned this many degrees clockwise to stand upright; Pillow turns counter-clockwise.
_TURNED = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Scan:
    """How one page was scanned.

    `mode` is bilevel (stored as CCITT G4), grey or colour. `skew` is degrees clockwise as seen, `blur` a Gaussian
    radius in pixels, `contrast` the share of the ink's darkness that is left, `grain` the paper's noise in grey
    levels, `fold` the depth of the shadow along the fold (0 none, 1 black) at `fold_at` of the width, `specks` the
    number of dust spots a page, `rotation` the degrees clockwise that the stored picture must be turned to be upright.
    """

    dpi: int = 200
    mode: str = "grey"
    skew: float = 0.0
    blur: float = 0.0
    contrast: float = 1.0
    grain: float = 2.0
    tint: tuple[int, int, int] = (250, 249, 246)
    fold: float = 0.0
    fold_at: float = 0.5
    edge: float = 0.0
    specks: int = 0
    threshold: int = 150
    rotation: int = 0

    def damage(self) -> dict[str, Any]:
        """The settings that differ from a clean scan, for the truth beside the file."""
        clean = asdict(Scan())
        kept = {
            key: value for key, value in asdict(self).items() if value != clean[key] and key != "rotation"
        }
        return {"dpi": self.dpi, "mode": self.mode} | kept


def scan_page(clean: Image.Image, scan: Scan, seed: list[int]) -> Image.Image:
    """The scanned picture of a clean RGB page: mode 1, L or RGB as the scan says."""
    random = np.random.default_rng(seed)
    width, height = clean.size
    ink = np.asarray(clean.convert("RGB"), dtype=np.float32) / WHITE
    ink = 1.0 - (1.0 - ink) * scan.contrast
    paper = _paper(width, height, scan, random)
    picture = Image.fromarray(np.clip(ink * paper, 0, WHITE).astype(np.uint8))
    if scan.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(scan.blur))
    if scan.skew:
        picture = picture.rotate(-scan.skew, Image.Resampling.BICUBIC, fillcolor=scan.tint)
    pixels = np.array(picture, dtype=np.float32)
    _dust(pixels, scan, random)
    if scan.grain:
        pixels += random.normal(0, scan.grain, (height, width, 1)).astype(np.float32)
    picture = Image.fromarray(np.clip(pixels, 0, WHITE).astype(np.uint8))
    if scan.mode != "colour":
        picture = picture.convert("L")
    if scan.mode == "bilevel":
        picture = picture.point([0] * scan.threshold + [255] * (256 - scan.threshold)).convert(
            "1", dither=Image.Dither.NONE
        )
    return picture.transpose(_TURNED[scan.rotation]) if scan.rotation else picture


def _paper(width: int, height: int, scan: Scan, random: np.random.Generator) -> np.ndarray:
    """The sheet without its ink: tint, slow unevenness, the fold's shadow and the dark edge by the spine."""
    coarse = random.normal(0, 1, (9, 7)).astype(np.float32)
    uneven = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))
    light = 1.0 + uneven * 0.004 * scan.grain
    across = np.linspace(0, 1, width, dtype=np.float32)
    if scan.fold:
        light = light * (1 - scan.fold * np.exp(-(((across - scan.fold_at) / 0.035) ** 2)))
    if scan.edge:
        light = light * (1 - scan.edge * np.exp(-((across / 0.06) ** 2)))
    return light[:, :, None] * np.array(scan.tint, dtype=np.float32)


def _dust(pixels: np.ndarray, scan: Scan, random: np.random.Generator) -> None:
    """Dark spots, and one light spot in five that eats into letters."""
    height, width = pixels.shape[:2]
    for _ in range(scan.specks):
        size = int(random.integers(1, max(2, scan.dpi // 70) + 1))
        y, x = int(random.integers(0, height - size)), int(random.integers(0, width - size))
        pixels[y : y + size, x : x + size] = 245 if random.random() < 0.2 else random.integers(20, 110)
