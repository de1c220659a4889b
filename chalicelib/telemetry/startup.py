"""What each process does first, so that it can be watched."""

import logging
import sys

from chalicelib.settings import Settings
from chalicelib.telemetry.logs import log_lines
from chalicelib.telemetry.traces import start_traces


def observe(settings: Settings, process: str) -> None:
    """Log as JSON lines, and send traces where settings name a collector; `process` is what traces call us at home.

    Whoever sits before a terminal is told of troubles alone: what went well would push away what they are to read.
    """
    log_lines(settings.function, logging.WARNING if sys.stderr.isatty() else logging.INFO)
    if settings.traces_url:
        start_traces(settings.traces_url, settings.function or f"diwan-{process}", bool(settings.function))
