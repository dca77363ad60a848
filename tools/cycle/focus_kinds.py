"""What kind of chance an account is, by rule, and the amount that speaks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence
from domain.territory_plan import FocusKind
from tools.cycle.plan_ground import PlanGround
from tools.cycle.regular_orders import typical_order


@dataclass(frozen=True)
class Kind:
    """A kind, its amount, the rule in words, and the evidence that the rule read."""

    kind: FocusKind
    amount: Figure
    because: str
    grounds: tuple[Evidence, ...] = ()


def kind_of(ground: PlanGround, account_id: str) -> Kind:
    """Return the first kind whose rule holds, in the order of these rules.

    1. New logo: it never ordered.
    2. Displacement: a competitive document about it has a publisher, an address and a date,
       and is fresh.
    3. Retention: its regular order is overdue, or due in the days left after one that fell
       by `territory_plan.spend_falls` or more; or its spend of 12 months fell as much.
    4. Whitespace: it buys some lines, and those it lacks are worth a visit
       (`whitespace.worth_a_visit`) and more than its open potential and its open deals.
    5. Expansion: its open potential is worth a visit, or a deal is open.
    6. Retention: there is little to gain, and its regular order is due in the days left.
    7. Whitespace: the lines it lacks are worth more than its open potential.
    8. Expansion: anything else.
    """
    rules: tuple[Callable[[PlanGround, str], Kind | None], ...] = (
        _new_logo, _displacement, _order_at_risk, _falling, _wide_whitespace, _expansion,
        _order_due, _whitespace,
    )  # fmt: skip
    for rule in rules:
        found = rule(ground, account_id)
        if found is not None:
            return found
    return _anything_else(ground, account_id)


def _new_logo(ground: PlanGround, account: str) -> Kind | None:
    ordered = ground.value(account, "last_order_date") is not None
    if ordered or ground.side.book["orders"].empty:
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
        _gain(ground, account),
        "A published, dated document tells of a competitor here.",
        (ground.cells.document(document, f"account:{account}"),),
    )


def competitive_document(ground: PlanGround, account: str) -> str | None:
    """Return the newest competitive document about an account that may be relied on.

    It has a publisher, an address and a date up to the book's, and is not stale.
    """
    rows, days = ground.cells.rows, ground.side.coverage.freshness.competitive
    found = []
    for key in rows.of_account("documents", account):
        row = rows.rows("documents")[key]
        if row["kind"] != "competitive" or pd.isna(row["published"]):
            continue
        age = (ground.side.as_of - row["published"].date()).days
        if 0 <= age <= days and _filled(row["publisher"]) and _filled(row["uri"]):
            found.append((age, key))
    return min(found)[1] if found else None


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _order_at_risk(ground: PlanGround, account: str) -> Kind | None:
    due = ground.value(account, "next_order_due")
    if due is None:
        return None
    if due <= pd.Timestamp(ground.side.as_of):
        return _order(ground, account, "Its regular order is overdue.")
    change = ground.value(account, "last_order_change")
    if not _fell(ground, change) or due.date() not in ground.window:
        return None
    return _order(
        ground,
        account,
        "Its last order fell, and the next is due in the quarter.",
        ground.cells.cited(f"account:{account}", "last_order_change"),
    )


def _order_due(ground: PlanGround, account: str) -> Kind | None:
    due = ground.value(account, "next_order_due")
    if due is None or due.date() not in ground.window:
        return None
    return _order(
        ground,
        account,
        "It buys about as much as comparable accounts: its regular order is due in the "
        "quarter and is to be kept.",
        ground.cells.cited(f"account:{account}", "open_potential"),
    )


def _order(ground: PlanGround, account: str, because: str, *more: Evidence | None) -> Kind:
    amount = typical_order(ground, account)
    assert amount is not None  # a rhythm has orders
    due = ground.cells.cited(f"account:{account}", "next_order_due")
    return Kind("retention", Figure.of(amount, "Usual order"), because, _those(due, *more))


def _fell(ground: PlanGround, change: float | None) -> bool:
    falls = ground.side.coverage.territory_plan.spend_falls
    return change is not None and change < 0 and change <= -falls


def _falling(ground: PlanGround, account: str) -> Kind | None:
    if not _fell(ground, ground.value(account, "spend_change_12m")):
        return None
    entity, cells = f"account:{account}", ground.cells
    spent = _those(cells.cited(entity, "net_spend_prior_12m"), cells.cited(entity, "net_spend_12m"))
    lost = cells.worked(
        "spend_lost_12m", "money", "difference", spent, entity=entity, period=spent[1].period
    )
    return Kind(
        "retention",
        Figure.of(lost, "Spend lost in a year"),
        "Its spend fell against the year before.",
        _those(cells.cited(entity, "spend_change_12m")),
    )


def _wide_whitespace(ground: PlanGround, account: str) -> Kind | None:
    worth = ground.side.analyses.whitespace.worth(account)
    deals = _cell(ground, account, "open_pipeline", "Open deals")
    if worth < ground.side.coverage.whitespace.worth_a_visit or worth <= _number(deals):
        return None
    return _whitespace(ground, account)


def _whitespace(ground: PlanGround, account: str) -> Kind | None:
    if not ground.value(account, "product_lines_12m"):
        return None
    entity = f"account:{account}"
    worth = ground.side.analyses.whitespace.worth(account)
    if worth <= max(0.0, ground.value(account, "open_potential") or 0.0):
        return None
    found = ground.cells.cited(entity, "whitespace_worth")
    if found is None:
        return None
    return Kind(
        "whitespace",
        Figure.of(found, "Worth of lines not bought"),
        "It buys part of the range, and the lines it lacks are worth more than its open potential.",
        _those(
            ground.cells.cited(entity, "product_lines_12m"),
            ground.cells.cited(entity, "open_potential"),
        ),
    )


def _expansion(ground: PlanGround, account: str) -> Kind | None:
    open_ = _cell(ground, account, "open_potential", "Open potential")
    if _number(open_) > 0 and _number(open_) >= ground.side.coverage.whitespace.worth_a_visit:
        return Kind("expansion", open_, "It buys, and comparable accounts spend more.")
    deals = _cell(ground, account, "open_pipeline", "Open deals")
    if _number(deals) <= 0:
        return None
    return Kind("expansion", deals, "It buys, and a deal is open; little else is open.")


def _anything_else(ground: PlanGround, account: str) -> Kind:
    open_ = _cell(ground, account, "open_potential", "Open potential")
    words = (
        "It buys, and too few accounts compare to tell what is open."
        if open_.value is None
        else "It buys about as much as comparable accounts."
    )
    return Kind("expansion", open_, words)


def _gain(ground: PlanGround, account: str) -> Figure:
    """The first amount above nought of open potential, open deals and the usual order."""
    open_ = _cell(ground, account, "open_potential", "Open potential")
    deals = _cell(ground, account, "open_pipeline", "Open deals")
    for figure in (open_, deals):
        if _number(figure) > 0:
            return figure
    usual = typical_order(ground, account)
    return open_ if usual is None else Figure.of(usual, "Usual order")


def _number(figure: Figure) -> float:
    return float(figure.value or 0)


def _cell(ground: PlanGround, account: str, metric: str, label: str) -> Figure:
    found = ground.cells.cited(f"account:{account}", metric)
    if found is None:
        return Figure.unknown(metric, label, "money", "Unknown for this account.")
    return Figure.of(found, label)


def _those(*found: Evidence | None) -> tuple[Evidence, ...]:
    return tuple(item for item in found if item is not None)
