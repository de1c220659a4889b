"""Memory: what a worker takes on A4 pages, and whether the thousandth page takes more than the first ones."""

import io
from collections.abc import Iterator

from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import Context
from chalicelib.commands.bench.ocr_baselines import OcrMyPdf
from chalicelib.commands.bench.ocr_reading import Reader

_MANY = 1000


def weigh(context: Context, reader: Reader, ocrmypdf: OcrMyPdf) -> Iterator[Row]:
    """One worker on full pages, then, unless quick, on a long file of short ones: a dozen pages tell nothing."""
    from samples.corpus.pages import joined, make_page

    # The fifth page is in colour at 300 dpi: none has more pixels.
    pages = joined([make_page(number).file for number in ((1,) if context.quick else (4, 0, 1, 2))])
    context.say("weighing the reader")
    _, _, ours = reader.weighed("a4.pdf", pages)
    theirs = ocrmypdf.weighed(pages)
    yield Row(
        figure="memory of one worker, A4", unit="MB at its peak", ours=ours, baseline=theirs,
        baseline_name=f"{ocrmypdf.name} --jobs 1", must=300, goal=150, more_is_better=False, absolute=True,
    )  # fmt: skip
    if context.quick:
        return
    short = _short_page()
    context.say(f"weighing the reader over {_MANY} short pages")
    _, _, first = reader.weighed("first.pdf", joined([short] * (_MANY // 4)))
    _, _, last = reader.weighed("many.pdf", joined([short] * _MANY))
    yield Row(
        figure=f"memory over {_MANY} pages, against a quarter of them", unit="MB at its peak",
        ours=last, baseline=first,
        baseline_name=f"ours over {_MANY // 4} pages", must=0.9, goal=0.97, more_is_better=False,
    )  # fmt: skip


def _short_page() -> bytes:
    """A bilevel A4 page at 100 dpi with three words: a thousand of these are read in a minute or two."""
    from PIL import Image, ImageDraw, ImageFont

    from samples.corpus.typefaces import TYPEFACES, file_of

    page = Image.new("1", (827, 1170), 1)
    words = "بلدية مرسى النور"
    ImageDraw.Draw(page).text(
        (700, 200), words, 0, ImageFont.truetype(file_of(TYPEFACES[0]), 30), anchor="rs"
    )
    made = io.BytesIO()
    page.save(made, "PDF", resolution=100)
    return made.getvalue()
