"""Processor time of this process and everything it started: what a figure costs, however busy the machine is."""

import os
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def processor_seconds(root: int | None = None) -> float:
    """User and system seconds so far, of this process (or `root`), its living descendants, and those waited for.

    From Linux's /proc, in steps of a hundredth of a second.
    """
    children: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # The name stands in parentheses and may hold anything; the numbers follow the last one.
            values = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # ended while we looked
        pid = int(folder.name)
        children.setdefault(int(values[1]), []).append(pid)
        spent[pid] = sum(map(int, values[11:15])) * _TICK
    total, ahead = 0.0, [root or os.getpid()]
    while ahead:
        pid = ahead.pop()
        total += spent.get(pid, 0.0)
        ahead += children.get(pid, [])
    return total
