"""Draws a line of pieces in a typeface: an ink mask and the label of what stands on it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.training.text import Piece, label, spoken
from ocr.training.typefaces import ARABIC_DIGITS, Typeface

Mask = NDArray[np.uint8]

_CONNECTING = frozenset("بتثجحخسشصضطظعغفقكلمنهيئ")
_VOWELS = "\u064e\u064f\u0650\u0652\u0651\u064b\u064c\u064d"
_STRETCH = "\u0640"
_SUM = re.compile(r"\d+(?:[.,٫٬]\d+)+")
# Shares of numbers in another typeface than their line's, of sums whose marks are not as their typeface has them, and
# of numbers made narrower.
_BORROWED = 0.3
_VARIED = 0.55
_NARROWED = 0.2
_SUM_PARTS = re.compile(r"\d+|[.,٫٬]")


@dataclass(frozen=True)
class Drawn:
    """Ink 255 on 0, much taller than the line; what it says from left to right; the size of type in pixels."""

    ink: Mask
    label: str
    size: int


@lru_cache(maxsize=1500)
def _font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.RAQM)


def _without_missing_marks(text: str, face: Typeface) -> str:
    """As typists do where a typeface has no marks of its own for sums."""
    for mark, instead in (("٫", "."), ("٬", ",")):
        if mark in text and mark not in face.characters:
            text = text.replace(mark, instead)
    return text


class Pen:
    """Draws lines, choosing size, spacing, vowel signs and stretches by chance."""

    def __init__(self, faces: tuple[Typeface, ...], latin: tuple[Path, ...], random: Random) -> None:
        self._faces = faces
        self._weights = [face.weight for face in faces]
        self._latin = latin
        self._random = random

    def draw(self, pieces: list[Piece]) -> Drawn | None:
        """The line in some typeface; None where that typeface lacks a character or the line is too wide to use."""
        r = self._random
        face = r.choices(self._faces, self._weights)[0]
        size = r.choice((30, 36, 42, 50))
        vowels = r.choice((0.2, 0.5, 0.9)) if r.random() < 0.12 else 0.0
        stretches = r.choice((0.04, 0.1, 0.25)) if r.random() < 0.16 else 0.0
        spaces = r.choice((1, 1, 1, 1, 2, 2, 3))
        apart = r.random() < 0.15
        notes_touch = r.random() < 0.7
        latin = r.choice(self._latin)
        masks: list[Mask] = []
        said: list[Piece] = []
        for piece in pieces:
            text = self._apart(piece.text) if apart and piece.kind == "arabic" else piece.text
            text = _without_missing_marks(text, face)
            said.append(Piece(text, piece.kind))
            if piece.kind in ("arabic", "ending"):
                text = self._decorated(text, vowels, stretches).replace(" ", " " * spaces)
                if not set(spoken(text).replace(" ", "")) <= face.characters:
                    return None
                text = "".join(c for c in text if c in face.characters or c == " ")
                mask = self._run(text, _font(face.file, size), size, rtl=True)
            else:
                mask = self._left_to_right(said[-1], face, latin, size)
            if mask is None:
                return None
            masks.append(mask)
        gap = int(size * r.uniform(0.2, 0.42) * spaces)
        row: list[Mask] = []
        for mask, piece in zip(masks, said, strict=True):
            if row:
                touches = piece.kind == "ending" or (piece.kind == "note" and notes_touch)
                width = 2 if touches else gap
                row.append(np.zeros((mask.shape[0], width), np.uint8))
            row.append(mask)
        return Drawn(np.concatenate(row[::-1], 1), label(said, notes_touch), size)

    def _left_to_right(self, piece: Piece, face: Typeface, latin: Path, size: int) -> Mask | None:
        r = self._random
        file, used = face.file, size
        if not set(piece.text.replace(" ", "")) <= face.characters:
            if any(c in ARABIC_DIGITS for c in piece.text):
                return None
            file, used = latin, int(size * r.uniform(0.7, 0.95))
        elif r.random() < 0.2 and not any(c in ARABIC_DIGITS for c in piece.text):
            file, used = latin, int(size * r.uniform(0.7, 0.95))
        raised = 0
        if piece.kind == "note":
            raised, used = int(size * r.uniform(0.25, 0.4)), max(14, int(size * 0.62))
        elif piece.kind == "leader":
            raised = -int(size * r.uniform(0.0, 0.15))
        elif piece.kind == "number" and r.random() < 0.2:
            used = int(used * r.uniform(0.8, 1.15))
        if piece.kind == "number":
            # Digits differ less by the letters they stand beside than by who drew them.
            if r.random() < _BORROWED:
                file = self._other_file(piece.text) or file
            varied = bool(_SUM.fullmatch(piece.text)) and r.random() < _VARIED
            mask = (
                self._sum(piece.text, file, used, size)
                if varied
                else self._run(piece.text, _font(file, used), size, rtl=False)
            )
            return self._narrowed(mask) if mask is not None and r.random() < _NARROWED else mask
        return self._run(piece.text, _font(file, used), size, rtl=False, raised=raised)

    def _narrowed(self, mask: Mask) -> Mask:
        """The same digits as a condensed typeface has them, with their marks squeezed in between."""
        width = max(4, round(mask.shape[1] * self._random.uniform(0.62, 0.95)))
        return np.asarray(Image.fromarray(mask).resize((width, len(mask)), Image.Resampling.BOX))

    def _sum(self, text: str, file: Path, used: int, size: int) -> Mask | None:
        """A sum whose marks are smaller or larger, higher or lower, nearer or farther than its typeface has them, or
        another typeface's: they differ in nothing so much."""
        r = self._random
        marks = file
        if r.random() < _BORROWED:
            marks = self._other_file("".join(c for c in text if not c.isdigit())) or file
        # A full stop at half height would be an Arabic-Indic nought.
        highest = 0.0 if "." in text and any(c in ARABIC_DIGITS for c in text) else 0.3
        small, raised = r.uniform(0.55, 1.15), int(used * r.uniform(-0.06, highest))
        near = int(used * r.uniform(-0.05, 0.05))
        masks: list[Mask] = []
        for part in _SUM_PARTS.findall(text):
            is_mark = not part[0].isdigit()
            font = _font(marks, max(8, int(used * small))) if is_mark else _font(file, used)
            mask = self._run(part, font, size, rtl=False, raised=raised if is_mark else 0)
            if mask is None:
                return None
            masks.append(mask)
        out = masks[0]
        for mask in masks[1:]:
            # Each is drawn with two pixels of paper on either side.
            lap = max(0, 3 - near)
            both = np.maximum(out[:, len(out[0]) - lap :], mask[:, :lap]) if lap else out[:, :0]
            gap = np.zeros((len(out), max(0, near - 3)), np.uint8)
            out = np.concatenate((out[:, : len(out[0]) - lap], both, gap, mask[:, lap:]), 1)
        return out

    def _other_file(self, text: str) -> Path | None:
        """Some typeface that has all of the text; None where the first ones tried have not."""
        for face in self._random.choices(self._faces, k=4):
            if set(text.replace(" ", "")) <= face.characters:
                return face.file
        return None

    @staticmethod
    def _run(text: str, font: ImageFont.FreeTypeFont, size: int, rtl: bool, raised: int = 0) -> Mask | None:
        if not text.strip():
            return None
        direction, language = ("rtl", "ar") if rtl else ("ltr", None)
        try:
            left, _, right, _ = font.getbbox(text, direction=direction, anchor="ls", language=language)
        except OSError:
            return None
        width = int(right - left) + 4
        if not 2 <= width <= 4000:
            return None
        image = Image.new("L", (width, int(size * 3.2)), 0)
        ImageDraw.Draw(image).text(
            (2 - left, int(size * 1.9) - raised), text, font=font, fill=255, direction=direction, anchor="ls",
            language=language,
        )  # fmt: skip
        return np.asarray(image)

    def _apart(self, text: str) -> str:
        """With a space before the marks that close, as old presses and some typists set them."""
        out = ""
        for before, c in zip(" " + text, text, strict=False):
            out += f" {c}" if c in "،؛:؟!.»" and before != " " else c
        return out

    def _decorated(self, text: str, vowels: float, stretches: float) -> str:
        r = self._random
        out: list[str] = []
        for c, following in zip(text, text[1:] + " ", strict=True):
            out.append(c)
            if vowels and c.isalpha() and not "\u064b" <= following <= "\u0652" and r.random() < vowels:
                if r.random() < 0.15:
                    out.append("\u0651")
                out.append(r.choice(_VOWELS[:4]) if r.random() < 0.85 else r.choice(_VOWELS))
            elif (
                c in _CONNECTING and following.isalpha() and following != "ء"
                and not (c == "ل" and following in "اأإآ") and r.random() < stretches
            ):  # fmt: skip
                out.append(_STRETCH * r.randint(1, 4))
        return "".join(out)
