"""What a rep's quarter is asked to hold: promised plays, and touches by the tiers' cadence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.plan import PlanVersion, PlayKind
from domain.quarter import Quarter
from tools.cycle.calendar_days import DaysLeft, monday
from tools.cycle.side import Side
from tools.schedule import CENT, CUSTOMER_FACING, play_hours


@dataclass(frozen=True)
class Promise:
    """A play of an approved plan that the rep does on `day`; `hours` are without travel."""

    play: str
    account_id: str
    kind: PlayKind
    promised: date
    day: date
    hours: Decimal
    travel_hours: Decimal


@dataclass(frozen=True)
class Asked:
    """What one account asks for beside promised plays.

    `wanted` are the days its touches should fall on, one each; `visits` of them are to be
    visits. `every` is the number of days from touch to touch, `touch_hours` those of a call.
    """

    account_id: str
    wanted: tuple[date, ...]
    visits: int
    every: int
    touch_hours: Decimal


def promises(
    side: Side, rep_id: str, left: DaysLeft, plans: Sequence[PlanVersion]
) -> tuple[Promise, ...]:
    """Return the plays of approved plans that the rep does in the days left, by day.

    A play that falls on a day off stands on the last working day before it, or the first
    after where there is none.
    """
    owners = side.book.owners
    found = []
    for plan in plans:
        content = plan.content
        if content.owner_id != rep_id or owners.get(content.account_id) != rep_id:
            continue
        kinds = {play.key: play.kind for play in content.draft.plays}
        for listed in content.schedule.plays:
            if listed.done_by != "rep" or listed.due not in left.span:
                continue
            travel = Decimal(listed.travel_hours).quantize(CENT)
            found.append(
                Promise(
                    play=f"{plan.plan_id}/{listed.key}",
                    account_id=content.account_id,
                    kind=kinds[listed.key],
                    promised=listed.due,
                    day=_workable(listed.due, left.days),
                    hours=Decimal(listed.hours).quantize(CENT) - travel,
                    travel_hours=travel,
                )
            )
    return tuple(sorted(found, key=lambda item: (item.day, item.account_id, item.play)))


def _workable(day: date, days: Sequence[date]) -> date:
    earlier = [other for other in days if other <= day]
    return earlier[-1] if earlier else days[0]


def asked(
    side: Side,
    quarter: Quarter,
    left: DaysLeft,
    order: Sequence[str],
    promised: Sequence[Promise],
) -> dict[str, Asked]:
    """Return what each account of a rep asks for, in the order given, the first first.

    An account of a tier with personal coverage is touched at fixed intervals of 7 days over
    the tier's touches a week. The accounts of a tier begin one after the other, evenly spread
    over the first interval in the order given: so a monthly account is seen monthly, the
    weeks are alike, and the fractions of touches that the days left hold go to the first
    accounts of the tier (largest remainder). Visits are the part of
    `territory_plan.visits_a_quarter` that the days left are of the quarter, shared out alike.
    A promised play that meets the customer stands for the touch nearest to it.
    """
    tiers = side.analyses.tiers.table["tier"].reindex(list(order)).tolist()
    members: dict[str, list[str]] = {}
    for account, key in zip(order, tiers, strict=True):
        members.setdefault(str(key), []).append(account)
    kept: dict[str, list[Promise]] = {}
    for item in promised:
        if item.kind in CUSTOMER_FACING:
            kept.setdefault(item.account_id, []).append(item)
    found: dict[str, Asked] = {}
    for place, tier in enumerate(side.coverage.tiers):
        if tier.automated:
            continue
        interval = Fraction(7) / Fraction(repr(tier.touches_per_week))
        visits = Fraction(side.coverage.territory_plan.visits(place) * left.span.days)
        visits /= quarter.period.days
        hours = Decimal(tier.minutes_per_touch) / 60
        hours *= 1 + Decimal(repr(side.coverage.capacity.preparation_share))
        listed = members.get(tier.key, [])
        for number, account in enumerate(listed):
            phase = Fraction(2 * number + 1, 2 * len(listed))
            touches = _touches(left, phase, interval)
            mine = kept.get(account, [])
            visited = sum(item.kind == "visit" for item in mine)
            open_ = _uncovered(touches, [item.day for item in mine])
            wanted_visits = min(max(0, math.ceil(visits - phase)), len(touches))
            found[account] = Asked(
                account_id=account,
                wanted=tuple(open_),
                visits=min(max(0, wanted_visits - visited), len(open_)),
                every=max(1, round(interval)),
                touch_hours=hours.quantize(CENT),
            )
    return {account: found[account] for account in order if account in found}


def _touches(left: DaysLeft, phase: Fraction, interval: Fraction) -> list[date]:
    """Days of the touches: the position in the week is carried over to Monday to Friday."""
    count = max(0, math.ceil(Fraction(left.span.days) / interval - phase))
    first = monday(left.span.start)
    # Whole parts of a day: fractions of their own would take most of a calendar's time.
    start = left.span.start.weekday() + phase * interval
    parts = math.lcm(start.denominator, interval.denominator)
    at, step, week = int(start * parts), int(interval * parts), 7 * parts
    days = []
    for number in range(count):
        weeks, within = divmod(at + number * step, week)
        day = first + timedelta(days=7 * weeks + within * 5 // week)
        days.append(min(max(day, left.span.start), left.span.end))
    return days


def _uncovered(touches: Sequence[date], done: Sequence[date]) -> list[date]:
    """Take the touch nearest to each day out, the earlier one of two that are as near."""
    rest = list(touches)
    for day in done:
        if rest:
            rest.remove(min(rest, key=lambda other: (abs((other - day).days), other)))
    return rest


def visit_hours(side: Side) -> Decimal:
    """Hours of one visit without travel: the time itself and its preparation."""
    return play_hours("visit", side.coverage, Decimal(0))
