"""Touches of a quarter against a calendar: who made them, and in which planned weeks they fell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.book import Book
from domain.period import Period
from domain.territory_plan import CalendarItem
from tools.cycle.played import Touch

MEETING_KINDS = ("meeting", "visit", "demo")
EPOCH = date(1970, 1, 1)

_COLUMNS = ("activity_id", "account_id", "contact_id", "kind", "by", "day")

_Words = npt.NDArray[np.object_]
WeekOf = tuple[str, int]
"""An account and the Monday of a week, in days since `EPOCH`."""


@dataclass(frozen=True)
class Touches:
    """Activities up to a book's date, by day and id.

    `rows` has `activity_id`, `account_id`, `contact_id`, `kind`, `by` (who did it: the
    row's rep, else the account's owner in this book) and `day` (since `EPOCH`). `known` is
    False where the book holds no activity at all: it was not asked for any.
    """

    rows: pd.DataFrame
    known: bool

    def count(
        self,
        rep_id: str,
        span: Period,
        kinds: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> int | None:
        """Count one rep's touches in a span, of some kinds where named; None if not known.

        Those with accounts of `without` do not count.
        """
        if not self.known:
            return None
        found = self._by_rep.get(rep_id)
        if found is None:
            return 0
        days, kind, account = found
        inside = (days >= day_number(span.start)) & (days <= day_number(span.end))
        if kinds is not None:
            inside &= np.isin(kind, list(kinds))
        if without:
            return sum(one not in without for one in account[inside])
        return int(inside.sum())

    def accounts(self, span: Period) -> frozenset[str]:
        """Accounts that anybody touched in a span."""
        day = self.rows["day"]
        inside = (day >= day_number(span.start)) & (day <= day_number(span.end))
        return frozenset(self.rows.loc[inside, "account_id"])

    def of(self, accounts: Collection[str]) -> list[Touch]:
        """Return the touches of some accounts, one by one."""
        rows = self.rows[self.rows["account_id"].isin(list(accounts))]
        columns = [rows[name].tolist() for name in _COLUMNS]
        return [
            Touch(
                activity_id=str(activity),
                account_id=str(account),
                contact_id=contact if isinstance(contact, str) else None,
                kind=str(kind),
                on=date.fromordinal(EPOCH.toordinal() + day),
                by=by if isinstance(by, str) else None,
            )
            for activity, account, contact, kind, by, day in zip(*columns, strict=True)
        ]

    def by_week(self, accounts: Collection[str], taken: Collection[str] = ()) -> Counter[WeekOf]:
        """Count touches by account and week, those of the ids `taken` left out."""
        rows = self.rows[self.rows["account_id"].isin(list(accounts))]
        if taken:
            rows = rows[~rows["activity_id"].isin(list(taken))]
        day = rows["day"].to_numpy()
        mondays: list[int] = (day - (day + 3) % 7).tolist()  # day 0 was a Thursday
        return Counter(zip(rows["account_id"].tolist(), mondays, strict=True))

    @cached_property
    def _by_rep(self) -> dict[str, tuple[npt.NDArray[np.int64], _Words, _Words]]:
        return {
            str(rep): (
                group["day"].to_numpy(dtype=np.int64),
                group["kind"].to_numpy(dtype=object),
                group["account_id"].to_numpy(dtype=object),
            )
            for rep, group in self.rows.groupby("by", sort=False)
        }


def touches_of(book: Book) -> Touches:
    """Read a book's activities up to its date."""
    rows = book["activities"]
    rows = rows[rows["occurred"] <= pd.Timestamp(book.as_of)]
    owner = rows["account_id"].map(book.owners)
    days = rows["occurred"].to_numpy().astype("datetime64[D]").astype(np.int64)
    read = pd.DataFrame(
        {
            "activity_id": rows["activity_id"],
            "account_id": rows["account_id"],
            "contact_id": rows["contact_id"],
            "kind": rows["kind"],
            "by": rows["rep_id"].where(rows["rep_id"].notna(), owner),
            "day": days,
        }
    ).sort_values(["day", "activity_id"], kind="stable", ignore_index=True)
    return Touches(read, known=len(read) > 0)


@dataclass(frozen=True)
class WeeksTold:
    """How a calendar was kept, in counts.

    `planned` and `due` touches; `weeks_due` account-weeks in which a touch was due, and
    `weeks_kept` those of them in which the account was touched; `promised` touches due that
    are no play, and `kept` those that an activity of the week answers. Those that need
    activities are None where none are known.
    """

    planned: int
    due: int
    weeks_due: int
    weeks_kept: int | None
    promised: int
    kept: int | None


def weeks_told(
    items: Sequence[CalendarItem],
    through: date,
    met: Counter[WeekOf] | None,
    left: Counter[WeekOf] | None,
    plays: Collection[str],
) -> WeeksTold:
    """Hold the touches of one calendar against the touches of each account and week.

    Parameters
    ----------
    items
        Items of the calendar; internal ones are no touches and do not count.
    through
        The last day that counts as due.
    met, left
        Touches by account and week: all of them, and those that answer no play.
    plays
        References of the plays told on their own: their items promise nothing twice.
    """
    touches = [item for item in items if item.kind != "internal"]
    due = [item for item in touches if item.day <= through]
    weeks = {_week(item) for item in due}
    promised = Counter(_week(item) for item in due if item.play not in plays)
    return WeeksTold(
        planned=len(touches),
        due=len(due),
        weeks_due=len(weeks),
        weeks_kept=None if met is None else sum(week in met for week in weeks),
        promised=promised.total(),
        kept=None if left is None else sum(min(n, left[week]) for week, n in promised.items()),
    )


def accounts_planned(items: Iterable[CalendarItem]) -> set[str]:
    """Accounts that a calendar has touches for."""
    return {item.account_id for item in items if item.kind != "internal"}


def day_number(day: date) -> int:
    """Days since `EPOCH`."""
    return day.toordinal() - EPOCH.toordinal()


def _week(item: CalendarItem) -> WeekOf:
    return item.account_id, day_number(item.day) - item.day.weekday()
