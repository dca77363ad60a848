"""The reps of a design: hours, ramp, what they work, and their quota of the period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import Period
from tools.analyses import Analyses

DAYS_A_MONTH = 365.25 / 12


def read_reps(
    book: Book,
    analyses: Analyses,
    coverage: CoverageModel,
    accounts: pd.DataFrame,
    team: str | None,
) -> pd.DataFrame:
    """Read the reps who can own accounts through the whole period, as `Inputs.reps` has them.

    `accounts` has `owner_id` and `territory_group` of every account of the book.
    """
    period = analyses.workload.period
    people = book["reps"].set_index("rep_id")
    end = pd.Timestamp(period.end)
    active = (people["function"] == "rep") & ~(people["active_to"] < end)
    active &= ~(people["active_from"] > end)
    if team is not None:
        active &= people["team"] == team
    reps = people.loc[active].sort_index()

    out = reps[["name", "team", "base_city", "base_latitude", "base_longitude", "time_zone"]].copy()
    hours = analyses.workload.by_rep["selling_hours"]
    out["selling_hours"] = hours.reindex(out.index).fillna(0.0).astype("float64")
    shares = coverage.territory.ramp_by_month
    starts = [None if pd.isna(day) else day.date() for day in reps["active_from"]]
    out["ramp"] = [ramp(start, period, shares) for start in starts]
    for column in ("segments", "industries", "languages"):
        listed = reps[column] if column in reps else pd.Series(index=reps.index, dtype="str")
        out[column] = pd.Series([split_list(text) for text in listed], out.index, dtype="object")
    owned = accounts.dropna(subset=["owner_id", "territory_group"]).groupby("owner_id")
    works = {str(rep): set(found) for rep, found in owned["territory_group"]}
    of_team = {
        name: team_groups(book, accounts, str(name), coverage) for name in out["team"].dropna()
    }
    out["groups"] = pd.Series(
        [
            tuple(sorted(works.get(str(rep), set()) | of_team.get(name, frozenset())))
            for rep, name in out["team"].items()
        ],
        out.index,
        dtype="object",
    )
    out["quota"] = [period_quota(book, str(rep), period) for rep in out.index]
    return out


def team_groups(
    book: Book, accounts: pd.DataFrame, team: str, coverage: CoverageModel
) -> frozenset[str]:
    """Territory groups a team works: those with a fair part of the accounts its people own.

    A group counts from `territory.team_group_share` of the team's accounts on, so that a
    few strays do not make a team responsible for a continent.
    """
    members = book["reps"].loc[book["reps"]["team"] == team, "rep_id"]
    owned = accounts.loc[accounts["owner_id"].isin(members), "territory_group"].dropna()
    shares = owned.value_counts(normalize=True)
    return frozenset(map(str, shares.index[shares >= coverage.territory.team_group_share]))


def ramp(start: date | None, period: Period, by_month: Sequence[float]) -> float:
    """Share of a full rep's work in the middle of the period, by months since the start.

    `by_month` has the first month's share first; beyond its end, and without a start
    date, the share is 1.
    """
    if start is None:
        return 1.0
    middle = period.start + timedelta(days=period.days // 2)
    months = int(max(0, (middle - start).days) / DAYS_A_MONTH)
    return by_month[months] if months < len(by_month) else 1.0


def split_list(text: object) -> tuple[str, ...]:
    """Split `French; English` into its words; empty for a blank."""
    if not isinstance(text, str):
        return ()
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def period_quota(book: Book, rep_id: str, period: Period) -> float:
    """Quota of the period: the daily rate of the days that quotas cover, for all its days.

    Missing (nan) when no quota touches the period. A quota of 910 over 91 days that covers
    27 of 90 days makes 10 x 90 = 900.
    """
    amount, days = 0.0, 0
    for quota in book.rows("quotas").values():
        if quota["rep_id"] != rep_id:
            continue
        first, last = quota["starts"].date(), quota["ends"].date()
        shared = (min(last, period.end) - max(first, period.start)).days + 1
        if shared > 0:
            amount += float(quota["amount"]) * shared / ((last - first).days + 1)
            days += shared
    return amount / days * period.days if days else float("nan")
