"""The pages themselves: by seed and number always the same picture, with the truth of what stands on it."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pikepdf
from PIL import Image

from samples.corpus.damage import DAMAGES, JPEG_QUALITY, faxed
from samples.corpus.papers import FORMS, KINDS, Paper
from samples.corpus.typefaces import TYPEFACES, Typeface, folders
from samples.papers.blocks import Block, truth_lines
from samples.papers.document import Document, Page
from samples.papers.scanner import Scan, scan_page
from samples.papers.script import numbers, plain
from samples.papers.typesetting import PageOverflows, clean_page, clean_pdf

Typeset = TypeVar("Typeset")


@dataclass(frozen=True)
class CorpusPage:
    """One scanned page, `file` the PDF that holds it: CCITT G4 where it is bilevel, JPEG of low quality where not.

    `lines` are its text in reading order, `numbers` those of two digits and more with ASCII digits, `fields` the label
    (or column) and value of every field and cell of the kinds in FORMS.
    """

    name: str
    kind: str
    family: str
    damage: str
    dpi: int
    file: bytes = field(repr=False)
    lines: list[str] = field(repr=False)
    numbers: list[str] = field(repr=False)
    fields: list[tuple[str, str]] = field(repr=False)

    @property
    def text(self) -> str:
        """The truth as plain text."""
        return "\n".join(self.lines) + "\n"

    def picture(self) -> Image.Image:
        """The page's picture as the file keeps it."""
        with pikepdf.open(io.BytesIO(self.file)) as pdf:
            (name,) = pdf.pages[0].images
            picture = pikepdf.PdfImage(pdf.pages[0].images[name]).as_pil_image()  # type: ignore[arg-type]
            picture.load()
            picture.info["dpi"] = (self.dpi, self.dpi)
            return picture


def make(count: int, seed: int = 1, kinds: Sequence[str] = KINDS) -> Iterator[CorpusPage]:
    """The first `count` pages."""
    return (make_page(number, seed, kinds) for number in range(count))


def make_page(number: int, seed: int = 1, kinds: Sequence[str] = KINDS) -> CorpusPage:
    """Page `number` from 0: kinds, typefaces and damages come in turn, so that few pages already hold all of them."""
    random = np.random.default_rng([seed, number])
    # 8 kinds, 6 typefaces and 8 damages: shifted at every round, so that none is bound to another.
    kind = kinds[number % len(kinds)]
    face = TYPEFACES[(number + number // len(TYPEFACES)) % len(TYPEFACES)]
    damage = list(DAMAGES)[(3 * number + number // len(DAMAGES)) % len(DAMAGES)]
    return _page(f"{kind}-{seed}-{number:03}", Paper(kind, face, random), face, damage, random)


def born_digital(count: int, seed: int = 1) -> tuple[bytes, list[str]]:
    """One PDF of `count` pages that were never paper, so nobody stamped them, and the text of each."""
    files, texts = [], []
    for number in range(count):
        face = TYPEFACES[number % len(TYPEFACES)]
        paper = Paper(KINDS[number % len(KINDS)], face, np.random.default_rng([seed, number]))
        blocks, file = _fitted(
            "born digital", paper, face, Scan(), lambda paper: clean_pdf(paper, folders()), with_stamps=False
        )
        files.append(file)
        texts.append("\n".join(line for block in blocks for line in truth_lines(block)) + "\n")
    return joined(files), texts


def _page(name: str, paper: Paper, face: Typeface, damage: str, random: np.random.Generator) -> CorpusPage:
    scan = DAMAGES[damage](random)
    blocks, clean = _fitted(name, paper, face, scan, lambda paper: clean_page(paper, 0, folders()))
    picture = scan_page(clean, scan, [int(random.integers(1 << 30))])
    if damage == "fax":
        picture = faxed(picture, random)
    lines = [line for block in blocks for line in truth_lines(block)]
    return CorpusPage(
        name=name,
        kind=paper.kind,
        family=face.family,
        damage=damage,
        dpi=scan.dpi,
        file=_pdf(picture, scan.dpi),
        lines=lines,
        numbers=[number for line in lines for number in numbers(line)],
        fields=[pair for block in blocks for pair in _fields(block)] if paper.kind in FORMS else [],
    )


def _fitted(
    name: str,
    paper: Paper,
    face: Typeface,
    scan: Scan,
    typeset: Callable[[Document], Typeset],
    with_stamps: bool = True,
) -> tuple[list[Block], Typeset]:
    """The blocks that fit on the page, and the page."""
    start, body, end = paper.blocks()
    while True:
        blocks = [*start, *body, *(block for block in end if with_stamps or block["kind"] != "stamp")]
        document = Document(
            name=name, kind=paper.kind, title_ar=name, title_en=name, parcel="", owner="", owner_civil_id="",
            year=0, container="pdf", font=face.family, text_size=face.size, leading=face.leading,
            pages=[Page(blocks, scan)],
        )  # fmt: skip
        try:
            return blocks, typeset(document)
        except PageOverflows:
            if not body:
                raise
            body = body[:-1]


def _fields(block: Block) -> list[tuple[str, str]]:
    match block["kind"]:
        case "fields":
            pairs = [(cell["label"], cell["value"]) for row in block["rows"] for cell in row]
        case "table":
            pairs = [pair for row in block["rows"] for pair in zip(block["head"], row, strict=True)]
        case _:
            pairs = []
    return [(plain(label), plain(value)) for label, value in pairs if plain(value)]


def _pdf(picture: Image.Image, dpi: int) -> bytes:
    file = io.BytesIO()
    options = {} if picture.mode == "1" else {"quality": JPEG_QUALITY}
    picture.save(file, "PDF", resolution=dpi, **options)
    return joined([file.getvalue()])  # without the time of day that Pillow writes into it


def joined(files: Sequence[bytes]) -> bytes:
    """One PDF of the pages of several."""
    made = io.BytesIO()
    with pikepdf.new() as whole:
        for file in files:
            with pikepdf.open(io.BytesIO(file)) as opened:
                whole.pages.extend(opened.pages)
        whole.save(made, deterministic_id=True)
    return made.getvalue()
