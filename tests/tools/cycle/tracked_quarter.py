"""A quarter small enough to add up by hand: two reps, four accounts, one later book.

2026Q4 runs from 1 Oct to 31 Dec; the plans are of the book of 2 Oct, the later book is of
13 Nov, a Friday: 44 of 92 days are gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.cycle import Figure
from domain.cycle_version import CycleVersion
from domain.plan import AccountPlanDraft, PlanContent, PlanVersion, Play, Schedule, ScheduledPlay
from domain.quarter import QuarterRules, quarter_named
from domain.territory_plan import (
    CalendarItem,
    CalendarWeek,
    HealthRow,
    RepCalendar,
    Targets,
    TerritoryPlanContent,
    TerritoryTables,
)
from tests.tools.conftest import make_book
from tools.analyses import Analyses
from tools.cells import Reading
from tools.cycle.side import Side
from tools.facts import Facts
from tools.past_deals import open_deals
from tools.potential import Potential
from tools.tiers import Tiers
from tools.workload import Workload

BEFORE, AFTER = date(2026, 10, 2), date(2026, 11, 13)
Q4 = quarter_named("2026Q4", QuarterRules())
PLANNED_FROM = date(2026, 10, 5)
TIERS = {"A": "strategic", "B": "tier_1", "C": "strategic", "D": "tier_2"}
OWNERS: Mapping[str, str] = {"A": "ana", "B": "ana", "C": "bo", "D": "bo"}


def book(
    as_of: date, *, owners: Mapping[str, str] = OWNERS, **tables: Sequence[Mapping[str, Any]]
) -> Book:
    """The four accounts and both reps, with the rows that a test is about."""
    rows: dict[str, Any] = {
        "accounts": [{"account_id": key, "owner_id": owners.get(key)} for key in TIERS],
        "reps": [{"rep_id": "ana", "name": "Ana"}, {"rep_id": "bo", "name": "Bo"}],
    }
    return make_book(as_of=as_of, book_id=f"book-{as_of.isoformat()}", **{**rows, **tables})


def side(book: Book, coverage: CoverageModel, tiers: Mapping[str, str] = TIERS) -> Side:
    """Read a book under tiers given by hand: the analyses hold what tracking looks at."""
    accounts = book["accounts"]
    keys = pd.Index(accounts["account_id"], name="account_id")
    deals = open_deals(book["opportunities"], book.as_of)
    pipeline = deals.groupby("account_id")["amount"].sum().reindex(keys, fill_value=0.0)
    if book["opportunities"].empty:
        pipeline = pipeline.mask(pipeline.notna())
    reading = Reading(book.book_id, coverage.hash, book.as_of, book.owners)
    owner = accounts["owner_id"].set_axis(keys)
    hours = pd.DataFrame({"needed_hours": 100.0, "selling_hours": 200.0}, index=["ana", "bo"])
    analyses = Analyses.__new__(Analyses)
    for name, value in {
        "facts": Facts(pd.DataFrame({"owner_id": owner, "open_pipeline": pipeline}), reading),
        "tiers": _with(Tiers, table=pd.DataFrame({"tier": [tiers[key] for key in keys]}, keys)),
        "potential": _with(Potential, table=pd.DataFrame({"potential_p50": 1000.0}, keys)),
        "workload": _with(Workload, by_rep=hours),
    }.items():
        object.__setattr__(analyses, name, value)
    return Side(book, coverage, analyses)


def _with(of: type, **values: Any) -> Any:
    made = of.__new__(of)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def item(day: date, account: str, kind: str = "call", play: str | None = None) -> CalendarItem:
    """One touch of a calendar."""
    return CalendarItem.model_validate(
        {
            "day": day, "account_id": account, "kind": kind, "hours": "1", "play": play,
            "source": "play" if play else "cadence",
        }
    )  # fmt: skip


def target(metric: str, unit: Any, value: str) -> HealthRow:
    """A row of the scorecard; only its target is looked at."""
    said = Figure(metric=metric, label=metric, unit=unit, value=value, evidence_id="ev_1")
    return HealthRow(metric=metric, label=metric, target=said, current=said, status="green")


TARGETS = (
    target("qualified_meetings", "count", "10"),
    target("demos", "count", "4"),
    target("pipeline_coverage", "ratio", "3"),
    target("strategic_engagement", "share", "1"),
    target("average_deal_size", "money", "35000"),
)


def territory_plan(
    rep: str,
    *items: CalendarItem,
    pipeline: str = "6600",
    targets: Sequence[HealthRow] = TARGETS,
    as_of: date = BEFORE,
    version: int = 1,
) -> CycleVersion:
    """An approved territory plan with some touches and targets."""
    total = Figure(
        metric="pipeline_target", label="Total", unit="money", value=pipeline, evidence_id="ev_2"
    )
    weeks: dict[date, list[CalendarItem]] = {}
    for one in items:
        weeks.setdefault(one.day - timedelta(days=one.day.weekday()), []).append(one)
    calendar = RepCalendar.model_construct(
        rep_id=rep,
        weeks=tuple(
            CalendarWeek(
                week=monday, working_days=5, selling_hours="20", planned_hours=str(len(listed)),
                travel_hours="0", items=tuple(listed),
            )
            for monday, listed in sorted(weeks.items())
        ),
        trips=(),
    )  # fmt: skip
    content = TerritoryPlanContent.model_construct(
        rep_id=rep,
        rep_name=rep.title(),
        reps=(rep,),
        customer=None,
        quarter="2026Q4",
        period_start=Q4.period.start,
        period_end=Q4.period.end,
        plan_from=PLANNED_FROM,
        as_of=as_of,
        tables=TerritoryTables.model_construct(
            scorecard=tuple(targets), goals=(), targets=Targets(rows=(), total=total)
        ),
        calendars=(calendar,),
    )
    return CycleVersion.model_construct(
        plan_id=f"TP-{rep}", version=version, status="approved", content=content
    )


def account_plan(
    account: str,
    *plays: tuple[str, str, date, date],
    owner: str | None = None,
    as_of: date = BEFORE,
    version: int = 1,
    contact: str | None = None,
    book_id: str = "book-2026-10-02",
) -> PlanVersion:
    """An approved account plan; plays are (key, kind, starts, due)."""
    content = PlanContent.model_construct(
        account_id=account,
        owner_id=owner or OWNERS[account],
        as_of=as_of,
        book_id=book_id,
        draft=AccountPlanDraft.model_construct(
            plays=[
                Play.model_construct(key=key, kind=kind, contact=contact)
                for key, kind, _, _ in plays
            ]
        ),
        schedule=Schedule.model_construct(
            plays=tuple(
                ScheduledPlay(
                    key=key, starts=starts, due=due, hours="1", travel_hours="0", done_by="rep"
                )
                for key, _, starts, due in plays
            )
        ),
    )
    return PlanVersion.model_construct(plan_id=f"P-{account}", version=version, content=content)


def touch(account: str, day: date, kind: str = "call", **more: Any) -> dict[str, Any]:
    """A row of activities."""
    return {"account_id": account, "occurred": day, "kind": kind, **more}


def shuffled(book: Book, seed: int) -> Book:
    """The same book with the rows of every table in another order."""
    tables = {
        name: table.sample(frac=1, random_state=seed).reset_index(drop=True)
        for name, table in book.tables.items()
    }
    return replace(book, tables=tables)
