"""Who had the occasion to buy what: accounts that have ordered since a product came.

A product that came last month is missing at every account that has not ordered since, and
nothing can be learnt from that. Accounts fall into a few groups by what they have seen, and
every count leaves out those that have not seen the product it is about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tools.adoption.history import BIG, NEVER, Codes, Floats, History, Ints

EDGES = (0.2, 0.5, 0.8)
"""Shares of accounts not exposed to a product at which the next group begins."""

FEWEST_EXPOSED = 30
"""Groups of fewer exposed accounts learn from those before as well."""


@dataclass(frozen=True)
class Wide:
    """Accounts with what they own and which level of each attribute they are in.

    Levels follow products as further columns that every account has always had.
    """

    first: Ints
    item: Codes
    day: Codes
    columns: int

    def matrix(self, before: int) -> sparse.csr_array:
        """Ones where an account has a column before a day."""
        had = self.day < before
        first = np.concatenate([[0], np.cumsum(had)])[self.first]
        shape = (len(self.first) - 1, self.columns)
        return sparse.csr_array((np.ones(int(had.sum())), self.item[had], first), shape=shape)


@dataclass(frozen=True)
class Exposure:
    """Groups of accounts by the newest products they could have bought.

    Attributes
    ----------
    group
        Of each account; -1 where it has bought nothing yet.
    since
        Of each product: the first group exposed to it. An account of an earlier group has
        not ordered since the product came.
    learn
        Of each group: the group from which on accounts are counted, where the accounts
        exposed to its products are too few.
    groups
        How many groups there are.
    """

    group: Codes
    since: Ints
    learn: Ints
    groups: int


def wide(history: History, levels: npt.NDArray[np.int32], columns: int) -> Wide:
    """Put levels beside what accounts own: `levels` has a row an account, codes from 0."""
    attributes = levels.shape[1]
    sizes = np.diff(history.first) + attributes
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    item = np.empty(int(first[-1]), np.int32)
    day = np.full(len(item), NEVER, np.int32)
    owned = np.ones(len(item), bool)
    for at in range(attributes):
        place = first[1:] - attributes + at
        item[place], owned[place] = history.products + levels[:, at], False
    item[owned], day[owned] = history.item, history.day
    return Wide(first, item, day, history.products + columns)


def exposure(launch: Codes, last: Codes) -> Exposure:
    """Group accounts by their last purchase and products by when they came."""
    active = np.sort(last[last > NEVER])
    came = launch < 2**30
    unseen = np.searchsorted(active, launch) / max(len(active), 1)
    since = np.where(came, np.searchsorted(EDGES, unseen, side="right"), 0)
    # Only groups that a product opens, numbered without gaps.
    kept = np.unique(np.append(since, 0))
    since = np.searchsorted(kept, since).astype(np.int64)
    group = np.where(last > NEVER, 0, -1).astype(np.int32)
    for at in range(1, len(kept)):
        group[last >= launch[came & (since == at)].max()] = at
    sizes = np.bincount(group[group >= 0], minlength=len(kept))[::-1].cumsum()[::-1]
    learn = np.arange(len(kept))
    for at in range(1, len(kept)):
        if sizes[at] < FEWEST_EXPOSED:
            learn[at] = learn[at - 1]
    return Exposure(group, since, learn, len(kept))


def grams(table: Wide, before: int, group: Codes, groups: int) -> Floats:
    """Accounts that have both of two columns, by group and from each group upwards.

    The first axis is the group: entry g counts the accounts of groups g and later.
    """
    if len(table.item) >= BIG and table.columns <= 2_000:
        from tools.adoption import kernels

        out = kernels.grams(
            table.first, table.item, table.day, before, group, groups, table.columns
        )
    else:
        out = np.empty((groups, table.columns, table.columns))
        every = table.matrix(before)
        for at in range(groups):
            some = every[group == at]
            out[at] = (some.T @ some).toarray()
    return np.asarray(out[::-1].cumsum(axis=0)[::-1])
