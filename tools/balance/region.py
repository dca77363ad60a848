"""A part of a problem as a problem of its own: some reps, and the units that may move."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.balance.problem import Budget, Floats, Ints, Problem, Weights
from tools.balance.solution import Prices


@dataclass(frozen=True)
class Region:
    """A problem over a few reps, in which all that stays is one unit per rep.

    The objective of a design within differs from that of the whole by the same constant
    whatever the design. The first `len(units)` units of `problem` are the units of the whole
    in `units`; `pair` gives the whole's pair of each of their pairs.
    """

    problem: Problem
    reps: Ints
    units: Ints
    pair: Ints

    def enter(self, chosen: Ints) -> Ints:
        """Translate a design of the whole, which must keep its units among the reps."""
        free = np.searchsorted(self.pair, chosen[self.units])
        return np.concatenate([free, len(self.pair) + np.arange(len(self.reps))])

    def leave(self, chosen: Ints, inside: Ints) -> Ints:
        """Return the design of the whole with this one inside the region."""
        result = chosen.copy()
        result[self.units] = self.pair[inside[: len(self.units)]]
        return result

    def prices(self, whole: Prices) -> Prices:
        """Return the region's part of prices of the whole."""
        at = self.reps
        return Prices(
            whole.work[at], whole.potential[at], whole.capacity[at], whole.limit[at], whole.budgets
        )


def cut(problem: Problem, chosen: Ints, reps: Ints, held: NDArray[np.bool_]) -> Region:
    """Cut out the units that the reps (ascending) have now, except those held in place.

    Every unit of a budget counts: what all others use is the first rep's.
    """
    slot = np.full(problem.reps, -1, np.int64)
    slot[reps] = np.arange(len(reps))
    here = slot[problem.rep[chosen]]
    units = np.flatnonzero((here >= 0) & ~held)
    degree = np.diff(problem.first)[units]
    offset = np.concatenate([[0], np.cumsum(degree)])
    pair = np.repeat(problem.first[units] - offset[:-1], degree) + np.arange(offset[-1])
    inside = slot[problem.rep[pair]] >= 0
    owner = np.repeat(np.arange(len(units)), degree)[inside]
    pair = pair[inside]
    stay = np.flatnonzero((here >= 0) & held)
    anchor = chosen[stay]

    def with_anchors(of_units: Floats | Ints, of_stay: Floats | Ints) -> Floats:
        sums = np.bincount(here[stay], of_stay, len(reps))
        return np.asarray(np.concatenate([of_units, sums]))

    sizes = np.concatenate([np.bincount(owner, minlength=len(units)), np.ones(len(reps), np.int64)])
    budgets = []
    for budget in problem.budgets:
        others = np.zeros(len(reps))
        others[0] = budget.use[chosen].sum() - budget.use[chosen[units]].sum()
        use = np.concatenate([budget.use[pair], np.maximum(others, 0.0)])
        budgets.append(Budget(budget.name, use, budget.cap))
    share = len(reps) / problem.reps
    pairs = len(pair) + len(reps)
    region = replace(
        problem,
        hours=with_anchors(problem.hours[units], problem.hours[stay]),
        potential=with_anchors(problem.potential[units], problem.potential[stay]),
        accounts=with_anchors(problem.accounts[units], problem.accounts[stay]).astype(np.int64),
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        rep=np.concatenate([slot[problem.rep[pair]], np.arange(len(reps))]),
        travel=with_anchors(problem.travel[pair], problem.travel[anchor]),
        disruption=np.zeros(pairs),
        preference=with_anchors(problem.cost[pair], problem.cost[anchor]),
        present=np.full(len(units) + len(reps), -1, np.int64),
        capacity=problem.capacity[reps],
        limit=problem.limit[reps],
        work_target=problem.work_target[reps],
        potential_target=problem.potential_target[reps],
        work_window=problem.work_window[reps],
        potential_window=problem.potential_window[reps],
        budgets=tuple(budgets),
        # The terms of a rep keep their points; all linear costs are in `preference`.
        weights=Weights(
            problem.weights.work * share, problem.weights.potential * share, 0.0, 0.0
        ),
    )
    return Region(region, reps, units, pair)
