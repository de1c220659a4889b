"""How much memory processes and everything they started take, at their peak."""

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType


class PeakMemory:
    """Watches process trees for as long as the block lasts; `megabytes` is the most it was seen to take.

    Counts proportional set size: what processes share is counted once. Linux only; 0 elsewhere.
    """

    def __init__(self, *pids: int, every: float = 0.25) -> None:
        self._pids = pids
        self._every = every
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self.megabytes = 0

    def __enter__(self) -> "PeakMemory":
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._stop.wait(self._every):
            taken = sum(_kilobytes(pid) for pid in _tree(self._pids))
            self.megabytes = max(self.megabytes, taken // 1024)


def _tree(roots: Iterable[int]) -> set[int]:
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may itself hold brackets and spaces; what follows it does not.
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    tree = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return tree


def _kilobytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0
