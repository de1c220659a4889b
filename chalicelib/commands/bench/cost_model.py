"""What the bill of the AWS home is made of: prices, what work uses, how a stage is set up."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.settings import CHECKOUT

_HERE = Path(__file__).parent
_INFRA = CHECKOUT / "infra"
STAGES = ("dev", "staging", "production")


class Prices:
    """The price table of one region: `prices.s3_put` is dollars for one."""

    def __init__(self, region: str | None = None) -> None:
        told = tomllib.loads((_HERE / "cost_prices.toml").read_text("utf-8"))
        self.date, self.region = told["date"], region or told["region"]
        self.regions = [
            name for name, values in told.items() if isinstance(values, dict) and name != "sources"
        ]
        self.sources: dict[str, str] = told["sources"]
        self._values: dict[str, Any] = told[self.region]

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None


class Usage:
    """What work uses: `usage.commits_a_page` is the value alone, `entries` has sources too."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = tomllib.loads(
            (_HERE / "cost_usage.toml").read_text("utf-8")
        )

    def __getattr__(self, name: str) -> Any:
        try:
            return self.entries[name]["value"]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True)
class Stage:
    """A stage as infra/ describes it: megabytes of memory and most runs at once by function, stores by size."""

    name: str
    memory: dict[str, int]
    at_once: dict[str, int]
    database_minimum: float
    database_maximum: float
    databases: int
    search_type: str
    search_nodes: int
    search_gigabytes: int
    alarms: int
    endpoints: int
    keys: int
    queues: int


def read_stage(name: str) -> Stage:
    """The stage that infra/deploy.sh makes of this name. Raises FileNotFoundError for another's."""
    given = dict(
        line.split("=", 1) for line in json.loads((_INFRA / "parameters" / f"{name}.json").read_text("utf-8"))
    )
    resources: dict[str, Any] = {}
    for file in (_INFRA / "stack").glob("*.yaml"):
        resources |= yaml.safe_load(file.read_text("utf-8")).get("Resources", {})
    functions = {
        resource: properties
        for resource, told in resources.items()
        if "MemorySize" in (properties := told.get("Properties", {}))
    }

    def of_type(pattern: str) -> list[str]:
        return [name for name, told in resources.items() if re.fullmatch(pattern, told.get("Type", ""))]

    return Stage(
        name=name,
        memory={name.lower(): told["MemorySize"] for name, told in functions.items()},
        at_once={name.lower(): most for name, told in functions.items() if (most := _at_once(told))},
        database_minimum=float(given["DatabaseMinimum"]),
        database_maximum=float(given["DatabaseMaximum"]),
        databases=int(given["DatabaseInstances"]),
        search_type=given["SearchInstance"],
        search_nodes=int(given["SearchInstances"]),
        search_gigabytes=int(given["SearchGigabytes"]),
        alarms=len(of_type("AWS::CloudWatch::Alarm")),
        endpoints=len(
            [n for n in of_type("AWS::EC2::VPCEndpoint") if "SubnetIds" in resources[n]["Properties"]]
        ),
        keys=len(of_type("AWS::KMS::Key")),
        queues=len(of_type("AWS::SQS::Queue")),
    )


def _at_once(function: dict[str, Any]) -> int:
    """How many runs of a function there may be at once, where its queue or it says so; 0 where nothing does."""
    scaling = [
        event["Properties"]["ScalingConfig"]["MaximumConcurrency"]
        for event in function.get("Events", {}).values()
        if "ScalingConfig" in event.get("Properties", {})
    ]
    return int(scaling[0] if scaling else function.get("ReservedConcurrentExecutions", 0))
