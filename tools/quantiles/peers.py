"""The accounts most alike in the model's own eyes: named evidence beside a prediction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from domain.errors import InvalidInput
from tools.quantiles.fact_forms import numbers
from tools.quantiles.fitting import fit_potential
from tools.quantiles.model import PotentialModel
from tools.quantiles.observations import draws, refuse_duplicates, spend_of

FEWEST_OUTSIDE = 5


def nearest_peers(
    facts: pd.DataFrame,
    spend: pd.Series | np.ndarray | Sequence[float],
    k: int = 5,
    *,
    within: pd.Series | np.ndarray | Sequence[bool] | None = None,
    model: PotentialModel | None = None,
    of: Sequence[object] | None = None,
) -> pd.DataFrame:
    """Name the accounts whose facts the model weighs most alike.

    Parameters
    ----------
    facts, spend
        As for `fit_potential`; peers are accounts with a known spend above nought.
    k
        How many peers an account gets at most.
    within
        True for the accounts the reader may see; all of them by default. Nobody else is
        ever named, whoever asks.
    model
        Whose scale to use; fitted on `facts` and `spend` by default.
    of
        Ids of the accounts asked about; all by default.

    Returns
    -------
    DataFrame
        One row per account and peer, nearest first: `account_id`, `peer_id`, `rank`
        (from 1), `distance` (log units of spend: how far apart the contributions of all
        facts lie together; 0 is alike in everything the model reads), `peer_spend`, and
        `outside`: of the account's `k` nearest overall, how many lie outside `within`;
        missing where they are fewer than five. An account without peers has no row.

    Raises
    ------
    InvalidInput
        When `k` is below 1, `within` does not match, or `of` names no account.
    """
    refuse_duplicates(facts)
    if k < 1:
        raise InvalidInput(f"k is {k}; ask for one peer or more.")
    columns = ["account_id", "peer_id", "rank", "distance", "peer_spend", "outside"]
    if not len(facts):
        return pd.DataFrame(columns=columns)
    seen = _mask(facts, within)
    money, gone = numbers(spend_of(facts, spend))
    asked = np.arange(len(facts)) if of is None else facts.index.get_indexer(pd.Index(of))
    if (asked < 0).any():
        raise InvalidInput("`of` names an account that facts lack.")
    fitted = model or fit_potential(facts, spend)
    place = _places(fitted, facts)
    # Of equally near peers the order of ids' hashes decides, not the order of rows.
    order = np.argsort(draws(facts.index), kind="stable")
    buys = (money > 0) & ~gone
    inside = order[(buys & seen)[order]]
    near, apart = _nearest(place, inside, asked, k)
    everyone = _nearest(place, order[buys[order]], asked, k)[0]
    outside = (~seen[np.maximum(everyone, 0)] & (everyone >= 0)).sum(axis=1)
    row, rank = np.nonzero(near >= 0)
    peer = near[row, rank]
    told = pd.Series(outside[row], dtype="Int64")
    return pd.DataFrame(
        {
            "account_id": facts.index[asked[row]],
            "peer_id": facts.index[peer],
            "rank": rank + 1,
            "distance": apart[row, rank],
            "peer_spend": money[peer],
            "outside": told.where(told >= FEWEST_OUTSIDE),
        },
        columns=columns,
    )


def _mask(
    facts: pd.DataFrame, within: pd.Series | np.ndarray | Sequence[bool] | None
) -> np.ndarray:
    if within is None:
        return np.ones(len(facts), dtype=bool)
    if isinstance(within, pd.Series):
        within = within.reindex(facts.index)
    if len(within) != len(facts):
        raise InvalidInput(f"`within` has {len(within)} values, facts have {len(facts)} rows.")
    # Not known to be visible is not visible.
    return np.array([one is not pd.NA and one == True for one in within], dtype=bool)  # noqa: E712


def _places(model: PotentialModel, facts: pd.DataFrame) -> np.ndarray:
    middle = min(model.levels, key=lambda level: abs(level - 0.5))
    told = model.explain(facts, middle)
    place = told[list(model.facts)].to_numpy(dtype=float)
    return place if place.shape[1] else np.zeros((len(facts), 1))


def _nearest(
    place: np.ndarray, candidates: np.ndarray, asked: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers and distances of the k nearest candidates, self left out; -1 where none."""
    near = np.full((len(asked), k), -1)
    apart = np.full((len(asked), k), np.inf)
    if not len(candidates) or not len(asked):
        return near, apart
    from scipy.spatial import cKDTree  # slow to load, and most commands name nobody

    wanted = min(k + 1, len(candidates))
    distance, at = cKDTree(place[candidates]).query(place[asked], k=list(range(1, wanted + 1)))
    found = candidates[at]
    own = found == asked[:, None]
    # Stable: the account itself goes last, the others keep their order.
    order = np.argsort(own, axis=1, kind="stable")[:, : min(k, wanted)]
    kept = np.take_along_axis(found, order, axis=1)
    near[:, : kept.shape[1]] = np.where(np.take_along_axis(own, order, axis=1), -1, kept)
    apart[:, : kept.shape[1]] = np.take_along_axis(distance, order, axis=1)
    return near, apart
