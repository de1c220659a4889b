"""Log lines that count: what CloudWatch takes from them, by its specification of the embedded metric format."""

import ast
import json
import logging
from pathlib import Path

import pytest

from chalicelib.telemetry.logs import JsonLines, about
from chalicelib.telemetry.metrics import UNITS, envelope

CHECKOUT = Path(__file__).resolve().parents[2]
# Those of the specification that we use.
KNOWN_UNITS = {"Count", "Seconds", "Milliseconds"}


def line(function: str = "diwan-dev-prompt", **extra: object) -> dict[str, object]:
    record = logging.makeLogRecord(
        {"msg": "job done", "levelname": "INFO", "created": 1764000000.25, **extra}
    )
    told: dict[str, object] = json.loads(JsonLines(function).format(record))
    return told


def test_a_line_with_figures_is_a_document_of_the_format() -> None:
    told = line(metrics={"JobsDone": 1, "JobDuration": 12.5})
    assert told["_aws"] == {
        "Timestamp": 1764000000250,
        "CloudWatchMetrics": [
            {
                "Namespace": "Diwan",
                "Dimensions": [["FunctionName"]],
                "Metrics": [
                    {"Name": "JobsDone", "Unit": "Count"},
                    {"Name": "JobDuration", "Unit": "Milliseconds"},
                ],
            }
        ],
    }
    # Every target that the directive names is a member of the root: figures are numbers, dimensions strings.
    assert (told["JobsDone"], told["JobDuration"], told["FunctionName"]) == (1, 12.5, "diwan-dev-prompt")


def test_what_counts_by_lane_has_the_lane_for_a_dimension() -> None:
    told = line(metrics={"QueueAge": 75.0, "JobsWaiting": 3}, lane="reading")
    [directive] = told["_aws"]["CloudWatchMetrics"]  # type: ignore[index]
    assert directive["Dimensions"] == [["FunctionName", "lane"]]
    assert told["lane"] == "reading"


def test_at_home_a_line_only_says_the_figures() -> None:
    told = line("", metrics={"JobsDone": 1})
    assert told["JobsDone"] == 1
    assert not {"_aws", "FunctionName"} & set(told)


def test_a_line_without_figures_counts_nothing() -> None:
    assert "_aws" not in line()


def test_a_name_that_is_not_listed_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        envelope({"Jobs": 1}, "f", 0)


def test_every_figure_that_is_told_is_listed_and_every_one_listed_is_told() -> None:
    told = set()
    for file in (CHECKOUT / "chalicelib").rglob("*.py"):
        if file.parent.name == "telemetry":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                names = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                told |= {name for name in names if isinstance(name, str) and name in UNITS}
    assert told == set(UNITS)
    assert set(UNITS.values()) <= KNOWN_UNITS


def test_no_line_is_refused_for_the_names_of_its_facts() -> None:
    """Logging raises KeyError for `extra` named like what every record has."""
    taken = {*vars(logging.makeLogRecord({})), "message", "asctime"}
    for file in (CHECKOUT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                names = {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
                assert not names & taken, (file, names & taken)


def test_lines_carry_the_ids_of_what_is_around_them_and_of_no_more() -> None:
    with about(request_id="r1", document=None):
        with about(job="j1"):
            assert {"request_id": "r1", "job": "j1"}.items() <= line().items()
        assert "job" not in line() and "document" not in line()
    assert "request_id" not in line()
