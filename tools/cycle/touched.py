"""Touches of a quarter against a calendar: who made them, and in which planned weeks they fell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.book import Book
from domain.period import Period
from domain.territory_plan import CalendarItem
from tools.cycle.played import PlayTold, Touch

MEETING_KINDS = ("meeting", "visit", "demo")
EPOCH = date(1970, 1, 1)

_COLUMNS = ("activity_id", "account_id", "contact_id", "kind", "by", "day")

_Words = npt.NDArray[np.object_]
WeekOf = tuple[str, int]
"""An account and the Monday of a week, in days since `EPOCH`."""

Days = Mapping[str, Sequence[tuple[int, str]]]
"""Day (since `EPOCH`) and id of every touch by account, in order."""


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

    def weeks(self, accounts: Collection[str]) -> frozenset[WeekOf]:
        """Weeks in which anybody touched some accounts."""
        rows = self.rows[self.rows["account_id"].isin(list(accounts))]
        day = rows["day"].to_numpy()
        mondays: list[int] = (day - (day + 3) % 7).tolist()  # day 0 was a Thursday
        return frozenset(zip(rows["account_id"].tolist(), mondays, strict=True))

    def days(self, accounts: Collection[str]) -> Days:
        """Days and ids of touches by account, in order."""
        rows = self.rows[self.rows["account_id"].isin(list(accounts))]
        columns = (rows[name].tolist() for name in ("account_id", "day", "activity_id"))
        found: dict[str, list[tuple[int, str]]] = {}
        for account, day, activity in zip(*columns, strict=True):
            found.setdefault(account, []).append((day, activity))
        return found

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
    are no play, and `kept` those that an activity answers. Those that need activities are
    None where none are known.
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
    met: frozenset[WeekOf] | None,
    days: Days | None,
    plays: Sequence[PlayTold],
    late_days: int,
) -> WeeksTold:
    """Hold the touches of one calendar against what happened.

    Parameters
    ----------
    items
        Items of the calendar; internal ones are no touches and do not count.
    through
        The last day that counts as due.
    met, days
        Weeks in which accounts were touched, and the touches themselves.
    plays
        The rep's plays, told on their own: their items promise nothing twice, and the
        activities that answer them keep no touch.
    late_days
        As for `answered`.
    """
    touches = [item for item in items if item.kind != "internal"]
    due = [item for item in touches if item.day <= through]
    weeks = {(item.account_id, day_number(monday_of(item.day))) for item in due}
    told = {play.ref for play in plays}
    promised = [item for item in due if item.play not in told]
    return WeeksTold(
        planned=len(touches),
        due=len(due),
        weeks_due=len(weeks),
        weeks_kept=None if met is None else len(weeks & met),
        promised=len(promised),
        kept=None if days is None else sum(answered(promised, days, plays, late_days)),
    )


def answered(
    items: Sequence[CalendarItem], days: Days, plays: Sequence[PlayTold], late_days: int
) -> list[bool]:
    """Say of each touch of one rep whether an activity answers it.

    One with its account from the Monday of its week to `late_days` after its day that
    answers none of the rep's plays. Each activity answers one touch; touches take turns by
    day and take the earliest. No other way of giving turns answers more of them.
    """
    used = {play.touch.activity_id for play in plays if play.touch is not None}
    turn: dict[str, int] = {}
    told = [False] * len(items)
    for place in sorted(range(len(items)), key=lambda place: (items[place].day, place)):
        item = items[place]
        touches = days.get(item.account_id, ())
        first, last = day_number(monday_of(item.day)), day_number(item.day) + late_days
        at = turn.get(item.account_id, 0)
        while at < len(touches) and (touches[at][0] < first or touches[at][1] in used):
            at += 1
        if at < len(touches) and touches[at][0] <= last:
            told[place] = True
            at += 1
        turn[item.account_id] = at
    return told


def accounts_planned(items: Iterable[CalendarItem]) -> set[str]:
    """Accounts that a calendar has touches for."""
    return {item.account_id for item in items if item.kind != "internal"}


def day_number(day: date) -> int:
    """Days since `EPOCH`."""
    return day.toordinal() - EPOCH.toordinal()


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
