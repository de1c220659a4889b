"""Logs: one JSON object a line, with the ids of what it is about and without personal data."""

import json
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from chalicelib.telemetry.metrics import envelope

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "metrics"}
_NOTHING: Mapping[str, str] = MappingProxyType({})
_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=_NOTHING)

# JSON lets these stand in a string, and some readers of logs end a line at them.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x7f\x85\u2028\u2029"}


@contextmanager
def about(**ids: str | None) -> Iterator[None]:
    """Every line that this thread logs inside the block carries these ids; those that are None are left out.

    Ids of ours only (`request_id`, `job`, `document`, …): what people typed has no place here.
    """
    token = _about.set({**_about.get(), **{name: value for name, value in ids.items() if value is not None}})
    try:
        yield
    finally:
        _about.reset(token)


def what_about() -> Mapping[str, str]:
    """The ids that lines carry at this moment."""
    return _about.get()


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `message`, the ids of `about`, the call's `extra`, its `metrics`, the traceback if any.

    `function` is the name of the AWS function that we run as: with it, CloudWatch counts the `metrics`.
    """

    def __init__(self, function: str = "") -> None:
        super().__init__()
        self._function = function

    def format(self, record: logging.LogRecord) -> str:
        metrics: Mapping[str, float] = getattr(record, "metrics", {})
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
            **metrics,
        }
        if metrics and self._function:
            said |= envelope(metrics, self._function, record.created)
        if record.exc_info and record.exc_info[1]:
            said["traceback"] = _told(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False, default=str).translate(_LINE_ENDS)


def _told(error: BaseException) -> str:
    """Where it came from, and the first line of what each error says.

    What follows that line quotes what was typed: PostgreSQL adds the row that it refuses, pydantic the value.
    """
    parts = []
    step: BaseException | None = error
    while step is not None:
        first, *_ = str(step).splitlines() or [""]
        frames = "".join(traceback.format_tb(step.__traceback__))
        parts.append(f"{frames}{type(step).__module__}.{type(step).__qualname__}: {first}")
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return "\n\nwhich led to\n\n".join(reversed(parts))


def log_lines(function: str = "", level: int = logging.INFO) -> None:
    """Send Diwan's own logs at `level`, everyone else's warnings, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(function))
    # By force: the runtime of AWS has set a handler of its own, whose lines are no JSON.
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("diwan").setLevel(level)
