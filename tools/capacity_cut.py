"""The capacity cut: which of a rep's accounts the rep's hours reach, best first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from domain.coverage import CoverageModel
from domain.evidence import Evidence
from tools.cells import Cite, Metric, Reading, cell, missing
from tools.ranks import Ranks
from tools.tiers import Tiers
from tools.workload import Workload

VERSION = 1
ACCOUNT_METRICS: Mapping[str, Metric] = {
    "cut_note": Metric("cut_note", "text"),
    "hours_through": Metric("hours_through", "hours"),
}
REP_METRICS: Mapping[str, Metric] = {
    "cut_below": Metric("cut_below", "count", column="below"),
    "cut_hours_below": Metric("cut_hours_below", "hours", column="hours_below"),
}


@dataclass(frozen=True)
class CapacityCut:
    """Where each rep's hours end among the rep's accounts. Nothing is moved by it.

    `by_account` is indexed by `account_id`: `within_capacity` (boolean, missing for an
    unowned account), `hours_through` (hours in the period that the rep's accounts up to and
    with this one ask for; missing where it asks for none) and `cut_note` (words).
    `by_rep` is indexed by `rep_id`: `within` and `below` (accounts with personal coverage),
    `hours_within` and `hours_below` (hours they ask for), `selling_hours` and `cut_tier`
    (key of the tier that the line runs through or stands before; missing without a cut).
    """

    by_account: pd.DataFrame
    by_rep: pd.DataFrame
    reading: Reading

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Cite an account's note and hours, or what falls below a rep's line."""
        ask = cite or self.cite
        if entity.startswith("account:") and metric in ACCOUNT_METRICS:
            table, how = self.by_account, ACCOUNT_METRICS[metric]
        elif entity.startswith("rep:") and metric in REP_METRICS:
            table, how = self.by_rep, REP_METRICS[metric]
        else:
            raise missing(entity, metric)
        return cell(table, self.reading, "capacity_cut", VERSION, entity, how, ask)


def capacity_cut(
    ranks: Ranks, tiers: Tiers, hours: Workload, coverage: CoverageModel
) -> CapacityCut:
    """Draw the line where each rep's hours end.

    Parameters
    ----------
    ranks
        The order: tier first, then expected value, then id; `owner_id` tells the rep.
    tiers
        `tier` of every account.
    hours
        What each account asks for in the period and what each rep has.
    coverage
        Tells which tiers are automated: nobody's hours carry them, and they are never cut.

    Returns
    -------
    CapacityCut
        Hours are given out from the best account down. The first account that no longer
        fits and all after it are below the line: a smaller account further down does not
        jump it. An owner without a row of hours has no line, as an unowned account has none.
    """
    automated = {tier.key for tier in coverage.tiers if tier.automated}
    table = pd.DataFrame(
        {
            "owner_id": ranks.table["owner_id"],
            "tier": tiers.table["tier"],
            "hours": hours.by_account["needed_hours"],
        }
    ).loc[list(ranks.table.index)]
    table["selling"] = table["owner_id"].map(hours.by_rep["selling_hours"]).astype("float64")
    personal = table["selling"].notna() & ~table["tier"].isin(automated)
    asked = table["hours"].where(personal)
    through = asked.groupby(table["owner_id"]).cumsum().round(2)
    fits = (through <= table["selling"]) | ~personal
    out = pd.DataFrame(index=table.index)
    out["within_capacity"] = fits.astype("boolean").where(table["selling"].notna())
    out["hours_through"] = through
    out["cut_note"] = _notes(table, personal, fits, through)
    return CapacityCut(
        out.reindex(tiers.table.index), _by_rep(table[personal], fits, hours.by_rep), tiers.reading
    )


def _notes(
    table: pd.DataFrame, personal: pd.Series, fits: pd.Series, through: pd.Series
) -> pd.Series:
    told: list[str | None] = []
    for rep_known, mine, fit, hours, selling, asks in zip(
        table["selling"].notna(), personal, fits, through, table["selling"], table["hours"],
        strict=True,
    ):  # fmt: skip
        if not rep_known:
            told.append(None)
        elif not mine:
            told.append("Automated: takes none of the rep's hours")
        elif fit:
            told.append(f"Within capacity: {_h(hours)} of {_h(selling)} h are taken with it")
        elif not selling:
            told.append(f"Below the line: asks for {_h(asks)} h, and the rep has none")
        else:
            asked = f"with it {_h(hours)} h are asked for"
            told.append(f"Below the line: {asked}, and the rep has {_h(selling)}")
    return pd.Series(told, index=table.index, dtype="str")


def _by_rep(personal: pd.DataFrame, fits: pd.Series, reps: pd.DataFrame) -> pd.DataFrame:
    out = pd.DataFrame(index=reps.index)
    inside = fits.reindex(personal.index).astype(bool)
    for name, rows in (("within", personal[inside]), ("below", personal[~inside])):
        owned = rows.groupby("owner_id")["hours"]
        out[name] = owned.count().reindex(reps.index, fill_value=0).astype("int64")
        out[f"hours_{name}"] = owned.sum().round(2).reindex(reps.index, fill_value=0.0)
    out["selling_hours"] = reps["selling_hours"]
    first = personal[~inside].groupby("owner_id")["tier"].first()
    out["cut_tier"] = first.reindex(reps.index).astype("str")
    return out


def _h(hours: float) -> str:
    return f"{hours:,.1f}".removesuffix(".0")
