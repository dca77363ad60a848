"""The table a model learns from: checked, cleaned, and in an order of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.errors import DuplicateIds, InvalidInput
from tools.quantiles.fact_forms import numbers


@dataclass(frozen=True)
class Observations:
    """Facts and spend of the rows that teach, ordered by a hash of their ids.

    `draw` is that hash as a number between 0 and 1: folds and samples are cut from it, so
    they do not depend on the order of rows. `notes` say in words what was changed.
    """

    facts: pd.DataFrame
    spend: np.ndarray
    draw: np.ndarray
    notes: tuple[str, ...]

    def rows(self, chosen: np.ndarray) -> Observations:
        """Return some of the rows, in the same order."""
        return Observations(self.facts[chosen], self.spend[chosen], self.draw[chosen], self.notes)


def observations(
    facts: pd.DataFrame, spend: pd.Series | np.ndarray | Sequence[float]
) -> Observations:
    """Check and clean a training table.

    Parameters
    ----------
    facts
        One row per account, indexed by account id (unique).
    spend
        Currency a year, one per row. A Series is joined on the index, anything else goes
        by position. Below nought (returns exceed purchases) counts as nought; missing and
        infinite rows teach nothing and are left out.

    Raises
    ------
    InvalidInput
        When there is no row to learn from, spend is no number, or lengths differ.
    DuplicateIds
        When an account id, or a fact's name, occurs more than once.
    """
    if not isinstance(facts, pd.DataFrame):
        raise InvalidInput("Facts must be a DataFrame with one row per account.")
    refuse_duplicates(facts)
    money, gone = numbers(spend_of(facts, spend))
    notes = []
    if gone.any():
        notes.append(f"{gone.sum()} accounts without a known spend were left out")
    below = (money < 0) & ~gone
    if below.any():
        notes.append(
            f"{below.sum()} accounts returned more than they bought; their spend counts as nought"
        )
    if gone.all():
        raise InvalidInput(
            "There is no account with a known spend to learn from.",
            hint="Give at least one row whose spend is a number.",
        )
    draw = draws(facts.index)
    order = np.argsort(draw, kind="stable")
    order = order[~gone[order]]
    return Observations(facts.iloc[order], np.maximum(money, 0.0)[order], draw[order], tuple(notes))


def spend_of(facts: pd.DataFrame, spend: pd.Series | np.ndarray | Sequence[float]) -> pd.Series:
    """Lay spend beside the facts: by index where it has one, else by position."""
    if isinstance(spend, pd.Series):
        if not spend.index.is_unique:
            raise DuplicateIds(
                "Spend has an account id more than once.", hint="Sum it up per account first."
            )
        if len(facts) and not facts.index.isin(spend.index).any():
            raise InvalidInput(
                "Spend and facts share no account id.",
                hint="Index both by account id, or give spend as an array in the order of facts.",
            )
        return spend.reindex(facts.index)
    values = np.asarray(spend).ravel()
    if len(values) != len(facts):
        raise InvalidInput(f"Spend has {len(values)} values, facts have {len(facts)} rows.")
    return pd.Series(values, index=facts.index)


def refuse_duplicates(facts: pd.DataFrame) -> None:
    """Raise DuplicateIds when an account id or a fact's name occurs more than once."""
    if not facts.index.is_unique:
        twice = [str(one) for one in facts.index[facts.index.duplicated()].unique()[:5]]
        raise DuplicateIds(
            f"Account ids occur more than once: {', '.join(twice)}.",
            hint="Index the facts by account id, one row each.",
        )
    if not facts.columns.is_unique:
        twice = [str(one) for one in facts.columns[facts.columns.duplicated()].unique()[:5]]
        raise DuplicateIds(f"Facts occur more than once: {', '.join(twice)}.")


def draws(index: pd.Index) -> np.ndarray:
    """A number between 0 and 1 per account id: always the same, and spread evenly."""
    hashed = pd.util.hash_array(np.array([str(one) for one in index], dtype=object))
    return np.asarray((hashed >> np.uint64(11)).astype(float) / 2.0**53)


def folds(draw: np.ndarray, count: int) -> np.ndarray:
    """Number each row's fold, equally many in each, by the order of `draw`."""
    fold = np.empty(len(draw), dtype=int)
    fold[np.argsort(draw, kind="stable")] = np.arange(len(draw)) % count
    return fold
