"""Drawings: A0 sheets, their four kinds of writing, what they cost and how much memory they take."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import Context
from chalicelib.commands.bench.ocr_baselines import tesseract_program
from chalicelib.commands.bench.ocr_reading import Reader, text_of

# What the survey of the field reached by hand, part by part.
_MUST = {"title": 84, "notes": 79, "rooms": 83, "dimensions": 93}
_NAME = "Tesseract's program, ara+eng, whole sheet, PSM 11"


@dataclass
class _Reading:
    """What one reader made of the sheets: words found and to be found by part, seconds in all, most megabytes."""

    sheets: int = 0
    seconds: float = 0.0
    megabytes: int = 0
    found: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)

    def add(self, texts: dict[str, list[str]], read: str, seconds: float, megabytes: int) -> None:
        """Count one sheet."""
        self.sheets += 1
        self.seconds += seconds
        self.megabytes = max(self.megabytes, megabytes)
        found, written = words_found(texts, read)
        self.found += found
        self.written += written

    def recall(self, part: str) -> float:
        """Share of a part's words, in per cent."""
        return 100 * self.found[part] / self.written[part]


def read_sheets(context: Context, reader: Reader, folder: Path) -> Iterator[Row]:
    """Rows for sheets at 300 dpi, three or when quick one, and unless quick for one at 400 dpi in grey."""
    yield from _read(
        context, reader, folder, (300, "bilevel"), (1,) if context.quick else (1, 2, 3), (4.0, 700)
    )
    if not context.quick:
        # Four times the pixels and a byte for each: a gigabyte is what a function is given.
        yield from _read(context, reader, folder, (400, "grey"), (2,), (8.0, 1000))


def _read(
    context: Context,
    reader: Reader,
    folder: Path,
    scan: tuple[int, str],
    seeds: tuple[int, ...],
    limits: tuple[float, int],
) -> Iterator[Row]:
    from samples.corpus.sheets import make_sheet

    described = f"A0 at {scan[0]} dpi, {scan[1]}"
    ours, theirs = _Reading(), _Reading()
    for seed in seeds:
        context.say(f"drawing {described}")
        sheet = make_sheet(seed, *scan)
        (file := folder / f"{sheet.name}{sheet.suffix}").write_bytes(sheet.file())
        texts = sheet.texts
        del sheet  # up to a quarter of a gigabyte
        context.say(f"reading {described}")
        pages, seconds, megabytes = reader.weighed(file.name, file.read_bytes())
        ours.add(texts, " ".join(map(text_of, pages)), seconds, megabytes)
        context.say(f"reading {described} with Tesseract")
        theirs.add(texts, *tesseract_program(context.settings.tessdata, "ara+eng", 11, file))
    yield Row(
        figure=f"{described}: processor time a sheet", unit="s", ours=ours.seconds / ours.sheets,
        baseline=theirs.seconds / theirs.sheets, baseline_name=_NAME, must=limits[0], goal=limits[0] / 2,
        more_is_better=False, absolute=True,
    )  # fmt: skip
    yield Row(
        figure=f"{described}: memory", unit="MB at its peak", ours=ours.megabytes, baseline=theirs.megabytes,
        baseline_name=_NAME, must=limits[1], goal=400, more_is_better=False, absolute=True,
    )  # fmt: skip
    for part, least in _MUST.items():
        yield Row(
            figure=f"{described}: words found, {part}", unit="%", ours=ours.recall(part),
            baseline=theirs.recall(part), baseline_name=_NAME, must=least, goal=95, absolute=True,
        )  # fmt: skip


def words_found(texts: dict[str, list[str]], read: str) -> tuple[Counter[str], Counter[str]]:
    """By part: how many of its words, folded, stand in the reading in any order, and how many it has."""
    from samples.corpus.scoring import folded

    standing = Counter(folded(read).split())
    found, written = Counter[str](), Counter[str]()
    for part, lines in texts.items():
        words = Counter(folded(" ".join(lines)).split())
        found[part], written[part] = (words & standing).total(), words.total()
    return found, written
