"""The plainest ranking there is: logistic regression on binned facts, with its AUC."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.linalg import solve
from scipy.stats import rankdata

MOST_LEVELS = 250
BINS = 10
STEPS = 25  # of Newton's method, which takes some six


def binned(facts: pd.DataFrame) -> tuple[Callable[[pd.DataFrame], np.ndarray], np.ndarray]:
    """Learn bins (tenths of numbers, levels of text, missing) and return how to apply them.

    Also returns the learned table itself: one column for each bin, 0 or 1, and one of ones.
    """
    makers = [_levels(name, facts[name]) for name in facts.columns]

    def columns(table: pd.DataFrame) -> np.ndarray:
        ones = np.ones((len(table), 1))
        return np.column_stack([make(table) for make in makers] + [ones])

    return columns, columns(facts)


def _levels(name: str, values: pd.Series) -> Callable[[pd.DataFrame], np.ndarray]:
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        known = numbers[~np.isnan(numbers)]
        shares = np.arange(1, BINS) / BINS
        cuts = np.unique(np.quantile(known, shares)) if len(known) else np.array([])

        def tenths(table: pd.DataFrame) -> np.ndarray:
            asked = table[name].to_numpy(dtype=float, na_value=np.nan)
            place = np.where(np.isnan(asked), -1, np.searchsorted(cuts, asked, side="right"))
            return np.asarray(place[:, None] == np.arange(-1, len(cuts) + 1), dtype=float)

        return tenths
    levels = values.value_counts().index[:MOST_LEVELS]

    def named(table: pd.DataFrame) -> np.ndarray:
        place = levels.get_indexer(pd.Index(table[name]))
        return np.asarray(place[:, None] == np.arange(len(levels)), dtype=float)

    return named


def fitted(columns: np.ndarray, outcome: np.ndarray, *, ridge: float = 5.0) -> np.ndarray:
    """Weights of a logistic regression, each held to nought by `ridge` but for the last."""
    hold = np.r_[np.full(columns.shape[1] - 1, ridge), 1e-9]
    weights = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(columns @ weights)))
        slope = columns.T @ (outcome - chance) - hold * weights
        spread = np.maximum(chance * (1 - chance), 1e-9)
        step = solve((columns * spread[:, None]).T @ columns + np.diag(hold), slope, assume_a="pos")
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def auc(outcome: np.ndarray, ranked: np.ndarray) -> float:
    """Chance that a won row ranks above a lost one, ties counting half; NaN for one class."""
    ranks = rankdata(ranked)
    won = int(outcome.sum())
    lost = len(outcome) - won
    if not won or not lost:
        return float("nan")
    return float((ranks[outcome == 1].sum() - won * (won + 1) / 2) / (won * lost))
