"""Telling workers that there is work, where they do not look for it themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class WakeUp:
    """A job of `queue` is due in so many seconds. It stands in the database; this only says so."""

    job: str
    queue: str
    seconds: int = 0


@dataclass(frozen=True)
class Line:
    """A line of messages: about how many wait, and how many were set aside because nobody could make use of them."""

    lane: str
    waiting: int
    aside: int


class Bell(Protocol):
    """Rings for workers, at least once and in any order, or not at all when what carries it is away."""

    def ring(self, wake_ups: Sequence[WakeUp]) -> Sequence[WakeUp]:
        """Tell workers, and what they were told; raises nothing. The rest is rung a minute later (`Jobs.tend`)."""
        ...

    def lines(self) -> list[Line]:
        """Every line. Raises StoreUnavailable or StoreDenied."""
        ...

    def send_back(self, lane: str) -> int:
        """Give what was set aside another try; how many messages. Raises as `lines`."""
        ...
