"""What each process does first, so that it can be watched."""

from chalicelib.settings import Settings
from chalicelib.telemetry.logs import log_lines
from chalicelib.telemetry.traces import start_traces


def observe(settings: Settings, process: str) -> None:
    """Log as JSON lines, and send traces where settings name a collector; `process` is what traces call us at home."""
    log_lines(settings.function)
    if settings.traces_url:
        start_traces(settings.traces_url, settings.function or f"diwan-{process}", bool(settings.function))
