"""The harness: found by looking, told in one shape, and a status that can be trusted."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalicelib.commands.bench as package
from chalicelib.commands.bench import bench
from chalicelib.commands.bench.figures import Row, percentile
from chalicelib.commands.bench.harness import benches
from chalicelib.commands.bench.plot import svg

FAKE = """
from chalicelib.commands.bench.figures import Row
from chalicelib.commands.bench.harness import BenchUnready

NAME = "fake"
must = {must}


def run(context):
    if must is None:
        raise BenchUnready("It needs a sextant: ask the harbour master.")
    context.say("measuring " + str(context.quick))
    (context.settings.data / "left").write_text("x")
    yield Row(figure="knots", unit="knots", ours=12, baseline=4, baseline_name="a rowing boat", must=must, goal=5)
    yield Row(figure="trip", unit="h", ours=2, baseline=5, baseline_name="a rowing boat", must=2, goal=3,
              more_is_better=False)
"""
KEYS = ["figure", "unit", "ours", "baseline", "baseline_name", "ratio", "must", "goal", "absolute", "holds"]
AMOUNT = st.floats(0.001, 1e6)


@pytest.fixture
def fake(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bench called fake beside the others; the parameter is the ratio that its first row must reach."""
    name = f"fake_{request.param}".replace(".", "_")
    (tmp_path / f"{name}.py").write_text(FAKE.format(must=request.param))
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    for variable in [name for name in os.environ if name.startswith("DIWAN_")]:
        monkeypatch.delenv(variable)
    kept = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(kept)


def row(ours: float, baseline: float, must: float = 1.0, more: bool = True) -> Row:
    return Row(
        figure="<a & b>", unit="ms", ours=ours, baseline=baseline, baseline_name="it", must=must, goal=2,
        more_is_better=more,
    )  # fmt: skip


def test_every_bench_is_found_and_can_run() -> None:
    assert "spine" in benches()
    assert all(callable(module.run) for module in benches().values())


@pytest.mark.parametrize("fake", [2.0], indirect=True)
@pytest.mark.usefixtures("fake")
def test_the_last_line_is_one_object_in_the_promised_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("fake", quick=True, as_json=True, plot=None) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(told) == ["bench", "rows"]
    assert told["bench"] == "fake"
    assert [list(each) for each in told["rows"]] == [KEYS, KEYS]
    assert told["rows"][0] == {
        "figure": "knots", "unit": "knots, more is better", "ours": 12, "baseline": 4,
        "baseline_name": "a rowing boat", "ratio": 3, "must": 2.0, "goal": 5, "absolute": False, "holds": True,
    }  # fmt: skip
    assert (told["rows"][1]["ratio"], told["rows"][1]["unit"]) == (2.5, "h, less is better")


@pytest.mark.parametrize("fake", [3.5], indirect=True)
@pytest.mark.usefixtures("fake")
def test_one_figure_that_does_not_hold_fails_the_run_and_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench("fake", quick=False, as_json=False, plot=tmp_path / "fake.svg") == 1
    told = capsys.readouterr().out
    assert "✗" in told
    assert "knots" in told
    drawn = ElementTree.parse(tmp_path / "fake.svg").getroot()
    assert "a rowing boat" in "".join(drawn.itertext())


@pytest.mark.parametrize("fake", [None], indirect=True)
@pytest.mark.usefixtures("fake")
def test_what_is_missing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("fake", quick=True, as_json=True, plot=None) == 2
    told = capsys.readouterr()
    assert "ask the harbour master" in told.err
    assert told.out == ""


def test_an_unknown_bench_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("spline", quick=True, as_json=False, plot=None) == 2
    assert "spine" in capsys.readouterr().err


@given(AMOUNT, AMOUNT)
def test_a_ratio_above_one_is_better_whichever_way_better_lies(ours: float, baseline: float) -> None:
    assert (row(ours, baseline).ratio > 1) == (ours > baseline)
    assert (row(ours, baseline, more=False).ratio > 1) == (ours < baseline)


@given(AMOUNT, AMOUNT, st.floats(0.01, 100), st.booleans())
def test_reaching_the_least_is_holding(ours: float, baseline: float, must: float, more: bool) -> None:
    least = row(ours, baseline, must, more).least
    assert row(least * (1.001 if more else 0.999), baseline, must, more).holds
    assert not row(least * (0.999 if more else 1.001), baseline, must, more).holds


@given(AMOUNT, AMOUNT, AMOUNT)
def test_an_absolute_promise_does_not_care_about_the_baseline(
    ours: float, baseline: float, must: float
) -> None:
    told = {"figure": "f", "unit": "%", "ours": ours, "baseline": baseline, "baseline_name": "it", "goal": 1}
    assert Row(**told, must=must, absolute=True).holds == (ours >= must)
    assert Row(**told, must=must, absolute=True, more_is_better=False).holds == (ours <= must)


@given(st.lists(AMOUNT, min_size=1), st.integers(1, 100))
def test_a_percentile_is_measured_and_covers_its_share(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * percent / 100


@given(st.lists(st.builds(row, AMOUNT, AMOUNT, st.floats(0.01, 100), st.booleans()), max_size=5))
def test_whatever_was_measured_the_picture_is_well_formed(rows: list[Row]) -> None:
    drawn = ElementTree.fromstring(svg("a <bench>", "b & c", rows))
    widths = [float(bar.get("width", 0)) for bar in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert max(widths) <= 960


def test_a_baseline_of_nothing_is_told_without_a_number() -> None:
    assert row(3, 0).as_json()["ratio"] is None
    assert json.loads(json.dumps(row(3, 0).as_json()))["holds"] is True
