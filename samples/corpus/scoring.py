"""How well pages were read: character errors, numbers and field values, counted over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.accuracy import character_error_rate, folded, numbers_of


@dataclass
class Score:
    """Counts that add up over pages: one reader's share of what the truth holds."""

    edits: float = 0.0
    letters: int = 0
    numbers_right: int = 0
    numbers: int = 0
    fields_right: int = 0
    fields: int = 0

    def add(self, read: str, truth: str, fields: Sequence[tuple[str, str]] = ()) -> None:
        """Count one page. A field is right when its value, folded, stands in the reading as a run of whole words
        that no other field has taken: a value whose words were torn apart, or read with one wrong digit, is not.
        """
        letters = len(folded(truth))
        self.edits += character_error_rate(read, truth) * letters
        self.letters += letters
        expected = numbers_of(truth)
        self.numbers += expected.total()
        self.numbers_right += (expected & numbers_of(read)).total()
        left = f" {folded(read)} "
        for value in sorted((folded(value) for _, value in fields), key=len, reverse=True):
            self.fields += 1
            if f" {value} " in left:
                self.fields_right += 1
                left = left.replace(f" {value} ", " \ufffc ", 1)

    @property
    def error_rate(self) -> float:
        """Character error rate in per cent."""
        return 100 * self.edits / max(1, self.letters)

    @property
    def number_rate(self) -> float:
        """Numbers right, in per cent."""
        return 100 * self.numbers_right / max(1, self.numbers)

    @property
    def field_rate(self) -> float:
        """Field values right, in per cent."""
        return 100 * self.fields_right / max(1, self.fields)
