"""How the pages of the corpus were scanned: the ways offices do, each drawn a little differently."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from samples.papers.scanner import Scan

DAMAGES: dict[str, Callable[[np.random.Generator], Scan]] = {
    "office, G4": lambda r: Scan(dpi=300, mode="bilevel", skew=r.uniform(-0.8, 0.8), specks=90),
    "G4 at 200 dpi": lambda r: Scan(
        dpi=200, mode="bilevel", skew=r.uniform(-2, 2), blur=r.uniform(0, 0.6), specks=200
    ),
    "JPEG": lambda r: Scan(dpi=200, mode="grey", skew=r.uniform(-1.2, 1.2), grain=r.uniform(1.5, 3)),
    "colour JPEG": lambda r: Scan(
        dpi=200, mode="colour", skew=r.uniform(-1, 1), grain=2, tint=(244, 238, 222)
    ),
    "fine JPEG": lambda r: Scan(
        dpi=300, mode="colour", skew=r.uniform(-1.5, 1.5), grain=2.5, blur=r.uniform(0, 1)
    ),
    "faint": lambda r: Scan(
        dpi=200, mode="grey", skew=r.uniform(-1, 1), contrast=r.uniform(0.35, 0.55), grain=2
    ),
    "shadow": lambda r: Scan(
        dpi=200,
        mode="grey",
        skew=r.uniform(-1.5, 1.5),
        fold=r.uniform(0.15, 0.4),
        fold_at=r.uniform(0.3, 0.7),
        edge=0.45,
    ),
    "fax": lambda r: Scan(
        dpi=200,
        mode="bilevel",
        skew=r.uniform(-1, 1),
        blur=0.9,
        threshold=int(r.integers(140, 175)),
        specks=350,
    ),
}
JPEG_QUALITY = 40


def faxed(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """A bilevel picture as the telephone delivered it: some scan lines are lost, the one above stands for them."""
    rows = np.array(picture)
    lost = random.integers(1, len(rows), len(rows) // 60)
    rows[lost] = rows[lost - 1]
    return Image.fromarray(rows)
