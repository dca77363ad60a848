"""How often intervals hold what they promise, and tests cry wolf, on numbers of known truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.report import Report
from eval.statistics.differences import paired_bootstrap
from eval.statistics.means import Method, cluster_bootstrap, standard_error
from eval.statistics.rates import clustered_rate, wilson

Values = NDArray[np.float64]
Draw = Callable[[np.random.Generator, NDArray[np.float64]], Values]
"""Scores for tasks whose accounts have the given standard normal peculiarities."""

SIZES = (5, 10, 20, 40, 60)


def _graded(rng: np.random.Generator, account: Values) -> Values:
    return rng.beta(8 * _middle(account), 8 * (1 - _middle(account)))


def _middle(account: Values) -> Values:
    return 0.8 + 0.15 * np.tanh(account)


def _at_ceiling(rng: np.random.Generator, account: Values) -> Values:
    full = rng.random(account.size) < 0.9 + 0.08 * np.tanh(account)
    return np.where(full, 1.0, rng.random(account.size))


def _passed(rng: np.random.Generator, account: Values) -> Values:
    return (rng.random(account.size) < 0.8 + 0.15 * np.tanh(account)).astype(float)


def _nearly_all_passed(rng: np.random.Generator, account: Values) -> Values:
    return (rng.random(account.size) < 0.95 + 0.04 * np.tanh(account)).astype(float)


def _mostly_unchanged(rng: np.random.Generator, account: Values) -> Values:
    moved = rng.uniform(-0.5, 0.5, account.size) + 0.1 * np.tanh(account)
    return np.where(rng.random(account.size) < 0.3, moved, 0.0)


# tanh of a normal has mean nought, so each population's mean is written in its function.
POPULATIONS: Mapping[str, tuple[Draw, float]] = {
    "graded, about .8": (_graded, 0.8),
    "nine in ten full, the rest anywhere": (_at_ceiling, 0.95),
    "pass or fail, .8": (_passed, 0.8),
    "pass or fail, .95": (_nearly_all_passed, 0.95),
}


def sample(draw: Draw, accounts: int, rng: np.random.Generator) -> tuple[list[float], list[str]]:
    """Draw one to three tasks an account, and the account of each."""
    tasks = rng.integers(1, 4, accounts)
    of = np.repeat(np.arange(accounts), tasks)
    values = draw(rng, rng.normal(size=accounts)[of])
    return values.tolist(), [str(account) for account in of]


def covered(
    draw: Draw, truth: float, accounts: int, repeats: int, method: Method, seed: int = 0
) -> int:
    """Count the intervals of `cluster_bootstrap` that hold the truth."""
    rng = np.random.default_rng(seed)
    within = (0.0, 1.0) if truth else (-1.0, 1.0)
    held = 0
    for repeat in range(repeats):
        values, names = sample(draw, accounts, rng)
        found = cluster_bootstrap(values, names, repeat, within=within, method=method)
        held += found.low <= truth <= found.high
    return held


def covered_by_t(draw: Draw, truth: float, accounts: int, repeats: int, seed: int = 0) -> int:
    """Count the same of the textbook's interval: Student's t on the clustered standard error."""
    rng = np.random.default_rng(seed)
    wide = float(stats.t.ppf(0.975, accounts - 1))
    within = (0.0, 1.0) if truth else (-1.0, 1.0)
    held = 0
    for _ in range(repeats):
        values, names = sample(draw, accounts, rng)
        held += abs(np.mean(values) - truth) <= wide * standard_error(values, names, within) + 1e-9
    return held


def rates_covered(draw: Draw, truth: float, accounts: int, repeats: int, seed: int = 0) -> int:
    """Count the intervals of `clustered_rate` that hold the truth; draws pass or fail."""
    rng = np.random.default_rng(seed)
    held = 0
    for _ in range(repeats):
        values, names = sample(draw, accounts, rng)
        found = clustered_rate([int(value) for value in values], [1] * len(values), names)
        held += found.low <= truth <= found.high
    return held


def false_alarms(draw: Draw, accounts: int, repeats: int, seed: int = 0) -> int:
    """Count p < .05 between two runs that differ by chance alone."""
    rng = np.random.default_rng(seed)
    alarms = 0
    for repeat in range(repeats):
        tasks = rng.integers(1, 4, accounts)
        of = np.repeat(np.arange(accounts), tasks)
        account = rng.normal(size=accounts)[of]
        runs = draw(rng, account).tolist(), draw(rng, account).tolist()
        names = [str(name) for name in of]
        p = paired_bootstrap(*runs, names, repeat, resamples=9).p
        alarms += p is not None and p < 0.05
    return alarms


def tell(report: Report, repeats: int) -> None:
    """Add the tables."""
    table = report.table(
        f"Of {repeats} intervals that promise 95 %, how many hold the true mean (%)",
        ("scores", "accounts", "BCa (means)", "percentile (differences)", "t", "rate"),
    )
    for name, (draw, truth) in {
        **POPULATIONS,
        "differences, seven in ten none": (_mostly_unchanged, 0.0),
    }.items():
        for accounts in SIZES:
            counts = [
                covered(draw, truth, accounts, repeats, "BCa"),
                covered(draw, truth, accounts, repeats, "percentile"),
                covered_by_t(draw, truth, accounts, repeats),
            ]
            rate = (
                f"{rates_covered(draw, truth, accounts, repeats) / repeats:.1%}"
                if name.startswith("pass")
                else ""
            )
            table.rows.append(
                (name, str(accounts), *(f"{count / repeats:.1%}" for count in counts), rate)
            )
    table = report.table(
        f"Of {repeats} pairs of runs that differ by chance alone, how many have p < .05",
        ("scores", "accounts", "alarms", "95 % interval"),
    )
    for name, (draw, _) in POPULATIONS.items():
        for accounts in SIZES:
            alarms = false_alarms(draw, accounts, repeats)
            low, high = wilson(alarms, repeats)
            table.rows.append(
                (name, str(accounts), f"{alarms / repeats:.1%}", f"{low:.1%} to {high:.1%}")
            )
