"""A design of a frontier with its prices: what each pair costs, part by part, in points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.assignment import DesignPoint, Part
from domain.errors import InvalidInput
from tools.balance.certificate import admissible, reduced_costs
from tools.balance.problem import Floats, Ints, Problem
from tools.balance.solution import Prices
from tools.territory.case import Case
from tools.territory.six_figures import Account, accounts_of


@dataclass(frozen=True)
class Pair:
    """A unit at a rep, eligible or not: what its linear cost consists of.

    `travel` in hours, `disruption` as a share of the book's relationship value,
    `preference` in points, `use` per budget. `rule` names what removed the pair, empty for
    an eligible one.
    """

    unit: int
    rep: int
    travel: float
    disruption: float
    preference: float
    use: tuple[float, ...]
    rule: str = ""


@dataclass(frozen=True)
class Weighed:
    """A case under the weight, design and prices of one point.

    `chosen` is the pair per unit, -1 where the present assignment has none that is
    eligible. `prices` are cut to what the certificate admits, so that every price told
    here is one the bound uses.
    """

    case: Case
    problem: Problem
    chosen: Ints
    prices: Prices

    @classmethod
    def of(cls, case: Case, point: DesignPoint) -> Weighed:
        """Read a stored point of the case's frontier.

        Raises InvalidInput when the point belongs to another case.
        """
        rep = np.array(point.assignment, dtype=np.int64)
        if len(rep) != len(case.accounts) or len(point.prices[0]) != case.problem.reps:
            raise InvalidInput(
                f"The design has {len(rep)} accounts and {len(point.prices[0])} reps, the case "
                f"{len(case.accounts)} and {case.problem.reps}: they do not belong together.",
                hint="Explain a design with the book, rules and constraints it was made under.",
            )
        problem = case.problem.reweighted(disruption=point.disruption_weight)
        by_unit = np.full(problem.units, -1, dtype=np.int64)
        by_unit[case.accounts["unit"].to_numpy(np.int64)] = rep
        work, potential, capacity, limit = (np.array(row, np.float64) for row in point.prices)
        budgets = np.array(point.budget_prices, np.float64)
        prices = Prices(work, potential, capacity, limit, budgets)
        return cls(case, problem, problem.pairs_of(by_unit), admissible(problem, prices))

    @cached_property
    def costs(self) -> Floats:
        """Reduced cost per pair, in points."""
        return reduced_costs(self.problem, self.prices)

    @cached_property
    def cheapest(self) -> Floats:
        """Per unit: the reduced cost of its cheapest pair."""
        return np.asarray(np.minimum.reduceat(self.costs, self.problem.first[:-1]))

    @cached_property
    def accounts(self) -> Account:
        """The account arrays of the case."""
        return accounts_of(self.case)

    @cached_property
    def _removed(self) -> dict[tuple[int, int], int]:
        removed = self.case.removed
        pairs = zip(removed.unit.tolist(), removed.rep.tolist(), strict=True)
        return {pair: at for at, pair in enumerate(pairs)}

    @cached_property
    def _removed_use(self) -> Floats:
        """(budgets, removed pairs): what each would take of a budget.

        Budgets count moves: any move of a unit takes what its dearest eligible pair takes,
        and staying with the owner takes nothing.
        """
        gone, problem = self.case.removed, self.problem
        dearest = [np.maximum.reduceat(b.use, problem.first[:-1]) for b in problem.budgets]
        use = [np.where(gone.owner, 0.0, mine[gone.unit]) for mine in dearest]
        return np.array(use).reshape(len(use), len(gone.unit))

    @cached_property
    def removed_costs(self) -> Floats:
        """Reduced cost per removed pair, as if it had come back."""
        gone, problem, prices = self.case.removed, self.problem, self.prices
        unit, rep = gone.unit, gone.rep
        road = problem.weights.travel * 100.0 / float(problem.capacity.sum())
        needed = problem.hours[unit] + gone.travel
        return np.asarray(
            problem.weights.disruption * 100.0 * gone.disruption
            + road * gone.travel
            + gone.preference
            + prices.work[rep] * problem.hours[unit] / problem.work_target[rep]
            + prices.potential[rep] * problem.potential[unit] / problem.potential_target[rep]
            + prices.capacity[rep] * needed / np.maximum(problem.capacity[rep], 1e-12)
            + prices.limit[rep] * problem.accounts[unit] / np.maximum(problem.limit[rep], 1)
            + prices.budgets @ self._removed_use
        )

    def pair(self, unit: int, rep: int) -> Pair | None:
        """Return a unit's pair with a rep; None where two rules or more remove it."""
        problem = self.problem
        start, end = problem.first[unit : unit + 2]
        at = int(start + np.searchsorted(problem.rep[start:end], rep))
        if at < end and problem.rep[at] == rep:
            return self.eligible(at)
        removed = self._removed.get((unit, rep))
        return None if removed is None else self.removed(removed)

    def eligible(self, at: int) -> Pair:
        """Return pair `at` of the problem."""
        problem = self.problem
        return Pair(
            int(problem.unit[at]),
            int(problem.rep[at]),
            float(problem.travel[at]),
            float(problem.disruption[at]),
            float(problem.preference[at]),
            tuple(float(budget.use[at]) for budget in problem.budgets),
        )

    def removed(self, at: int) -> Pair:
        """Return entry `at` of the case's removed pairs."""
        gone = self.case.removed
        return Pair(
            int(gone.unit[at]),
            int(gone.rep[at]),
            float(gone.travel[at]),
            float(gone.disruption[at]),
            float(gone.preference[at]),
            tuple(self._removed_use[:, at].tolist()),
            gone.rule[at],
        )

    def terms(self, pair: Pair) -> list[tuple[str, float]]:
        """Take the reduced cost of a pair apart, by name and points; they add up to it."""
        problem, prices = self.problem, self.prices
        unit, rep = pair.unit, pair.rep
        name = self.case.reps[rep].name
        hours, potential = float(problem.hours[unit]), float(problem.potential[unit])
        capacity, limit = float(problem.capacity[rep]), float(problem.limit[rep])
        needed = hours + pair.travel
        road = problem.weights.travel * 100.0 / float(problem.capacity.sum())
        told = [
            (f"hours of {name}", prices.work[rep] * hours / problem.work_target[rep]),
            (
                f"potential of {name}",
                prices.potential[rep] * potential / problem.potential_target[rep],
            ),
            (f"capacity of {name}", prices.capacity[rep] * needed / capacity if capacity else 0),
            (
                f"account limit of {name}",
                prices.limit[rep] * problem.accounts[unit] / limit if limit else 0,
            ),
            ("travel", road * pair.travel),
            ("relationship", problem.weights.disruption * 100.0 * pair.disruption),
            ("preference", pair.preference),
        ]
        told += [
            (budget.name, price * use)
            for budget, price, use in zip(problem.budgets, prices.budgets, pair.use, strict=True)
        ]
        return told

    def against(self, dear: Pair, cheap: Pair) -> tuple[Part, ...]:
        """What the first pair costs more than the second, part by part; parts of 0 left out."""
        sums: dict[str, float] = {}
        for sign, pair in ((1.0, dear), (-1.0, cheap)):
            for name, points in self.terms(pair):
                sums[name] = sums.get(name, 0.0) + sign * float(points)
        return tuple(Part(name=name, points=points) for name, points in sums.items() if points)
