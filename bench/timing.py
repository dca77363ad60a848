"""Taking times: alternately with the alternative, so that both meet the same machine."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Times of one thing, in seconds, in the order they were taken."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    def percentile(self, share: float) -> float:
        """The smallest time that `share` (0 to 1) of all do not exceed (nearest rank)."""
        ordered = sorted(self.seconds)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    def over(self, other: Times) -> float:
        """Median of the ratios pair by pair; of the medians where the numbers differ."""
        if len(self.seconds) != len(other.seconds):
            return self.median / other.median
        pairs = zip(self.seconds, other.seconds, strict=True)
        return statistics.median(one / two for one, two in pairs)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes, with whatever rubbish is collected meanwhile."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def alternately(works: Sequence[Callable[[], object]], runs: int) -> list[Times]:
    """Time each of `works` `runs` times, one after the other and then round again."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for place, work in enumerate(works):
            taken[place].append(timed(work))
    return [Times(tuple(seconds)) for seconds in taken]
