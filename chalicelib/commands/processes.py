"""How Diwan's processes know of each other: one server a data folder, children that end with their parent."""

import fcntl
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def sole_server(data: Path, patience: float = 0.0) -> Iterator[bool]:
    """Whether this process is now the only one to run `data`; holds it for the block.

    The lock is the kernel's: a killed server leaves nothing behind. `patience` is how many
    seconds to wait for a former one to be gone.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "server.lock").open("w") as lock:
        end = time.monotonic() + patience
        ours = False
        while not ours:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                ours = True
            except OSError:
                if time.monotonic() >= end:
                    break
                time.sleep(0.1)
        yield ours


def trouble_with_port(host: str, port: int, patience: float = 0.0) -> str:
    """Why nobody can listen there, in the system's words; empty when one can, now or within `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                trouble = error.strerror or str(error)
            else:
                return ""
        if time.monotonic() >= end:
            return trouble
        time.sleep(0.1)


def end_with_parent(parent: int) -> None:
    """From now on this process ends within half a second of its parent, however that ends.

    `parent` is the process id as the parent gave it: one that was killed while we were still
    starting would otherwise be mistaken for whoever adopts its orphans, and we would never end.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.3)
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
