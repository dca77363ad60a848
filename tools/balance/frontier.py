"""A row of designs from "move little" to "balance fully", each with its own bound.

The disruption weight w decides how much a moved relationship counts. A design with moved
value D and everything else B costs 100 w D + B, a line in w, so a design found at one
weight is judged at every other for nothing. Weights are chosen as the lower hull of
(D, B) asks for them: a coarse ladder first, then, where two neighbours are furthest apart, the
weight at which they tie (Aneja & Nair, 1979, doi:10.1287/mnsc.25.1.73).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from domain.errors import InvalidInput
from tools.balance.certificate import bound
from tools.balance.hull import Found, lower_hull, picture, thinned, tie, undominated
from tools.balance.problem import Floats, Ints, Problem, judge
from tools.balance.solution import Prices, Solution

STEPS_PER_PIECE = 1
"""Solver steps of one piece of work: one weight, once."""

RUNG = 6.0
"""About how much heavier each of the first weights is than the one before."""

FAR = 3.0
"""Neighbouring weights are far apart beyond this multiple of the lower one, or of `LIGHT`."""

LIGHT = 0.1


@dataclass(frozen=True)
class FrontierDesign:
    """A design of the row, with the weight at which its certificate is tightest.

    `solution` is judged and bounded at `weight`. `pieces` counts the pieces of work behind
    the whole row: `frontier(..., steps=pieces)` gives the same bytes.
    """

    weight: float
    solution: Solution
    pieces: int

    @property
    def moved_value(self) -> float:
        """Share of relationship value that changes hands."""
        return self.solution.figures.moved_value

    @property
    def rest(self) -> float:
        """Points of everything but disruption: balance, travel and preference."""
        return _rest(self.solution)


def frontier(
    problem: Problem,
    *,
    points: int,
    seed: int = 0,
    steps: int | None = None,
    seconds: float | None = None,
) -> tuple[FrontierDesign, ...]:
    """Find up to `points` designs, from the least disruption to the best balance.

    Parameters
    ----------
    problem
        Its own disruption weight is not used; the other weights are.
    points
        How many designs are wanted, at least 2. Fewer come back where there are fewer.
    steps
        Pieces of work, each a short solve at one weight. The same number and seed give
        the same bytes. By default three for each point.
    seconds
        Stop instead before the piece that would pass this time, but not before the second.

    Returns
    -------
    tuple of FrontierDesign
        By rising moved value. None is matched or beaten by another of the row in moved
        value and rest, nor in moved value and balance (workload and potential points).
        A feasible present assignment comes first, unless something better moves no
        relationship value at all.

    Raises
    ------
    InvalidInput
        When fewer than 2 points are asked for.
    Infeasible
        When no design keeps every hard rule.
    """
    if points < 2:
        raise InvalidInput(
            f"A frontier of {points} points was asked for; it has two ends.",
            hint="Ask for 2 or more, usually 10 to 20.",
        )
    if steps is None and seconds is None:
        steps = 3 * points
    began = time.monotonic()
    row = _Row(problem, points, seed)
    longest = 0.0
    while steps is None or row.pieces < max(steps, 2):
        started = time.monotonic()
        if seconds is not None and row.pieces >= 2 and started - began + longest > seconds:
            break
        row.advance()
        longest = max(longest, time.monotonic() - started)
    return row.designs()


@dataclass
class _Priced:
    """The best certificate met at one weight, and how often the weight was worked on."""

    prices: Prices
    bound: float
    visits: int


class _Row:
    """The state of a sweep: designs found, weights priced, gaps found to be closed."""

    def __init__(self, problem: Problem, points: int, seed: int) -> None:
        self.problem, self.points, self.seed = problem, points, seed
        self.pieces = 0
        self.pool: dict[bytes, Found] = {}
        self.priced: dict[float, _Priced] = {}
        self.closed: set[tuple[bytes, bytes]] = set()
        self.heaviest = _heaviest(problem)
        self.ladder = _ladder(problem.weights.disruption, self.heaviest)
        if np.all(problem.present >= 0):
            self._keep(problem.present)

    def advance(self) -> None:
        """Do one piece of work at the weight that the row needs most."""
        weight = self._wanted()
        # Imported here so that reading a stored frontier never loads the compiler.
        from tools.balance.solver import solve

        problem = self.problem.reweighted(disruption=weight)
        known, near = self.priced.get(weight), self._near(weight)
        start = min(self.pool.values(), key=lambda found: found.at(weight), default=None)
        solution = solve(
            problem,
            steps=STEPS_PER_PIECE,
            seed=self.seed + 7919 * (known.visits if known else 0),
            start=start.chosen if start else None,
            prices=near,
        )
        self.pieces += 1
        self._keep(solution.chosen)
        if known is None:
            known = self.priced[weight] = _Priced(solution.prices, solution.bound, 0)
            if near is not None and bound(problem, near) > known.bound:
                known.prices, known.bound = near, bound(problem, near)
        elif solution.bound > known.bound:
            known.prices, known.bound = solution.prices, solution.bound
        known.visits += 1

    def _near(self, weight: float) -> Prices | None:
        """Prices between those of the neighbouring weights, None where these are far apart.

        The bound is concave in weight and prices together, so that the bound they give is
        no worse than the same mean of the neighbours' bounds. From further away it is
        quicker to price anew than to mend.
        """
        if weight in self.priced:
            return self.priced[weight].prices
        below = max((other for other in self.priced if other < weight), default=None)
        above = min((other for other in self.priced if other > weight), default=None)
        if below is None or above is None or above - below > FAR * max(below, LIGHT):
            return None
        share = (weight - below) / (above - below)
        low, high = self.priced[below].prices, self.priced[above].prices
        names = ("work", "potential", "capacity", "limit", "budgets")
        return Prices(
            *((1 - share) * getattr(low, name) + share * getattr(high, name) for name in names)
        )

    def _around(self, weight: float) -> list[Prices]:
        """Prices to certify a weight that was not worked on: its neighbours', and between."""
        below = max((other for other in self.priced if other <= weight), default=0.0)
        above = min((other for other in self.priced if other >= weight), default=below)
        between = self._near(weight)
        known = [self.priced[at].prices for at in (below, above)]
        return known if between is None else [*known, between]

    def _keep(self, chosen: Ints) -> None:
        figures = judge(self.problem.reweighted(disruption=0.0), chosen)
        if figures.feasible:
            found = Found(
                chosen, figures.moved_value, figures.objective, figures.work + figures.potential
            )
            self.pool.setdefault(np.ascontiguousarray(chosen, dtype=np.int64).tobytes(), found)

    def _wanted(self) -> float:
        for weight in self.ladder:
            if weight not in self.priced:
                return weight
        hull = lower_hull(self.pool)
        if len(undominated(hull, self.pool)) < self.points:
            for left, right in self._widest(hull):
                if (left, right) not in self.closed:
                    self.closed.add((left, right))
                    return min(tie(self.pool[left], self.pool[right]), self.heaviest)
        return min(self.priced, key=lambda weight: (self.priced[weight].visits, -weight))

    def _widest(self, hull: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Neighbours of the hull, those furthest apart on the picture first."""
        at = picture([self.pool[key] for key in hull])
        apart = np.square(np.diff(at, axis=0)).sum(axis=1)
        for left in np.argsort(-apart, kind="stable"):
            yield hull[left], hull[left + 1]

    def designs(self) -> tuple[FrontierDesign, ...]:
        """Designs that are best of the pool at some weight, each with such a weight."""
        hull = self._within_reach(lower_hull(self.pool))
        ties = [tie(self.pool[left], self.pool[right]) for left, right in pairwise(hull)]
        # The first is best from its tie with the second on, the last down to weight 0.
        ranges = zip(hull, [*ties, 0.0], [max([self.heaviest, *ties]), *ties], strict=True)
        found = {key: self._design(key, low, high) for key, low, high in ranges}
        row = thinned(undominated(hull, self.pool), self.pool, self.points)
        return tuple(found[key] for key in row)

    def _within_reach(self, hull: list[bytes]) -> list[bytes]:
        """Leave out designs that are best only beyond every weight that was worked on.

        Nothing is known there of how good they are; the present assignment stays in.
        """
        pool = self.pool
        first = 0
        while (
            first + 1 < len(hull)
            and pool[hull[first]].value > 0
            and tie(pool[hull[first]], pool[hull[first + 1]]) > self.heaviest
        ):
            first += 1
        return hull[first:]

    def _design(self, key: bytes, low: float, high: float) -> FrontierDesign:
        """Certify a design at the weight from `low` to `high` where its gap is least."""
        chosen, found = self.pool[key].chosen, self.pool[key]
        inside = [weight for weight in self.priced if low <= weight <= high]
        if inside:
            weight = min(inside, key=lambda at: (found.at(at) - self.priced[at].bound, -at))
            prices, proven = self.priced[weight].prices, self.priced[weight].bound
        else:
            weight = (low + high) / 2
            at_weight = self.problem.reweighted(disruption=weight)
            prices, proven = max(
                ((mine, bound(at_weight, mine)) for mine in self._around(weight)),
                key=lambda pair: pair[1],
            )
        figures = judge(self.problem.reweighted(disruption=weight), chosen)
        solution = Solution(chosen, figures, prices, proven, self.pieces, self.seed)
        return FrontierDesign(weight, solution, self.pieces)


def _ladder(own: float, heaviest: float) -> list[float]:
    """Weights to begin with: 0, then from the problem's own in even ratios to the heaviest.

    Without disruption a feasible design is found most easily, and each rung starts from
    the one before.
    """
    low = own if 0.0 < own < heaviest else heaviest * RUNG**-3
    rungs = max(1, round(float(np.log(heaviest / low) / np.log(RUNG))))
    return [0.0, *np.geomspace(low, heaviest, rungs + 1).tolist()]


def _heaviest(problem: Problem) -> float:
    """A weight at which three quarters of the relationship value would not move for balance.

    What moving a unit can win is at most twice the middle slope, at the old rep and at the
    new, on its hours and potential, and its cheapest pair. At usual books that is 20 to
    30: moving 1 % of the value counts like a mean deviation of 20 to 30 %.
    """
    value = np.zeros(problem.units)
    np.maximum.at(value, problem.unit, problem.disruption)
    some = np.flatnonzero(value > 0)
    if not len(some):
        return 1.0
    win = (
        2.0
        * problem.penalty.slopes[1]
        * (
            problem.work_scale * problem.hours / problem.work_target.min()
            + problem.potential_scale * problem.potential / problem.potential_target.min()
        )
    )
    ratio = (win[some] + _spread(problem)[some]) / (100.0 * value[some])
    order = np.argsort(ratio, kind="stable")
    share = np.cumsum(value[some][order])
    return float(max(ratio[order][np.searchsorted(share, 0.75 * share[-1])], 1.0))


def _spread(problem: Problem) -> Floats:
    """Per unit: its dearest pair less its cheapest, disruption left out."""
    cost = problem.reweighted(disruption=0.0).cost
    first = problem.first[:-1]
    return np.asarray(np.maximum.reduceat(cost, first) - np.minimum.reduceat(cost, first))


def _rest(solution: Solution) -> float:
    return solution.figures.objective - solution.figures.disruption
