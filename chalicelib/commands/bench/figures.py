"""A measured figure beside its baseline, and what it has to reach."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure. `ours` and `baseline` are in `unit`; where `more_is_better` is false, less is.

    `must` and `goal` are what holds at least, and what is aimed at: ratios to the baseline of the same run, or where
    the promise is `absolute` (an error rate of 5 %), values of `ours`.
    """

    figure: str
    unit: str
    ours: float
    baseline: float
    baseline_name: str
    must: float
    goal: float
    more_is_better: bool = True
    absolute: bool = False

    @property
    def ratio(self) -> float:
        """How many times better than the baseline ours is, whichever way better lies: above 1, ours wins."""
        better, worse = (self.ours, self.baseline) if self.more_is_better else (self.baseline, self.ours)
        return better / worse if worse else math.inf

    @property
    def holds(self) -> bool:
        """Whether the ratio, or where the promise is absolute the value itself, reaches what it must."""
        if not self.absolute:
            return self.ratio >= self.must
        return self.ours >= self.must if self.more_is_better else self.ours <= self.must

    @property
    def least(self) -> float:
        """What `ours` must reach, in `unit`."""
        if self.absolute:
            return self.must
        return self.must * self.baseline if self.more_is_better else self.baseline / self.must

    def as_json(self) -> dict[str, Any]:
        """The row of the protocol in docs/benchmarks.md."""
        return {
            "figure": self.figure,
            "unit": f"{self.unit}, {'more' if self.more_is_better else 'less'} is better",
            "ours": _rounded(self.ours),
            "baseline": _rounded(self.baseline),
            "baseline_name": self.baseline_name,
            "ratio": _rounded(self.ratio),
            "must": self.must,
            "goal": self.goal,
            "absolute": self.absolute,
            "holds": self.holds,
        }


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` per cent of `values` do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def in_words(value: float) -> str:
    """Three digits that count, without an exponent."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _rounded(value: float) -> float | None:
    # JSON has no infinity; four digits are more than any of these figures deserves.
    return float(f"{value:.4g}") if math.isfinite(value) else None
