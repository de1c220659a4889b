"""Which characters our fonts can print: asked when a name is typed, not when its licence is due."""

import unicodedata
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTFont

from chalicelib.signing.errors import TextUnprintable

# Controls, surrogates, private use and unassigned: nothing to print. Format characters (direction
# overrides among them) could make a name read as another; the joiners alone belong to spelling.
_REFUSED = frozenset({"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")


class PrintableCharacters:
    """The characters that the fonts under `fonts_folder` all have; the files are read on first use."""

    def __init__(self, fonts_folder: Path) -> None:
        self._fonts_folder = fonts_folder

    @cached_property
    def _characters(self) -> frozenset[int]:
        fonts = sorted(self._fonts_folder.rglob("*.ttf"))
        if not fonts:
            raise FileNotFoundError(f"no .ttf fonts under {self._fonts_folder}")
        maps = []
        for path in fonts:
            with TTFont(path, lazy=True) as font:
                maps.append(frozenset(font.getBestCmap()))
        return frozenset.intersection(*maps)

    def unprintable(self, text: str) -> list[str]:
        """The characters of `text` that cannot be printed, each once, in the order they come."""
        return [character for character in dict.fromkeys(text) if not self._prints(character)]

    def check(self, texts: dict[str, str]) -> None:
        """Raises TextUnprintable for the first of `texts` (by name) that cannot be printed."""
        for field, text in texts.items():
            if characters := self.unprintable(text):
                raise TextUnprintable(field=field, characters=characters)

    def _prints(self, character: str) -> bool:
        if character in _JOINERS:
            return True
        return unicodedata.category(character) not in _REFUSED and ord(character) in self._characters
