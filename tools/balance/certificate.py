"""How far a design can be from the best one, by prices anyone can recompute.

For prices u, v of the relative deviations, mu, nu >= 0 of the relative use of hours and
accounts, and beta >= 0 per unit of each budget's use,

    D = sum_i min over the pairs e of i of [c_e + u_r h_i/T^W_r + v_r p_i/T^P_r
                                            + mu_r (h_i + t_e)/C_r + nu_r a_i/M_r + beta use_e]
        - sum_r [u_r + F*_r(u_r)] - sum_r [v_r + F*_r(v_r)]
        - sum mu - sum nu - sum_b beta_b cap_b

is no larger than the objective J of any feasible design (Lagrangian duality; Rockafellar,
*Convex Analysis*, 1970, sections 12 and 28). F*(u), the greatest u d - g psi(d) over the
deviations d its window allows, is the conjugate of g psi. J - D splits exactly into a
regret per unit and a slack per rule, none negative: the price of every move and rule.
`docs/methodology.md#balancing` works an example by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from domain.errors import InvalidInput
from tools.balance.problem import Floats, Ints, Penalty, Problem
from tools.balance.solution import Prices

BLOCK = 1 << 18
"""Pairs priced at a time: 27 million pairs then need no gigabytes of intermediate results."""


@dataclass(frozen=True)
class Split:
    """Where the points between a design and its bound come from; all none negative.

    Attributes
    ----------
    regret
        (n) Per unit: what its pair costs at these prices above its cheapest pair.
    work, potential
        (R) What the rep's deviation costs above what its price pays for.
    capacity, limit
        (R) Price times the unused share of hours and of accounts.
    budgets
        (B) Price times the unused part of each budget.
    """

    regret: Floats
    work: Floats
    potential: Floats
    capacity: Floats
    limit: Floats
    budgets: Floats

    @property
    def total(self) -> float:
        """All of it in points: the design's objective minus the bound."""
        parts = (self.regret, self.work, self.potential, self.capacity, self.limit, self.budgets)
        return math.fsum(x for part in parts for x in part.tolist())


def admissible(problem: Problem, prices: Prices) -> Prices:
    """Return the nearest prices whose bound is finite; the others take these silently.

    Prices of capacity, limit and budgets are none negative. A deviation without a window
    on its side costs at most the steepest slope, so a steeper price is cut to it. What is
    not a finite number becomes 0.

    Raises InvalidInput when there are prices for other numbers of reps or budgets.
    """
    reps, budgets = problem.reps, len(problem.budgets)
    shapes = [prices.work, prices.potential, prices.capacity, prices.limit]
    if any(np.shape(x) != (reps,) for x in shapes) or np.shape(prices.budgets) != (budgets,):
        raise InvalidInput(
            f"The prices are not those of this problem, which has {reps} reps and {budgets} "
            f"budgets: they have the shapes {[np.shape(x) for x in [*shapes, prices.budgets]]}.",
            hint="Price this problem anew, or use the prices saved with it.",
        )
    u, v, mu, nu, beta = (np.where(np.isfinite(x), x, 0.0) for x in [*shapes, prices.budgets])
    steepest = problem.penalty.slopes[-1]
    return Prices(
        _within_slopes(u, problem.work_scale * steepest, problem.work_window),
        _within_slopes(v, problem.potential_scale * steepest, problem.potential_window),
        np.maximum(mu, 0.0),
        np.maximum(nu, 0.0),
        np.maximum(beta, 0.0),
    )


def conjugate(penalty: Penalty, scale: float, window: Floats, price: Floats) -> Floats:
    """Return per rep the greatest `price * d - scale * psi(d)` over the d its window allows.

    It is attained at a break of psi, at 0 or at an end of the window. Prices must be
    `admissible`: without a window no steeper than psi.
    """
    first, second = penalty.breaks
    low, high = window[:, :1], window[:, 1:]
    breaks = np.array([[-second, -first, 0.0, first, second]])
    # An infinite end is no candidate: there the first inner break does at least as well.
    ends = np.where(np.isfinite(window), window, np.clip(0.0, low, high))
    at = np.concatenate([np.clip(breaks, low, high), ends], axis=1)
    return np.asarray((price[:, None] * at - scale * penalty(at)).max(axis=1))


def reduced_costs(problem: Problem, prices: Prices) -> Floats:
    """Return per pair its linear cost plus what it takes of every priced rule, in points."""
    usable = admissible(problem, prices)
    out = np.empty(problem.pairs)
    for start, end in _blocks(problem):
        out[problem.first[start] : problem.first[end]] = _priced(problem, usable, start, end)
    return out


def cheapest_pairs(problem: Problem, costs: Floats) -> Ints:
    """Return per unit its pair of least cost, the first of equals."""
    lowest = np.minimum.reduceat(costs, problem.first[:-1])
    hits = np.flatnonzero(costs == lowest[problem.unit])[::-1]
    cheapest = np.empty(problem.units, dtype=np.int64)
    cheapest[problem.unit[hits]] = hits
    return cheapest


def bound(problem: Problem, prices: Prices) -> float:
    """Return a number of points that no feasible design can beat, whatever the prices.

    The order of units does not change it by a single bit. Raises InvalidInput when a unit
    has no eligible pair (then there is no design to bound) or the prices do not fit.
    """
    usable = admissible(problem, prices)
    cheapest = _cheapest(problem, usable)
    work, potential = _conjugates(problem, usable)
    caps = np.array([budget.cap for budget in problem.budgets])
    rules = (
        usable.work,
        work,
        usable.potential,
        potential,
        usable.capacity * _share(problem.capacity)[1],
        usable.limit * _share(problem.limit)[1],
        usable.budgets * caps,
    )
    return math.fsum([*cheapest.tolist(), *(-x for rule in rules for x in rule.tolist())])


def split(problem: Problem, chosen: Ints, prices: Prices) -> Split:
    """Take the points between a feasible design and its bound apart.

    Parameters
    ----------
    chosen
        The pair chosen per unit. Raises InvalidInput when a unit has none (-1).

    Returns
    -------
    Split
        `total` is `judge(problem, chosen).objective - bound(problem, prices)`.
    """
    if len(chosen) != problem.units or (len(chosen) and int(chosen.min()) < 0):
        raise InvalidInput(
            "The design leaves a unit without a rep, so its distance to the best is undefined.",
            hint="Give every unit one of its eligible pairs first.",
        )
    usable = admissible(problem, prices)
    regret = np.empty(problem.units)
    for start, end in _blocks(problem):
        priced = _priced(problem, usable, start, end)
        offset = problem.first[start:end] - problem.first[start]
        own = priced[chosen[start:end] - problem.first[start]]
        regret[start:end] = own - np.minimum.reduceat(priced, offset)
    rep, reps = problem.rep[chosen], problem.reps
    hours = problem.hours + problem.travel[chosen]
    off_work = np.bincount(rep, problem.hours, reps) / problem.work_target - 1
    off_potential = np.bincount(rep, problem.potential, reps) / problem.potential_target - 1
    work, potential = _conjugates(problem, usable)
    by_hour, share_hours = _share(problem.capacity)
    by_account, share_accounts = _share(problem.limit)
    used = np.array([budget.use[chosen].sum() for budget in problem.budgets])
    caps = np.array([budget.cap for budget in problem.budgets])
    return Split(
        regret=regret,
        work=problem.work_scale * problem.penalty(off_work) + work - usable.work * off_work,
        potential=problem.potential_scale * problem.penalty(off_potential)
        + potential
        - usable.potential * off_potential,
        capacity=usable.capacity * (share_hours - np.bincount(rep, hours, reps) * by_hour),
        limit=usable.limit
        * (share_accounts - np.bincount(rep, problem.accounts, reps) * by_account),
        budgets=usable.budgets * (caps - used),
    )


def _within_slopes(price: Floats, steepest: float, window: Floats) -> Floats:
    low = np.where(np.isfinite(window[:, 0]), -np.inf, -steepest)
    high = np.where(np.isfinite(window[:, 1]), np.inf, steepest)
    return np.clip(price, low, high)


def _conjugates(problem: Problem, usable: Prices) -> tuple[Floats, Floats]:
    return (
        conjugate(problem.penalty, problem.work_scale, problem.work_window, usable.work),
        conjugate(
            problem.penalty, problem.potential_scale, problem.potential_window, usable.potential
        ),
    )


def _share(allowed: Floats | Ints) -> tuple[Floats, Floats]:
    """Per rep: the share of what is allowed that one unit takes, and all of it (1, or 0 of 0)."""
    some = allowed > 0
    return np.asarray(1.0 / np.where(some, allowed, 1)), some.astype(np.float64)


def _cheapest(problem: Problem, usable: Prices) -> Floats:
    out = np.empty(problem.units)
    for start, end in _blocks(problem):
        offset = problem.first[start:end] - problem.first[start]
        out[start:end] = np.minimum.reduceat(_priced(problem, usable, start, end), offset)
    return out


def _priced(problem: Problem, usable: Prices, start: int, end: int) -> Floats:
    """Reduced costs of the pairs of units `start` to `end`."""
    pairs = slice(problem.first[start], problem.first[end])
    many = np.diff(problem.first[start : end + 1])
    rep = problem.rep[pairs]
    by_hour = usable.capacity * _share(problem.capacity)[0]
    by_account = usable.limit * _share(problem.limit)[0]
    priced = problem.cost[pairs].copy()
    priced += (usable.work / problem.work_target + by_hour)[rep] * np.repeat(
        problem.hours[start:end], many
    )
    priced += (usable.potential / problem.potential_target)[rep] * np.repeat(
        problem.potential[start:end], many
    )
    priced += by_hour[rep] * problem.travel[pairs]
    priced += by_account[rep] * np.repeat(problem.accounts[start:end], many)
    for budget, price in zip(problem.budgets, usable.budgets, strict=True):
        priced += price * budget.use[pairs]
    return priced


def _blocks(problem: Problem) -> Iterator[tuple[int, int]]:
    """Ranges of units with about `BLOCK` pairs each."""
    bare = np.flatnonzero(np.diff(problem.first) < 1)
    if len(bare):
        raise InvalidInput(
            f"Unit {bare[0]} has no eligible rep, so there is no design to bound.",
            hint="Give it an eligible rep, or take it out of the problem.",
        )
    start = 0
    while start < problem.units:
        end = int(np.searchsorted(problem.first, problem.first[start] + BLOCK, side="right")) - 1
        end = max(end, start + 1)
        yield start, end
        start = end
