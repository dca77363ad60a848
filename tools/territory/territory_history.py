"""What accounts bought and deals came to, told for any territory they might lie in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.book import Book
from domain.period import Period, trailing
from tools.balance.problem import Floats
from tools.territory.quota import bookings, quota_days, quota_within, spend_by_window

YEAR = 365
WON, CLOSED = ("won",), ("won", "lost")


@dataclass(frozen=True)
class TerritoryHistory:
    """Twelve months of bookings, quotas and closed deals, and the quarters before them.

    Attributes
    ----------
    year
        The 12 months up to the book's date.
    lines
        Order lines of the year: `account_id`, `rep_id` (who sold; where the line does not
        say, today's owner), `ordered`, `amount`.
    quota, days
        By rep: the quota of the year, and the days of it that have one.
    deals
        Closed deals of the year by account: `won` and `closed` counts.
    any_closed, undated
        Whether the book holds any closed deal, and how many of them have no close date and
        are therefore not counted.
    windows
        Spend by account in past windows as long as the planning period, newest first.
    """

    year: Period
    lines: pd.DataFrame
    quota: Mapping[str, float]
    days: Mapping[str, pd.DatetimeIndex]
    deals: pd.DataFrame
    any_closed: bool
    undated: int
    windows: pd.DataFrame

    @property
    def any_day(self) -> pd.DatetimeIndex:
        """Days of the year on which anybody has a quota."""
        found = pd.DatetimeIndex([])
        for days in self.days.values():
            found = found.union(days)
        return found

    def booked(self, accounts: Sequence[str], days: pd.DatetimeIndex | None = None) -> float:
        """Bookings of some accounts in the year, on those days only where given."""
        return self._sum(self.lines["account_id"].isin(accounts), days)

    def sold(self, rep: str) -> float:
        """Sum what a rep sold in the year, on days with a quota where the rep has any."""
        return self._sum(self.lines["rep_id"] == rep, self.days.get(rep))

    def _sum(self, wanted: pd.Series, days: pd.DatetimeIndex | None) -> float:
        if days is not None:
            wanted = wanted & self.lines["ordered"].isin(days)
        return round(float(self.lines.loc[wanted, "amount"].sum()), 2)

    def closed(self, accounts: Sequence[str]) -> tuple[int, int]:
        """Deals of some accounts that were won, and that were closed either way."""
        found = self.deals[self.deals.index.isin(accounts)]
        return int(found["won"].sum()), int(found["closed"].sum())

    def windows_of(self, accounts: Sequence[str]) -> Floats:
        """Sum what some accounts spent in each past window, newest first."""
        if self.windows.empty:
            return np.zeros(0)
        return np.asarray(self.windows[self.windows.index.isin(accounts)].sum(), dtype=np.float64)


def territory_history(
    book: Book, reps: Collection[str], owners: Mapping[str, str], days: int
) -> TerritoryHistory:
    """Read orders, quotas and closed deals up to the book's date.

    Parameters
    ----------
    reps
        Whose quotas count.
    owners
        Today's owner by account; unowned accounts are left out.
    days
        Length of the planning period.
    """
    year = trailing(book.as_of, YEAR)
    lines = bookings(book, year)
    seller = lines["rep_id"].where(lines["rep_id"].notna(), lines["account_id"].map(owners))
    deals = book["opportunities"]
    closed = deals[deals["stage"].isin(CLOSED)]
    inside = closed["closes"].between(pd.Timestamp(year.start), pd.Timestamp(year.end))
    counted = closed[inside]
    by_account = pd.DataFrame(
        {
            "won": counted["stage"].isin(WON).astype(int).groupby(counted["account_id"]).sum(),
            "closed": counted.groupby("account_id").size(),
        }
    )
    return TerritoryHistory(
        year=year,
        lines=lines.assign(rep_id=seller),
        quota=quota_within(book, reps, year),
        days={
            rep: pd.DatetimeIndex(sorted(found))
            for rep, found in quota_days(book, reps, year).items()
        },
        deals=by_account,
        any_closed=not closed.empty,
        undated=int(closed["closes"].isna().sum()),
        windows=spend_by_window(book, days),
    )
