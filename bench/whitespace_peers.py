"""Everyone who ranks products in `bench.whitespace`, on the same purchases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import sparse

from tools.adoption.model import WhitespaceModel, fit_whitespace
from tools.adoption.ranking import scores


@dataclass(frozen=True)
class Case:
    """What is known before a cut, and what was bought for the first time after it.

    `have` and `took` have a row an account and a column a product; `judged` says which
    accounts count. `segment` names the attributes that make up a segment.
    """

    purchases: pd.DataFrame
    attributes: pd.DataFrame
    segment: tuple[str, ...]
    as_of: date
    days_after: int
    accounts: pd.Index
    products: pd.Index
    have: np.ndarray
    took: np.ndarray
    judged: np.ndarray


Ranked = Callable[[Case], np.ndarray]


def ours(case: Case, method: str) -> np.ndarray:
    """Scores of `fit_whitespace` with its defaults; products it does not offer come last."""
    return _ours(case, fit_whitespace(
        case.purchases, as_of=case.as_of, attributes=case.attributes, method=method
    ))  # fmt: skip


def ours_calibrated(case: Case) -> np.ndarray:
    """Probabilities for the days after the cut; nought where a product is not offered."""
    model = fit_whitespace(
        case.purchases, as_of=case.as_of, attributes=case.attributes, horizon=case.days_after
    )
    return np.nan_to_num(model.probability(_ours(case, model)))


def _ours(case: Case, model: WhitespaceModel) -> np.ndarray:
    table = scores(model.weights, model.known.before, model.accounts.get_indexer(case.accounts))
    place = model.live.get_indexer(case.products)
    return np.where(place >= 0, table[:, np.maximum(place, 0)], -np.inf)


def popularity(case: Case) -> np.ndarray:
    """How many own it."""
    return np.tile(case.have.mean(axis=0), (len(case.have), 1))


def lookalike(case: Case) -> np.ndarray:
    """The share of the account's segment that owns it."""
    known = case.attributes.reindex(case.accounts)[list(case.segment)].astype("str")
    known = known.fillna("missing")
    key = known.agg("|".join, axis=1).to_numpy()
    return pd.DataFrame(case.have, index=key).groupby(level=0).mean().loc[key].to_numpy()


def item_knn(case: Case) -> np.ndarray:
    """Cosine of products by owners, summed over what an account owns."""
    from implicit.nearest_neighbours import CosineRecommender

    return _implicit(CosineRecommender(K=len(case.products)), case)


def bm25(case: Case) -> np.ndarray:
    """The same by BM25 weights."""
    from implicit.nearest_neighbours import BM25Recommender

    return _implicit(BM25Recommender(K=len(case.products)), case)


def als(case: Case) -> np.ndarray:
    """Alternating least squares, 32 factors."""
    from implicit.als import AlternatingLeastSquares

    return _factors(AlternatingLeastSquares(factors=32, random_state=0, num_threads=2), case)


def bpr(case: Case) -> np.ndarray:
    """Bayesian personalised ranking, 32 factors."""
    from implicit.bpr import BayesianPersonalizedRanking

    return _factors(BayesianPersonalizedRanking(factors=32, random_state=0, num_threads=1), case)


def _implicit(model: object, case: Case) -> np.ndarray:
    owned = sparse.csr_matrix(case.have.astype(np.float64))
    model.fit(owned, show_progress=False)  # type: ignore[attr-defined]
    return np.asarray((owned @ model.similarity).todense())  # type: ignore[attr-defined]


def _factors(model: object, case: Case) -> np.ndarray:
    model.fit(sparse.csr_matrix(case.have.astype(np.float32)), show_progress=False)  # type: ignore[attr-defined]
    return np.asarray(model.user_factors @ model.item_factors.T)  # type: ignore[attr-defined]


PEERS: dict[str, Ranked] = {
    "ours, stack": lambda case: ours(case, "stack"),
    "ours, EASE alone": lambda case: ours(case, "ease"),
    "item-kNN, cosine (implicit)": item_knn,
    "item-kNN, BM25 (implicit)": bm25,
    "ALS (implicit)": als,
    "BPR (implicit)": bpr,
    "segment lookalike": lookalike,
    "popularity": popularity,
}
