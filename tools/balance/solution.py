"""What a solve returns: the design, its prices and how far it can be from the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.balance.problem import Figures, Floats, Ints


@dataclass(frozen=True)
class Prices:
    """What one more unit of each rule is worth, in points.

    `work` and `potential` (u, v) price a rep's relative deviation from target; positive
    where the rep has too much. `capacity` and `limit` (mu, nu), none negative, price the
    relative use of hours and accounts. `budgets` has one price per budget and unit of
    its use, none negative. Any prices whatever give a true bound (`certificate.bound`).
    """

    work: Floats
    potential: Floats
    capacity: Floats
    limit: Floats
    budgets: Floats

    @classmethod
    def zero(cls, reps: int, budgets: int = 0) -> Prices:
        """Prices of nothing: the bound is then the sum of each unit's cheapest pair."""
        return cls(
            np.zeros(reps), np.zeros(reps), np.zeros(reps), np.zeros(reps), np.zeros(budgets)
        )

    def table(self) -> Floats:
        """(4, R): work, potential, capacity, limit, as price files hold them."""
        return np.stack([self.work, self.potential, self.capacity, self.limit])


@dataclass(frozen=True)
class Solution:
    """A design with its certificate.

    `chosen` is one pair per unit. `bound` is a proven lower limit of the objective of
    every feasible design, recomputable from `prices`. `steps` is how much work was done:
    the same steps and seed give the same bytes.
    """

    chosen: Ints
    figures: Figures
    prices: Prices
    bound: float
    steps: int
    seed: int

    @property
    def gap(self) -> float:
        """Points by which the design may at most be worse than the best one."""
        return max(0.0, self.figures.objective - self.bound)

    @property
    def gap_share(self) -> float:
        """The same relative to the bound; infinite where the bound is not positive."""
        return self.gap / self.bound if self.bound > 0 else (0.0 if not self.gap else float("inf"))
