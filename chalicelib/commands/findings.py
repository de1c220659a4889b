"""What the doctor finds, one thing at a time."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `missing` stops Diwan from working; `optional` only means less.

    `found` says what is there; `remedy` what to do, empty when there is nothing to do.
    """

    name: str
    state: Literal["ok", "optional", "missing"]
    found: str
    remedy: str = ""


def needed(name: str, holds: bool, found: str, remedy: str) -> Finding:
    """A thing that Diwan cannot work without."""
    return Finding(name, "ok" if holds else "missing", found, "" if holds else remedy)


def optional(name: str, holds: bool, found: str, remedy: str) -> Finding:
    """A thing that Diwan can do without."""
    return Finding(name, "ok" if holds else "optional", found, "" if holds else remedy)
