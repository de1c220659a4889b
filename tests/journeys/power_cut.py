"""A server that somebody keeps killing, and starts again on the same folder and port."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import httpx

from chalicelib.commands import demo

_PROC = Path("/proc")
# Children look after their parent every third of a second; a busy machine may let them wait for their turn.
_ORPHANS_LIVE = 10.0


def descendants(pid: int) -> list[int]:
    """Ids of the processes under this one, as they are now."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            try:
                after_name = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            if after_name[0] != "Z":
                children.setdefault(int(after_name[1]), []).append(int(entry.name))
    found, look = [], [pid]
    while look:
        under = children.get(look.pop(), [])
        found += under
        look += under
    return found


def alive(pids: list[int]) -> list[int]:
    """Those of the processes that still run."""
    living = []
    for pid in pids:
        try:
            state = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            living.append(pid)
    return living


def command_of(pid: int) -> str:
    """What a process runs; empty when it has ended."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


class PowerCuts:
    """Keeps a server up on `data` and `port`, and cuts it off at moments drawn from `seed`.

    Each kind of cut `times` times, in drawn order: everything at once, the server alone (its children must end
    by themselves), and the worker alone (the server must start another). Afterwards it is left to run until
    `end` is set; `over` says that the cuts are done.
    """

    def __init__(self, data: Path, port: int, times: int, seed: int) -> None:
        self.data, self.port = data, port
        self.end, self.over = threading.Event(), threading.Event()
        self.done: list[str] = []
        self.left_behind: list[str] = []
        self._random = random.Random(seed)
        self._to_come = ["everything", "server", "worker"] * times
        self._random.shuffle(self._to_come)

    def run(self) -> None:
        """Until `end`."""
        while not self.end.is_set():
            with demo.server(self.data, self.port) as server:
                while not self.end.is_set() and server.poll() is None:
                    self._live(server.pid)

    def _live(self, pid: int) -> None:
        if not self._to_come:
            self.over.set()
            self.end.wait(0.5)
            return
        # Mostly while it serves, sometimes while it starts.
        if self._random.random() < 0.8:
            self._until_it_answers(pid)
        self.end.wait(self._random.uniform(0.1, 2.5))
        if self.end.is_set():
            return
        how, family = self._to_come[-1], descendants(pid)
        if how == "worker":
            workers = [child for child in family if "chalicelib.commands.worker" in command_of(child)]
            if not workers:
                return  # it has not started yet: another moment
            os.kill(workers[0], signal.SIGKILL)
        elif how == "everything":
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGKILL)
        self.done.append(self._to_come.pop())
        if how != "worker":
            commands = {child: command_of(child) for child in family}
            end = time.monotonic() + _ORPHANS_LIVE
            while alive(family) and time.monotonic() < end:
                time.sleep(0.1)
            self.left_behind += [commands[child] for child in alive(family)]

    def _until_it_answers(self, pid: int) -> None:
        while alive([pid]) and not self.end.is_set():
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
