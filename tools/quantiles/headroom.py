"""What is open: P75 against what an account spends today, and whether it was taken up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.errors import InvalidInput

TOP = 0.1

Column = pd.Series | np.ndarray | Sequence[float]


@dataclass(frozen=True)
class Growth:
    """What the tenth of accounts with the most headroom did next, beside all of them.

    `top` and `all_accounts` are mean changes of spend an account (currency);
    `times` is how many times the average the top tenth grew, None where the average did not
    grow; `accounts` how many are in the tenth.
    """

    accounts: int
    top: float
    all_accounts: float
    times: float | None


def headroom(p75: Column, current_spend: Column) -> pd.Series:
    """P75 less current spend, in currency; negative where an account spends past its P75.

    Both are laid side by side by position, or by index where `p75` and `current_spend` are
    both Series. A missing spend counts as nought: an account that never bought is all
    headroom. A missing P75 stays missing.
    """
    could, spent = _beside(p75, current_spend)
    return (could - spent.fillna(0.0)).rename("headroom")


def open_potential(p75: Column, current_spend: Column) -> pd.Series:
    """Headroom, but not below nought."""
    return headroom(p75, current_spend).clip(lower=0.0).rename("open_potential")


def growth(room: Column, before: Column, after: Column) -> Growth:
    """Compare how the top tenth by headroom grew with how all accounts did.

    Rows with a missing value in any of the three are left out. Of equal headrooms, all that
    reach the last place in the tenth count.

    Raises
    ------
    InvalidInput
        When fewer than ten accounts are left: a tenth of them is nobody.
    """
    table = (
        pd.DataFrame(
            {"room": np.asarray(room), "before": np.asarray(before), "after": np.asarray(after)},
            dtype=float,
        )
        .replace([np.inf, -np.inf], np.nan)
        .dropna()
    )
    if len(table) < 10:
        raise InvalidInput(f"A top tenth needs ten accounts; {len(table)} have all figures.")
    change = table["after"] - table["before"]
    least = table["room"].nlargest(max(1, int(TOP * len(table)))).min()
    top = table["room"] >= least
    mean, best = float(change.mean()), float(change[top].mean())
    return Growth(int(top.sum()), best, mean, best / mean if mean > 0 else None)


def _beside(first: Column, second: Column) -> tuple[pd.Series, pd.Series]:
    one = first if isinstance(first, pd.Series) else pd.Series(np.asarray(first, dtype=float))
    if isinstance(second, pd.Series) and isinstance(first, pd.Series):
        two = second.reindex(one.index)
    elif len(second) == len(one):
        two = pd.Series(np.asarray(second, dtype=float), index=one.index)
    else:
        raise InvalidInput(f"{len(one)} values of P75 stand beside {len(second)} of spend.")
    return one.astype(float), two.astype(float)
