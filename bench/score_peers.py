"""The alternatives that `bench.score` compares with, each with its defaults and one thread.

Every peer takes facts and outcomes to learn from and facts to judge, and returns a number a
row, higher meaning likelier. `NotInstalled` where its package is missing.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Peer = Callable[[pd.DataFrame, pd.Series, pd.DataFrame], np.ndarray]


class NotInstalled(Exception):
    """A package that a peer needs is not there."""


def logistic(facts: pd.DataFrame, won: pd.Series, later: pd.DataFrame) -> np.ndarray:
    """scikit-learn: standardised numbers, one column a level, L2."""
    compose, impute, linear = _need("sklearn.compose"), _need("sklearn.impute"), _linear()
    pipeline, shaping = _need("sklearn.pipeline"), _need("sklearn.preprocessing")
    numeric, words = _kinds(facts)
    steps = compose.make_column_transformer(
        (
            pipeline.make_pipeline(
                impute.SimpleImputer(strategy="median", add_indicator=True),
                shaping.StandardScaler(),
            ),
            numeric,
        ),
        (shaping.OneHotEncoder(handle_unknown="ignore", min_frequency=10), words),
    )
    model = pipeline.make_pipeline(steps, linear.LogisticRegression(max_iter=500))
    model.fit(_plain(facts), won)
    return np.asarray(model.predict_proba(_plain(later))[:, 1])


def boosting_lightgbm(facts: pd.DataFrame, won: pd.Series, later: pd.DataFrame) -> np.ndarray:
    """LightGBM: 200 trees of 15 leaves, rate .05."""
    lightgbm = _need("lightgbm")
    first, second = _categories(facts, later)
    model = lightgbm.LGBMClassifier(
        n_estimators=200, learning_rate=0.05, num_leaves=15, verbose=-1, n_jobs=1
    )
    return np.asarray(model.fit(first, won).predict_proba(second)[:, 1])


def boosting_sklearn(facts: pd.DataFrame, won: pd.Series, later: pd.DataFrame) -> np.ndarray:
    """scikit-learn's histogram boosting: 150 trees, rate .05."""
    ensemble = _need("sklearn.ensemble")
    first, second = _categories(facts, later)
    model = ensemble.HistGradientBoostingClassifier(
        categorical_features="from_dtype", random_state=0, max_iter=150, learning_rate=0.05,
        early_stopping=False,
    )  # fmt: skip
    return np.asarray(model.fit(first, won).predict_proba(second)[:, 1])


def ebm(facts: pd.DataFrame, won: pd.Series, later: pd.DataFrame) -> np.ndarray:
    """InterpretML: explainable boosting, pairs of facts included as by default."""
    glassbox = _need("interpret.glassbox")
    model = glassbox.ExplainableBoostingClassifier(n_jobs=1, random_state=0)
    return np.asarray(model.fit(_plain(facts), won).predict_proba(_plain(later))[:, 1])


def optbinning(facts: pd.DataFrame, won: pd.Series, later: pd.DataFrame) -> np.ndarray:
    """Optimal binning, weight of evidence, logistic regression."""
    binning, linear = _need("optbinning"), _linear()
    _, words = _kinds(facts)
    process = binning.BinningProcess(list(facts.columns), categorical_variables=words)
    first = process.fit_transform(_plain(facts), won.to_numpy(), metric="woe")
    model = linear.LogisticRegression(max_iter=500).fit(first, won)
    return np.asarray(model.predict_proba(process.transform(_plain(later), metric="woe"))[:, 1])


PEERS: dict[str, Peer] = {
    "logistic regression": logistic,
    "optbinning scorecard": optbinning,
    "EBM": ebm,
    "LightGBM": boosting_lightgbm,
    "HistGradientBoosting": boosting_sklearn,
}
TRANSPARENT = ("logistic regression", "optbinning scorecard", "EBM")


def _need(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise NotInstalled(module) from error


def _linear() -> Any:
    return _need("sklearn.linear_model")


def _kinds(facts: pd.DataFrame) -> tuple[list[str], list[str]]:
    numeric = [
        name
        for name in facts.columns
        if pd.api.types.is_numeric_dtype(facts[name])
        and not pd.api.types.is_bool_dtype(facts[name])
    ]
    return numeric, [name for name in facts.columns if name not in numeric]


def _plain(facts: pd.DataFrame) -> pd.DataFrame:
    """Words as objects, a missing one as a level of its own."""
    made = facts.copy()
    for name in _kinds(facts)[1]:
        words = made[name].astype(object)
        made[name] = words.where(words.notna(), "(none)").astype(str).astype(object)
    return made


def _categories(facts: pd.DataFrame, later: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    first, second = _plain(facts), _plain(later)
    for name in _kinds(facts)[1]:
        first[name] = first[name].astype("category")
        second[name] = pd.Categorical(second[name], first[name].cat.categories)
    return first, second
