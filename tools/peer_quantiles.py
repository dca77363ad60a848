"""Quantiles of comparable accounts: who the peers are, and what they spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel

FEWEST = 5  # a group told to a reader never has fewer accounts than this


@dataclass(frozen=True)
class PeerQuantiles:
    """One row per account: `levels` (currency a year), `count` of peers, `depth` (how many
    of `peers.by` they agree in; -1 where fewer than five accounts compare)."""

    levels: np.ndarray
    count: np.ndarray
    depth: np.ndarray


def peer_quantiles(
    table: pd.DataFrame, spend: np.ndarray, coverage: CoverageModel
) -> PeerQuantiles:
    """Read each account's levels from the *other* accounts with spend above nought.

    Peers agree in all of `coverage.peers.by`; where they are fewer than the minimum, or the
    account's own value is blank, the last column is dropped, and so on down to all active
    accounts, of whom there must be five.
    """
    by = list(coverage.peers.by)
    active = np.nan_to_num(spend) > 0
    found = np.full((len(table), 3), np.nan)
    count = np.zeros(len(table), dtype=int)
    level = np.full(len(table), -1)
    for depth in range(len(by), -1, -1):
        open_rows = np.flatnonzero(level < 0)
        if not open_rows.size:
            break
        least = coverage.peers.minimum if depth else FEWEST
        for rows in groups(table, by[:depth]).values():
            waiting = rows[level[rows] < 0]
            peers = rows[active[rows]]
            others = len(peers) - active[waiting].astype(int)
            enough = others >= least
            waiting, others = waiting[enough], others[enough]
            if not waiting.size:
                continue
            found[waiting] = leave_one_out(
                spend, peers, waiting, coverage.peers.quantiles, active=active
            )
            count[waiting], level[waiting] = others, depth
    return PeerQuantiles(found, count, level)


def groups(table: pd.DataFrame, by: list[str]) -> dict[str, np.ndarray]:
    """Row numbers by group; rows with a blank in `by` are in none. No `by` is one group."""
    if not by:
        return {"": np.arange(len(table))}
    keys = joined(table, by, "\x1f")
    rows = np.flatnonzero(keys.notna())
    return {
        str(key): rows[np.asarray(at)] for key, at in keys.dropna().groupby(keys).indices.items()
    }


def joined(table: pd.DataFrame, by: list[str], separator: str) -> pd.Series:
    """Join columns as text, row by row; missing where any of them is."""
    text = table[by[0]].astype("str")
    for column in by[1:]:
        text = text + separator + table[column].astype("str")
    return text


def leave_one_out(
    values: np.ndarray,
    peers: np.ndarray,
    rows: np.ndarray,
    quantiles: tuple[float, ...],
    *,
    active: np.ndarray,
) -> np.ndarray:
    """Quantiles of `values[peers]` for each of `rows`, each without the row itself.

    Linear interpolation between order statistics, as numpy does it. One row per row of
    `rows`, one column per quantile; there must be a peer left for each.
    """
    order = peers[np.lexsort((peers, values[peers]))]
    place = {int(row): at for at, row in enumerate(order)}
    own = np.array([place[int(row)] if active[row] else len(order) for row in rows])
    sizes = len(order) - (own < len(order))
    ranked = np.append(values[order], np.nan)
    out = np.empty((len(rows), len(quantiles)))
    for column, quantile in enumerate(quantiles):
        where = quantile * (sizes - 1)
        low = np.floor(where).astype(int)
        high = np.minimum(low + 1, sizes - 1)
        below, above = ranked[low + (low >= own)], ranked[high + (high >= own)]
        out[:, column] = below + (above - below) * (where - low)
    return out


def described(
    facts: pd.DataFrame, count: np.ndarray, level: np.ndarray, by: list[str]
) -> pd.Series:
    """Words for each account's peers: how many, and what they share, never who they are."""
    number = pd.Series(count, index=facts.index).astype("str")
    told = pd.Series(None, index=facts.index, dtype="str")
    for depth in sorted(set(level.tolist())):
        rows = level == depth
        if depth < 0:
            continue
        if depth == 0:
            told[rows] = number[rows] + " other active accounts of every kind, a wide comparison"
            continue
        shared = joined(facts.loc[rows], by[:depth], ", ")
        told[rows] = number[rows] + " other active accounts: " + shared
    return told
