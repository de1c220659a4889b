"""Drawings: A0 sheets, their four kinds of writing, what they cost and how much memory they take."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import Context
from chalicelib.commands.bench.ocr_baselines import tesseract_program
from chalicelib.commands.bench.ocr_reading import Reader, text_of

# What the survey of the field reached by hand, part by part.
_MUST = {"title": 84, "notes": 79, "rooms": 83, "dimensions": 93}
# Of a sheet at any resolution: all are read at about 180 dpi.
_SECONDS, _MEGABYTES = 4.0, 700
Weighed = tuple[str, float, int]
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


@dataclass(frozen=True)
class Drawn:
    """A sheet on disk and what is written on it."""

    described: str
    file: Path
    texts: dict[str, list[str]]


def draw_sheets(context: Context, folder: Path) -> list[Drawn]:
    """Sheets at 300 dpi, three or when quick one, and unless quick one at 400 dpi in grey."""
    from samples.corpus.sheets import make_sheet

    wanted = [(seed, 300, "bilevel") for seed in ((1,) if context.quick else (1, 2, 3))]
    if not context.quick:
        wanted.append((2, 400, "grey"))
    sheets = []
    for seed, dpi, mode in wanted:
        context.say(f"drawing sheet {seed} at {dpi} dpi")
        sheet = make_sheet(seed, dpi, mode)
        (file := folder / f"{sheet.name}{sheet.suffix}").write_bytes(sheet.file())
        sheets.append(Drawn(f"A0 at {dpi} dpi, {mode}", file, sheet.texts))
    return sheets


def read_beside(context: Context, sheets: Sequence[Drawn], aside: Executor) -> list[Future[Weighed]]:
    """Tesseract on each sheet, one after the other, beside whatever is not measured by the clock."""
    tessdata = context.settings.tessdata
    return [aside.submit(tesseract_program, tessdata, "ara+eng", 11, sheet.file) for sheet in sheets]


def read_sheets(
    context: Context, reader: Reader, sheets: Sequence[Drawn], theirs: Sequence[Future[Weighed]]
) -> Iterator[Row]:
    """Rows for each kind of sheet."""
    read: dict[str, tuple[_Reading, _Reading]] = {}
    for sheet, other in zip(sheets, theirs, strict=True):
        ours_theirs = read.setdefault(sheet.described, (_Reading(), _Reading()))
        context.say(f"reading {sheet.described}")
        pages, seconds, megabytes = reader.weighed(sheet.file.name, sheet.file.read_bytes())
        ours_theirs[0].add(sheet.texts, " ".join(map(text_of, pages)), seconds, megabytes)
        ours_theirs[1].add(sheet.texts, *other.result())
    for described, (ours, tesseracts) in read.items():
        yield Row(
            figure=f"{described}: processor time a sheet", unit="s", ours=ours.seconds / ours.sheets,
            baseline=tesseracts.seconds / tesseracts.sheets, baseline_name=_NAME, must=_SECONDS,
            goal=_SECONDS / 2, more_is_better=False, absolute=True,
        )  # fmt: skip
        yield Row(
            figure=f"{described}: memory", unit="MB at its peak", ours=ours.megabytes,
            baseline=tesseracts.megabytes, baseline_name=_NAME, must=_MEGABYTES, goal=400,
            more_is_better=False, absolute=True,
        )  # fmt: skip
        for part, least in _MUST.items():
            yield Row(
                figure=f"{described}: words found, {part}", unit="%", ours=ours.recall(part),
                baseline=tesseracts.recall(part), baseline_name=_NAME, must=least, goal=95, absolute=True,
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
