"""Figures, told inside log lines: CloudWatch takes them from there (embedded metric format), others read the line.

A line gives them as `extra={"metrics": {"JobsDone": 1, "JobDuration": 12.5}}`; UNITS has every name there is.
"""

from collections.abc import Mapping
from typing import Any

NAMESPACE = "Diwan"
UNITS = {
    "Requests": "Count",
    "Faults": "Count",  # answers that were errors of ours
    "Latency": "Milliseconds",
    "JobsDone": "Count",
    "JobsFailed": "Count",  # and will be tried again
    "JobsDead": "Count",  # given up: a person has to look
    "JobDuration": "Milliseconds",
    "PagesRead": "Count",
    "JobsWaiting": "Count",  # due and not taken up, in one lane
    "QueueAge": "Seconds",  # for how long the oldest of those has been due
}
# Each name costs money once for every function, and once more for every lane.
_BY_LANE = ("JobsWaiting", "QueueAge")


def envelope(metrics: Mapping[str, float], function: str, at: float) -> dict[str, Any]:
    """What makes a line count: the members CloudWatch looks for, to stand beside the figures themselves.

    `at` is seconds since 1970. Figures of a lane count for the line's `lane`. Raises KeyError for a name not in UNITS.
    The format: "Specification: Embedded metric format", Amazon CloudWatch User Guide.
    """
    dimensions = ["FunctionName", *(["lane"] if any(name in _BY_LANE for name in metrics) else [])]
    told = {
        "Namespace": NAMESPACE,
        "Dimensions": [dimensions],
        "Metrics": [{"Name": name, "Unit": UNITS[name]} for name in metrics],
    }
    return {"FunctionName": function, "_aws": {"Timestamp": int(at * 1000), "CloudWatchMetrics": [told]}}
