"""Drawings: A0 sheets, their four kinds of writing, what they cost and how much memory they take."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import Context
from chalicelib.commands.bench.ocr_baselines import tesseract_program
from chalicelib.commands.bench.ocr_reading import Reader, text_of

# What the survey of the field reached by hand, part by part.
_MUST = {"title": 84, "notes": 79, "rooms": 83, "dimensions": 93}
_SHEETS = ((300, "bilevel", 4.0, 700), (400, "grey", 8.0, 1000))


def read_sheets(context: Context, reader: Reader, folder: Path) -> Iterator[Row]:
    """Rows for the sheet at 300 dpi, and unless quick for a harder one: 400 dpi in grey, 248 million pixels."""
    from samples.corpus.sheets import make_sheet

    for dpi, mode, seconds, megabytes in _SHEETS[: 1 if context.quick else 2]:
        described = f"A0 at {dpi} dpi, {mode}"
        context.say(f"drawing {described}")
        sheet = make_sheet(seed=1, dpi=dpi, mode=mode)
        (file := folder / f"{sheet.name}{sheet.suffix}").write_bytes(sheet.file())
        texts, recalled = sheet.texts, {}
        del sheet  # a quarter of a gigabyte, and its memory is not what is weighed
        context.say(f"reading {described}")
        pages, our_seconds, taken = reader.weighed(file.name, file.read_bytes())
        recalled["ours"] = _recall(texts, " ".join(map(text_of, pages)))
        context.say(f"reading {described} with Tesseract")
        text, their_seconds, their_megabytes = tesseract_program(
            context.settings.tessdata, "ara+eng", 11, file
        )
        recalled["theirs"] = _recall(texts, text)
        name = "Tesseract's program, ara+eng, whole sheet, PSM 11"
        yield Row(
            figure=f"{described}: processor time", unit="s", ours=our_seconds, baseline=their_seconds,
            baseline_name=name, must=seconds, goal=seconds / 2, more_is_better=False, absolute=True,
        )  # fmt: skip
        yield Row(
            figure=f"{described}: memory", unit="MB at its peak", ours=taken, baseline=their_megabytes,
            baseline_name=name, must=megabytes, goal=400, more_is_better=False, absolute=True,
        )  # fmt: skip
        for part, least in _MUST.items():
            yield Row(
                figure=f"{described}: words found, {part}", unit="%", ours=recalled["ours"][part],
                baseline=recalled["theirs"][part], baseline_name=name, must=least, goal=95, absolute=True,
            )  # fmt: skip


def _recall(texts: dict[str, list[str]], read: str) -> dict[str, float]:
    """Share of each part's words, folded, that stand in the reading, in any order."""
    from samples.corpus.scoring import folded

    found = Counter(folded(read).split())
    rates = {}
    for part, lines in texts.items():
        expected = Counter(folded(" ".join(lines)).split())
        rates[part] = 100 * (expected & found).total() / expected.total()
    return rates
