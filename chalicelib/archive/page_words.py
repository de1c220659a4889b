"""The words of a page with their boxes, as one small object: the truth the index is rebuilt from."""

import gzip
import json
from dataclasses import dataclass

from chalicelib.ports.ocr import Word


@dataclass(frozen=True)
class PageWords:
    """Words in reading order; word i is token i of `text` split on spaces. Confidence in whole per cents."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The page's text, one space between words."""
        return " ".join(word.text for word in self.words)


def words_key(document: str, version: int, page: int) -> str:
    """Blob key of a page's words."""
    return f"words/v1/{document}/{version}/{page}.json.gz"


def preview_key(document: str, version: int, page: int) -> str:
    """Blob key of a page's preview image."""
    return f"previews/{document}/{version}/{page}.webp"


def searchable_key(document: str, version: int) -> str:
    """Blob key of a document as a searchable PDF."""
    return f"searchable/{document}/{version}.pdf"


def encode(page: PageWords) -> bytes:
    """Columns, left edges and tops as differences, gzipped: half the size of hOCR gzipped."""
    columns = {
        "text": page.text,
        "x": _differences([word.x for word in page.words]),
        "y": _differences([word.y for word in page.words]),
        "w": [word.width for word in page.words],
        "h": [word.height for word in page.words],
        "c": [round(word.confidence) for word in page.words],
        "l": _differences([word.line for word in page.words]),
        "d": [index for index, word in enumerate(page.words) if word.doubt],
    }
    # Left out where there are none, as on every scan.
    if own := [index for index, word in enumerate(page.words) if word.from_file]:
        columns["f"] = own
    # mtime 0: the same page always makes the same bytes, so writing it again changes nothing.
    return gzip.compress(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)


def decode(data: bytes) -> PageWords:
    """What `encode` was given."""
    columns = json.loads(gzip.decompress(data))
    doubts, own = set(columns["d"]), set(columns.get("f", ()))
    texts = columns["text"].split(" ") if columns["text"] else []
    rows = zip(
        texts,
        _sums(columns["x"]),
        _sums(columns["y"]),
        columns["w"],
        columns["h"],
        columns["c"],
        _sums(columns["l"]),
        strict=True,
    )
    return PageWords(
        tuple(
            Word(text, x, y, width, height, confidence, line, doubt=index in doubts, from_file=index in own)
            for index, (text, x, y, width, height, confidence, line) in enumerate(rows)
        )
    )


def _differences(values: list[int]) -> list[int]:
    return [value - before for before, value in zip([0, *values], values, strict=False)]


def _sums(values: list[int]) -> list[int]:
    total, sums = 0, []
    for value in values:
        total += value
        sums.append(total)
    return sums
