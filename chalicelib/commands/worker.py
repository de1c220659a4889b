"""The background worker: reads, indexes, notifies, issues. In the embedded home it alone writes the index."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.bootstrap import Diwan, build
from chalicelib.commands.processes import end_with_parent
from chalicelib.jobs.registry import handlers
from chalicelib.jobs.worker import ask_each_minute, work
from chalicelib.ports.search import SearchWriterBusy
from chalicelib.settings import Settings, read_settings
from chalicelib.telemetry.startup import observe

log = logging.getLogger("diwan.worker")
# What has the reader at work takes long; everything else must not wait behind it.
READING = ("read_document", "make_searchable")
_PATIENCE = 3.0


@contextmanager
def working(diwan: Diwan, readers: int | None = None) -> Iterator[None]:
    """Work on every queue beside the block; at its end jobs under way get a few seconds to finish."""
    stop = threading.Event()
    prompt = [queue for queue in handlers() if queue not in READING]
    threads = [
        *(
            threading.Thread(target=work, args=(diwan, READING, stop), name=f"reading-{number}", daemon=True)
            for number in range(readers or os.cpu_count() or 1)
        ),
        threading.Thread(target=work, args=(diwan, prompt, stop), name="prompt", daemon=True),
        threading.Thread(target=_minutes, args=(diwan, stop), name="minutes", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        end = time.monotonic() + _PATIENCE
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))


def main() -> None:
    """Run until told to stop, or until the parent, whose process id is the one argument, is gone."""
    end_with_parent(int(sys.argv[1]))
    settings = read_settings()
    observe(settings, "worker")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    diwan = sole_worker(settings)
    if diwan.settings.one_worker:
        # Whatever is still leased died with the worker before us.
        diwan.jobs.release_leases()
        if diwan.search.needs_rebuild:
            # At once and before all else: until then nothing is found. Where several work, jobs do it.
            log.info("index rebuilt", extra={"pages": diwan.archive.finding.rebuild()})
    with working(diwan):
        stop.wait()
    # A job still under way is abandoned here as a kill would: its lease runs out and it resumes.
    diwan.close()
    os._exit(0)


def sole_worker(settings: Settings) -> Diwan:
    """Everything, with the one writer of the index: that is also what makes this the only worker.

    The worker of a server that was killed holds it until it has seen that, half a second later.
    Raises SearchWriterBusy when it is still held after a few seconds.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return build(settings, index_writer=True)
        except SearchWriterBusy:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _minutes(diwan: Diwan, stop: threading.Event) -> None:
    while True:
        try:
            ask_each_minute(diwan, diwan.clock.now())
        except Exception:
            log.exception("cannot ask for the minute's work")
        if stop.wait(20):
            return


if __name__ == "__main__":
    main()
