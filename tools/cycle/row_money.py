"""Money of a territory: bookings against quota, pipeline, deals won and lost."""

from __future__ import annotations

from decimal import Decimal

from domain.evidence import Unit
from domain.review import TierSize
from tools.cycle.row_figures import NO_DEALS, ONE, RowFigures
from tools.cycle.sold import DealsTold
from tools.cycle.team_totals import tier_size


def tell_bookings(row: RowFigures) -> None:
    """Tell bookings and attainment; unknown plans without a quota, or with one of nought."""
    ground, made = row.ground, row.ground.sold
    found = made.quota.get(row.rep_id)
    why = ""
    if found is None:
        why = f"No quota is set in {ground.quarter}."
    elif found.amount <= 0:
        found, why = None, f"The quota of {ground.quarter} is not above nought."
    elif found.carried_on:
        row.notes.append(
            "No quota is set up to the end of the quarter: the latest daily rate is carried on."
        )
    if why:
        row.notes.append(why)
    booked = None if made.booked is None else made.booked.get(row.rep_id, Decimal(0))
    quota, due = (found.amount, found.due) if found else (None, None)
    none = "" if made.booked is not None else "The later book holds no orders."
    row.measure("bookings", quota, due, booked, unplanned=why, undone=none)
    reached = due / quota if quota is not None and due is not None else None
    row.measure("attainment", None if quota is None else ONE, reached, unplanned=why)


def tell_pipeline(row: RowFigures) -> None:
    """Tell new pipeline, and open pipeline over the quota of the quarter it can still count in."""
    made = row.ground.sold
    deals = made.deals_of(row.rep_id)
    none = "" if deals else NO_DEALS
    target, note = row.pipeline_target()
    row.by_days(
        "new_pipeline", target, deals.opened if deals else None, unplanned=note, undone=none
    )
    if deals and deals.opened_without_amount:
        row.notes.append(_without_amount(deals.opened_without_amount, "opened"))
    pipeline = made.open_pipeline
    open_ = None if pipeline is None else pipeline.get(row.rep_id, Decimal(0))
    label = f"Open pipeline that closes by the end of {made.ahead}"
    row.tell("open_pipeline", label, "money", open_, none)
    ahead = made.quota_ahead.get(row.rep_id)
    quota = ahead.amount if ahead is not None and ahead.amount > 0 else None
    why = f"No quota above nought is set in {made.ahead}."
    row.tell("pipeline_quota", f"Quota of {made.ahead}", "money", quota, why)
    target, note = row.target("pipeline_coverage")
    row.measure("pipeline_coverage", target, target, unplanned=note)


def tell_deals(row: RowFigures) -> tuple[TierSize, ...]:
    """Tell deals won by tier, and won of closed in strategic accounts."""
    deals = row.ground.sold.deals_of(row.rep_id)
    if deals and deals.won_without_amount:
        row.notes.append(_without_amount(deals.won_without_amount, "won"))
    size, note = row.target("average_deal_size")
    row.measure("deal_size", size, size, unplanned=note)
    note = "A territory plan sets no win rate."
    row.measure("strategic_win_rate", None, None, unplanned=note)
    won = deals.won.values() if deals else ()
    parts: tuple[tuple[str, str, Unit, int | Decimal | None], ...] = (
        ("deals_won", "Deals won", "count", sum(count for count, _ in won)),
        ("won_amount", "Deals won", "money", sum((money for _, money in won), Decimal(0))),
        (
            "strategic_won", "Won in strategic accounts", "count",
            deals.strategic_won if deals else None,
        ),
        (
            "strategic_closed", "Closed in strategic accounts", "count",
            deals.strategic_closed if deals else None,
        ),
    )  # fmt: skip
    for name, label, unit, value in parts:
        row.tell(name, label, unit, value if deals else None, "" if deals else NO_DEALS)
    return _sizes(row, deals)


def _sizes(row: RowFigures, deals: DealsTold | None) -> tuple[TierSize, ...]:
    told = []
    for tier in row.ground.before.coverage.tiers:
        key, label = f"won_{tier.key}", f"Won, {tier.label}"
        count, amount = deals.won.get(tier.key, (0, Decimal(0))) if deals else (None, None)
        note = "" if deals else NO_DEALS
        won = row.teller.tell(key, label, "count", count, note)
        money = row.teller.tell(f"{key}_amount", f"{label}, amount", "money", amount, note)
        told.append(tier_size(row.teller, tier.key, tier.label, won, money))
    return tuple(told)


def _without_amount(deals: int, what: str) -> str:
    return f"Deals {what} without an amount, which count with nothing: {deals}."
