"""What an account could spend in a year, read from comparable active accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel
from domain.errors import ColumnsMissing
from domain.evidence import Evidence
from tools.cells import Arithmetic, Cite, Metric, Reading, cell, first_of, missing
from tools.facts import Facts

VERSION = 1
FEWEST = 5  # a group told to a reader never has fewer accounts than this

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("potential_p50", "money", "year"),
        Metric("potential_p75", "money", "year"),
        Metric("potential_p90", "money", "year"),
        Metric("potential_basis", "text", "year"),
        Metric("peer_p50", "money", "year"),
        Metric(
            "open_potential",
            "money",
            "year",
            arithmetic=Arithmetic("difference", ("potential_p75", "net_spend_12m")),
        ),
        Metric(
            "spend_to_p75",
            "ratio",
            "year",
            arithmetic=Arithmetic("ratio", ("net_spend_12m", "potential_p75")),
        ),
        Metric("peer_count", "count", "year"),
        Metric("peer_group", "text", "year"),
    )
}


@dataclass(frozen=True)
class Potential:
    """One row per account, indexed by `account_id`.

    `potential_p50`, `potential_p75`, `potential_p90`, `peer_p50`, `open_potential`
    (currency a year), `spend_to_p75` (ratio, missing where nobody spends), `peer_count`,
    `peer_group` and `potential_basis` (words), `peer_level` (how many of `peers.by` the
    peers agree in). All missing where fewer than five accounts compare.
    """

    table: pd.DataFrame
    reading: Reading
    facts: Facts

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Return the evidence of one cell; NotCitable when it is absent or empty."""
        if metric not in METRICS or not entity.startswith("account:"):
            raise missing(entity, metric)
        how = METRICS[metric]
        if metric == "open_potential" and self._spends_past_p75(entity):
            # Nothing is open, and nought is no difference of the two.
            how = Metric("open_potential", "money", "year", arithmetic=_lineage(how))
        ask = cite or first_of(self.cite, self.facts.cite)
        return cell(self.table, self.reading, "potential", VERSION, entity, how, ask)

    def _spends_past_p75(self, entity: str) -> bool:
        account = entity.partition(":")[2]
        return account in self.table.index and bool(self.table["open_potential"][account] == 0)


def _lineage(metric: Metric) -> Arithmetic:
    parents = metric.arithmetic.parents if metric.arithmetic else ()
    return Arithmetic("analysis", parents)


def potential(facts: Facts, coverage: CoverageModel) -> Potential:
    """Tell what each account could spend in a year: the quantiles of its peers.

    Parameters
    ----------
    facts
        Needs the columns named in `coverage.peers.by`, `net_spend_12m` and
        `net_spend_prior_12m`.
    coverage
        `peers.by` are the columns in which peers agree, most important first;
        `peers.minimum` how many others there must be; `peers.quantiles` the three levels.

    Returns
    -------
    Potential
        Peers are the *other* accounts with net spend above nought in the last 12 months
        that agree in all of `peers.by`; where they are fewer than the minimum, or the
        account's own value is blank, the last column is dropped, and so on down to all
        active accounts.

        P75 and P90 are the peers' own. P50 is the peers' median or, where it is more, the
        spending the account has shown to hold, up to P75: its last 12 months while it
        orders in a regular rhythm (`next_order_due` is known), else the weaker of the
        last two years. One good year without a rhythm proves nothing. `peer_p50` is the
        median as such.

    Raises
    ------
    ColumnsMissing
        When `peers.by` names a column that facts lack.

    Notes
    -----
    Quantiles interpolate linearly. `docs/methodology.md#potential` works an example by
    hand and reports the backtest against leaving the second rule out.
    """
    table = facts.table
    by = list(coverage.peers.by)
    unknown = [column for column in by if column not in table.columns]
    if unknown:
        raise ColumnsMissing(
            f"peers.by names {', '.join(unknown)}, which no fact of an account is called.",
            hint="Use for example segment, product_focus, country, region, industry or "
            "territory_group.",
        )
    spend = table["net_spend_12m"].to_numpy(dtype=float)
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
    return Potential(_told(table, found, count, level, by), facts.reading, facts)


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


def _told(
    facts: pd.DataFrame, found: np.ndarray, count: np.ndarray, level: np.ndarray, by: list[str]
) -> pd.DataFrame:
    out = pd.DataFrame(index=facts.index)
    peer_p50, p75, p90 = (pd.Series(found[:, at], index=facts.index).round(2) for at in range(3))
    held = facts[["net_spend_12m", "net_spend_prior_12m"]].min(axis=1, skipna=False)
    if "next_order_due" in facts:
        held = held.where(facts["next_order_due"].isna(), facts["net_spend_12m"])
    own = held.clip(upper=p75).round(2)
    lifted = (own > peer_p50).fillna(False)
    out["potential_p50"] = own.where(lifted, peer_p50)
    out["potential_p75"] = p75
    out["potential_p90"] = p90
    out["peer_p50"] = peer_p50
    spend = facts["net_spend_12m"].fillna(0.0)
    out["open_potential"] = (p75 - spend).clip(lower=0.0).round(2)
    out["spend_to_p75"] = (spend / p75.where(p75 > 0)).round(6)
    has_peers = pd.Series(level >= 0, index=facts.index)
    out["peer_count"] = pd.Series(count, index=facts.index, dtype="Int64").where(has_peers)
    out["peer_level"] = pd.Series(level, index=facts.index, dtype="Int64").where(has_peers)
    out["peer_group"] = _described(facts, count, level, by)
    basis = pd.Series("the median of comparable accounts", index=facts.index, dtype="str")
    basis[lifted] = "own spend that holds, at most the 75th percentile of its peers"
    out["potential_basis"] = basis.where(has_peers)
    return out


def _described(
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
