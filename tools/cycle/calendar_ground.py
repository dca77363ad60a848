"""Where a rep and the rep's accounts are: places, cities, and days with shared hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from tools.cycle.calendar_days import DaysLeft
from tools.cycle.metros import Point
from tools.cycle.side import Side
from tools.selling_time import rep_row
from tools.travel import overlap_hours


@dataclass(frozen=True)
class Ground:
    """One rep's accounts in order, the focus first, then by rank, and where each lies.

    `places` lacks accounts without coordinates, `zones` those without a time zone; `base` and
    `zone` are None where the rep's row does not say.
    """

    order: tuple[str, ...]
    focus: frozenset[str]
    places: Mapping[str, Point]
    cities: Mapping[str, str]
    zones: Mapping[str, str]
    base: Point | None
    zone: str | None
    left: DaysLeft
    least_overlap: float

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Place of each account in the order, from 0."""
        return {account: place for place, account in enumerate(self.order)}

    @cached_property
    def _by_zone(self) -> Mapping[str | None, Mapping[date, tuple[date, ...]]]:
        found: dict[str | None, Mapping[date, tuple[date, ...]]] = {None: self.left.by_week}
        for zone in sorted(set(self.zones.values())):
            ours = self.zone
            found[zone] = (
                self.left.by_week
                if ours is None or ours == zone
                else {
                    week: tuple(
                        day for day in days if overlap_hours(ours, zone, day) >= self.least_overlap
                    )
                    for week, days in self.left.by_week.items()
                }
            )
        return found

    def call_days(self, account: str) -> Mapping[date, tuple[date, ...]]:
        """Working days by week on which rep and account share enough hours for a call.

        Where a time zone is not on file every working day counts.
        """
        return self._by_zone[self.zones.get(account)]


def ground(side: Side, rep_id: str, left: DaysLeft, focus: Sequence[str]) -> Ground:
    """Read where a rep and the rep's accounts are; focus accounts of others are left out."""
    ranked = side.analyses.ranks.of_owner(rep_id)
    mine = set(ranked)
    first = [account for account in dict.fromkeys(focus) if account in mine]
    chosen = frozenset(first)
    accounts = side.book["accounts"]
    rows = accounts[accounts["account_id"].isin(mine)]
    places, cities, zones = {}, {}, {}
    for account, latitude, longitude, city, zone in zip(
        rows["account_id"].tolist(),
        rows["latitude"].tolist(),
        rows["longitude"].tolist(),
        rows["city"].tolist(),
        rows["time_zone"].tolist(),
        strict=True,
    ):
        if not (pd.isna(latitude) or pd.isna(longitude)):
            places[account] = (float(latitude), float(longitude))
        if isinstance(city, str):
            cities[account] = city
        if isinstance(zone, str):
            zones[account] = zone
    rep = rep_row(side.book, rep_id)
    here = (rep["base_latitude"], rep["base_longitude"])
    return Ground(
        order=(*first, *(account for account in ranked if account not in chosen)),
        focus=chosen,
        places=places,
        cities=cities,
        zones=zones,
        base=None if any(pd.isna(part) for part in here) else (float(here[0]), float(here[1])),
        zone=rep["time_zone"] if isinstance(rep["time_zone"], str) else None,
        left=left,
        least_overlap=side.coverage.travel.overlap_hours,
    )
