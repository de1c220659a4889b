"""Every alarm has a page that says what to do, and every page an alarm."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.telemetry.metrics import UNITS

CHECKOUT = Path(__file__).resolve().parents[2]
RUNBOOKS = CHECKOUT / "docs" / "runbooks"
FOR_NO_ALARM = {
    "README",
    "begin-a-town",
    "connect-a-directory",
    "operations",
    "roll-a-signing-key",
    "upgrade",
}
NAMED = re.compile(r"Runbook: docs/runbooks/([a-z-]+)\.md")
PARTS = ["What people notice", "See", "Do"]


def alarms() -> dict[str, dict[str, Any]]:
    found = {}
    for file in sorted((CHECKOUT / "infra" / "stack").glob("*.yaml")):
        resources = yaml.safe_load(file.read_text("utf-8")).get("Resources", {})
        found |= {
            name: told["Properties"]
            for name, told in resources.items()
            if told.get("Type") == "AWS::CloudWatch::Alarm"
        }
    return found


def pages() -> list[Path]:
    return sorted(page for page in RUNBOOKS.glob("*.md") if page.stem not in FOR_NO_ALARM)


def test_every_alarm_has_a_page_and_every_page_an_alarm() -> None:
    named = {match[1] for told in alarms().values() if (match := NAMED.search(told["AlarmDescription"]))}
    assert len(alarms()) > 10
    assert named == {page.stem for page in pages()}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_page_says_what_people_notice_how_to_see_and_what_to_do(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.stem}: ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert f"({page.name})" in (RUNBOOKS / "README.md").read_text("utf-8")


def test_alarms_on_our_own_figures_are_on_figures_that_we_tell() -> None:
    watched = set()
    for told in alarms().values():
        metrics = [
            told,
            *(query.get("MetricStat", {}).get("Metric", {}) for query in told.get("Metrics", [])),
        ]
        watched |= {metric["MetricName"] for metric in metrics if metric.get("Namespace") == "Diwan"}
    assert watched
    drawn = re.findall(
        r'\["Diwan", "(\w+)"', (CHECKOUT / "infra" / "stack" / "alarms.yaml").read_text("utf-8")
    )
    assert drawn
    assert watched | set(drawn) <= set(UNITS)
