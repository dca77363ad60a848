"""The overview of a territory plan: quota, bookings, pipeline, gaps, regular orders, hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence, Unit
from tools.cycle.plan_cells import CENT, cents
from tools.cycle.plan_ground import PlanGround
from tools.cycle.regular_orders import NO_ORDERS, regular_orders
from tools.cycle.segments import Segmented
from tools.territory.quota import bookings, planned_quota

NO_QUOTA = "No quota is set."
NO_SUCH_QUOTA = "The quota is nought: nothing can be held against it."
NO_DEALS = "The book holds no opportunities."
_OF_DEAL: Mapping[str, Unit] = {
    "amount": "money", "closes": "date", "stage": "text", "name": "name",
}  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """Where the quarter stands. `wanted` is the pipeline that the quota asks for."""

    quota: Figure
    booked: Figure
    gap_to_quota: Figure
    pipeline: Figure
    undated: Figure
    coverage_target: Figure
    coverage: Figure
    wanted: Figure
    gap: Figure
    orders: Figure
    orders_amount: Figure
    hours: Figure

    def told(self, segmented: Segmented) -> tuple[Figure, ...]:
        """Return the figures of the table, in reading order."""
        return (
            segmented.accounts, segmented.potential, self.quota, self.booked, self.gap_to_quota,
            self.pipeline, self.undated, self.coverage_target, self.coverage, self.wanted,
            self.gap, self.orders, self.orders_amount, self.hours,
        )  # fmt: skip


def overview(ground: PlanGround, quota: Figure) -> Overview:
    """Set the pipeline and the bookings of a quarter against its quota.

    Parameters
    ----------
    ground
        The plan's accounts, people and days.
    quota
        What the quarter owes, in currency; unknown or nought leaves coverage and gaps
        unknown.

    Returns
    -------
    Overview
        `pipeline` adds up the open deals with the plan's accounts that close in or before
        the quarter's last day; one without a date of close is counted in `undated` instead.
        `coverage` is pipeline over quota; `gap` is what it lacks to the coverage wanted,
        never below nought. `orders` counts accounts of a regular rhythm whose next order
        falls due in the days left or, in a quarter that has begun, is overdue;
        `orders_amount` adds up the median of the last three orders of each.

    Notes
    -----
    `docs/methodology.md#territory-plan` works an example by hand.
    """
    cells, rules = ground.cells, ground.side.coverage.territory_plan
    owed = cells.of(quota)
    reason = quota.note if owed is None else NO_SUCH_QUOTA
    against = None if owed is None or Decimal(owed.value) <= 0 else owed
    booked = _booked(ground)
    pipeline, undated = _pipeline(ground)
    target = cells.told("pipeline_coverage_target", "ratio", rules.pipeline_coverage)
    coverage, wanted, gap = _coverage(
        ground, against, reason, pipeline, target, rules.pipeline_coverage
    )
    orders, amount = regular_orders(ground)
    return Overview(
        quota=quota,
        booked=booked,
        gap_to_quota=_gap_to_quota(ground, against, reason, booked),
        pipeline=pipeline,
        undated=undated,
        coverage_target=Figure.of(target, "Coverage wanted"),
        coverage=coverage,
        wanted=wanted,
        gap=gap,
        orders=orders,
        orders_amount=amount,
        hours=_hours(ground),
    )


def rep_quota(ground: PlanGround) -> Figure:
    """Quota of a rep's quarter: quotas pro rata by days, the latest daily rate carried on."""
    rep = ground.reps[0]
    book, period = ground.side.book, ground.quarter.period
    found = planned_quota(book, [rep], period)
    if rep not in found.by_rep:
        return Figure.unknown("quota_quarter", "Quota of the quarter", "money", NO_QUOTA)
    rows = book["quotas"].sort_values("quota_id")
    rows = rows[(rows["rep_id"] == rep) & (rows["starts"] <= pd.Timestamp(period.end))]
    inside = rows[rows["ends"] >= pd.Timestamp(period.start)]
    used = inside if len(inside) else rows.sort_values(["ends", "starts"], kind="stable").tail(1)
    amounts = [
        ground.cells.record("quotas", row, "amount", "money", f"rep:{rep}/quota:{row}")
        for row in used["quota_id"]
    ]
    parents = [amount for amount in amounts if amount is not None]
    note = "Quotas count by the days of theirs that lie in the quarter."
    if found.carried_on:
        note += " Where none is set yet, the latest daily rate is carried on."
    owed = ground.cells.told("quota_quarter", "money", found.by_rep[rep], parents)
    return Figure.of(owed, "Quota of the quarter", note)


def _booked(ground: PlanGround) -> Figure:
    metric, label = "booked_quarter", "Booked so far"
    if ground.side.book["orders"].empty:
        return Figure.unknown(metric, label, "money", NO_ORDERS)
    if ground.begun is None:
        found = ground.cells.told(metric, "money", Decimal(0))
        return Figure.of(found, label, "The quarter has not begun.")
    lines = bookings(ground.side.book, ground.begun)
    if ground.entity.startswith("rep:"):
        owners = lines["account_id"].map(ground.side.book.owners)
        seller = lines["rep_id"].where(lines["rep_id"].notna(), owners)
        lines, note = lines[seller.isin(ground.reps)], "Orders the rep sold, net of returns."
    else:
        lines = lines[lines["account_id"].isin(ground.accounts)]
        note = "Orders of the units, net of returns."
    found = ground.cells.told(
        metric, "money", cents(lines["amount"].dropna()), period=str(ground.begun)
    )
    return Figure.of(found, label, note)


def _gap_to_quota(
    ground: PlanGround, quota: Evidence | None, reason: str, booked: Figure
) -> Figure:
    metric, label = "gap_to_quota", "Left to book"
    done = ground.cells.of(booked)
    if quota is None or done is None:
        return Figure.unknown(metric, label, "money", reason if quota is None else booked.note)
    left = ground.cells.worked(metric, "money", "difference", [quota, done])
    return Figure.of(left, label, "" if Decimal(left.value) > 0 else "The quota is reached.")


def _pipeline(ground: PlanGround) -> tuple[Figure, Figure]:
    metric, label = "open_pipeline_quarter", "Open pipeline that closes by the quarter's end"
    cells, deals, day = ground.cells, ground.deals, ground.side.analyses.ranks.reading.period("day")
    if ground.side.book["opportunities"].empty:
        unknown = Figure.unknown("deals_undated", "Open deals without a date", "count", NO_DEALS)
        return Figure.unknown(metric, label, "money", NO_DEALS), unknown
    dated = deals["closes"].notna()
    undated = Figure.of(
        cells.told("deals_undated", "count", int((~dated).sum()), period=day),
        "Open deals without a date of close",
    )
    inside = deals[dated & (deals["closes"] <= pd.Timestamp(ground.quarter.period.end))]
    parents = [
        amount
        for deal, account in zip(inside["opportunity_id"], inside["account_id"], strict=True)
        if (amount := deal_field(ground, deal, account, "amount"))
    ]
    notes = []
    if len(parents) < len(inside):
        notes.append("Deals without an amount are left out.")
    if (inside["closes"] <= pd.Timestamp(ground.side.as_of)).any():
        notes.append("Deals whose date of close has passed are in it.")
    found = (
        cells.worked(metric, "money", "sum", parents, period=day)
        if parents
        else cells.told(metric, "money", Decimal(0), period=day)
    )
    return Figure.of(found, label, " ".join(notes)), undated


def deal_field(ground: PlanGround, deal: str, account: str, field: str) -> Evidence | None:
    """Return the amount, stage, name or close of an opportunity; None where it is blank."""
    entity = f"account:{account}/opportunity:{deal}"
    return ground.cells.record("opportunities", deal, field, _OF_DEAL[field], entity)


def _coverage(
    ground: PlanGround,
    quota: Evidence | None,
    reason: str,
    pipeline: Figure,
    target: Evidence,
    multiple: float,
) -> tuple[Figure, Figure, Figure]:
    cells, open_ = ground.cells, ground.cells.of(pipeline)

    labels = ("Pipeline coverage", "Pipeline wanted", "Gap to the coverage wanted")
    if quota is None:
        return (
            Figure.unknown("pipeline_coverage", labels[0], "ratio", reason),
            Figure.unknown("pipeline_wanted", labels[1], "money", reason),
            Figure.unknown("pipeline_gap", labels[2], "money", reason),
        )
    needed = (Decimal(repr(multiple)) * Decimal(quota.value)).quantize(CENT)
    wanted = cells.told("pipeline_wanted", "money", needed, [target, quota])
    if open_ is None:
        return (
            Figure.unknown("pipeline_coverage", labels[0], "ratio", pipeline.note),
            Figure.of(wanted, labels[1]),
            Figure.unknown("pipeline_gap", labels[2], "money", pipeline.note),
        )
    coverage = cells.worked("pipeline_coverage", "ratio", "ratio", [open_, quota])
    if Decimal(open_.value) >= needed:
        gap = cells.told("pipeline_gap", "money", Decimal(0), [wanted, open_])
    else:
        gap = cells.worked("pipeline_gap", "money", "difference", [wanted, open_])
    return (
        Figure.of(coverage, labels[0]),
        Figure.of(wanted, labels[1]),
        Figure.of(gap, labels[2]),
    )


def _hours(ground: PlanGround) -> Figure:
    period = str(ground.window)
    parts = [
        ground.cells.told("selling_hours_left", "hours", hours, entity=f"rep:{rep}", period=period)
        for rep, hours in ground.hours_left.items()
    ]
    label, note = "Selling hours left", "After leave, from the day after the book's."
    if len(parts) == 1 and parts[0].entity == ground.entity:
        return Figure.of(parts[0], label, note)
    total = ground.cells.worked("selling_hours_left", "hours", "sum", parts, period=period)
    return Figure.of(total, label, note + " All accounts of the team take from them.")
