"""The alternatives `bench.potential` names, each as (facts, spend, facts to tell) to levels."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from tools.quantiles.fact_forms import as_words, is_number
from tools.quantiles.fitting import fit_potential

LEVELS = (0.5, 0.75, 0.9)
NEAREST = 25


class NotInstalled(Exception):
    """The alternative's package is not there."""

    def __str__(self) -> str:
        return "not installed"


def ours(facts: pd.DataFrame, spend: np.ndarray, others: pd.DataFrame) -> np.ndarray:
    """Our model, settings chosen on the given rows."""
    model = fit_potential(facts, spend)
    return np.asarray(model.predict(others)[list(model.names)].to_numpy())


def segment(facts: pd.DataFrame, spend: np.ndarray, others: pd.DataFrame) -> np.ndarray:
    """Quantiles of all rows that agree in every fact that is no number."""
    words = [str(name) for name in facts if not is_number(facts[name])][:2]
    out = np.tile(np.quantile(spend, LEVELS), (len(others), 1))
    for depth in range(1, len(words) + 1):  # two words where five rows agree, else the first
        keys, wanted = _joined(facts, words[:depth]), _joined(others, words[:depth])
        for key in np.unique(wanted):
            peers = spend[keys == key]
            if len(peers) >= 5:
                out[wanted == key] = np.quantile(peers, LEVELS)
    return out


def nearest(facts: pd.DataFrame, spend: np.ndarray, others: pd.DataFrame) -> np.ndarray:
    """Quantiles of the 25 nearest rows, facts logged and standardised."""
    module = _module("sklearn.neighbors")
    taught, asked = encoded(facts, others)
    found = module.NearestNeighbors(n_neighbors=min(NEAREST, len(taught))).fit(taught)
    at = found.kneighbors(asked, return_distance=False)
    return np.asarray(np.quantile(spend[at], LEVELS, axis=1).T)


def regressor(facts: pd.DataFrame, spend: np.ndarray, others: pd.DataFrame) -> np.ndarray:
    """scikit-learn's QuantileRegressor on logs, with next to no penalty."""
    module = _module("sklearn.linear_model")
    taught, asked = encoded(facts, others)
    return _by_level(
        lambda level: module.QuantileRegressor(quantile=level, alpha=1e-4), taught, spend, asked
    )


def boosted(facts: pd.DataFrame, spend: np.ndarray, others: pd.DataFrame) -> np.ndarray:
    """scikit-learn's histogram boosting on logs."""
    module = _module("sklearn.ensemble")
    taught, asked = encoded(facts, others)

    def make(level: float) -> Any:
        return module.HistGradientBoostingRegressor(
            loss="quantile", quantile=level, max_iter=100, learning_rate=0.05, max_leaf_nodes=15
        )

    return _by_level(make, taught, spend, asked)


def lightgbm(facts: pd.DataFrame, spend: np.ndarray, others: pd.DataFrame) -> np.ndarray:
    """LightGBM on logs."""
    module = _module("lightgbm")
    taught, asked = encoded(facts, others)

    def make(level: float) -> Any:
        return module.LGBMRegressor(
            objective="quantile", alpha=level, n_estimators=100, learning_rate=0.05,
            num_leaves=15, verbose=-1, n_jobs=1,
        )  # fmt: skip

    return _by_level(make, taught, spend, asked)


CONTESTANTS: dict[str, Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], np.ndarray]] = {
    "ours": ours,
    "segment quantiles": segment,
    "25 nearest": nearest,
    "QuantileRegressor, logs": regressor,
    "HistGradientBoosting, logs": boosted,
    "LightGBM, logs": lightgbm,
}


def encoded(facts: pd.DataFrame, others: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Log numbers, give words a column a level and missing one of its own, standardise."""
    columns: list[np.ndarray] = []
    both = pd.concat([facts, others])
    for name in both:
        if is_number(facts[name]):
            value = both[name].to_numpy(dtype=float)
            gone = ~np.isfinite(value)
            value = np.where(gone, np.nanmedian(value[: len(facts)]), value)
            columns += [np.sign(value) * np.log1p(np.abs(value)), gone.astype(float)]
        else:
            words = as_words(both[name])
            columns += [(words == level).astype(float) for level in np.unique(words)[1:]]
    table = np.column_stack(columns)
    taught = table[: len(facts)]
    table = (table - taught.mean(axis=0)) / (taught.std(axis=0) + 1e-9)
    return table[: len(facts)], table[len(facts) :]


def _by_level(
    make: Callable[[float], Any], taught: np.ndarray, spend: np.ndarray, asked: np.ndarray
) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = [make(level).fit(taught, np.log1p(spend)).predict(asked) for level in LEVELS]
    return np.asarray(np.expm1(np.minimum(np.column_stack(told), 50.0)))


def _joined(facts: pd.DataFrame, names: list[str]) -> np.ndarray:
    joined = np.full(len(facts), "", dtype=object)
    for name in names:
        joined = joined + "/" + as_words(facts[name])
    return joined.astype(str)


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise NotInstalled from error
