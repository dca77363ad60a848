"""The relaxed problem as rows: what each rep's rules allow, and what straying from it costs.

Let units split themselves over their pairs (x_e of pair e). Each priced rule is a row

    sum_e takes_e x_e = level + (over) - (under)

in shares of what the rule allows; over and under come in stretches of a width and a slope
(points per share). A deviation's stretches are the pieces of psi; capacity, limit and
budgets leave `under` free. Beyond a hard rule a stretch of an `elastic` slope keeps every
choice of pairs solvable. The row's dual price is the price of the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.balance.problem import Floats, Ints, Penalty, Problem
from tools.balance.solution import Prices

KINDS = 4
"""Rules of a rep, in this order: workload, potential, hours, accounts."""

ELASTIC = 100.0
"""Points per share beyond a hard rule, in multiples of what all units can sway together."""


@dataclass(frozen=True)
class Rows:
    """All rows of a problem: rep by rep the four of `KINDS`, then the budgets.

    Attributes
    ----------
    rate
        (R, 4) share of the rule that an hour, a unit of potential, an hour with travel and
        an account take.
    budget_scale
        (B) use of the budget that counts as a share of 1.
    use
        (m, B) share of each budget that each pair uses.
    level
        (4R + B) share from which straying is counted.
    needed
        Whether the row can have a price at all.
    sway
        (n) points each unit can sway.
    row, sign, slope, width
        Per stretch: its row, +1 for over and -1 for under, points per share, shares.
    """

    rate: Floats
    budget_scale: Floats
    use: Floats
    level: Floats
    needed: NDArray[np.bool_]
    sway: Floats
    row: Ints
    sign: Floats
    slope: Floats
    width: Floats

    def prices(self, y: Floats) -> Prices:
        """Return one price per row as prices on the scale of the certificate."""
        reps = len(self.rate)
        table = y[: KINDS * reps].reshape(reps, KINDS)
        work, potential, capacity, limit = table.T.copy()
        budgets = y[KINDS * reps :] / self.budget_scale
        return Prices(work, potential, capacity, limit, budgets)

    def vector(self, prices: Prices) -> Floats:
        """Return prices as one price per row."""
        return np.concatenate([prices.table().T.ravel(), prices.budgets * self.budget_scale])


def rows_of(problem: Problem) -> Rows:
    """Bring a problem's rules to rows."""
    reps = problem.reps
    capacity, limit = problem.capacity, problem.limit
    rate = np.stack(
        [
            1.0 / problem.work_target,
            1.0 / problem.potential_target,
            1.0 / np.where(capacity > 0, capacity, 1.0),
            1.0 / np.where(limit > 0, limit, 1),
        ],
        axis=1,
    )
    budget_scale = np.array(
        [max(budget.cap, float(budget.use.max(initial=0.0))) or 1.0 for budget in problem.budgets]
    )
    uses = np.zeros((len(budget_scale), problem.pairs))
    for number, budget in enumerate(problem.budgets):
        uses[number] = budget.use / budget_scale[number]
    sway = _sway(problem, rate)
    elastic = ELASTIC * float(sway.sum())
    work = _deviations(problem.penalty, problem.work_scale, problem.work_window, elastic)
    potential = _deviations(
        problem.penalty, problem.potential_scale, problem.potential_window, elastic
    )
    level = np.ones((reps, KINDS))
    level[:, 0] += work[0]
    level[:, 1] += potential[0]
    level[:, 2] = capacity > 0
    level[:, 3] = limit > 0
    first = KINDS * np.arange(reps)
    hard = np.concatenate([first + 2, first + 3, KINDS * reps + np.arange(len(budget_scale))])
    stretches = [(first[rep], sign, slope, width) for rep, sign, slope, width in work[1]] + [
        (first[rep] + 1, sign, slope, width) for rep, sign, slope, width in potential[1]
    ]
    many = len(hard)
    stretches += [
        (hard, np.ones(many), np.full(many, elastic), np.full(many, np.inf)),
        (hard, -np.ones(many), np.zeros(many), np.full(many, np.inf)),
    ]
    row, sign, slope, width = (np.concatenate(part) for part in zip(*stretches, strict=True))
    caps = np.array([budget.cap for budget in problem.budgets])
    needed = np.zeros(KINDS * reps + len(caps), dtype=bool)
    # A row whose stretches all cost nothing has the price 0 and no say.
    needed[row[slope > 0]] = True
    kept = needed[row]
    return Rows(
        rate=rate,
        budget_scale=budget_scale,
        use=np.ascontiguousarray(uses.T),
        level=np.concatenate([level.ravel(), caps / budget_scale]),
        needed=needed,
        sway=sway,
        row=row[kept],
        sign=sign[kept],
        slope=slope[kept],
        width=width[kept],
    )


Stretch = tuple[Ints, Floats, Floats, Floats]


def _deviations(
    penalty: Penalty, scale: float, window: Floats, elastic: float
) -> tuple[Floats, list[Stretch]]:
    """The deviation each rep's counting starts from, and the pieces of psi on both sides."""
    low, high = window[:, 0], window[:, 1]
    origin = np.clip(0.0, low, high)
    breaks = (0.0, *penalty.breaks, np.inf)
    stretches: list[Stretch] = []
    for sign, end in ((1.0, high), (-1.0, -low)):
        start = sign * origin
        # The origin is the allowed deviation nearest 0: from there psi only rises.
        for slope, near, far in zip(penalty.slopes, breaks[:-1], breaks[1:], strict=True):
            width = np.minimum(end, far) - np.maximum(start, near)
            rep = np.flatnonzero(width > 0)
            many = len(rep)
            stretches.append((rep, np.full(many, sign), np.full(many, scale * slope), width[rep]))
        rep = np.flatnonzero(np.isfinite(end))
        many = len(rep)
        stretches.append((rep, np.full(many, sign), np.full(many, elastic), np.full(many, np.inf)))
    return origin, stretches


def _sway(problem: Problem, rate: Floats) -> Floats:
    """Points each unit can sway by its hours and potential, or else by what its pairs cost."""
    sway = problem.work_scale * problem.hours * float(rate[:, 0].mean())
    sway = sway + problem.potential_scale * problem.potential * float(rate[:, 1].mean())
    if not sway.any():
        first = problem.first[:-1]
        sway = np.maximum.reduceat(problem.cost, first) - np.minimum.reduceat(problem.cost, first)
    typical = float(sway.mean()) or 1.0
    return np.maximum(sway, 1e-3 * typical)
