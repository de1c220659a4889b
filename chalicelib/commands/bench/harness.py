"""Finds benches, runs one, and tells what it measured: as a table, as JSON, as a picture."""

import importlib
import json
import os
import pkgutil
import platform
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from chalicelib.commands.bench.figures import Row, in_words
from chalicelib.commands.bench.plot import svg
from chalicelib.settings import Settings, environment_of, read_settings


class BenchUnready(Exception):
    """What a bench needs is not on this machine; says what, and how to get it."""


@dataclass(frozen=True)
class Context:
    """What a bench gets: an empty `settings.data` of its own, and somebody to tell what it is doing.

    `say` is for the moment; what is `note`d stands under the table of figures.
    """

    quick: bool
    settings: Settings
    say: Callable[[str], None]
    note: Callable[[str], None]

    def seconds(self, quick: float, full: float) -> float:
        """How long a part may measure."""
        return quick if self.quick else full


def benches() -> dict[str, ModuleType]:
    """Every bench by its name: the modules of this package that have `NAME` and `run(context) -> rows`."""
    import chalicelib.commands.bench as package

    found = pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    modules = [importlib.import_module(module.name) for module in found]
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


def bench(name: str, *, quick: bool, as_json: bool, plot: Path | None) -> int:
    """0 when every figure reaches what it must, 1 when one does not.

    2 when there is no such bench, or this machine lacks what it needs.
    """
    console = Console(stderr=True)
    known = benches()
    if name not in known:
        console.print(f"There is no bench {name!r}. There are: {', '.join(sorted(known))}.")
        return 2
    notes: list[str] = []
    try:
        rows = measure(known[name].run, quick=quick, console=console, note=notes.append)
    except BenchUnready as unready:
        console.print(str(unready), highlight=False)
        return 2
    if plot is not None:
        plot.write_text(svg(f"diwan bench {name}", conditions(quick), rows), encoding="utf-8")
    if as_json:
        print(json.dumps({"bench": name, "rows": [row.as_json() for row in rows]}, ensure_ascii=False))
    else:
        out = Console(width=None if console.is_terminal else 160)
        out.print(table(rows), conditions(quick), highlight=False)
        for told in notes:
            out.print("", told, sep="\n", highlight=False, markup=False)
    return 0 if all(row.holds for row in rows) else 1


def measure(
    run: Callable[[Context], Iterable[Row]], *, quick: bool, console: Console, note: Callable[[str], None]
) -> list[Row]:
    """The rows of one run, on a data folder that is gone afterwards; every row is told as it comes."""
    with tempfile.TemporaryDirectory(prefix="diwan-bench-") as folder, console.status("starting") as status:
        settings = private_settings(Path(folder))
        # Servers and workers that a bench starts read the same settings from the environment.
        os.environ.update(environment_of(settings))
        rows = []
        began = time.monotonic()
        for row in run(Context(quick, settings, status.update, note)):
            rows.append(row)
            console.print(
                f"{time.monotonic() - began:5.1f} s  {row.figure}: {in_words(row.ours)} {row.unit}, "
                f"{in_words(row.ratio)} × the baseline",
                highlight=False,
                soft_wrap=True,
            )
    return rows


def private_settings(folder: Path) -> Settings:
    """Settings of a home in `folder` alone: a bench never touches the municipality's own stores."""
    here = read_settings()
    kept = {
        "DIWAN_ASSETS": str(here.assets),
        "DIWAN_TESSDATA": str(here.tessdata),
        "DIWAN_MUNICIPALITY": str(here.municipality),
    }
    return read_settings(kept, data=folder)


def conditions(quick: bool) -> str:
    """What the figures depend on: sample, processors, how busy the machine was."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{'quick sample' if quick else 'full run'} · {os.cpu_count()} processors {platform.machine()} · "
        f"Python {platform.python_version()} · load average {load}"
    )


def table(rows: list[Row]) -> Table:
    """The rows for a terminal."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "figure", "unit"):
        drawn.add_column(title, overflow="fold")
    for title in ("ours", "baseline", "× better", "must", "goal"):
        drawn.add_column(title, justify="right", no_wrap=True)
    drawn.add_column("baseline is", overflow="fold")
    for row in rows:
        drawn.add_row(
            "[green]✓[/]" if row.holds else "[bold red]✗[/]",
            row.figure,
            row.unit if row.more_is_better else f"{row.unit} ↓",
            in_words(row.ours),
            in_words(row.baseline),
            f"[bold]{in_words(row.ratio)}[/]",
            _asked(row, row.must),
            _asked(row, row.goal),
            f"[dim]{row.baseline_name}[/]",
        )
    return drawn


def _asked(row: Row, value: float) -> str:
    """A `must` or `goal`: a ratio, or what the value itself has to reach."""
    return (
        f"{'≥' if row.more_is_better else '≤'} {in_words(value)}" if row.absolute else f"{in_words(value)} ×"
    )
