"""Hours that tiers ask of each rep, against the hours the rep has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.errors import ColumnsMissing
from domain.evidence import Evidence
from domain.period import Period
from tools.cells import Arithmetic, Cite, Metric, Reading, cell, missing
from tools.schedule import tier_hours
from tools.selling_time import selling_weeks

VERSION = 1
REP_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("selling_hours", "hours"),
        Metric("needed_hours", "hours"),
        Metric("load", "ratio", arithmetic=Arithmetic("ratio", ("needed_hours", "selling_hours"))),
    )
}
ACCOUNT_METRICS: Mapping[str, Metric] = {"tier_hours": Metric("tier_hours", "hours")}


@dataclass(frozen=True)
class Workload:
    """Hours needed against hours available, per rep and planning period.

    `by_rep` is indexed by `rep_id` in the order of the reps: `needed_hours`,
    `selling_hours`, `load` (their ratio; 1.0 is a full calendar, inf a rep with work but
    no hours, missing one with neither) and `accounts` (how many load the rep).
    `by_account` is indexed by `account_id`: `tier_hours`, the touches its tier gives it
    in the period, in hours, and `needed_hours`, the same with preparation and travel.
    """

    by_rep: pd.DataFrame
    by_account: pd.DataFrame
    period: Period
    reading: Reading

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Cite a rep's hours and load or an account's tier hours; NotCitable otherwise."""
        ask = cite or self.cite
        if entity.startswith("rep:") and metric in REP_METRICS:
            rep = entity.partition(":")[2]
            if metric == "load" and rep in self.by_rep.index and not self.hours(rep):
                raise missing(entity, metric)
            return cell(
                self.by_rep, self.reading, "workload", VERSION, entity, REP_METRICS[metric], ask
            )
        if entity.startswith("account:") and metric in ACCOUNT_METRICS:
            return cell(
                self.by_account, self.reading, "workload", VERSION, entity,
                ACCOUNT_METRICS[metric], ask,
            )  # fmt: skip
        raise missing(entity, metric)

    def hours(self, rep_id: str) -> float:
        """Selling hours of one rep in the period; 0 for a rep without any."""
        return float(self.by_rep["selling_hours"][rep_id])


def workload(
    accounts: pd.DataFrame,
    reps: pd.DataFrame,
    coverage: CoverageModel,
    *,
    period: Period,
    reading: Reading,
) -> Workload:
    """Compare the hours each rep's accounts ask for with the hours the rep has.

    Unassigned accounts load nobody, and neither do accounts of an automated tier.

    Parameters
    ----------
    accounts
        One row per account: `account_id` (unique), `rep_id` (missing when unassigned),
        `tier` (a key of the coverage model) and, where known, `travel_hours` (round
        trip, hours per touch; the column may be absent).
    reps
        One row per rep: `rep_id` (unique) and `selling_hours` (hours in the period,
        after leave).
    coverage
        Defines every tier that appears in `accounts`; `capacity.preparation_share` comes
        on top of the minutes of every touch.
    period
        The planning period.
    reading
        What the tables were read under.

    Returns
    -------
    Workload
        Hours rounded to 2 places account by account, then added up.

    Raises
    ------
    ColumnsMissing
        When either table lacks a column named above.
    UnknownTier
        When an account's tier is not in the coverage model.

    Notes
    -----
    Workload build-up as in Zoltners, Sinha & Lorimer (2011),
    doi:10.1093/oxfordhb/9780199569458.003.0011; `docs/methodology.md#workload` works an
    example by hand.
    """
    _need(accounts, "accounts", ("account_id", "rep_id", "tier"))
    _need(reps, "reps", ("rep_id", "selling_hours"))
    used = {str(key): coverage.tier(str(key)) for key in sorted(set(accounts["tier"]))}
    touch_hours = {key: float(tier_hours(tier, period)) for key, tier in used.items()}
    touches = {
        key: 0.0 if tier.automated else tier.touches_per_week * period.days / 7
        for key, tier in used.items()
    }
    keyed = accounts.set_index("account_id")
    by_account = pd.DataFrame(index=keyed.index)
    by_account["tier_hours"] = keyed["tier"].map(touch_hours).astype("float64")
    prepared = by_account["tier_hours"] * (1 + coverage.capacity.preparation_share)
    travel = keyed["travel_hours"].fillna(0.0) if "travel_hours" in keyed else 0.0
    on_the_road = keyed["tier"].map(touches).astype("float64") * travel
    by_account["needed_hours"] = (prepared + on_the_road).round(2)

    by_rep = reps.set_index("rep_id")[["selling_hours"]].astype("float64").round(2)
    asked = by_account["needed_hours"].groupby(keyed["rep_id"]).sum().round(2)
    # A rep without accounts has no group, yet still has a calendar: an empty one.
    by_rep.insert(0, "needed_hours", asked.reindex(by_rep.index, fill_value=0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        by_rep["load"] = (by_rep["needed_hours"] / by_rep["selling_hours"]).round(6)
    working = keyed["rep_id"][by_account["needed_hours"] > 0]
    by_rep["accounts"] = working.value_counts().reindex(by_rep.index, fill_value=0).astype(int)
    return Workload(by_rep, by_account, period, reading)


def selling_hours(book: Book, coverage: CoverageModel, period: Period) -> pd.DataFrame:
    """Selling hours of every rep of a book in `period`, after leave, joining and leaving."""
    reps = [str(rep) for rep in book["reps"]["rep_id"]]
    hours = [float(sum(selling_weeks(book, rep, period, coverage).values())) for rep in reps]
    return pd.DataFrame(
        {"rep_id": pd.Series(reps, dtype="str"), "selling_hours": pd.Series(hours, dtype="float64")}
    )


def _need(table: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise ColumnsMissing(
            f"Table {name} lacks {', '.join(absent)}.",
            hint=f"workload reads {', '.join(columns)} from it.",
        )
