"""What kind of chance an account is, by rule, and the amount that speaks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence
from domain.territory_plan import FocusKind
from tools.cycle.overview import typical_order
from tools.cycle.plan_ground import PlanGround


@dataclass(frozen=True)
class Kind:
    """A kind, its amount, the rule in words, and the evidence that the rule read."""

    kind: FocusKind
    amount: Figure
    because: str
    grounds: tuple[Evidence, ...] = ()


def kind_of(ground: PlanGround, account_id: str) -> Kind:
    """Return the first kind whose rule holds, in the order of these rules.

    New logo: it never ordered. Displacement: a competitive document about it has a
    publisher, an address and a date, and is fresh. Retention: its spend fell by
    `territory_plan.spend_falls` or more, or its regular order is overdue, or due in the
    days left after one that fell as much. Whitespace: it buys some lines, and the listed
    gaps are worth more than its open potential. Expansion: anything else.
    """
    rules: tuple[Callable[[PlanGround, str], Kind | None], ...] = (
        _new_logo, _displacement, _overdue, _falling, _whitespace,
    )  # fmt: skip
    for rule in rules:
        found = rule(ground, account_id)
        if found is not None:
            return found
    return _expansion(ground, account_id)


def _new_logo(ground: PlanGround, account: str) -> Kind | None:
    if ground.side.book["orders"].empty or pd.notna(ground.table.at[account, "last_order_date"]):
        return None
    orders = ground.cells.cited(f"account:{account}", "orders_12m")
    return Kind(
        "new_logo",
        _cell(ground, account, "potential_p50", "Potential"),
        "It has never ordered.",
        _those(orders),
    )


def _displacement(ground: PlanGround, account: str) -> Kind | None:
    document = competitive_document(ground, account)
    if document is None:
        return None
    return Kind(
        "displacement",
        _cell(ground, account, "open_potential", "Open potential"),
        "A published, dated document tells of a competitor here.",
        (ground.cells.document(document, f"account:{account}"),),
    )


def competitive_document(ground: PlanGround, account: str) -> str | None:
    """Return the newest competitive document about an account that may be relied on.

    It has a publisher, an address and a date up to the book's, and is not stale.
    """
    book, days = ground.side.book, ground.side.coverage.freshness.competitive
    found = []
    for key in book.of_account("documents", account):
        row = book.rows("documents")[key]
        if row["kind"] != "competitive" or pd.isna(row["published"]):
            continue
        age = (ground.side.as_of - row["published"].date()).days
        if 0 <= age <= days and _filled(row["publisher"]) and _filled(row["uri"]):
            found.append((age, key))
    return min(found)[1] if found else None


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _overdue(ground: PlanGround, account: str) -> Kind | None:
    due = ground.table.at[account, "next_order_due"]
    if pd.isna(due):
        return None
    overdue = due <= pd.Timestamp(ground.side.as_of)
    change = ground.table.at[account, "last_order_change"]
    shrinking = pd.notna(change) and change <= -ground.side.coverage.territory_plan.spend_falls
    inside = due <= pd.Timestamp(ground.window.end)
    if not overdue and not (shrinking and inside):
        return None
    entity = f"account:{account}"
    day = ground.cells.cited(entity, "next_order_due")
    fell = None if overdue else ground.cells.cited(entity, "last_order_change")
    amount = typical_order(ground, account)
    assert amount is not None  # a rhythm has orders
    words = (
        "Its regular order is overdue."
        if overdue
        else "Its last order fell, and the next is due in the quarter."
    )
    return Kind("retention", Figure.of(amount, "Usual order"), words, _those(day, fell))


def _falling(ground: PlanGround, account: str) -> Kind | None:
    change = ground.table.at[account, "spend_change_12m"]
    falls = ground.side.coverage.territory_plan.spend_falls
    if pd.isna(change) or change >= 0 or change > -falls:
        return None
    entity, cells = f"account:{account}", ground.cells
    grounds = _those(cells.cited(entity, "spend_change_12m"))
    before, now = cells.cited(entity, "net_spend_prior_12m"), cells.cited(entity, "net_spend_12m")
    assert before is not None and now is not None  # their change is known
    lost = cells.worked(
        "spend_lost_12m",
        "money",
        "difference",
        [before, now],
        entity=entity,
        period=now.period,
    )
    return Kind(
        "retention",
        Figure.of(lost, "Spend lost in a year"),
        "Its spend fell against the year before.",
        grounds,
    )


def _whitespace(ground: PlanGround, account: str) -> Kind | None:
    lines = ground.table.at[account, "product_lines_12m"]
    if pd.isna(lines) or lines <= 0:
        return None
    entity = f"account:{account}"
    worth = ground.side.analyses.whitespace.worth(account)
    open_ = ground.table.at[account, "open_potential"]
    if worth <= 0 or (pd.notna(open_) and worth <= open_):
        return None
    found = ground.cells.cited(entity, "whitespace_worth")
    if found is None:
        return None
    return Kind(
        "whitespace",
        Figure.of(found, "Worth of lines not bought"),
        "It buys part of the range, and the lines it lacks are worth more than its open "
        "potential.",
        _those(
            ground.cells.cited(entity, "product_lines_12m"),
            ground.cells.cited(entity, "open_potential"),
        ),
    )


def _expansion(ground: PlanGround, account: str) -> Kind:
    open_ = _cell(ground, account, "open_potential", "Open potential")
    deals = _cell(ground, account, "open_pipeline", "Open deals")
    if _positive(open_):
        return Kind("expansion", open_, "It buys, and comparable accounts spend more.")
    level = (
        "It buys, and too few accounts compare to tell more"
        if open_.value is None
        else "It buys as much as comparable accounts"
    )
    if _positive(deals):
        return Kind("expansion", deals, f"{level}; its open deals count.")
    return Kind("expansion", open_, f"{level}.")


def _positive(figure: Figure) -> bool:
    return figure.value is not None and Decimal(figure.value) > 0


def _cell(ground: PlanGround, account: str, metric: str, label: str) -> Figure:
    found = ground.cells.cited(f"account:{account}", metric)
    if found is None:
        return Figure.unknown(metric, label, "money", "Unknown for this account.")
    return Figure.of(found, label)


def _those(*found: Evidence | None) -> tuple[Evidence, ...]:
    return tuple(item for item in found if item is not None)
