"""The one concrete thing to do about a red row of the scorecard."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal

import pandas as pd

from domain.cycle import Figure
from domain.territory_plan import ActionKind, HealthAction
from tools.cycle.people import contact_for
from tools.cycle.plan_cells import hours_text
from tools.cycle.plan_ground import PlanGround
from tools.schedule import play_hours
from tools.travel import round_trip

PLACES = {
    "pipeline_coverage": 1,
    "touches_per_account": 2,
    "strategic_engagement": 3,
    "qualified_meetings": 5,
    "average_deal_size": 7,
}
"""Which of the working days left an action falls on, so that not all fall on one."""

_PLAY = {
    "open_deal": "call", "call_account": "call", "visit_account": "visit",
    "meet_executive": "meeting", "raise_deal": "meeting", "set_quota": "internal",
}  # fmt: skip
Choose = Callable[[PlanGround, Collection[str]], tuple[ActionKind, str | None, Figure | None]]


def open_a_deal(
    ground: PlanGround, used: Collection[str]
) -> tuple[ActionKind, str | None, Figure | None]:
    """Open a deal where most potential is open and no deal is."""
    busy = set(map(str, ground.deals["account_id"]))
    free = [item for item in _candidates(ground, used) if item not in busy]
    account = _most(ground, free or _candidates(ground, used), "open_potential")
    return "open_deal", account, _amount(ground, account)


def call_the_longest_silent(
    ground: PlanGround, used: Collection[str]
) -> tuple[ActionKind, str | None, Figure | None]:
    """Call the account with most touches of its cadence missed; never met comes first."""
    candidates = _candidates(ground, used)
    silent = ground.table["days_since_touch"].reindex(candidates).astype("float64")
    missed = {}
    for account, days in zip(candidates, silent, strict=True):
        tier = ground.side.coverage.tier(ground.tier_of[account])
        missed[account] = float("inf") if pd.isna(days) else days * tier.touches_per_week
    best = max(candidates, key=lambda item: (missed[item], -candidates.index(item)), default=None)
    return "call_account", best, None


def meet_an_executive(
    ground: PlanGround, used: Collection[str], among: Sequence[str]
) -> tuple[ActionKind, str | None, Figure | None]:
    """Meet an executive of the best account given; visit it where none is on file.

    Where travel there passes its budget, it is called.
    """
    account = next((item for item in among if item not in used), among[0] if among else None)
    if account is None:
        return "meet_executive", None, None
    known = contact_for(ground.cells.rows, account, executive=True)
    if known:
        return "meet_executive", account, None
    near, _ = visit_hours(ground, ground.owner(account), account)
    return ("visit_account" if near else "call_account"), account, None


def raise_a_deal(
    ground: PlanGround, used: Collection[str]
) -> tuple[ActionKind, str | None, Figure | None]:
    """Raise the open deal of the account whose open potential leaves most room."""
    busy = set(map(str, ground.deals["account_id"]))
    found = [item for item in _candidates(ground, used) if item in busy]
    account = _most(ground, found or _candidates(ground, used), "open_potential")
    return "raise_deal", account, _amount(ground, account)


def action(
    ground: PlanGround, metric: str, kind: ActionKind, account: str | None, amount: Figure | None
) -> HealthAction | None:
    """Give an action its person, its working day and its hours; None without any such day.

    The day is one of the owner's, in the part of the quarter that is left and before the
    owner's next leave where a day lies before it. Hours are those of the play's kind.
    """
    rep = ground.reps[0] if account is None else ground.owner(account)
    day = ground.day_of(rep, PLACES[metric])
    if day is None:
        rep = next(rep for rep, hours in ground.hours_left.items() if hours > 0)
        day = ground.day_of(rep, PLACES[metric])
        if day is None:
            return None
    contact = None
    if account is not None:
        contact = contact_for(ground.cells.rows, account, executive=kind == "meet_executive")
        if contact is not None:
            ground.cells.record(
                "contacts", contact, "name", "name", f"account:{account}/contact:{contact}"
            )
        ground.cells.name(account)
    hours = (
        visit_hours(ground, rep, account)[1]
        if kind == "visit_account" and account is not None
        else play_hours(_PLAY[kind], ground.side.coverage, Decimal(0))
    )
    return HealthAction(
        kind=kind,
        account_id=account,
        contact_id=contact,
        by=day,
        hours=hours_text(hours),
        amount=amount,
    )


def visit_hours(ground: PlanGround, rep_id: str, account_id: str) -> tuple[bool, Decimal]:
    """Say whether a visit keeps to the travel budget, and the hours it takes with travel.

    Travel is nought where a place is unknown.
    """
    coverage = ground.side.coverage
    travel = _travel_hours(ground, rep_id, account_id)
    within = travel <= Decimal(repr(coverage.travel.budget_hours_per_visit))
    return within, play_hours("visit", coverage, travel)


def _travel_hours(ground: PlanGround, rep_id: str, account_id: str) -> Decimal:
    here = ground.side.book.rows("reps")[rep_id]
    there = ground.cells.rows.rows("accounts")[account_id]
    places = (
        here["base_latitude"], here["base_longitude"], there["latitude"], there["longitude"],
    )  # fmt: skip
    if any(pd.isna(place) for place in places):
        return Decimal(0)
    base, place = (float(places[0]), float(places[1])), (float(places[2]), float(places[3]))
    trip = round_trip(base, place, ground.side.coverage.travel)
    return Decimal(repr(float(trip.hours)))


def _candidates(ground: PlanGround, used: Collection[str]) -> list[str]:
    known = list(ground.reached or ground.personal or ground.accounts)
    return [item for item in known if item not in used] or known


def _most(ground: PlanGround, accounts: Sequence[str], column: str) -> str | None:
    if not accounts:
        return None
    values = ground.table[column].reindex(list(accounts)).fillna(0.0).tolist()
    place = max(range(len(accounts)), key=lambda at: (values[at], -at))
    return accounts[place]


def _amount(ground: PlanGround, account: str | None) -> Figure | None:
    if account is None:
        return None
    found = ground.cells.cited(f"account:{account}", "open_potential")
    return None if found is None else Figure.of(found, "Open potential")
