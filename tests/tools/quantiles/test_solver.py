"""The line of one quantile against linear programs and cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tools.quantiles import solver
from tools.quantiles.solver import pinball, quantile_line


def by_program(columns: np.ndarray, target: np.ndarray, level: float, weights: np.ndarray) -> float:
    """The least loss there is, by scipy's linear program."""
    rows, width = columns.shape
    cost = np.concatenate([np.zeros(width), level * weights, (1 - level) * weights])
    equal = np.hstack([columns, np.eye(rows), -np.eye(rows)])
    bounds = [(None, None)] * width + [(0, None)] * (2 * rows)
    return float(linprog(cost, A_eq=equal, b_eq=target, bounds=bounds, method="highs").fun)


def made(seed: int, rows: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    columns = np.column_stack([np.ones(rows), rng.normal(size=(rows, width))])
    target = columns @ rng.normal(size=width + 1) + rng.standard_t(2, rows)
    return columns, target, rng.uniform(0.2, 3.0, rows)


def test_a_base_alone_is_the_quantile() -> None:
    # Of 1, 2, 4, 8, 100 the median is 4; P75 lies on 8 (three quarters of five rows is 3.75).
    target = np.array([1.0, 2.0, 4.0, 8.0, 100.0])
    columns = np.ones((5, 1))

    found = [
        quantile_line(columns, target, level, ridge=np.zeros(1)).coefficients[0]
        for level in (0.5, 0.75)
    ]

    assert found == pytest.approx([4.0, 8.0], abs=1e-5)


def test_the_loss_of_a_level_weighs_what_lies_above_by_the_level() -> None:
    assert pinball(np.array([2.0, -2.0, 0.0]), 0.9).tolist() == pytest.approx([1.8, 0.2, 0.0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.5, 0.75, 0.9]))
def test_no_other_line_loses_less(seed: int, level: float) -> None:
    columns, target, weights = made(seed, 60, 4)

    line = quantile_line(columns, target, level, ridge=np.zeros(5), weights=weights)

    best = by_program(columns, target, level, weights)
    assert line.objective == pytest.approx(best, rel=1e-6)
    assert line.bound <= best * (1 + 1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 0.9]))
def test_with_a_ridge_no_nearby_line_is_better_and_the_bound_is_close(
    seed: int, level: float
) -> None:
    columns, target, weights = made(seed, 80, 3)
    ridge = np.array([0.0, 4.0, 4.0, 4.0])

    line = quantile_line(columns, target, level, ridge=ridge, weights=weights)

    assert line.objective - line.bound <= 1e-6 * line.objective
    rng = np.random.default_rng(seed)
    for _ in range(20):
        other = line.coefficients + rng.normal(scale=0.05, size=4)
        loss = weights @ pinball(target - columns @ other, level) + 0.5 * ridge @ other**2
        assert loss >= line.objective - 1e-7 * line.objective


def test_a_large_ridge_leaves_the_base_alone() -> None:
    columns, target, _ = made(3, 200, 2)

    line = quantile_line(columns, target, 0.75, ridge=np.array([0.0, 1e9, 1e9]))

    assert np.abs(line.coefficients[1:]).max() < 1e-4
    assert (target <= line.coefficients[0] + 1e-6).mean() == pytest.approx(0.75, abs=0.01)


def test_a_fit_on_part_of_the_rows_first_ends_where_the_whole_fit_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns, target, weights = made(5, 12_000, 3)
    ridge = np.array([0.0, 1.0, 1.0, 1.0])
    whole = quantile_line(columns, target, 0.9, ridge=ridge, weights=weights)
    monkeypatch.setattr(solver, "SUBSAMPLE_ROWS", 1_000)

    in_parts = quantile_line(columns, target, 0.9, ridge=ridge, weights=weights)

    assert in_parts.objective == pytest.approx(whole.objective, rel=1e-7)
    assert in_parts.coefficients == pytest.approx(whole.coefficients, abs=1e-3)


def test_columns_that_say_the_same_are_no_obstacle() -> None:
    columns, target, _ = made(7, 100, 1)
    doubled = np.column_stack([columns, columns[:, 1]])

    line = quantile_line(doubled, target, 0.5, ridge=np.zeros(3))

    assert line.objective == pytest.approx(by_program(columns, target, 0.5, np.ones(100)), rel=1e-6)
