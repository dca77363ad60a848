"""Fit plays into a rep's weeks: hours, dates and travel, set by rule and not by a writer.

Greedy and deterministic. Plays are taken in the writer's order, one a week from the
start of the period; each goes to the first week from there that still has the hours,
and no later than the date it must precede. Where no week has room the play is placed
all the same, on the last day that could do, and the missing hours are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from domain.coverage import CoverageModel, Tier
from domain.period import Period
from domain.plan import CapacityWeek, Play, Schedule, ScheduledPlay
from domain.record import decimal_string

CUSTOMER_FACING = frozenset({"call", "email", "meeting", "visit", "demo"})
# Desk work early in the week, trips late: how most field calendars are kept.
USUAL_WEEKDAY = {"internal": 0, "email": 0, "call": 1, "meeting": 2, "demo": 2, "visit": 3}
ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Calendar:
    """A rep's period: selling hours and hours already promised, by week, and the days."""

    period: Period
    days: Sequence[date]
    selling: Mapping[date, Decimal]
    committed: Mapping[date, Decimal] = field(default_factory=dict)

    def free(self, week: date) -> Decimal:
        """Hours of a week that nothing claims yet; negative when over-promised."""
        return self.selling.get(week, ZERO) - self.committed.get(week, ZERO)


def tier_hours(tier: Tier, period: Period) -> Decimal:
    """Hours a tier gives one account in a period: touches x minutes (2 places).

    Automated tiers give none: nobody's calendar carries them.
    """
    if tier.automated:
        return ZERO
    touches = Decimal(repr(tier.touches_per_week)) * period.days / 7
    return (touches * tier.minutes_per_touch / 60).quantize(CENT)


def play_hours(kind: str, coverage: CoverageModel, travel_hours: Decimal) -> Decimal:
    """Hours one play takes: the time itself, preparation, and travel if it is a visit."""
    rule = coverage.plays[kind]
    base = Decimal(rule.minutes + rule.preparation_minutes) / 60
    return (base + (travel_hours if kind == "visit" else ZERO)).quantize(CENT)


def schedule_plays(
    plays: Sequence[Play],
    calendar: Calendar,
    coverage: CoverageModel,
    tier: Tier,
    *,
    travel_hours: Decimal = ZERO,
    before: Mapping[str, date] | None = None,
    travel_note: str = "",
    most_hours: Decimal | None = None,
    last_day: date | None = None,
) -> Schedule:
    """Give every play its dates and hours, and every week its load.

    Parameters
    ----------
    plays
        In the order of importance the writer chose.
    calendar
        The rep's working days and hours in the period.
    travel_hours
        Round trip to the account; counted once for each visit.
    before
        Play key to the date it must precede, where there is one.
    most_hours
        What plays and routine touches may take together, where a person set a limit. Plays
        stand as they are given; the routine touches get what they leave of it.
    last_day
        No play is due after it, where a person set a last day.

    Returns
    -------
    Schedule
        Hours of plays done by others are told but load nobody's week here. What the plays
        leave of the tier's hours goes to the touches of its cadence that no play covers,
        spread over the weeks by their free hours.
    """
    limits = before or {}
    load = dict.fromkeys(calendar.selling, ZERO)
    placed: list[ScheduledPlay] = []
    weeks = list(calendar.selling)
    for position, play in enumerate(plays):
        hours = play_hours(play.kind, coverage, travel_hours)
        own = hours if play.done_by == "rep" else ZERO
        last = min(calendar.period.end, last_day or calendar.period.end)
        if play.key in limits:
            last = min(last, limits[play.key] - timedelta(days=3))
        day = _place(calendar, load, own, weeks[min(position, len(weeks) - 1)], last, play.kind)
        week = day - timedelta(days=day.weekday())
        load[week] = load.get(week, ZERO) + own
        placed.append(
            ScheduledPlay(
                key=play.key,
                starts=max(calendar.period.start, week),
                due=day,
                hours=decimal_string(hours),
                travel_hours=decimal_string(
                    travel_hours.quantize(CENT) if play.kind == "visit" else ZERO
                ),
                done_by=play.done_by,
            )
        )
    _spread_routine_touches(plays, calendar, tier, load, most_hours)
    load = _rounded(load, most_hours)
    return Schedule(
        plays=tuple(placed),
        weeks=tuple(
            CapacityWeek(
                week=week,
                selling_hours=decimal_string(calendar.selling.get(week, ZERO)),
                committed_hours=decimal_string(calendar.committed.get(week, ZERO)),
                plan_hours=decimal_string(hours),
            )
            for week, hours in load.items()
        ),
        plan_hours=decimal_string(sum(load.values(), ZERO)),
        tier_hours=decimal_string(tier_hours(tier, calendar.period)),
        selling_hours=decimal_string(sum(calendar.selling.values(), ZERO)),
        committed_hours=decimal_string(sum(calendar.committed.values(), ZERO)),
        travel_note=travel_note,
    )


def _place(
    calendar: Calendar,
    load: Mapping[date, Decimal],
    hours: Decimal,
    first_week: date,
    last: date,
    kind: str,
) -> date:
    """Return the day for a play: the first week with room, else the last possible day."""
    usable = [day for day in calendar.days if day <= last] or list(calendar.days)[:1]
    if not usable:
        return calendar.period.start
    by_week: dict[date, list[date]] = {}
    for day in usable:
        by_week.setdefault(day - timedelta(days=day.weekday()), []).append(day)
    weeks = sorted(by_week)
    later = [week for week in weeks if week >= first_week]
    # Earlier weeks are tried last, nearest first: better early than after the date.
    for week in later + [week for week in reversed(weeks) if week < first_week]:
        if calendar.free(week) - load.get(week, ZERO) >= hours:
            wanted = USUAL_WEEKDAY[kind]
            return min(by_week[week], key=lambda day: (abs(day.weekday() - wanted), day))
    return usable[-1]


def _rounded(load: Mapping[date, Decimal], most_hours: Decimal | None) -> dict[date, Decimal]:
    """Round week by week: the total is the sum of what is told, and not above a limit."""
    near = {week: hours.quantize(CENT) for week, hours in sorted(load.items())}
    if most_hours is None or sum(near.values(), ZERO) <= most_hours:
        return near
    return {week: hours.quantize(CENT, ROUND_DOWN) for week, hours in sorted(load.items())}


def _spread_routine_touches(
    plays: Sequence[Play],
    calendar: Calendar,
    tier: Tier,
    load: dict[date, Decimal],
    most_hours: Decimal | None,
) -> None:
    if tier.automated or not load:
        return
    touches = Decimal(repr(tier.touches_per_week)) * calendar.period.days / 7
    covered = sum(1 for play in plays if play.kind in CUSTOMER_FACING and play.done_by == "rep")
    most = tier_hours(tier, calendar.period)
    if most_hours is not None:
        most = min(most, most_hours)
    left = min(
        max(ZERO, touches - covered) * tier.minutes_per_touch / 60,
        max(ZERO, most - sum(load.values(), ZERO)),
    )
    # Where hours are free; a calendar without any is told as over-full, week by week.
    room = {week: max(ZERO, calendar.free(week) - load[week]) for week in load}
    if sum(room.values(), ZERO) < left:
        room = {week: calendar.selling.get(week, ZERO) for week in load}
    total = sum(room.values(), ZERO)
    if total <= 0:
        return
    for week in load:
        load[week] += left * room[week] / total
