"""Regular orders that fall due in a quarter, and what they usually amount to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence
from tools.cycle.plan_ground import PlanGround

NO_ORDERS = "The book holds no order lines."


def orders_due(ground: PlanGround) -> list[str]:
    """Accounts whose regular order falls due in the days left, the earliest first.

    In a quarter that has begun an overdue one still counts: its rhythm has not ended.
    """
    due = ground.table["next_order_due"]
    first = pd.Timestamp(ground.window.start)
    counts = due.notna() & (due <= pd.Timestamp(ground.window.end))
    if ground.begun is None:
        counts &= due >= first
    found = due[counts]
    return [str(key) for _, key in sorted(zip(found, found.index, strict=True))]


def typical_order(ground: PlanGround, account_id: str) -> Evidence | None:
    """Return the median of an account's last three orders; None for one that never ordered."""
    entity = f"account:{account_id}"
    parents = [
        found
        for metric in ("last_order_amount", "previous_order_amount", "third_last_order_amount")
        if (found := ground.cells.cited(entity, metric)) is not None
    ]
    if not parents:
        return None
    middle = median(Decimal(parent.value) for parent in parents)
    return ground.cells.told(
        "typical_order_amount",
        "money",
        middle,
        parents,
        entity=entity,
        period=ground.side.analyses.ranks.reading.period("day"),
    )


def regular_orders(ground: PlanGround) -> tuple[Figure, Figure]:
    """Count the regular orders due in a quarter, and add up what they usually are worth."""
    cells = ground.cells
    labels = ("Regular orders due", "Their usual amount")
    if ground.side.book["orders"].empty:
        return (
            Figure.unknown("regular_orders_due", labels[0], "count", NO_ORDERS),
            Figure.unknown("regular_orders_amount", labels[1], "money", NO_ORDERS),
        )
    due = orders_due(ground)
    amounts = [found for account in due if (found := typical_order(ground, account))]
    count = cells.told("regular_orders_due", "count", len(due))
    worth = (
        cells.worked("regular_orders_amount", "money", "sum", amounts)
        if amounts
        else cells.told("regular_orders_amount", "money", Decimal(0))
    )
    note = "Overdue ones are in it." if _any_overdue(ground, due) else ""
    return Figure.of(count, labels[0], note), Figure.of(
        worth, labels[1], "The median of the last three orders of each; not in the pipeline."
    )


def _any_overdue(ground: PlanGround, accounts: Sequence[str]) -> bool:
    due = ground.table["next_order_due"].reindex(list(accounts))
    return bool((due <= pd.Timestamp(ground.side.as_of)).any())
