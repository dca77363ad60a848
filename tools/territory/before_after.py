"""A team before and after a redesign: what the design changes, and what it only projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from domain.assignment import Frontier
from domain.book import Book
from domain.coverage import CoverageModel
from domain.errors import InvalidInput, NotFound
from domain.record import Record
from tools.territory.balance_flags import Flag, balance_flags
from tools.territory.bimodality import Bimodality, bimodality
from tools.territory.case import Case
from tools.territory.market_coverage import MarketCoverage, Potentials, market_coverage
from tools.territory.quota import (
    PlannedQuota,
    attainment_probability,
    planned_quota,
    share_quota,
)
from tools.territory.team_side import Side, Spread, TerritoryFigures, quotient, side_of
from tools.territory.territory_history import TerritoryHistory, territory_history


class RepBeforeAfter(Record):
    """One rep before and after; money in the book's currency, odds 0 to 1.

    `sold` is what the rep sold in the last 12 months on days with a quota, whoever owns the
    accounts today; `past_quota` is the quota of those days and `sold_attainment` their
    quotient: the record. `present_quota` is set for the planning period;
    `quota_by_potential` is the team's, shared by territory potential after the redesign.
    The odds are those that the new territory's bookings reach either.
    """

    rep_id: str
    name: str
    before: TerritoryFigures
    after: TerritoryFigures
    sold: float
    past_quota: float | None
    sold_attainment: float | None
    present_quota: float | None
    quota_by_potential: float | None
    odds_present: float | None
    odds_by_potential: float | None


class TeamFigures(Record):
    """The whole team before or after; `potential` spreads over its territories."""

    coverage: MarketCoverage
    potential: Spread
    workload_index: Spread
    attainment: Spread
    bimodality: Bimodality
    won: int
    closed: int
    win_rate: float | None
    flags: tuple[Flag, ...]


class BeforeAfter(Record):
    """A team under the present assignment and under a design.

    Both sides stand on one footing: bookings and deals of the accounts in each territory.
    `recorded` is the attainment people were paid on, by who sold. `attainment_by_potential`
    is the projected one, had the quotas of the last 12 months followed the potential of
    the new territories. `year` and `period` are two dates each. `notes` say what is
    projected, what is missing and why.
    """

    point: int
    label: str
    currency: str
    year: str
    period: str
    before: TeamFigures
    after: TeamFigures
    recorded: Spread
    recorded_bimodality: Bimodality
    attainment_by_potential: Spread
    team_quota: float | None
    reps: tuple[RepBeforeAfter, ...]
    notes: tuple[str, ...]


def before_after(
    case: Case,
    frontier: Frontier,
    point: int,
    book: Book,
    coverage: CoverageModel,
    *,
    potential_of: Potentials | None = None,
) -> BeforeAfter:
    """Set the present assignment and one design of a frontier side by side.

    Parameters
    ----------
    case
        What the frontier was designed on.
    frontier
        The row of designs; its first one is the present assignment.
    point
        Index of the design.
    book
        Orders, quotas and opportunities, read up to its date.
    coverage
        The rules the book is read under.
    potential_of
        Potential (P50) by account, read for accounts that no design holds; worked out
        from the book when not given.

    Returns
    -------
    BeforeAfter
        Reps in the order of the frontier.

    Raises
    ------
    NotFound
        When the frontier has no design of that index.
    InvalidInput
        When the case holds other accounts than the frontier.

    Notes
    -----
    `docs/methodology.md#before-and-after` works an example by hand.
    """
    _check(case, frontier, point)
    present, design = frontier.points[0], frontier.points[point]
    owned = case.accounts["owner_id"].dropna()
    owners = {str(account): str(owner) for account, owner in owned.items()}
    # A leaver's quota is still to be made by those who take the accounts over.
    owing = sorted({rep.rep_id for rep in frontier.reps} | set(owners.values()))
    history = territory_history(book, owing, owners, case.period.days)
    planned = planned_quota(book, owing, case.period)
    before = side_of(frontier, present, history)
    after = side_of(frontier, design, history)
    reps = _reps(frontier, before, after, history, planned)
    recorded = {rep.rep_id: rep.sold_attainment for rep in reps if rep.sold_attainment is not None}
    markets = market_coverage(case, frontier, (present, design), book, coverage, potential_of)
    quotas = pd.Series({rep.rep_id: rep.present_quota for rep in reps}, dtype="float64")

    def team(side: Side, market: MarketCoverage) -> TeamFigures:
        return _team(frontier, side, market, quotas, case.accounts["tier"], coverage)

    return BeforeAfter(
        point=point,
        label=design.label,
        currency=frontier.currency,
        year=str(history.year),
        period=str(case.period),
        before=team(before, markets[0]),
        after=team(after, markets[1]),
        recorded=Spread.of(list(recorded.values())),
        recorded_bimodality=_groups(recorded, before, quotas),
        attainment_by_potential=_by_potential(after, history),
        team_quota=planned.team,
        reps=reps,
        notes=tuple(_notes(frontier, history, planned, reps)),
    )


def _check(case: Case, frontier: Frontier, point: int) -> None:
    if not 0 <= point < len(frontier.points):
        raise NotFound(
            f"There is no design {point}: this scenario has designs 0 to "
            f"{len(frontier.points) - 1}.",
            hint="List them with `cadastre scenario frontier`.",
        )
    absent = sorted(set(frontier.accounts) - set(case.accounts.index))
    if absent:
        raise InvalidInput(
            f"The designs hold {', '.join(absent[:3])}, which this book does not offer.",
            hint="Run the scenario again on the current book.",
        )


def _reps(
    frontier: Frontier,
    before: Side,
    after: Side,
    history: TerritoryHistory,
    planned: PlannedQuota,
) -> tuple[RepBeforeAfter, ...]:
    fair = _shared(after, planned.team)
    told = []
    for rep in frontier.reps:
        key = rep.rep_id
        past = history.windows_of(after.accounts[key])
        sold = history.sold(key)
        quotas = planned.by_rep.get(key), fair.get(key)
        odds = [None if quota is None else attainment_probability(past, quota) for quota in quotas]
        told.append(
            RepBeforeAfter(
                rep_id=key,
                name=rep.name,
                before=before.figures[key],
                after=after.figures[key],
                sold=sold,
                past_quota=history.quota.get(key),
                sold_attainment=quotient(sold, history.quota.get(key)),
                present_quota=quotas[0],
                quota_by_potential=quotas[1],
                odds_present=odds[0],
                odds_by_potential=odds[1],
            )
        )
    return tuple(told)


def _shared(side: Side, team: float | None) -> dict[str, float]:
    if team is None:
        return {}
    potential = np.array([figures.potential for figures in side.figures.values()])
    shares = share_quota(team, potential)
    return {rep: round(float(share), 2) for rep, share in zip(side.figures, shares, strict=True)}


def _by_potential(after: Side, history: TerritoryHistory) -> Spread:
    """Spread of the projected attainment, had past quotas followed the new territories."""
    shares = _shared(after, sum(history.quota.values()) if history.quota else None)
    days = history.any_day
    reached = [
        quotient(history.booked(after.accounts[rep], days), quota) for rep, quota in shares.items()
    ]
    return Spread.of([value for value in reached if value is not None])


def _team(
    frontier: Frontier,
    side: Side,
    market: MarketCoverage,
    quotas: pd.Series,
    tier_of: pd.Series,
    coverage: CoverageModel,
) -> TeamFigures:
    figures = side.figures
    attainment = side.attainment()
    index = [one.workload_index for one in figures.values()]
    won, closed = (
        sum(getattr(one, name) for one in figures.values()) for name in ("won", "closed")
    )
    table = pd.DataFrame(
        {
            "name": {rep.rep_id: rep.name for rep in frontier.reps},
            "potential": {rep: one.potential for rep, one in figures.items()},
            "accounts": {rep: one.accounts for rep, one in figures.items()},
        }
    ).assign(quota=quotas)
    tiers = pd.DataFrame(
        {rep: tier_of.loc[list(accounts)].value_counts() for rep, accounts in side.accounts.items()}
    ).T.fillna(0)
    return TeamFigures(
        coverage=market,
        potential=Spread.of([one.potential for one in figures.values()]),
        workload_index=Spread.of([value for value in index if value is not None]),
        attainment=Spread.of(list(attainment.values())),
        bimodality=_groups(attainment, side, quotas),
        won=won,
        closed=closed,
        win_rate=quotient(won, closed),
        flags=tuple(balance_flags(table, tiers, coverage)),
    )


def _groups(attainment: Mapping[str, float], side: Side, quotas: pd.Series) -> Bimodality:
    """Look for two groups; without quotas ahead, potential itself stands for its share."""
    potential = {
        rep: one.potential / (float(quotas[rep]) if quotas[rep] > 0 else 1.0)
        for rep, one in side.figures.items()
    }
    load = {rep: one.load for rep, one in side.figures.items() if one.load is not None}
    return bimodality(attainment, potential, load)


def _notes(
    frontier: Frontier,
    history: TerritoryHistory,
    planned: PlannedQuota,
    reps: Sequence[RepBeforeAfter],
) -> list[str]:
    notes = [
        "What is told of the time after is projected: bookings and deals of the last 12 months "
        "follow the account to its new owner.",
    ]
    if history.lines.empty:
        notes.append("There are no orders in the last 12 months in the book.")
    if not history.quota:
        notes.append("There are no quotas in the last 12 months in the book: no attainment.")
    else:
        without = [rep.name for rep in reps if rep.past_quota is None]
        if without:
            notes.append(f"No quota in the last 12 months, so no attainment: {', '.join(without)}.")
    if planned.team is None:
        notes.append("No quota is set for the planning period: none is shared by potential.")
    elif planned.carried_on:
        notes.append(
            f"Quotas are set until {planned.set_until}; beyond, the latest daily rate goes on."
        )
    if not history.any_closed:
        notes.append("There are no closed opportunities in the book: no win rate.")
    elif not sum(one.after.closed for one in reps):
        notes.append("No deal of these accounts was closed in the last 12 months: no win rate.")
    if history.undated:
        notes.append(f"{history.undated} closed opportunities without a close date do not count.")
    if planned.team is not None and all(rep.odds_by_potential is None for rep in reps):
        notes.append("The history of orders is too short for odds of attainment.")
    return notes
