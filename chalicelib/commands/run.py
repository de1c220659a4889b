"""`diwan run`: migrate, load the sample where no town is named, serve pages, API and worker on one port."""

# Loaded before there are threads: granian forks while ours look for the server by its name, and what one of them is
# loading at that moment stays locked in the fork. Its first connection to anywhere would then wait for ever.
import encodings.idna  # noqa: F401
import json
import os
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException

from granian import Granian
from granian.constants import Interfaces
from rich.console import Console

from chalicelib.bootstrap import build
from chalicelib.commands import sample_municipality
from chalicelib.commands.processes import sole_server, trouble_with_port
from chalicelib.database.migrate import migrate
from chalicelib.ports.blobs import TakesUploads
from chalicelib.settings import Settings, environment_of
from chalicelib.stores.readiness import READY
from chalicelib.web.idempotency import forget_unfinished

# Requests wait on the database, rarely on the processor; more threads only queue there.
_THREADS = 16
_OWN_TOWN = "Staff come in once `./diwan staff` has put them on file (docs/runbooks/begin-a-town.md).\n"
# The processes of a server that was killed let go of its folder and its port within half a second.
_PATIENCE = 5.0
# Seconds that a start may take before it is said what it waits for.
_SLOW = 10.0
# granian forks while our thread starts the worker, and a fork in that moment would keep the pipe open by which a
# started program tells that it runs: our thread would wait at it for ever, and nobody would start another worker.
_STARTING = threading.Lock()
os.register_at_fork(
    before=_STARTING.acquire, after_in_parent=_STARTING.release, after_in_child=_STARTING.release
)


def run(settings: Settings) -> int:
    """Serve until told to stop. 0 after a clean stop, 3 when another server has the data folder, 4 the port."""
    console = Console(stderr=True, soft_wrap=True)
    # Nobody can be running on a folder that is not there: none is made for a server that cannot listen.
    if not settings.data.exists() and not _may_listen(settings, console):
        return 4
    with sole_server(settings.data, _PATIENCE) as ours:
        if not ours:
            console.print(
                f"Another Diwan is running on [bold]{settings.data}[/]. Stop it first, or choose --data."
            )
            return 3
        if not _may_listen(settings, console):
            return 4
        first = prepare(settings)
        os.environ.update(environment_of(settings))
        stop = threading.Event()
        worker = threading.Thread(target=_keep_worker, args=(stop,), daemon=True)
        worker.start()
        threading.Thread(target=_announce, args=(settings, console, first), daemon=True).start()
        try:
            Granian(
                "chalicelib.commands.wsgi:application",
                factory=True,
                address=settings.host,
                port=settings.port,
                interface=Interfaces.WSGI,
                workers=1,
                blocking_threads=_THREADS,
                respawn_failed_workers=True,
                workers_kill_timeout=5,
                log_enabled=False,
                process_name=None,
            ).serve()
        finally:
            stop.set()
            worker.join(8)
    return 0


def _may_listen(settings: Settings, console: Console) -> bool:
    """Whether nobody has the port; else it is said."""
    # The server would try for ever, and whoever answers at the address would be taken for it.
    trouble = trouble_with_port(settings.host, settings.port, _PATIENCE)
    if trouble:
        console.print(
            f"Cannot listen on {settings.host}:{settings.port}: {trouble.rstrip('.')}. Choose another with --port."
        )
    return not trouble


def prepare(settings: Settings) -> bool:
    """Bring the data folder to this version; whether the sample municipality was loaded now."""
    diwan = build(settings)
    try:
        migrate(diwan.database)
        # What a killed server left: bytes half received, and requests that will never be answered.
        if isinstance(diwan.blobs, TakesUploads):
            diwan.blobs.clear_incoming()
        forget_unfinished(diwan.database)
        return sample_municipality.begin(diwan)
    finally:
        diwan.close()


def _keep_worker(stop: threading.Event) -> None:
    """Keep one worker process alive; start another when it dies."""
    while not stop.is_set():
        with _STARTING:
            worker = subprocess.Popen([sys.executable, "-m", "chalicelib.commands.worker", str(os.getpid())])
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(6)
            except subprocess.TimeoutExpired:
                worker.kill()
        stop.wait(1)


def _announce(settings: Settings, console: Console, first: bool) -> None:
    """Say where people can go and as whom, in one piece, once all stores are ready; until then, what is not."""
    told, patience = "", time.monotonic() + _SLOW
    while (waiting := _not_ready(settings)) is not None:
        if waiting and waiting != told and time.monotonic() > patience:
            told = waiting
            console.print(f"Not ready yet: {waiting}.", highlight=False, markup=False)
        time.sleep(0.05 if time.monotonic() < patience else 1)
    said = sample_municipality.sign_ins(settings) if settings.is_sample else _OWN_TOWN
    console.print(
        *([sample_municipality.LOADED] if first else []),
        f"\nديوان  Diwan is at [bold link={settings.base_url}]{settings.base_url}[/]",
        said,
        f"Everything lives in {settings.data}. Ctrl-C stops it.",
        sep="\n",
        highlight=False,
    )


def _not_ready(settings: Settings) -> str | None:
    """Which stores are not ready and why, empty when nobody answers yet; None when people can be served."""
    # By the smallest client there is: it is loaded, and asks, while the server itself wants the processor.
    connection = HTTPConnection(settings.host, settings.port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        stores: dict[str, str] = json.loads(answer.read())["stores"]
    except (OSError, HTTPException, ValueError, KeyError):
        return ""
    finally:
        connection.close()
    if answer.status == 200:
        return None
    return ", ".join(f"{store} {state}" for store, state in stores.items() if state != READY)
