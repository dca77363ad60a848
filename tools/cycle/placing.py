"""Fit promised plays, trips and calls into a rep's weeks, then give each of them a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.territory_plan import UnplacedReason
from tools.cycle.calendar_days import DaysLeft, monday
from tools.cycle.calendar_demand import Promise
from tools.cycle.calendar_trips import Joining
from tools.cycle.trips import Outing, Route

ZERO = Decimal(0)


@dataclass(frozen=True)
class Call:
    """One touch by phone that should fall on `wanted`, at most `reach` weeks from it."""

    account_id: str
    wanted: date
    reach: int
    hours: Decimal


@dataclass(frozen=True)
class PlacedTrip:
    """A trip in its week; `day` is given last."""

    outing: Outing
    way: Route
    stops: tuple[str, ...]
    hours: Decimal


@dataclass(frozen=True)
class Dropped:
    """A touch that found no place, the hours it would have taken, and why."""

    account_id: str
    kind: str
    hours: Decimal
    reason: UnplacedReason


@dataclass
class Board:
    """The weeks of a rep while they are filled: by hours first, by days once all is in.

    A week never takes more than its selling hours, save for promised plays. It takes no more
    trips than it has working days, and no more touches of an account than days on which the
    account can be met. `call_days` tells those days of an account by week.
    """

    left: DaysLeft
    call_days: Callable[[str], Mapping[date, Sequence[date]]]
    free: dict[date, Decimal] = field(init=False)
    promised: dict[date, list[Promise]] = field(init=False)
    joined: dict[date, list[Joining]] = field(init=False)
    trips: dict[date, list[PlacedTrip]] = field(init=False)
    calls: dict[date, list[Call]] = field(init=False)
    dropped: list[Dropped] = field(default_factory=list)
    _touches: dict[tuple[date, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.free = dict(self.left.selling)
        self.promised = {week: [] for week in self.free}
        self.joined = {week: [] for week in self.free}
        self.trips = {week: [] for week in self.free}
        self.calls = {week: [] for week in self.free}

    def promise(self, plays: Sequence[Promise]) -> None:
        """Take promised plays as they are, whatever the hours."""
        for item in plays:
            week = monday(item.day)
            self.promised[week].append(item)
            self.free[week] -= item.hours + item.travel_hours
            self._touch(week, item.account_id)

    def join(self, joined: Joining, each: Decimal) -> bool:
        """Add a visit to the day of a promised one, where its week still has the hours."""
        week = monday(joined.day)
        hours = each + joined.hop_hours
        full = len(self.left.by_week[week]) <= self._touches.get((week, joined.account_id), 0)
        if full or self.free[week] < hours:
            return False
        self.free[week] -= hours
        self.joined[week].append(joined)
        self._touch(week, joined.account_id)
        return True

    def call(self, call: Call) -> None:
        """Place a call in the nearest week with room, or where one that is placed can give way.

        A call gives way only to a week within its own reach: it is moved and never lost.
        """
        reason: UnplacedReason = "no working day"
        full = []
        for week in self._near(call.wanted, call.reach):
            taken = self._touches.get((week, call.account_id), 0)
            if len(self.left.by_week[week]) <= taken:
                continue
            if len(self.call_days(call.account_id)[week]) <= taken:
                reason = "no shared hours" if reason == "no working day" else reason
                continue
            reason = "no hours"
            if self.free[week] >= call.hours:
                self._put(call, week)
                return
            full.append(week)
        for week in full:
            if self._give_way(week, call.hours):
                self._put(call, week)
                return
        self.dropped.append(Dropped(call.account_id, "call", call.hours, reason))

    def _put(self, call: Call, week: date) -> None:
        self.free[week] -= call.hours
        self.calls[week].append(call)
        self._touch(week, call.account_id)

    def _give_way(self, week: date, hours: Decimal) -> bool:
        """Move one call out of a week so that `hours` fit, the last that was placed first."""
        for other in reversed(self.calls[week]):
            if self.free[week] + other.hours < hours:
                continue
            for to in self._near(other.wanted, other.reach):
                taken = self._touches.get((to, other.account_id), 0)
                if (
                    to != week
                    and self.free[to] >= other.hours
                    and len(self.call_days(other.account_id)[to]) > taken
                ):
                    self.calls[week].remove(other)
                    self.free[week] += other.hours
                    self._touches[week, other.account_id] -= 1
                    self._put(other, to)
                    return True
        return False

    def trip(
        self, outing: Outing, way_of: Callable[[Sequence[str]], Route | None], each: Decimal
    ) -> None:
        """Place a trip in the nearest week with room, with fewer stops where it must.

        `way_of` gives the way through some stops, None where the travel budget forbids it;
        `each` are the hours of one visit. The last stop is given up first.
        """
        stops = list(outing.stops)
        reason: UnplacedReason = "no hours"
        while stops:
            way = way_of(stops)
            if way is not None:
                hours = way.hours + each * len(stops)
                week, reason = self._week_for(outing, stops, hours)
                if week is not None:
                    self.free[week] -= hours
                    self.trips[week].append(PlacedTrip(outing, way, tuple(stops), hours))
                    for account in stops:
                        self._touch(week, account)
                    return
            given_up = stops.pop()
            rest = way_of(stops) if stops else None
            travel = (way.hours if way else ZERO) - (rest.hours if rest else ZERO)
            self.dropped.append(Dropped(given_up, "visit", each + max(ZERO, travel), reason))

    def _week_for(
        self, outing: Outing, stops: Sequence[str], hours: Decimal
    ) -> tuple[date | None, UnplacedReason]:
        reason: UnplacedReason = "no working day"
        for week in self._near(outing.wanted, outing.reach):
            days = len(self.left.by_week[week])
            on_the_road = len(self.trips[week]) + len(
                {item.day for item in self.promised[week] if item.kind == "visit"}
            )
            if days <= on_the_road or any(
                days <= self._touches.get((week, account), 0) for account in stops
            ):
                continue
            reason = "no hours"
            if self.free[week] >= hours:
                return week, reason
        return None, reason

    def _near(self, wanted: date, reach: int) -> list[date]:
        """Weeks from the nearest on, the earlier of two first: better early than late."""
        first = monday(wanted)
        steps = [0, *(step for far in range(1, reach + 1) for step in (-far, far))]
        weeks = (first + timedelta(days=7 * step) for step in steps)
        return [week for week in weeks if week in self.free]

    def _touch(self, week: date, account: str) -> None:
        self._touches[week, account] = self._touches.get((week, account), 0) + 1
