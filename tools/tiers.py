"""The tier of every account: the highest one whose every rule it meets, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel
from domain.errors import NotFound
from domain.evidence import Evidence
from tools.cells import Arithmetic, Cite, Metric, Reading, cell, first_of, missing
from tools.facts import Facts
from tools.potential import Potential
from tools.score import Score
from tools.standing import Standing
from tools.tier_rules import NO_EARLIER, Placing

VERSION = 1

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "tier", "name", column="label", arithmetic=Arithmetic("analysis", ("potential_p50",))
        ),
        Metric("tier_note", "text"),
        Metric("win_probability", "share", arithmetic=Arithmetic("analysis", ("score",))),
        Metric(
            "expected_value",
            "money",
            "year",
            arithmetic=Arithmetic("analysis", ("win_probability", "potential_p50")),
        ),
    )
}


@dataclass(frozen=True)
class Tiers:
    """One row per account, indexed by `account_id`.

    `tier` (key), `label`, `order` (0 is the highest tier), `tier_note` (words),
    `potential_tier` (the highest tier whose potential it reaches), `unmet` and `unknown`
    (rules of that tier, joined by `, `; empty when none), `held` (whether the last book
    keeps its potential from crossing a bound), `win_probability` (0 to 1) and
    `expected_value` (currency a year: probability times potential P50; missing with it).
    `placing` is what the tiers were decided from.
    """

    table: pd.DataFrame
    reading: Reading
    potential: Potential
    score: Score
    placing: Placing

    def of(self, account_id: str) -> str:
        """Return the key of an account's tier; NotFound for an unknown account."""
        if account_id not in self.table.index:
            raise NotFound(
                f"There is no account {account_id!r} in the book.",
                hint="List accounts with `cadastre accounts rank`.",
            )
        return str(self.table.at[account_id, "tier"])

    def counts(self) -> dict[str, int]:
        """Number of accounts by tier key; tiers without accounts are left out."""
        return {str(key): int(n) for key, n in self.table["tier"].value_counts().items()}

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Return the evidence of one cell; NotCitable when it is absent or empty."""
        if metric not in METRICS or not entity.startswith("account:"):
            raise missing(entity, metric)
        how = METRICS[metric]
        ask = cite or first_of(self.cite, self.potential.cite, self.score.cite)
        if metric == "tier" and pd.isna(self._potential_of(entity)):
            how = Metric("tier", "name", column="label")
        return cell(self.table, self.reading, "tiers", VERSION, entity, how, ask)

    def _potential_of(self, entity: str) -> float:
        account = entity.partition(":")[2]
        table = self.potential.table
        return float(table["potential_p50"][account]) if account in table.index else np.nan


def tiers(
    facts: Facts,
    potential: Potential,
    score: Score,
    coverage: CoverageModel,
    previous: Standing | None = None,
) -> Tiers:
    """Place every account in a tier.

    Parameters
    ----------
    facts
        Access and cycle columns: true, false, or missing while unknown.
    potential
        `potential_p50`, the potential that a tier's bound is held against.
    score
        Fit points and win probability.
    coverage
        The tiers, highest first, and `tiers_hysteresis.share`.
    previous
        Where accounts stood in the last book; None when there was none.

    Returns
    -------
    Tiers
        The highest tier whose potential the account reaches and none of whose rules is
        unmet. A tier with `confirmed` also needs every rule known to hold; below it an
        unknown rule is named in the note and lowers nothing. A bound belongs to the
        higher tier, except under `potential_over`. Unknown potential reaches only the
        last tier. An account whose rules shut it out of every tier gets the last one.

        With `previous`, a potential keeps the tier it reached until it is more than the
        share below that tier's bound, or at least the share above the next one's. An
        account without an earlier potential is placed by the bounds alone, and so is every
        account where people changed the bounds since.

    Notes
    -----
    `docs/methodology.md#tier` works the cases by hand.
    """
    index = facts.table.index
    known = facts.table
    states = pd.DataFrame(
        {
            "potential": potential.table["potential_p50"].astype("float64"),
            "executive": known["has_executive_access"],
            "director": known["has_director_access"],
            "active": known["cycle_active"],
            "six_months": known["cycle_six_months"],
            "early": known["cycle_early"],
            "fit": score.table["fit"],
        },
        index=index,
    )
    earlier = np.full(len(index), NO_EARLIER)
    reading = facts.reading
    if previous is not None:
        earlier = previous.reach(index, coverage.tiers)
        reading = replace(reading, earlier=previous.hash)
    placing = Placing(states, coverage.tiers, earlier, coverage.tiers_hysteresis.share)
    out = placing.table()
    out["win_probability"] = score.table["win_probability"]
    out["expected_value"] = (out["win_probability"] * potential.table["potential_p50"]).round(2)
    return Tiers(out, reading, potential, score, placing)
