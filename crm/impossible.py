"""Find dates and amounts that cannot be, or contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from crm.findings import finding, ids, many, thousands
from crm.ownership import CLOSED
from domain.book import QualityFinding
from domain.tables import TABLE_BY_NAME

HAPPENED = (
    ("orders", "ordered"),
    ("activities", "occurred"),
    ("contacts", "last_contact"),
    ("opportunities", "opened"),
    ("intent_signals", "observed"),
    ("documents", "published"),
    ("documents", "retrieved"),
    ("accounts", "updated"),
    ("market_companies", "observed"),
)
"""Columns that tell of the past and so cannot lie after the book's date."""

IN_ORDER = (
    ("leave", "starts", "ends"),
    ("quotas", "starts", "ends"),
    ("reps", "active_from", "active_to"),
    ("products", "live_from", "live_to"),
    ("opportunities", "opened", "closes"),
    ("documents", "published", "retrieved"),
)
"""Columns of which the first cannot lie after the second."""


def impossible_dates(
    tables: Mapping[str, pd.DataFrame], as_of: date, *, currency: str = "USD"
) -> list[QualityFinding]:
    """Return rows dated after the book, dates in the wrong order, and sales out of season."""
    return [
        *_after_the_book(tables, as_of),
        *_reversed(tables),
        *_deals(tables["opportunities"], as_of, currency),
        *_off_sale(tables["orders"], tables["products"], currency),
        *_off_duty(tables["orders"], tables["reps"], currency),
    ]


def impossible_amounts(
    tables: Mapping[str, pd.DataFrame], *, currency: str = "USD"
) -> list[QualityFinding]:
    """Return amounts below or at zero where that means something, and signs that disagree."""
    orders = tables["orders"]
    amount, quantity = orders["amount"], orders["quantity"].astype("float64")
    against = orders[(amount * quantity) < 0]
    returns = orders[(amount < 0) & (quantity < 0)]
    free = orders[(amount == 0) & (quantity != 0)]
    empty = orders[(quantity == 0)]
    findings = [
        _rows(
            "sign_contradicts",
            "orders",
            "warning",
            "contradicted",
            against,
            "whose amount and quantity have opposite signs",
            f"{thousands(float(against['amount'].sum()), currency)} of net spend rests on them; "
            "a return has both below zero.",
        ),
        _rows(
            "returns",
            "orders",
            "notice",
            "doubtful",
            returns,
            "that take goods back",
            f"They lower net spend by {thousands(-float(returns['amount'].sum()), currency)}.",
        ),
        _rows(
            "zero_amount",
            "orders",
            "notice",
            "doubtful",
            free,
            "that cost nothing",
            "They count as orders and as adoption of a product line, and add no spend.",
        ),
        _rows(
            "zero_quantity",
            "orders",
            "notice",
            "doubtful",
            empty,
            "of no pieces",
            f"They add {thousands(float(empty['amount'].sum()), currency)} of spend.",
        ),
    ]
    for name, column in (
        ("opportunities", "amount"),
        ("quotas", "amount"),
        ("products", "list_price"),
        ("accounts", "annual_revenue"),
        ("market_companies", "annual_revenue"),
    ):
        frame = tables[name]
        below = frame[frame[column] < 0]
        findings.append(
            _rows(
                "negative_amount",
                name,
                "warning",
                "contradicted",
                below,
                f"with {column} below zero",
                f"Totals of {column} are too low by "
                f"{thousands(-float(below[column].sum()), currency)} or more.",
            )
        )
    return [each for each in findings if each is not None]


def _rows(
    code: str,
    table: str,
    severity: str,
    state: str,
    rows: pd.DataFrame,
    what: str,
    consequence: str,
) -> QualityFinding | None:
    if rows.empty:
        return None
    key = TABLE_BY_NAME[table].key
    message = f"{many(len(rows), 'row')} of {table} {what}."
    return finding(
        code,
        table,
        severity,
        "contradicted" if state == "contradicted" else "doubtful",
        ids(rows, key),
        message,
        consequence,
    )


def _after_the_book(tables: Mapping[str, pd.DataFrame], as_of: date) -> list[QualityFinding]:
    findings = []
    for name, column in HAPPENED:
        frame = tables[name]
        late = frame[frame[column] > pd.Timestamp(as_of)]
        found = _rows(
            "future_date",
            name,
            "warning",
            "contradicted",
            late,
            f"with {column} after the book's date, {as_of}",
            "No period of the analyses holds them; either they or the book's date is wrong.",
        )
        if found is not None:
            findings.append(found)
    return findings


def _reversed(tables: Mapping[str, pd.DataFrame]) -> list[QualityFinding]:
    findings = []
    for name, first, second in IN_ORDER:
        frame = tables[name]
        found = _rows(
            "dates_reversed",
            name,
            "warning",
            "contradicted",
            frame[frame[first] > frame[second]],
            f"with {first} after {second}",
            "The span between them is empty; nothing that needs it counts these rows.",
        )
        if found is not None:
            findings.append(found)
    return findings


def _deals(opportunities: pd.DataFrame, as_of: date, currency: str) -> list[QualityFinding]:
    closed = opportunities["stage"].isin(CLOSED)
    after = opportunities["closes"] > pd.Timestamp(as_of)
    before = opportunities["closes"] < pd.Timestamp(as_of)
    overdue = opportunities[~closed & before]
    findings = [
        _rows(
            "overdue_opportunity",
            "opportunities",
            "warning",
            "contradicted",
            overdue,
            f"open, with a close date before {as_of}",
            f"{thousands(float(overdue['amount'].sum()), currency)} of pipeline should be won or "
            "lost already.",
        ),
        _rows(
            "closed_in_future",
            "opportunities",
            "warning",
            "contradicted",
            opportunities[closed & after],
            f"closed, with a close date after {as_of}",
            "They count in no period up to the book's date.",
        ),
    ]
    return [each for each in findings if each is not None]


def _off_sale(orders: pd.DataFrame, products: pd.DataFrame, currency: str) -> list[QualityFinding]:
    if products.empty or orders.empty:
        return []
    by_id = products.set_index("product_id")
    live_from = orders["product_id"].map(by_id["live_from"])
    live_to = orders["product_id"].map(by_id["live_to"])
    off = orders[(orders["ordered"] < live_from) | (orders["ordered"] > live_to)]
    found = _rows(
        "off_sale",
        "orders",
        "notice",
        "contradicted",
        off,
        "for a product outside the days it was on sale",
        f"{thousands(float(off['amount'].sum()), currency)} of spend; the product's dates decide "
        "what whitespace may offer.",
    )
    return [found] if found is not None else []


def _off_duty(orders: pd.DataFrame, reps: pd.DataFrame, currency: str) -> list[QualityFinding]:
    if reps.empty or orders.empty:
        return []
    by_id = reps.set_index("rep_id")
    begins = orders["rep_id"].map(by_id["active_from"])
    ends = orders["rep_id"].map(by_id["active_to"])
    off = orders[(orders["ordered"] < begins) | (orders["ordered"] > ends)]
    found = _rows(
        "off_duty",
        "orders",
        "notice",
        "contradicted",
        off,
        "by a rep outside the days of employment",
        f"{thousands(float(off['amount'].sum()), currency)} of sales is booked on someone who was "
        "not there.",
    )
    return [found] if found is not None else []
