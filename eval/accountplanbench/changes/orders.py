"""Regular orders that do not come."""

from __future__ import annotations

from datetime import timedelta

from eval.accountplanbench.changes.ground import Ground
from eval.accountplanbench.later import rhythm
from eval.accountplanbench.measuring import account_entity
from eval.accountplanbench.rows import Account

OVERDUE_DAYS, REGULAR_SPREAD, LATE_DAYS = 14, 0.25, 9
"""`review.overdue_days` and `cycle.regular_spread` of the coverage models that the benchmark
writes, and by how much less an order comes late that does come."""


def slip_orders(ground: Ground) -> None:
    """Let one regular order not come, and another come late."""
    slipped = ground.take(lambda account: _is_due(ground, account))
    if slipped is not None:
        ground.after.orders[:] = [
            line
            for line in ground.after.orders
            if line.account_id != slipped.account_id or line.ordered <= ground.before.as_of
        ]
        entity = account_entity(slipped.account_id)
        ground.later.change("renewal_slipped", entity, slipped.owner_id)
    late = ground.take(lambda account: _is_due(ground, account))
    if late is not None:
        for line in ground.after.lines_of(late.account_id):
            if line.ordered > ground.before.as_of:
                day = line.ordered + timedelta(days=LATE_DAYS)
                line.ordered = min(day, ground.after.as_of)
        ground.later.near_miss("renewal_slipped", account_entity(late.account_id), late.owner_id)


def _is_due(ground: Ground, account: Account) -> bool:
    """Say whether a regular order fell due between the books, and long enough ago."""
    last, gap, spread = rhythm(ground.before, account.account_id)
    due = last + timedelta(days=gap)
    is_regular = spread <= REGULAR_SPREAD * gap
    overdue = due <= ground.after.as_of - timedelta(days=OVERDUE_DAYS)
    return is_regular and overdue and due > ground.before.as_of
