"""Families of accounts: kept together, they are one unit of a design."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tools.balance.problem import Ints


def family_heads(accounts: pd.DataFrame) -> pd.Series:
    """The id at the top of each account's family; the account's own id without a parent.

    `parent_id` is followed as far as the table goes, so the head itself may lie outside
    it. Accounts whose parents form a ring belong to the smallest id of the ring.
    """
    parent = {str(account): str(above) for account, above in accounts["parent_id"].dropna().items()}
    heads = {str(account): str(account) for account in accounts.index}
    for account in parent:
        path = [account]
        while (above := parent.get(path[-1])) is not None:
            if above in path:
                path = [min(path[path.index(above) :])]
                break
            path.append(above)
        heads[account] = path[-1]
    return pd.Series(list(heads.values()), index=accounts.index, dtype="str")


def units_of(accounts: pd.DataFrame, *, together: bool) -> Ints:
    """Unit of each account, numbered in order of the units' first accounts.

    `accounts` is in order of id. Without `together` each account is a unit by itself.
    """
    if not together:
        return np.arange(len(accounts), dtype=np.int64)
    codes, _ = pd.factorize(family_heads(accounts))
    return np.asarray(codes, dtype=np.int64)


def seats(accounts: pd.DataFrame, unit: Ints) -> Ints:
    """Row, per unit, of the account whose place stands for the unit's.

    The family's head where it is in the table, else the member with most potential.
    """
    order = pd.DataFrame(
        {
            "unit": unit,
            "row": np.arange(len(accounts)),
            "below": (accounts.index != family_heads(accounts)).astype(int),
            "potential": -accounts["potential"].to_numpy(),
        }
    ).sort_values(["unit", "below", "potential", "row"])
    return order.drop_duplicates("unit")["row"].to_numpy(dtype=np.int64)


def per_unit(values: NDArray[Any], unit: Ints, gather: np.ufunc) -> NDArray[Any]:
    """Gather rows of accounts into rows of units: `np.add` sums them, `np.logical_or` asks any."""
    order = np.argsort(unit, kind="stable")
    starts = np.flatnonzero(np.diff(unit[order], prepend=-1))
    return np.asarray(gather.reduceat(values[order], starts, axis=0))
