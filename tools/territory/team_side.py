"""One side of a redesign: every territory's figures under one assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.assignment import DesignPoint, Frontier
from domain.record import Record
from tools.territory.territory_history import TerritoryHistory


class Spread(Record):
    """How far apart some figures lie: number, mean, variance and coefficient of variation.

    All but the number are missing without figures; `variation` also when the mean is nought.
    """

    count: int
    mean: float | None = None
    variance: float | None = None
    variation: float | None = None

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Describe the values of a whole team: the variance divides by their number."""
        if not values:
            return cls(count=0)
        mean, variance = float(np.mean(values)), float(np.var(values))
        variation = None if abs(mean) < 1e-12 else variance**0.5 / abs(mean)
        return cls(count=len(values), mean=mean, variance=variance, variation=variation)


class TerritoryFigures(Record):
    """One rep's territory before or after. Missing: there is nothing to divide by.

    `potential` is of a year, hours are of the planning period. `load` is needed hours /
    capacity, and `workload_index` the same on a scale on which the team's load is 1.00.
    `bookings` are those of the accounts in the territory in the last 12 months, on days
    with a quota; `attainment` is their share of the rep's quota of those days. `won` and
    `closed` count the accounts' deals of the last 12 months.
    """

    accounts: int
    potential: float
    needed_hours: float
    capacity: float
    load: float | None
    workload_index: float | None
    bookings: float
    attainment: float | None
    won: int
    closed: int
    win_rate: float | None


@dataclass(frozen=True)
class Side:
    """One design: which accounts each rep has, and the figures of each territory."""

    accounts: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, TerritoryFigures]

    def attainment(self) -> dict[str, float]:
        """Attainment by rep, of those with a quota."""
        found = {rep: figures.attainment for rep, figures in self.figures.items()}
        return {rep: value for rep, value in found.items() if value is not None}


def side_of(frontier: Frontier, point: DesignPoint, history: TerritoryHistory) -> Side:
    """Tell each rep's territory under one assignment; unassigned accounts count for nobody."""
    held: dict[str, list[str]] = {rep.rep_id: [] for rep in frontier.reps}
    for account, rep in zip(frontier.accounts, point.assignment, strict=True):
        if rep >= 0:
            held[frontier.reps[rep].rep_id].append(account)
    by_rep = {one.rep_id: one for one in point.reps}
    capacity = sum(one.capacity for one in point.reps)
    needed = sum(one.needed_hours for one in point.reps)
    mean_load = needed / capacity if capacity > 0 else 0.0
    figures: dict[str, TerritoryFigures] = {}
    for key, accounts in held.items():
        known = by_rep[key]
        load = known.needed_hours / known.capacity if known.capacity > 0 else None
        booked = history.booked(accounts, history.days.get(key))
        won, closed = history.closed(accounts)
        figures[key] = TerritoryFigures(
            accounts=known.accounts,
            potential=known.potential,
            needed_hours=known.needed_hours,
            capacity=known.capacity,
            load=load,
            workload_index=load / mean_load if load is not None and mean_load > 0 else None,
            bookings=booked,
            attainment=quotient(booked, history.quota.get(key)),
            won=won,
            closed=closed,
            win_rate=quotient(won, closed),
        )
    return Side({rep: tuple(accounts) for rep, accounts in held.items()}, figures)


def quotient(part: float, whole: float | None) -> float | None:
    """Divide; missing where the whole is missing or not positive."""
    return part / whole if whole is not None and whole > 0 else None
