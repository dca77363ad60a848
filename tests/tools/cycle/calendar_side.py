"""A rep's side of a book for tests of the calendar: tiers and ranks are said, not computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd

from domain.book import frame
from domain.coverage import CoverageModel
from domain.period import Period
from domain.plan import AccountPlanDraft, PlanContent, PlanVersion, Play, Schedule, ScheduledPlay
from domain.quarter import Quarter
from tests.tools.conftest import make_book
from tools.cells import Reading
from tools.cycle.side import Side

# Four whole weeks, from Monday 2 to Sunday 29 November 2026.
FOUR_WEEKS = Quarter("2026Q4", Period(date(2026, 11, 2), date(2026, 11, 29)))
BEFORE = date(2026, 10, 30)
EMPTY = make_book()
BASE = {"base_latitude": 50.0, "base_longitude": 10.0, "time_zone": "Europe/Berlin"}


def calendar_side(
    coverage: CoverageModel,
    tiers: Mapping[str, str],
    *,
    places: Mapping[str, tuple[float, float]] | None = None,
    zones: Mapping[str, str] | None = None,
    rep: Mapping[str, Any] | None = None,
    leave: Sequence[tuple[date, date]] = (),
    as_of: date = BEFORE,
    shuffled: Sequence[int] | None = None,
) -> Side:
    """Rep `ana` with the accounts of `tiers`, ranked in that order, 20 hours a week."""
    listed = []
    for account in tiers:
        row: dict[str, Any] = {"account_id": account, "owner_id": "ana"}
        row |= {"name": account, "city": f"City of {account}"}
        if account in (places or {}):
            row["latitude"], row["longitude"] = places[account]
        row["time_zone"] = (zones or {}).get(account, "Europe/Berlin")
        listed.append(row)
    listed.append({"account_id": "zz-other", "name": "Other", "owner_id": "bo"})
    ana = {"rep_id": "ana", "name": "Ana", "selling_hours_week": 20.0, **BASE, **(rep or {})}
    reps = [{"function": "rep", **row} for row in (ana, {"rep_id": "bo", "name": "Bo"})]
    days_off = [
        {"leave_id": f"L{number}", "rep_id": "ana", "starts": starts, "ends": ends}
        for number, (starts, ends) in enumerate(leave)
    ]
    accounts = frame("accounts", listed)
    if shuffled is not None:
        accounts = accounts.iloc[list(shuffled)].reset_index(drop=True)
    filled = {"accounts": accounts, "reps": frame("reps", reps), "leave": frame("leave", days_off)}
    book = replace(EMPTY, as_of=as_of, tables={**EMPTY.tables, **filled})
    table = pd.DataFrame({"tier": pd.Series(dict(tiers), dtype="str")})
    analyses = SimpleNamespace(
        tiers=SimpleNamespace(table=table),
        ranks=SimpleNamespace(of_owner=lambda rep_id: tuple(tiers) if rep_id == "ana" else ()),
        facts=SimpleNamespace(reading=Reading("book-1", coverage.hash, as_of, book.owners)),
    )
    return Side(book, coverage, analyses)  # type: ignore[arg-type]


def promised(
    account: str,
    due: date,
    hours: str,
    *,
    kind: str = "visit",
    travel: str = "0",
    done_by: str = "rep",
    key: str = "p",
    owner: str = "ana",
) -> PlanVersion:
    """An approved plan of one play; only what the calendar reads is filled in."""
    content = PlanContent.model_construct(
        account_id=account,
        owner_id=owner,
        draft=AccountPlanDraft.model_construct(plays=[Play.model_construct(key=key, kind=kind)]),
        schedule=Schedule.model_construct(
            plays=(
                ScheduledPlay(
                    key=key,
                    starts=due - timedelta(days=due.weekday()),
                    due=due,
                    hours=hours,
                    travel_hours=travel,
                    done_by=done_by,
                ),
            ),
            weeks=(),
        ),
    )
    return PlanVersion.model_construct(plan_id=f"P-{account}", version=1, content=content)
