"""The balancing problem on plain arrays, and the figures of a design.

Units (accounts, or families of accounts kept together) go to reps. The objective, in
points, of a design x with loads W_r = sum of hours and P_r = sum of potential is

    J = w_work 100/R sum_r psi(W_r / T^W_r - 1) + w_pot 100/R sum_r psi(P_r / T^P_r - 1)
        + sum of the pairs' linear costs

under: every unit gets one of its eligible pairs; hours with travel within each rep's
capacity; accounts within each rep's limit; deviations within hard windows, where given;
and each budget (such as accounts moved) within its cap. psi is convex and piecewise
linear. One point is 1 % mean deviation, or 1 % of the team's hours on the road.
`docs/methodology.md#balancing` works an example by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEASIBLE = 1e-9
"""Relative excess over a capacity that still counts as within it."""


@dataclass(frozen=True)
class Penalty:
    """psi: points per 100 % of deviation, steeper beyond each break."""

    breaks: tuple[float, float] = (0.05, 0.15)
    slopes: tuple[float, float, float] = (1.0, 4.0, 12.0)

    def __call__(self, deviation: Floats) -> Floats:
        """Return psi of each relative deviation; the same for too little as for too much."""
        size = np.abs(deviation)
        (first, second), (low, mid, high) = self.breaks, self.slopes
        return np.asarray(
            low * np.minimum(size, first)
            + mid * np.clip(size - first, 0.0, second - first)
            + high * np.maximum(size - second, 0.0)
        )


@dataclass(frozen=True)
class Weights:
    """What a point of each term counts. Shown to people as three numbers, never as one."""

    work: float = 1.0
    potential: float = 1.0
    disruption: float = 0.6
    travel: float = 1.0


@dataclass(frozen=True)
class Budget:
    """At most `cap` of something over the whole design, such as accounts moved.

    `use` has one entry per pair, none negative: what choosing that pair takes.
    """

    name: str
    use: Floats
    cap: float


@dataclass(frozen=True)
class Problem:
    """n units, R reps and m eligible pairs; pair `e` of unit `i` has first[i] <= e < first[i+1].

    Attributes
    ----------
    hours, potential
        Per unit, none negative: service hours in the period and potential in currency.
    accounts
        Per unit: how many accounts it stands for, at least 1.
    first
        n + 1 pair offsets (CSR).
    rep
        Per pair: the rep's index, ascending within a unit.
    travel
        Per pair: hours on the road in the period.
    disruption
        Per pair: share (0 to 1) of the book's relationship value that choosing it breaks;
        0 for the present owner's pair and for units without an eligible owner.
    preference
        Per pair: further points, such as a priced objection.
    present
        Per unit: its owner's pair, or -1 when it has no eligible owner.
    capacity, limit
        Per rep: hours including travel, and accounts, at most.
    work_target, potential_target
        Per rep, positive: what a fair share would be.
    work_window, potential_window
        (R, 2) lowest and highest relative deviation allowed; infinite where free.
    """

    hours: Floats
    potential: Floats
    accounts: Ints
    first: Ints
    rep: Ints
    travel: Floats
    disruption: Floats
    preference: Floats
    present: Ints
    capacity: Floats
    limit: Ints
    work_target: Floats
    potential_target: Floats
    work_window: Floats
    potential_window: Floats
    budgets: tuple[Budget, ...] = ()
    weights: Weights = field(default_factory=Weights)
    penalty: Penalty = field(default_factory=Penalty)

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.hours)

    @property
    def reps(self) -> int:
        """Number of reps."""
        return len(self.capacity)

    @property
    def pairs(self) -> int:
        """Number of eligible pairs."""
        return len(self.rep)

    @cached_property
    def unit(self) -> Ints:
        """Per pair: its unit."""
        return np.repeat(np.arange(self.units), np.diff(self.first))

    @property
    def work_scale(self) -> float:
        """Points that a psi of 1 of one rep's workload counts (g of the certificate)."""
        return self.weights.work * 100.0 / self.reps

    @property
    def potential_scale(self) -> float:
        """The same of potential."""
        return self.weights.potential * 100.0 / self.reps

    @cached_property
    def cost(self) -> Floats:
        """Per pair: its linear cost in points (disruption, travel, preference)."""
        road = self.weights.travel * 100.0 / float(self.capacity.sum())
        return np.asarray(
            self.weights.disruption * 100.0 * self.disruption + road * self.travel + self.preference
        )

    @cached_property
    def needed(self) -> Floats:
        """Per pair: hours it takes of the rep's capacity, service and travel."""
        return np.asarray(self.hours[self.unit] + self.travel)

    def reweighted(self, **weights: float) -> Problem:
        """Return the same problem with other weights, for example `disruption=2.0`."""
        return replace(self, weights=replace(self.weights, **weights))

    def part(self, unit: Ints, rep: Ints, pair: Ints) -> Problem:
        """Return the problem of some units, reps and pairs, in the order given.

        The pairs lie unit by unit in that order, rep by rep within each. A unit whose present
        pair is not among them has none. Weights and caps stay as they are.
        """
        new_unit, new_rep = np.full(self.units, -1), np.full(self.reps, -1)
        new_unit[unit], new_rep[rep] = np.arange(len(unit)), np.arange(len(rep))
        new_pair = np.full(self.pairs + 1, -1)  # the last one for units without a present pair
        new_pair[pair] = np.arange(len(pair))
        many = np.bincount(new_unit[self.unit[pair]], minlength=len(unit))
        return replace(
            self,
            hours=self.hours[unit],
            potential=self.potential[unit],
            accounts=self.accounts[unit],
            first=np.concatenate([[0], np.cumsum(many)]).astype(np.int64),
            rep=new_rep[self.rep[pair]].astype(np.int64),
            travel=self.travel[pair],
            disruption=self.disruption[pair],
            preference=self.preference[pair],
            present=new_pair[self.present[unit]].astype(np.int64),
            capacity=self.capacity[rep],
            limit=self.limit[rep],
            work_target=self.work_target[rep],
            potential_target=self.potential_target[rep],
            work_window=self.work_window[rep],
            potential_window=self.potential_window[rep],
            budgets=tuple(Budget(b.name, b.use[pair], b.cap) for b in self.budgets),
        )

    def pairs_of(self, assignment: Ints) -> Ints:
        """Return the chosen pair per unit for one rep index per unit; -1 where not eligible."""
        hit = np.flatnonzero(self.rep == np.asarray(assignment)[self.unit])
        chosen = np.full(self.units, -1, dtype=np.int64)
        chosen[self.unit[hit]] = hit
        return chosen


@dataclass(frozen=True)
class Figures:
    """A design judged: the objective with its terms, the loads, and every rule broken.

    `work`, `potential`, `disruption`, `travel` and `preference` are points and add up to
    `objective`. `broken` names each hard rule that does not hold, in words.
    """

    objective: float
    work: float
    potential: float
    disruption: float
    travel: float
    preference: float
    work_load: Floats
    potential_load: Floats
    needed: Floats
    accounts: Ints
    moved: int
    moved_value: float
    broken: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether every hard rule holds."""
        return not self.broken


def judge(problem: Problem, chosen: Ints) -> Figures:
    """Work out every figure of a design.

    Parameters
    ----------
    chosen
        The pair chosen per unit, or -1 where the unit has none; then its hours and
        potential load nobody and a rule is broken.

    Returns
    -------
    Figures
        `moved` counts accounts that leave an eligible present owner; `moved_value` is
        the share of relationship value that goes with them.
    """
    placed = chosen >= 0
    pairs = chosen[placed]
    rep = problem.rep[pairs]
    reps = problem.reps
    work = np.bincount(rep, problem.hours[placed], reps).astype(np.float64)
    potential = np.bincount(rep, problem.potential[placed], reps).astype(np.float64)
    needed = np.bincount(rep, problem.needed[pairs], reps).astype(np.float64)
    accounts = np.bincount(rep, problem.accounts[placed], reps).astype(np.int64)
    off_work = work / problem.work_target - 1
    off_potential = potential / problem.potential_target - 1
    points_work = problem.work_scale * float(problem.penalty(off_work).sum())
    points_potential = problem.potential_scale * float(problem.penalty(off_potential).sum())
    moved_value = float(problem.disruption[pairs].sum())
    disruption = problem.weights.disruption * 100.0 * moved_value
    road = float(problem.travel[pairs].sum()) / float(problem.capacity.sum())
    travel = problem.weights.travel * 100.0 * road
    preference = float(problem.preference[pairs].sum())
    leaves = placed & (problem.present >= 0) & (chosen != problem.present)
    return Figures(
        objective=points_work + points_potential + disruption + travel + preference,
        work=points_work,
        potential=points_potential,
        disruption=disruption,
        travel=travel,
        preference=preference,
        work_load=work,
        potential_load=potential,
        needed=needed,
        accounts=accounts,
        moved=int(problem.accounts[leaves].sum()),
        moved_value=moved_value,
        broken=tuple(_broken(problem, chosen, needed, accounts, off_work, off_potential, pairs)),
    )


def _broken(
    problem: Problem,
    chosen: Ints,
    needed: Floats,
    accounts: Ints,
    off_work: Floats,
    off_potential: Floats,
    pairs: Ints,
) -> list[str]:
    said = [f"unit {unit} has no eligible rep" for unit in np.flatnonzero(chosen < 0)]
    for rep in np.flatnonzero(needed > problem.capacity * (1 + FEASIBLE)):
        said.append(
            f"rep {rep} needs {needed[rep]:.2f} h of a capacity of {problem.capacity[rep]:.2f} h"
        )
    for rep in np.flatnonzero(accounts > problem.limit):
        said.append(f"rep {rep} has {accounts[rep]} accounts of at most {problem.limit[rep]}")
    for name, off, window in (
        ("workload", off_work, problem.work_window),
        ("potential", off_potential, problem.potential_window),
    ):
        out = (off < window[:, 0] - FEASIBLE) | (off > window[:, 1] + FEASIBLE)
        for rep in np.flatnonzero(out):
            said.append(
                f"{name} of rep {rep} is {off[rep]:+.2%} off its target, outside "
                f"{window[rep, 0]:+.2%} to {window[rep, 1]:+.2%}"
            )
    for budget in problem.budgets:
        used = float(budget.use[pairs].sum())
        if used > budget.cap * (1 + FEASIBLE) + FEASIBLE:
            said.append(f"{budget.name} is {used:g} of at most {budget.cap:g}")
    return said
