"""Which accounts deserve the coming week: what falls due in it, in order, and what fits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import Period
from domain.plan import PlanVersion
from domain.record import content_hash
from tools.analyses import Analyses
from tools.selling_time import selling_weeks
from tools.week_cells import DueAccount, DuePlay, Place, Week, WeekHours

CENT = Decimal("0.01")
_CLOSED = ("won", "lost")


def week_of(as_of: date) -> Period:
    """Return the days left of the week that the next working day after `as_of` lies in.

    From that day to Sunday: of a Friday's book the whole week after, of a Wednesday's
    Thursday to Sunday.
    """
    start = as_of + timedelta(days=1)
    while start.weekday() > 4:
        start += timedelta(days=1)
    return Period(start, start + timedelta(days=6 - start.weekday()))


def week(
    book: Book,
    coverage: CoverageModel,
    analyses: Analyses,
    accounts: Iterable[str],
    plans: Sequence[PlanVersion],
) -> Week:
    """Put the accounts with something due in order, and fit them into their reps' free hours.

    Parameters
    ----------
    book, coverage, analyses
        The book, its rules, and what was worked out from them.
    accounts
        Ids of the accounts to look at; one without an owner is nobody's week.
    plans
        Approved plans of the owners.

    Returns
    -------
    Week
        An account is due for a play of an approved plan that starts or is due in the week;
        an open opportunity that closes within `week.deal_days` of the book's date, or
        should have; a regular order due within `week.order_days`, or overdue; a last touch
        longer ago than its tier's cadence. Orders and cadence do not count in automated
        tiers, whose accounts take nobody's time.

        Plays come first, then accounts with more of deal and order, then those whose
        cadence is missed, then the better rank. An account below the capacity line is not
        proposed without a play. The others are given their tier's touch with preparation,
        from the top, until the free hours end: what comes after does not jump.

    Notes
    -----
    `docs/methodology.md#week` works an example by hand.
    """
    period = week_of(book.as_of)
    owners = book.owners
    mine = [account for account in accounts if owners.get(account) is not None]
    plays = _plays(plans, period, owners)
    deals = _deals(book, coverage, set(mine))
    rank = {account: place for place, account in enumerate(analyses.ranks.order)}
    asked = not book["activities"].empty
    facts, cut = analyses.facts.table, analyses.cut.by_account["within_capacity"]
    # Cell by cell, a frame takes a tenth of a millisecond each: a third of a second a team.
    known = zip(
        mine,
        analyses.tiers.table["tier"].reindex(mine).tolist(),
        facts["next_order_due"].reindex(mine).tolist(),
        facts["days_since_touch"].reindex(mine).tolist(),
        cut.reindex(mine).eq(False).fillna(False).tolist(),
        strict=True,
    )
    due = []
    for account, key, expected, silent_days, below in known:
        tier = coverage.tier(str(key))
        every = math.ceil(7 / tier.touches_per_week)
        touch = Decimal(tier.minutes_per_touch) / 60
        touch *= 1 + Decimal(repr(coverage.capacity.preparation_share))
        found = DueAccount(
            account_id=account,
            rep_id=str(owners[account]),
            plays=plays.get(account, ()),
            deal=deals.get(account),
            order=None if tier.automated else _order(expected, book, coverage),
            silent=not tier.automated and _silent(silent_days, asked, every),
            touch_every=every,
            touch_hours=touch.quantize(CENT),
        )
        if found.reasons:
            due.append(replace(found, place="below" if below and not found.plays else "reached"))
    due.sort(key=lambda item: (*item.urgency, rank[item.account_id]))
    reps = sorted({str(owners[account]) for account in mine})
    hours = {rep: _hours(book, coverage, rep, plans, period) for rep in reps}
    return Week(
        period=period,
        accounts=tuple(_fitted(due, hours)),
        hours=hours,
        reading=analyses.facts.reading,
        _plans=content_hash([plan.content.plan_hash for plan in plans]),
    )


def _fitted(due: Sequence[DueAccount], hours: Mapping[str, WeekHours]) -> Iterable[DueAccount]:
    left = {rep: told.free for rep, told in hours.items()}
    full: set[str] = set()
    for item in due:
        place: Place = item.place
        if place == "reached" and not item.plays:
            if item.touch_hours > left[item.rep_id]:
                full.add(item.rep_id)
            if item.rep_id in full:
                place = "no hours"
            else:
                left[item.rep_id] -= item.touch_hours
        yield replace(item, place=place)


def _hours(
    book: Book, coverage: CoverageModel, rep_id: str, plans: Sequence[PlanVersion], period: Period
) -> WeekHours:
    selling = sum(selling_weeks(book, rep_id, period, coverage).values(), Decimal(0))
    monday = period.start - timedelta(days=period.start.weekday())
    planned = sum(
        (
            Decimal(listed.plan_hours)
            for plan in plans
            if plan.content.owner_id == rep_id
            for listed in plan.content.schedule.weeks
            if listed.week == monday
        ),
        Decimal(0),
    )
    return WeekHours(selling.quantize(CENT), planned.quantize(CENT))


def _plays(
    plans: Sequence[PlanVersion], period: Period, owners: Mapping[str, str | None]
) -> dict[str, tuple[DuePlay, ...]]:
    found: dict[str, list[DuePlay]] = {}
    for plan in plans:
        content = plan.content
        if owners.get(content.account_id) != content.owner_id:
            continue
        kinds = {play.key: play.kind for play in content.draft.plays}
        for listed in content.schedule.plays:
            if listed.starts in period or listed.due in period:
                found.setdefault(content.account_id, []).append(
                    DuePlay(
                        plan_id=plan.plan_id,
                        version=plan.version,
                        key=listed.key,
                        kind=kinds[listed.key],
                        due=listed.due,
                        hours=Decimal(listed.hours),
                    )
                )
    return {
        account: tuple(sorted(plays, key=lambda play: (play.due, play.key)))
        for account, plays in found.items()
    }


def _deals(book: Book, coverage: CoverageModel, accounts: set[str]) -> dict[str, str]:
    """The open opportunity of each account that closes soonest, within the days looked at."""
    rows = book["opportunities"]
    last = pd.Timestamp(book.as_of + timedelta(days=coverage.week.deal_days))
    later = rows["opened"] > pd.Timestamp(book.as_of)
    open_ = ~rows["stage"].isin(_CLOSED) & (rows["closes"] <= last) & ~later
    rows = rows[open_ & rows["account_id"].isin(accounts)]
    rows = rows.sort_values(["closes", "opportunity_id"], kind="stable")
    first = rows.drop_duplicates("account_id")
    return dict(zip(first["account_id"], first["opportunity_id"], strict=True))


def _order(due: Any, book: Book, coverage: CoverageModel) -> date | None:
    if pd.isna(due):
        return None
    day = pd.Timestamp(due).date()
    return day if day <= book.as_of + timedelta(days=coverage.week.order_days) else None


def _silent(days: Any, touches_on_file: bool, every: int) -> bool:
    """Say whether the cadence is missed; never met counts, where touches are on file at all."""
    return touches_on_file if pd.isna(days) else int(days) > every
