"""The order of accounts: tier first, then expected value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from domain.evidence import Evidence
from tools.cells import Cite, Metric, Reading, cell, missing
from tools.facts import Facts
from tools.tiers import Tiers

VERSION = 1
METRICS: Mapping[str, Metric] = {
    "rank": Metric("rank", "count"),
    "rank_of": Metric("rank_of", "count"),
}


@dataclass(frozen=True)
class Ranks:
    """One row per account in order of rank, indexed by `account_id`.

    `rank_overall` counts from 1 over the whole book; `rank` and `rank_of` count among
    the owner's accounts and are missing for an unowned account. `owner_id` comes along.
    """

    table: pd.DataFrame
    reading: Reading

    @property
    def order(self) -> tuple[str, ...]:
        """Every account id, best first."""
        return tuple(map(str, self.table.index))

    def of_owner(self, rep_id: str) -> tuple[str, ...]:
        """Account ids of one rep, best first; empty for a rep without accounts."""
        return tuple(map(str, self.table.index[self.table["owner_id"] == rep_id]))

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Cite `rank` or `rank_of`; NotCitable for an unowned account."""
        if metric not in METRICS or not entity.startswith("account:"):
            raise missing(entity, metric)
        return cell(
            self.table, self.reading, "ranks", VERSION, entity, METRICS[metric], cite or self.cite
        )


def ranks(facts: Facts, tiers: Tiers) -> Ranks:
    """Order accounts by tier, then expected value, then id.

    Parameters
    ----------
    facts
        `owner_id` (missing when unowned).
    tiers
        `order` and `expected_value`; an account without expected value comes last in
        its tier.

    Returns
    -------
    Ranks
        The order does not depend on the order of the rows.
    """
    table = pd.DataFrame(
        {
            "order": tiers.table["order"],
            "minus_value": -tiers.table["expected_value"].fillna(-1.0),
            "account": facts.table.index,
            "owner_id": facts.table["owner_id"],
        },
        index=facts.table.index,
    ).sort_values(["order", "minus_value", "account"], kind="stable")
    out = pd.DataFrame({"owner_id": table["owner_id"]})
    out["rank_overall"] = pd.Series(range(1, len(out) + 1), index=out.index, dtype="Int64")
    owned = out.groupby("owner_id", dropna=True)
    out["rank"] = (owned.cumcount() + 1).astype("Int64").where(out["owner_id"].notna())
    out["rank_of"] = owned["rank_overall"].transform("count").astype("Int64")
    return Ranks(out, tiers.reading)
