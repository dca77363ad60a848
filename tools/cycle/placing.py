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
from tools.schedule import CENT, ZERO


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
    _made: dict[Outing, PlacedTrip] = field(default_factory=dict)
    _stuck: set[tuple[date, Decimal]] = field(default_factory=set)
    _reached: dict[tuple[date, int], list[date]] = field(default_factory=dict)

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
        """Move calls out of a week until `hours` fit, the last that was placed first.

        Calls that moved stay where they went, whether or not it was enough.
        """
        if (week, hours) in self._stuck:
            return False
        for other in reversed(list(self.calls[week])):
            if self.free[week] >= hours:
                break
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
                    break
        if self.free[week] < hours:
            self._stuck.add((week, hours))
        return self.free[week] >= hours

    def visit(
        self,
        outing: Outing,
        account: str,
        way_of: Callable[[Sequence[str]], Route | None],
        each: Decimal,
    ) -> None:
        """Place one stop of a trip: on the trip if it is made already, else the trip for it.

        Stops come in the order of the outing. The first makes the trip, and takes along only
        as many of the next as the travel budget asks for, in a week with room for all where
        there is one; the others come along in their own turn, while the week has the hours, and
        else go on a trip of their own. `way_of` gives the way through some stops, None
        where the budget forbids it; `each` are the hours of one visit.
        """
        made = self._made.get(outing)
        if made is not None:
            if account not in made.stops:
                self._come_along(made, account, way_of, each)
            return
        stops = [account]
        way = way_of(stops)
        rest = outing.stops[outing.stops.index(account) :]
        for other in rest[1:]:
            if way is not None:
                break
            stops.append(other)
            way = way_of(stops)
        if way is None:
            self.dropped.append(Dropped(account, "visit", each, "no hours"))
            return
        hours = way.hours + each * len(stops)
        whole = way_of(rest)
        week, reason = self._week_for(
            outing, stops, whole.hours + each * len(rest) if whole else hours
        )
        if week is None:
            week, reason = self._week_for(outing, stops, hours)
        if week is None:
            share = (way.hours / len(stops)).quantize(CENT)
            self.dropped.append(Dropped(account, "visit", each + share, reason))
            return
        self.free[week] -= hours
        self._keep(week, PlacedTrip(outing, way, tuple(stops), hours))
        for stop in stops:
            self._touch(week, stop)

    def _come_along(
        self,
        made: PlacedTrip,
        account: str,
        way_of: Callable[[Sequence[str]], Route | None],
        each: Decimal,
    ) -> None:
        week = next(week for week, trips in self.trips.items() if made in trips)
        stops = (*made.stops, account)
        way = way_of(stops)
        more = each + (max(ZERO, way.hours - made.way.hours) if way else ZERO)
        met = len(self.left.by_week[week]) <= self._touches.get((week, account), 0)
        if way is None or met or not self._give_way(week, more):
            alone = Outing(made.outing.metro, made.outing.wanted, (account,), len(self.free))
            self.visit(alone, account, way_of, each)
            return
        hours = way.hours + each * len(stops)
        self.free[week] -= hours - made.hours
        self.trips[week].remove(made)
        self._keep(week, PlacedTrip(made.outing, way, stops, hours))
        self._touch(week, account)

    def _keep(self, week: date, trip: PlacedTrip) -> None:
        self.trips[week].append(trip)
        self._made[trip.outing] = trip

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
        """Weeks from the nearest on, the earlier of two first: better early than late.

        `reach` counts weeks on either side; for a touch that has a working week of its own,
        weeks of leave beside it do not count.
        """
        first = monday(wanted)
        known = self._reached.get((first, reach))
        if known is None:
            found = [(0, first)] if first in self.free else []
            for side in (-1, 1):
                week, steps = first + timedelta(days=7 * side), 0
                while steps < reach and week in self.free:
                    steps += bool(self.left.by_week[week]) or not self.left.by_week.get(first)
                    found.append((abs((week - first).days), week))
                    week += timedelta(days=7 * side)
            known = self._reached[first, reach] = [week for _, week in sorted(found)]
        return known

    def _touch(self, week: date, account: str) -> None:
        # Something was placed: what could not give way before may now.
        self._stuck.clear()
        self._touches[week, account] = self._touches.get((week, account), 0) + 1
