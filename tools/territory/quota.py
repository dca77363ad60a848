"""Quotas by rep and day, a team's quota shared by territory potential, and its odds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.special import stdtr

from domain.book import Book
from domain.period import Period
from tools.balance.problem import Floats

WINDOWS = 8
FEWEST_WINDOWS = 4


def quota_within(book: Book, reps: Collection[str], window: Period) -> dict[str, float]:
    """Quota of each rep over a window; reps without one are left out.

    A quota that lies partly in the window counts with its share of days: 90 days of 900
    of which 30 lie in the window are 300.
    """
    totals = _overlaps(book, reps, window)["amount"].groupby(level=0).sum()
    return {str(rep): float(amount) for rep, amount in totals.items()}


@dataclass(frozen=True)
class PlannedQuota:
    """Quota by rep over a planning period. `set_until` is the last day a quota is set for.

    Where quotas end before the period does, or all lie before it, each rep's latest daily
    rate is carried on; `carried_on` says so.
    """

    by_rep: Mapping[str, float]
    carried_on: bool
    set_until: date | None

    @property
    def team(self) -> float | None:
        """What the reps owe together; None where no quota is set."""
        return sum(self.by_rep.values()) if self.by_rep else None


def planned_quota(book: Book, reps: Collection[str], period: Period) -> PlannedQuota:
    """Work out each rep's quota for a planning period.

    Returns
    -------
    PlannedQuota
        The rate a day of the quotas that overlap the period, times its days; for a rep
        whose quotas all ended earlier, the rate of the newest one. Quotas that begin
        after the period are not read.
    """
    quotas = _quotas_of(book, reps)
    quotas = quotas[quotas["starts"] <= pd.Timestamp(period.end)]
    within = quota_within(book, reps, period)
    set_on = quota_days(book, reps, period)
    by_rep: dict[str, float] = {}
    carried = False
    for rep, rows in quotas.groupby("rep_id", sort=True):
        if rep in within:
            days = len(set_on[str(rep)])
            by_rep[str(rep)] = within[str(rep)] / days * period.days
            carried |= days < period.days
        else:
            newest = rows.sort_values(["ends", "starts"]).iloc[-1]
            length = (newest["ends"] - newest["starts"]).days + 1
            by_rep[str(rep)] = float(newest["amount"]) / length * period.days
            carried = True
    last = None if quotas.empty else quotas["ends"].max().date()
    return PlannedQuota(by_rep, carried, last)


def share_quota(team: float, potential: Floats) -> Floats:
    """Share a team's quota by territory potential.

    Parameters
    ----------
    team
        The team's quota, in currency.
    potential
        Potential of each territory, none negative.

    Returns
    -------
    array
        One quota per territory, unrounded; they add up to `team`. Equal territories get
        equal quotas, and all do where no territory has any potential.
    """
    total = float(potential.sum())
    if total <= 0:
        return np.full(len(potential), team / max(len(potential), 1))
    return np.asarray(team * (potential / total))


def bookings(book: Book, window: Period) -> pd.DataFrame:
    """Return the order lines of a window: account, rep who sold (may be missing), day, amount."""
    orders = book["orders"]
    inside = orders["ordered"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    return orders.loc[inside, ["account_id", "rep_id", "ordered", "amount"]]


def spend_by_window(book: Book, days: int) -> pd.DataFrame:
    """Net spend of each account in past windows of so many days, newest first.

    Indexed by account; a column for each of at most eight windows up to the book's date
    that lie wholly in the history of orders. An account without orders has no row.
    """
    orders = book["orders"]
    orders = orders[orders["ordered"] <= pd.Timestamp(book.as_of)]
    if orders.empty:
        return pd.DataFrame()
    known = (book.as_of - orders["ordered"].min().date()).days + 1
    windows = min(WINDOWS, known // days)
    age = (pd.Timestamp(book.as_of) - orders["ordered"]).dt.days // days
    spent = orders.assign(window=age)[age < windows].pivot_table(
        index="account_id", columns="window", values="amount", aggfunc="sum", fill_value=0.0
    )
    told: pd.DataFrame = spent.reindex(columns=range(windows), fill_value=0.0)
    return told


def attainment_probability(history: Floats, quota: float) -> float | None:
    """Odds that a territory's bookings reach a quota, from what its accounts spent before.

    Parameters
    ----------
    history
        What the accounts of the territory spent together in past windows as long as the
        period: at least four.
    quota
        The quota of the period.

    Returns
    -------
    float or None
        None with fewer than four windows. Without any spread, 1 or 0.

    Notes
    -----
    Student's predictive distribution of one more window: mean and spread of the past ones,
    one degree of freedom fewer than windows. Adding the accounts up window by window keeps
    what they have in common, such as a weak quarter. It assumes that the coming period is
    drawn like the past ones: no trend, no season, and bookings that follow the account.
    """
    windows = len(history)
    if windows < FEWEST_WINDOWS:
        return None
    mean = float(history.mean())
    spread = float(history.std(ddof=1)) * np.sqrt(1 + 1 / windows)
    if spread <= 1e-9 * max(1.0, abs(mean)):
        return 1.0 if mean >= quota - 1e-9 * max(1.0, abs(quota)) else 0.0
    return float(1 - stdtr(windows - 1, (quota - mean) / spread))


def quota_days(book: Book, reps: Collection[str], window: Period) -> dict[str, set[date]]:
    """Days of a window on which each rep has a quota; reps without any are left out."""
    days: dict[str, set[date]] = {}
    for rep, row in _overlaps(book, reps, window).iterrows():
        first = row["first"].date()
        found = {first + timedelta(days=n) for n in range(int(row["days"]))}
        days.setdefault(str(rep), set()).update(found)
    return days


def _quotas_of(book: Book, reps: Collection[str]) -> pd.DataFrame:
    quotas = book["quotas"]
    return quotas[quotas["rep_id"].isin(list(reps)) & (quotas["ends"] >= quotas["starts"])]


def _overlaps(book: Book, reps: Collection[str], window: Period) -> pd.DataFrame:
    """Quotas cut to a window, indexed by rep: `first` day, `days` and `amount` inside it."""
    quotas = _quotas_of(book, reps)
    start, end = pd.Timestamp(window.start), pd.Timestamp(window.end)
    first = quotas["starts"].where(quotas["starts"] >= start, start)
    last = quotas["ends"].where(quotas["ends"] <= end, end)
    days = (last - first).dt.days + 1
    length = (quotas["ends"] - quotas["starts"]).dt.days + 1
    cut = pd.DataFrame(
        {
            "rep_id": quotas["rep_id"],
            "first": first,
            "days": days,
            "amount": quotas["amount"] * days / length,
        }
    )
    inside: pd.DataFrame = cut[days > 0].set_index("rep_id").sort_index(kind="stable")
    return inside
