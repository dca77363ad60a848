"""The weekly page of a rep and the monthly page of a manager: cuts of the quarter's data set."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.plan import PlayKind
from domain.record import Record
from domain.review import Measure, PlayCount
from domain.territory_plan import ItemSource

ItemState = Literal["planned", "done", "missed", "unknown"]


class WeekItem(Record):
    """One touch of a week. `day`, `kind` and `source` are null where no plan sets them.

    `reasons` say why an account is due where no territory plan places it. `play` is
    `plan_id/key`. An item that lies behind the book was `done` or `missed`, or is `unknown`
    where the book holds no activities.
    """

    day: date | None
    account_id: str
    account_name: str
    kind: PlayKind | None
    source: ItemSource | None
    hours: str
    state: ItemState
    play: str | None = None
    reasons: tuple[str, ...] = ()


class Slip(Record):
    """Something that should have happened: an overdue play, or a touch of last week missed."""

    what: Literal["play", "touch"]
    account_id: str
    account_name: str
    kind: PlayKind
    due: date
    days: int
    play: str | None = None


class WeekPage(Record):
    """A rep's week: what last week brought, what this one asks for, what slips.

    `week` is the Monday of the coming week: of the book's own week while a working day of it
    is left. `measures` and `plays` are the rep's row of the quarter's data set, unchanged;
    empty and null where there is none.
    """

    rep_id: str
    rep_name: str
    as_of: date
    week: date
    last_week: date
    plan_id: str | None
    plan_version: int | None
    quarter: str
    last: tuple[WeekItem, ...]
    this: tuple[WeekItem, ...]
    slips: tuple[Slip, ...]
    measures: tuple[Measure, ...] = ()
    plays: PlayCount | None = None
    notes: tuple[str, ...] = ()

    def count(self, state: ItemState) -> int:
        """Count the items of last week in one state."""
        return sum(item.state == state for item in self.last)


class WeekCount(Record):
    """One week of one rep: touches planned, those of them that are due, and those done.

    `done` is null where the book holds no activities, or the rep has no plan.
    """

    week: date
    planned: int
    due: int
    done: int | None


class MonthRow(Record):
    """One rep's month, and the quarter to date as the data set has it."""

    rep_id: str
    rep_name: str
    weeks: tuple[WeekCount, ...]
    late_plays: int
    measures: tuple[Measure, ...]
    plays: PlayCount | None
    drift: bool
    notes: tuple[str, ...] = ()


class MonthPage(Record):
    """A manager's month: the four weeks up to that of the book's date, rep by rep.

    `team` and `plays` are those of the data set cut to these reps.
    """

    as_of: date
    quarter: str
    weeks: tuple[date, ...]
    rows: tuple[MonthRow, ...]
    team: tuple[Measure, ...] = ()
    plays: PlayCount | None = None
    notes: tuple[str, ...] = ()
