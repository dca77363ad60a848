"""Dated milestones of a quarter: orders of focus accounts, deals that close, pipeline halfway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from domain.cycle import Figure
from domain.territory_plan import FocusAccount, MilestoneRow, Targets
from tools.cycle.overview import deal_field
from tools.cycle.plan_cells import CENT
from tools.cycle.plan_ground import PlanGround
from tools.cycle.regular_orders import orders_due, typical_order

ORDERS = 2  # with one deal, the check and the end these are five at most


def milestones(
    ground: PlanGround, chosen: Sequence[FocusAccount], targets: Targets
) -> tuple[MilestoneRow, ...]:
    """Set two to five dates that tell whether the quarter goes as planned.

    The pipeline check, half of all targets halfway through the days left, and the whole of
    them at the end; before those up to two regular orders of focus accounts, the largest
    first, and one deal of a focus account that closes in the days left, the largest.
    """
    rows = [
        *_orders(ground, chosen),
        *_deals(ground, chosen)[:1],
        *_pipeline(ground, targets),
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.label, row.figure.evidence_id or "")))


def _orders(ground: PlanGround, chosen: Sequence[FocusAccount]) -> list[MilestoneRow]:
    names = {item.account_id: item.name.value or item.account_id for item in chosen}
    found = []
    for account in orders_due(ground):
        amount = typical_order(ground, account) if account in names else None
        if amount is None:
            continue
        ground.cells.cited(f"account:{account}", "next_order_due")
        due = ground.value(account, "next_order_due").date()
        overdue = due < ground.window.start
        day = ground.window.start if overdue else due
        words = "overdue order settled" if overdue else "regular order booked"
        figure = Figure.of(amount, "Usual order")
        found.append((-Decimal(amount.value), account, day, f"{names[account]}: {words}", figure))
    return [
        MilestoneRow(due=_worked_on(ground, day), label=label, figure=figure)
        for _, _, day, label, figure in sorted(found, key=lambda item: item[:2])[:ORDERS]
    ]


def _deals(ground: PlanGround, chosen: Sequence[FocusAccount]) -> list[MilestoneRow]:
    names = {item.account_id: item.name.value or item.account_id for item in chosen}
    deals = ground.deals
    first, last = pd.Timestamp(ground.window.start), pd.Timestamp(ground.window.end)
    deals = deals[
        deals["account_id"].isin(list(names))
        & deals["closes"].between(first, last)
        & deals["amount"].notna()
    ]
    ordered = deals.sort_values(
        ["amount", "closes", "opportunity_id"], ascending=[False, True, True]
    )
    rows = []
    for deal, account, closes in zip(
        ordered["opportunity_id"], ordered["account_id"], ordered["closes"], strict=True
    ):
        amount = deal_field(ground, deal, account, "amount")
        assert amount is not None  # kept above
        deal_field(ground, deal, account, "closes")
        rows.append(
            MilestoneRow(
                due=closes.date(),
                label=f"{names[account]}: deal closed",
                figure=Figure.of(amount, "Deal"),
            )
        )
    return rows


def _pipeline(ground: PlanGround, targets: Targets) -> list[MilestoneRow]:
    total = ground.cells.of(targets.total)
    middle = ground.window.start + timedelta(days=ground.window.days // 2)
    if total is None:
        half = Figure.unknown("pipeline_target_half", "Half", "money", targets.total.note)
    else:
        worth = (Decimal(total.value) / 2).quantize(CENT)
        half = Figure.of(ground.cells.told("pipeline_target_half", "money", worth, [total]), "Half")
    return [
        MilestoneRow(
            due=_worked_on(ground, middle), label="Half of the new pipeline opened", figure=half
        ),
        MilestoneRow(
            due=_worked_on(ground, ground.window.end),
            label="All of the new pipeline opened",
            figure=targets.total,
        ),
    ]


def _worked_on(ground: PlanGround, day: date) -> date:
    """The last working day of the plan's first rep up to a day; the next one where none is."""
    found = ground.day_of(ground.reps[0], 10_000, last=day)
    return day if found is None else found
