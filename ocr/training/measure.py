"""How well exported weights read drawn lines in typefaces that were never trained on."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from ocr.accuracy import distance, folded, numbers_of
from ocr.line_reader import ILLEGIBLE, LineReader
from ocr.training.damage import Damage, Scribbler
from ocr.training.drawing import Pen
from ocr.training.examples import Example
from ocr.training.text import Piece, Writer
from ocr.training.typefaces import ARABIC_DIGITS, latin, measuring

_TO_ARABIC = str.maketrans("0123456789", ARABIC_DIGITS)
_LABELS = ("رقم", "بتاريخ", "هاتف", "رقم القسيمة", "المبلغ")


def lines(typefaces: Path, paragraphs: list[str], kind: str, count: int, seed: int) -> Iterator[Example]:
    """`count` damaged lines of a kind: prose, arabic-digits, ascii-digits or scribbles."""
    random = Random(f"{seed} {kind}")
    writer, damage, scribbler = Writer(paragraphs, random), Damage(random), Scribbler(random)
    pen = Pen(measuring(typefaces), latin(typefaces), random)
    while count:
        if kind == "scribbles":
            yield Example(damage.scanned(scribbler.scribble()), ILLEGIBLE)
            count -= 1
            continue
        pieces = [Piece(writer.prose(), "arabic")]
        if kind != "prose":
            number = writer.number().translate({ord(a): str(d) for d, a in enumerate(ARABIC_DIGITS)})
            text = number.translate(_TO_ARABIC) if kind == "arabic-digits" else number
            pieces = [Piece(random.choice(_LABELS), "arabic"), Piece(text, "number")]
        drawn = pen.draw([piece for piece in pieces if piece.text])
        if drawn is None or not drawn.label or (picture := damage.damaged(drawn)) is None:
            continue
        yield Example(picture, drawn.label)
        count -= 1


def measure(
    model: Path, typefaces: Path, paragraphs: list[str], count: int, seed: int = 1447
) -> dict[str, float]:
    """Character error rates in per cent by kind, and the share of numbers that were read exactly."""
    reader = LineReader(model)
    figures: dict[str, float] = {}
    for kind in ("prose", "arabic-digits", "ascii-digits", "scribbles"):
        some = list(lines(typefaces, paragraphs, kind, count, seed))
        read = [
            "".join(glyph.character for glyph in glyphs) for glyphs in reader.read([e.picture for e in some])
        ]
        if kind == "scribbles":
            refused = sum(not text.replace(ILLEGIBLE, "").strip() for text in read)
            figures["scribbles not read as text"] = 100 * refused / count
            continue
        wrong = sum(distance(folded(text), folded(e.label)) for text, e in zip(read, some, strict=True))
        figures[f"{kind}: character errors"] = 100 * wrong / sum(len(folded(e.label)) for e in some)
        if kind != "prose":
            exact = sum(numbers_of(text) == numbers_of(e.label) for text, e in zip(read, some, strict=True))
            figures[f"{kind}: numbers right"] = 100 * exact / count
    return figures
