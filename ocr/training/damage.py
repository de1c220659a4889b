"""What scanners, forms and time do to a line: from a clean mask of ink to the grey picture the network is given."""

from collections.abc import Callable
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.line_reader import HEIGHT
from ocr.training.drawing import Drawn, Mask

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

cv2.setNumThreads(1)


class Damage:
    """Cuts lines out as the layout does, and spoils them by chance. Remembers the last line: it becomes a neighbour."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._noise = np.random.default_rng(random.getrandbits(63))
        self._last: Mask | None = None

    def damaged(self, drawn: Drawn) -> Picture | None:
        """A picture 40 pixels high, dark on light; None where nothing of the ink was left."""
        mask = self._cut_out(drawn)
        if mask is None or mask.shape[0] < 8:
            return None
        mask = self._neighboured(mask)
        self._last = drawn.ink
        mask = self._inked(mask, drawn.size)
        mask = self._on_a_form(mask, drawn.size)
        return self.scanned(mask)

    def scanned(self, mask: Mask) -> Picture:
        """The mask as a scanner sees it, at the height of a line."""
        r = self._random
        mask = self._sampled(mask)
        if r.random() < 0.45:
            mask = cv2.GaussianBlur(mask, (0, 0), r.uniform(0.3, 1.1))
        picture = self._bilevel(mask) if r.random() < 0.45 else self._grey(mask)
        if r.random() < 0.2:
            quality = r.randint(25, 80)
            picture = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)
        width = max(8, round(picture.shape[1] * HEIGHT / picture.shape[0]))
        how = cv2.INTER_AREA if picture.shape[0] > HEIGHT else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(picture, (width, HEIGHT), interpolation=how), np.uint8)

    def _cut_out(self, drawn: Drawn) -> Mask | None:
        """Margins as a layout leaves them: by the ink, or by the usual height of lines where the ink is low."""
        r = self._random
        ink, size = drawn.ink, drawn.size
        rows, columns = np.flatnonzero(ink.max(1) > 60), np.flatnonzero(ink.max(0) > 60)
        if not len(rows):
            return None
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        need = max(float(bottom - top), size * r.uniform(0.5, 1.3))
        centre = (top + bottom) / 2 + r.uniform(-0.15, 0.15) * (need - (bottom - top))
        above = need * (0.5 + max(-0.04, r.gauss(0.08, 0.10)))
        below = need * (0.5 + max(-0.04, r.gauss(0.08, 0.10)))
        pad = size * 2
        wide = cv2.copyMakeBorder(
            ink[:, max(0, columns[0] - 1) : columns[-1] + 2], pad, pad, r.randint(0, size), r.randint(0, size),
            cv2.BORDER_CONSTANT, value=0,
        )  # fmt: skip
        height, width = wide.shape
        if r.random() < 0.5:
            # Slant of the letters, and skew: small on long lines, up to three degrees on short ones.
            slant = r.gauss(0, 0.08) if r.random() < 0.3 else 0.0
            skew = r.gauss(0, 0.35) * 30 / max(30.0, width / size) if r.random() < 0.6 else 0.0
            if width < 12 * size and r.random() < 0.15:
                skew = r.gauss(0, 1.3)
            rise = np.tan(np.radians(skew))
            turn = np.array([[1, slant, -slant * height / 2], [rise, 1, -rise * width / 2]], np.float32)
            wide = cv2.warpAffine(wide, turn, (width, height), flags=cv2.INTER_LINEAR)
        if r.random() < 0.12:
            swing, length, phase = r.uniform(0.5, 2.2), r.uniform(150, 900), r.uniform(0, 6.3)
            x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
            wave = y + np.float32(swing) * np.sin(x * np.float32(6.28 / length) + np.float32(phase))
            wide = cv2.remap(wide, x, wave, cv2.INTER_LINEAR)
        return np.asarray(wide[max(0, int(centre - above + pad)) : int(centre + below + pad)], np.uint8)

    def _neighboured(self, mask: Mask) -> Mask:
        """Tips of the lines above and below, where the cut took them along."""
        r = self._random
        if self._last is None or r.random() > 0.3:
            return mask
        rows = np.flatnonzero(self._last.max(1) > 60)
        if not len(rows):
            return mask
        out = mask.copy()
        for above in (True, False):
            depth = min(int((rows[-1] - rows[0]) * r.uniform(0.04, 0.28)), max(1, int(len(mask) * 0.14)))
            if depth < 1 or r.random() > 0.6:
                continue
            strip = (
                self._last[rows[-1] - depth + 1 : rows[-1] + 1]
                if above
                else self._last[rows[0] : rows[0] + depth]
            )
            strip = np.roll(strip, r.randrange(strip.shape[1]), 1)[:, : mask.shape[1]]
            place = (
                out[: len(strip), : strip.shape[1]]
                if above
                else out[len(out) - len(strip) :, : strip.shape[1]]
            )
            np.maximum(place, strip, out=place)
        return out

    def _inked(self, mask: Mask, size: int) -> Mask:
        """Ink that ran, or a ribbon that was worn; needles of a dot matrix."""
        r = self._random
        chance = r.random()
        if chance < 0.14:
            return np.asarray(
                cv2.dilate(mask, np.ones(r.choice(((2, 2), (1, 2), (2, 1), (3, 2))), np.uint8)), np.uint8
            )
        if chance < 0.24 and size >= 36:
            return np.asarray(
                cv2.erode(mask, np.ones(r.choice(((2, 2), (1, 2), (2, 1))), np.uint8)), np.uint8
            )
        if chance < 0.27:
            # A 24-needle printer: dots on a grid, a little larger than its step.
            step = r.choice((2, 2, 3)) if size >= 42 else 2
            dots = cv2.resize(mask, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA) > 80
            grid = np.zeros((dots.shape[0] * step, dots.shape[1] * step), np.uint8)
            grid[step // 2 :: step, step // 2 :: step][dots] = 255
            return np.asarray(
                cv2.dilate(grid, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (step, step))), np.uint8
            )
        return mask

    def _on_a_form(self, mask: Mask, size: int) -> Mask:
        """Rules of tables left at the edges or under the words, dotted lines, and stamps across."""
        r = self._random
        if r.random() > 0.22:
            return mask
        out = mask.copy()
        height, width = out.shape
        chance = r.random()
        thick = r.randint(1, max(1, size // 14))
        dark = r.randint(120, 255)
        if chance < 0.3:
            y = r.choice(
                (
                    r.randrange(height),
                    height - 1 - r.randrange(max(1, height // 6)),
                    r.randrange(max(1, height // 6)),
                )
            )
            cv2.line(out, (0, y), (width, y + r.randint(-2, 2)), dark, thick)
        elif chance < 0.5:
            for x in {r.choice((0, width - thick)), r.choice((0, width - thick, width - thick))}:
                cv2.line(out, (x, 0), (x, height), dark, thick)
        elif chance < 0.7:
            y = int(height * r.uniform(0.68, 0.92))
            start, end = sorted((r.randrange(width), r.randrange(width)))
            step = r.randint(3, max(4, size // 4))
            for x in range(start, end, step):
                cv2.circle(out, (x, y), max(1, thick // 2), dark, -1)
        elif chance < 0.92:
            self._stamped(out, size)
        else:
            start = r.randrange(width)
            cv2.line(
                out,
                (start, r.randrange(height)),
                (start + r.randint(size, 5 * size), r.randrange(height)),
                dark,
                thick,
            )
        return out

    def _stamped(self, mask: Mask, size: int) -> None:
        r = self._random
        pale = np.zeros_like(mask)
        radius = r.randint(2 * size, 6 * size)
        centre = (r.randrange(mask.shape[1]), r.randrange(mask.shape[0]) + r.randint(-2 * size, 2 * size))
        for inner in (0, r.randint(size // 4, size)):
            cv2.circle(pale, centre, max(2, radius - inner), r.randint(50, 150), r.randint(1, 4))
        np.maximum(mask, pale, out=mask)

    def _sampled(self, mask: Mask) -> Mask:
        """At the scanner's resolution: about that of the network's input, sometimes far less, sometimes a fax's."""
        r = self._random
        scale = r.uniform(0.95, 1.7) * HEIGHT / len(mask)
        chance = r.random()
        if chance < 0.18:
            scale *= r.uniform(0.5, 0.85)
        width = max(8, int(mask.shape[1] * scale * r.uniform(0.88, 1.14)))
        height = max(8, int(len(mask) * scale))
        if chance > 0.94:
            # A fax in standard resolution: half as many rows as columns, then only black and white.
            coarse = cv2.resize(mask, (width, max(8, height // 2)), interpolation=cv2.INTER_AREA)
            coarse = np.where(coarse > r.randint(70, 150), 255, 0).astype(np.uint8)
            return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
        return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA), np.uint8)

    def _bilevel(self, mask: Mask) -> Picture:
        r = self._random
        rough = mask + self._noise.normal(0, r.uniform(2, 40), mask.shape).astype(np.float32)
        if r.random() < 0.5:
            rough = cv2.GaussianBlur(rough, (0, 0), 0.5)
        ink = rough > r.uniform(70, 165)
        if r.random() < 0.3:
            specks = self._noise.random(mask.shape)
            ink |= specks < 0.002 * r.random()
            ink &= specks < 1 - 0.01 * r.random()
        return np.where(ink, 0, 255).astype(np.uint8)

    def _grey(self, mask: Mask) -> Picture:
        r = self._random
        ink = r.randint(0, 120)
        paper = r.randint(max(150, ink + 60), 255)
        grey: Floats = np.float32(paper) - np.float32((paper - ink) / 255) * mask.astype(np.float32)
        if r.random() < 0.5:
            grey += self._noise.normal(0, r.uniform(1, 14), grey.shape).astype(np.float32)
        if r.random() < 0.3:
            grey += np.linspace(r.uniform(-25, 25), r.uniform(-25, 25), grey.shape[1], dtype=np.float32)[None]
        return np.clip(grey, 0, 255).astype(np.uint8)


class Scribbler:
    """Marks that are not print: signatures, scribbles, hatching, specks. What the reader must say it cannot read."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._noise = np.random.default_rng(random.getrandbits(63))

    def scribble(self) -> Mask:
        """Ink 255 on 0, 80 rows high."""
        r = self._random
        mask = np.zeros((80, r.randint(80, 600)), np.uint8)
        kinds: tuple[Callable[[Mask], None], ...] = (
            self._signature,
            self._signature,
            self._hatch,
            self._specks,
        )
        r.choice(kinds)(mask)
        return mask

    def _signature(self, mask: Mask) -> None:
        """Loops of a pen that moves on: circles of changing size along a wavering line."""
        r = self._random
        width = mask.shape[1]
        points = r.randint(60, 260)
        t = np.linspace(0, r.uniform(6, 40), points)
        size = np.interp(t, np.linspace(0, t[-1], 6), [r.uniform(3, 34) for _ in range(6)])
        x = np.linspace(10, width - 10, points) + size * np.cos(t * r.uniform(0.8, 1.6))
        y = (
            40
            + size * np.sin(t * r.uniform(0.8, 2.4))
            + np.interp(t, np.linspace(0, t[-1], 5), [r.uniform(-16, 16) for _ in range(5)])
        )
        path = np.stack([x, y], 1).astype(np.int32)
        cv2.polylines(mask, [path], False, 255, r.randint(1, 4), cv2.LINE_AA)

    def _hatch(self, mask: Mask) -> None:
        r = self._random
        step, slope = r.randint(4, 16), r.randint(-60, 60)
        for x in range(-80, mask.shape[1] + 80, step):
            cv2.line(mask, (x, 0), (x + slope, 80), r.randint(120, 255), r.randint(1, 3))

    def _specks(self, mask: Mask) -> None:
        r = self._random
        specks = self._noise.random(mask.shape) < r.uniform(0.005, 0.25)
        mask[specks] = 255
        size = r.choice((1, 2, 3))
        mask[:] = cv2.dilate(mask, np.ones((size, size), np.uint8))
