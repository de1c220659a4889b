"""What things cost: prices and figures that are used, bills that add up, a simulation that keeps the laws of lines."""

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from chalicelib.commands.bench import cost
from chalicelib.commands.bench.cost_backfill import SETTINGS, Capacity, capacity_of, ladder, simulate
from chalicelib.commands.bench.cost_bill import archived, document_seconds, idle, kept, renewed, total
from chalicelib.commands.bench.cost_model import STAGES, Prices, Usage, read_stage
from chalicelib.commands.bench.harness import Context
from chalicelib.settings import read_settings

CHECKOUT = Path(__file__).resolve().parents[2]
BENCH = CHECKOUT / "chalicelib" / "commands" / "bench"
CODE = "\n".join(file.read_text("utf-8") for file in BENCH.glob("cost*.py"))
PLENTY = Capacity(arrivals=1e4, readers=20, prompt=1e4, connections=1e6, database=1e4, search=1e4, audit=1e4)


@pytest.fixture(scope="module")
def usage() -> Usage:
    return Usage()


@pytest.mark.parametrize("region", Prices().regions)
def test_every_price_is_used_and_every_region_has_all_of_them(region: str) -> None:
    table = tomllib.loads((BENCH / "cost_prices.toml").read_text("utf-8"))
    assert set(table[region]) == set(table["us-east-1"])
    assert [name for name in table[region] if f"prices.{name}" not in CODE] == []
    assert table["date"] and all(table["sources"].values())
    numbers = [value for value in table[region].values() if isinstance(value, float)]
    assert all(value > 0 for value in numbers)


def test_every_figure_is_used_and_has_a_source_that_says_so(usage: Usage) -> None:
    assert [name for name in usage.entries if f"usage.{name}" not in CODE] == []
    for name, entry in usage.entries.items():
        path = entry["source"].split(":")[0].split(",")[0]
        assert (
            entry["source"].startswith(("assumed", "measured", "Aurora", "AWS")) or (CHECKOUT / path).exists()
        ), name


def test_figures_are_those_of_the_benchmarks(usage: Usage) -> None:
    told = (CHECKOUT / "docs" / "benchmarks.md").read_text("utf-8")
    table = dict(re.findall(r"^\| [^|]*\(`(\w+)`\) \| ([\d,.]+) \|", told, re.MULTILINE))
    from_there = {
        name
        for name, entry in usage.entries.items()
        if re.match(r"docs/benchmarks.md, (bytes|work)", entry["source"])
    }
    assert {name: float(table[name].replace(",", "")) for name in from_there} == {
        name: usage.entries[name]["value"] for name in from_there
    }
    pages = re.search(r"^\| pages a processor second \| ([\d.]+) \|", told, re.MULTILINE)
    assert pages and usage.reader_seconds_a_page == pytest.approx(1 / float(pages[1]), rel=0.01)


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_that_is_deployed_can_be_billed(name: str, usage: Usage) -> None:
    stage, prices = read_stage(name), Prices()
    assert {"reader", "reading", "prompt", "apihandler", "minute"} <= set(stage.memory)
    assert {"reader", "reading", "prompt", "arrivals"} <= set(stage.at_once)
    for bill in (
        idle(prices, usage, stage),
        archived(1e6, prices, usage, stage),
        renewed(1e5, prices, usage, stage),
    ):
        assert all(dollars > 0 for dollars in bill.values())


def test_a_bill_grows_with_the_work_and_with_the_price(usage: Usage) -> None:
    stage, prices = read_stage("production"), Prices()
    one, two = (total(archived(pages, prices, usage, stage)) for pages in (1e6, 2e6))
    assert two == pytest.approx(2 * one)
    assert total(kept(2e6, prices, usage)) == pytest.approx(2 * total(kept(1e6, prices, usage)))
    larger = replace(stage, memory={**stage.memory, "reader": 2 * stage.memory["reader"]})
    reader = "Lambda: the reader"
    assert archived(1e6, prices, usage, larger)[reader] == pytest.approx(
        2 * archived(1e6, prices, usage, stage)[reader]
    )


def test_the_reader_s_bill_is_gigabyte_seconds_at_their_price(usage: Usage) -> None:
    stage, prices = read_stage("production"), Prices()
    seconds = 1e6 * usage.reader_seconds_a_page + 1e5 * usage.reader_start
    dollars = seconds * stage.memory["reader"] / 1024 * prices.lambda_gb_second
    assert archived(1e6, prices, usage, stage)["Lambda: the reader"] == pytest.approx(dollars)


def test_as_many_as_work_at_once_get_as_much_done(usage: Usage) -> None:
    """Little's law: with room everywhere else, the rate is the places over the time that each is held."""
    _, seconds = document_seconds(usage)
    expected = PLENTY.readers / seconds * usage.pages_a_document
    assert simulate(PLENTY, usage, 3000).rate == pytest.approx(expected, rel=0.1)
    twice = replace(PLENTY, readers=40)
    assert simulate(twice, usage, 3000).rate == pytest.approx(2 * expected, rel=0.1)


def test_the_same_seed_gives_the_same_day(usage: Usage) -> None:
    shipped = capacity_of(read_stage("production"), usage)
    assert simulate(shipped, usage, 500) == simulate(shipped, usage, 500)
    assert simulate(shipped, usage, 500) != simulate(shipped, usage, 500, seed=6)


@pytest.mark.parametrize("name", SETTINGS)
def test_whatever_is_made_scarce_is_named(name: str, usage: Usage) -> None:
    scarce = {
        "arrivals": 1,
        "readers": 1,
        "prompt": 1,
        "connections": 1,
        "database": 0.02,
        "search": 0.02,
        "audit": 0.01,
    }
    roomy = replace(PLENTY, readers=2000)
    [rung] = list(ladder(replace(roomy, **{name: scarce[name]}), usage, 2000, 1))
    assert rung.names == (name,)
    assert rung.outcome.rate > 1.5 * simulate(replace(roomy, **{name: scarce[name]}), usage, 2000).rate


def test_nothing_is_busier_than_always(usage: Usage) -> None:
    busy = simulate(capacity_of(read_stage("production"), usage), usage, 1000).busy
    assert set(busy) == {field.name for field in fields(Capacity)}
    assert all(0 < share <= 1.0001 for share in busy.values())


def test_the_whole_bench_tells_bills_bottleneck_and_assumptions(tmp_path: Path) -> None:
    notes: list[str] = []
    context = Context(
        quick=True, settings=read_settings({}, data=tmp_path), say=lambda _: None, note=notes.append
    )
    rows = list(cost.run(context))
    assert all(row.holds for row in rows)
    told = "\n".join(notes)
    assert "first bottleneck: readers\n" in told
    assert "readers: moved by infra/stack/functions.yaml" in told
    for words in (
        "a million pages archived",
        "100,000 renewals",
        "a month idle, production",
        "aws.amazon.com/lambda",
    ):
        assert words in told
