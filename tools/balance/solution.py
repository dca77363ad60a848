"""What a solve returns: the design, its prices and how far it can be from the best."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    every feasible design, recomputable from `prices`. `placed_bound` is another, which
    prices alone do not prove: from a search over where the biggest units go (`placing`), or
    of a tiny problem as a whole (`exact`); minus infinity where there was neither. `steps`
    is how much work was done: the same steps and seed give the same bytes.
    """

    chosen: Ints
    figures: Figures
    prices: Prices
    bound: float
    steps: int
    seed: int
    placed_bound: float = field(default=-np.inf, kw_only=True)

    @property
    def best_bound(self) -> float:
        """The higher one of both bounds."""
        return max(self.bound, self.placed_bound)

    @property
    def gap(self) -> float:
        """Points by which the design may at most be worse than the best one."""
        return max(0.0, self.figures.objective - self.best_bound)

    @property
    def gap_share(self) -> float:
        """The same relative to the bound; infinite where the bound is not positive."""
        bound, gap = self.best_bound, self.gap
        return gap / bound if bound > 0 else (0.0 if not gap else float("inf"))
