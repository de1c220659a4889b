"""Signatures: pen strokes that look written, the same for the same name."""

import zlib

import numpy as np


def scribble(name: str, colour: str = "#1f3d8f") -> str:
    """An SVG of a signature for this name: a few loops along a line and a flourish under them."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    x, y = 96.0, 24.0
    path = [f"M{x:.0f} {y:.0f}"]
    for _ in range(int(random.integers(4, 7))):
        step, rise = float(random.uniform(9, 17)), float(random.uniform(-14, 14))
        path.append(
            f"C{x - step * 0.2:.1f} {y - 22 + rise * 0.3:.1f} {x - step * 1.5:.1f} {y + 16:.1f} {x - step:.1f} "
            f"{24 + rise * 0.5:.1f}"
        )
        x, y = x - step, 24 + rise * 0.5
    path.append(f"C{x - 16:.1f} {y + 24:.1f} {x + 40:.1f} 44 {98 + random.uniform(-6, 6):.1f} 33")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 110 46">'
        f'<path d="{" ".join(path)}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linecap="round"/></svg>'
    )
