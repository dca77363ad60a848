"""The bound is a bound whatever the prices, and splits into regrets and slacks to the last bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from domain.errors import InvalidInput
from tests.tools.balance.small_books import optimum, ruled_book, small_book
from tools.balance.certificate import bound, reduced_costs, split
from tools.balance.dual import price
from tools.balance.exact import program_rows
from tools.balance.problem import Problem, judge
from tools.balance.solution import Prices
from tools.balance.solver import solve


def by_hand() -> tuple[Problem, Prices]:
    """Ann, Bo and three accounts: the example of docs/methodology.md."""
    free = np.tile([-np.inf, np.inf], (2, 1))
    hours = np.array([50.0, 46.0, 4.0])
    problem = Problem(
        hours=hours,
        potential=10.0 * hours,
        accounts=np.ones(3, dtype=np.int64),
        first=np.array([0, 2, 4, 6]),
        rep=np.array([0, 1, 0, 1, 0, 1]),
        travel=np.array([4.0, 12.0, 12.0, 3.0, 4.0, 6.0]),
        disruption=np.array([0.0, 0.5, 0.49, 0.0, 0.0, 0.01]),
        preference=np.zeros(6),
        present=np.array([0, 3, 4]),
        capacity=np.array([100.0, 100.0]),
        limit=np.array([3, 3]),
        work_target=np.array([50.0, 50.0]),
        potential_target=np.array([500.0, 500.0]),
        work_window=free,
        potential_window=free.copy(),
    )
    nought = np.zeros(2)
    up = np.array([6.0, -6.0])
    return problem, Prices(up, up, nought, nought, np.zeros(0))


def test_the_documented_example_adds_up() -> None:
    problem, prices = by_hand()

    assert judge(problem, problem.present).objective == pytest.approx(39.5)
    assert judge(problem, np.array([0, 3, 5])).objective == pytest.approx(7.1)
    assert reduced_costs(problem, prices) == pytest.approx([14, 24, 46.44, -9.54, 2.96, 2.64])
    assert bound(problem, prices) == pytest.approx(7.1)
    parts = split(problem, problem.present, prices)
    assert parts.regret == pytest.approx([0.0, 0.0, 0.32])
    assert np.concatenate([parts.work, parts.potential]) == pytest.approx([8.02] * 4)
    assert parts.total == pytest.approx(32.4)


def some_prices(problem: Problem, seed: int) -> Prices:
    draw = np.random.default_rng(seed)
    scale = 10.0 ** draw.uniform(-2, 3)
    reps = problem.reps
    return Prices(
        *(scale * draw.normal(size=reps) for _ in range(4)),
        scale * draw.normal(size=len(problem.budgets)),
    )


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10_000), prices_seed=st.integers(0, 10_000))
def test_no_prices_bound_above_the_best_design_and_the_split_is_exact(
    seed: int, prices_seed: int
) -> None:
    problem = ruled_book(seed, most_units=6)
    best, chosen = optimum(problem)
    if best == np.inf:
        return
    for prices in (some_prices(problem, prices_seed), price(problem)):
        proven = bound(problem, prices)
        assert proven <= best + 1e-9 * max(1.0, abs(best))
        parts = split(problem, chosen, prices)
        assert parts.total == pytest.approx(best - proven, abs=1e-9 * max(1.0, abs(proven)))
        every = (parts.regret, parts.work, parts.potential, parts.capacity, parts.limit)
        assert min(float(part.min()) for part in every) >= -1e-9 * max(1.0, abs(proven))


def test_a_worsened_design_shows_a_larger_gap() -> None:
    problem = small_book(3, units=40, reps=4)
    prices = price(problem)
    chosen = solve(problem, steps=5).chosen
    gap = split(problem, chosen, prices).total
    worse = chosen.copy()
    unit = int(np.argmax(problem.hours))
    others = np.setdiff1d(np.arange(*problem.first[unit : unit + 2]), [chosen[unit]])
    worse[unit] = others[np.argmax([_objective(problem, chosen, unit, pair) for pair in others])]
    rise = _objective(problem, chosen, unit, int(worse[unit])) - judge(problem, chosen).objective

    assert rise > 0
    assert split(problem, worse, prices).total == pytest.approx(gap + rise, abs=1e-9)


def _objective(problem: Problem, chosen: Any, unit: int, pair: int) -> float:
    other = chosen.copy()
    other[unit] = pair
    return judge(problem, other).objective


@pytest.mark.parametrize(("units", "reps", "tight"), [(300, 8, 0.75), (400, 12, 0.97)])
def test_prices_come_within_a_thousandth_of_the_linear_program(
    units: int, reps: int, tight: float
) -> None:
    problem = small_book(units, units=units, reps=reps, tight=tight)
    matrix, low, high = program_rows(problem)
    scales = np.repeat([problem.work_scale, problem.potential_scale], reps)
    equal = low == high
    rows = sparse.csr_array(matrix)
    lower, upper = ~equal & np.isfinite(low), ~equal & np.isfinite(high)
    answer = linprog(
        np.concatenate([problem.cost, scales]),
        A_ub=sparse.vstack([rows[upper], -rows[lower]]),
        b_ub=np.concatenate([high[upper], -low[lower]]),
        A_eq=rows[equal],
        b_eq=low[equal],
        bounds=(0, None),
        method="highs",
    )
    assert answer.status == 0

    proven = bound(problem, price(problem))

    assert proven <= answer.fun * (1 + 1e-7)
    assert proven >= answer.fun * (1 - 1e-3)


def test_prices_of_another_problem_are_refused() -> None:
    problem, _ = by_hand()

    with pytest.raises(InvalidInput, match="2 reps and 0 budgets"):
        bound(problem, Prices.zero(3))


def test_a_unit_without_a_pair_has_no_bound() -> None:
    problem, prices = by_hand()
    bare = replace(problem, first=np.array([0, 2, 2, 6]))

    with pytest.raises(InvalidInput, match="Unit 1 has no eligible rep"):
        bound(bare, prices)
