"""The five parts of a score that tell products apart, from what is known before a day.

Every part is a sum over what an account owns and over its levels, so that what each of them
adds can be told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.adoption.exposure import Exposure, Wide, exposure, grams
from tools.adoption.history import Codes, Floats, History, Ints

PARTS = ("ease", "neighbours", "popularity", "segment", "recent")
LEAN = 10.0
"""Accounts that every share leans on."""

FIRM = 1.0
"""Default ridge of EASE, as a multiple of the mean number of owners of a product."""


@dataclass(frozen=True)
class Known:
    """What one day lets us know, for the products that may be offered.

    Attributes
    ----------
    before
        The day; nothing of it or later is counted.
    candidates
        Products that may be offered, ascending.
    exposure
        Groups of accounts by what they have seen.
    together
        From each group upwards: accounts that have both of two columns.
    popularity, recent
        One log-odds a candidate: owned, and first bought in the last window.
    neighbours
        What owning one product adds to another, before it is divided by how many an
        account owns.
    segment
        What one level adds.
    activity
        Two columns an account: log of 1 + first purchases in the last window, log of 1 +
        days since the last purchase.
    """

    before: int
    candidates: Ints
    exposure: Exposure
    together: Floats
    popularity: Floats
    recent: Floats
    neighbours: Floats
    segment: Floats
    activity: Floats


def known(history: History, table: Wide, candidates: Ints, before: int, window: int) -> Known:
    """Count what is known before a day; `window` (days) is how long ago recent is."""
    last = history.last_purchase(before)
    bought = history.day < before
    launch = np.full(history.products, 2**30, np.int32)
    np.minimum.at(launch, history.item[bought], history.day[bought])
    seen = exposure(launch, last)
    together = grams(table, before, seen.group, seen.groups)
    sizes = np.bincount(seen.group[seen.group >= 0], minlength=seen.groups)[::-1].cumsum()[::-1]
    rows = seen.learn[seen.since[candidates]]
    # Owners of every column among the accounts exposed to each candidate.
    owners = np.stack([np.diagonal(together[at]) for at in range(seen.groups)])[rows].T
    both = together[rows, :, candidates].T
    own = owners[candidates, np.arange(len(candidates))]
    share = (own + 0.5) / (sizes[rows] + 1.0)
    given = log_odds((both + LEAN * share) / (owners + LEAN)) - log_odds(share)
    given[candidates, np.arange(len(candidates))] = 0.0
    took, tried, mine = _first_purchases(history, last, launch, before, window)
    rate = (took.sum() + 0.5) / (tried.sum() + 1.0)
    recent = (took[candidates] + LEAN * rate) / (tried[candidates] + LEAN)
    activity = np.column_stack([np.log1p(mine), np.log1p(np.clip(before - last, 0, 3_650))])
    return Known(
        before, candidates, seen, together, log_odds(share), log_odds(recent),
        given[: history.products], given[history.products :], activity,
    )  # fmt: skip


def _first_purchases(
    history: History, last: Codes, launch: Codes, before: int, window: int
) -> tuple[Ints, Ints, Ints]:
    """First purchases in the last window by product, accounts that could, and by account."""
    start = before - window
    rows = history.rows
    new = (history.day >= start) & (history.day < before)
    took = np.bincount(history.item[new], minlength=history.products)
    mine = np.bincount(rows[new], minlength=history.accounts)
    # Whoever ordered since the later of the launch and the beginning of the window could.
    since = np.maximum(launch, start)
    tried = len(last) - np.searchsorted(np.sort(last), since)
    had = (history.day < start) & (last[rows] >= since[history.item])
    tried = tried - np.bincount(history.item[had], minlength=history.products)
    return took, np.maximum(tried, took), mine


def ease(have: Known, products: int, firm: float) -> Floats:
    """Weights of EASE: one table a group of accounts, columns by candidates.

    Row by row a ridge regression of owning a candidate on owning the other products and on
    the levels, over the accounts exposed to it. An account that has not ordered since some
    products came is scored without those: their absence says nothing.

    Notes
    -----
    Closed form of Steck (2019), "Embarrassingly Shallow Autoencoders for Sparse Data",
    doi:10.1145/3308558.3313710, once for every pair of groups.
    """
    seen, columns = have.exposure, have.together.shape[1]
    out = np.zeros((seen.groups, columns, len(have.candidates)))
    level = np.arange(columns) >= products
    since = np.append(seen.since, np.zeros(int(level.sum()), np.int64))
    solved: dict[tuple[int, int], tuple[Ints, Floats]] = {}
    for at in range(seen.groups):
        for came in np.unique(seen.since[have.candidates]):
            rows = int(max(seen.learn[at], seen.learn[came]))
            if (rows, at) not in solved:
                told = np.flatnonzero(since <= at)
                both = have.together[rows][np.ix_(told, told)]
                scale = np.diagonal(both)[~level[told]].mean() if (~level[told]).any() else 1.0
                both[np.diag_indices_from(both)] += firm * max(float(scale), 1.0)
                solved[rows, at] = told, np.linalg.inv(both)
            told, inverse = solved[rows, at]
            mine = np.flatnonzero(seen.since[have.candidates] == came)
            wanted = have.candidates[mine]
            if came <= at:
                place = np.searchsorted(told, wanted)
                weights = -inverse[:, place] / inverse[place, place]
                weights[place, np.arange(len(place))] = 0.0
            else:
                weights = inverse @ have.together[rows][np.ix_(told, wanted)]
            out[at][np.ix_(told, mine)] = weights
    return out


def weighed(have: Known, eased: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """What adds up to scores: sums over columns by group, means over products, a start.

    `weight` is by `PARTS`.
    """
    products = have.neighbours.shape[0]
    sums = weight[0] * eased
    sums[:, products:] += weight[3] * have.segment
    return sums, weight[1] * have.neighbours, weight[2] * have.popularity + weight[4] * have.recent


def values(have: Known, eased: Floats, table: Wide, products: int, accounts: Ints) -> Floats:
    """Each part of these accounts: accounts, candidates, parts."""
    every = table.matrix(have.before)[accounts]
    group = have.exposure.group[accounts]
    out = np.zeros((len(accounts), len(have.candidates), len(PARTS)))
    for at in range(have.exposure.groups):
        mine = np.flatnonzero(group == at)
        if mine.size:
            out[mine, :, 0] = every[mine] @ eased[at]
    owned, levels = every[:, :products], every[:, products:]
    count = np.maximum(np.asarray(owned.sum(axis=1)), 1.0)
    out[:, :, 1] = (owned @ have.neighbours) / count[:, None]
    out[:, :, 2] = have.popularity
    out[:, :, 3] = levels @ have.segment
    out[:, :, 4] = have.recent
    return out


def live(
    history: History,
    before: int,
    days: int,
    fewest: int,
    allowed: npt.NDArray[np.bool_] | None = None,
) -> Ints:
    """Products sold in the last days with enough owners; `allowed` stands for sold lately."""
    bought = history.day < before
    owners = np.bincount(history.item[bought], minlength=history.products)
    if allowed is None:
        selling = history.last_sale(before) >= before - days
    else:
        selling = np.asarray(allowed, dtype=bool)
    return np.flatnonzero(selling & (owners >= fewest))


def log_odds(share: Floats) -> Floats:
    """Logarithm of the odds of a share, kept within a millionth of 0 and 1."""
    inside = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)))
