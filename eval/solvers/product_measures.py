"""What the product calls the published measures, each pair with the reason why it is one.

A figure is judged against a published measure when a reader of the product would take it for
that measure. Where the product counts a little differently, the pair stands all the same: the
difference is then the product's, and shows.
"""

from __future__ import annotations

from domain.evidence import Evidence, RecordSource

CALCULATED: dict[str, str] = {
    # Order lines of `trailing(as_of, 365)`, returns counted off.
    "net_spend_12m": "net_spend_12m",
    # The same, `skip=365`.
    "net_spend_prior_12m": "net_spend_prior_12m",
    # (now - before) / before; missing where before is not positive.
    "spend_change_12m": "spend_change",
    # "orders" to a reader. The product takes the lines of one day for one order and none for
    # a day whose net is not positive; that differs where two orders share a day.
    "orders_12m": "orders_12m",
    # The last day with an order by that count, so not that of a return after it.
    "last_order_date": "last_order",
    # Amounts of deals neither won nor lost; deals opened after the book's date are not read.
    "open_pipeline": "open_pipeline",
    # How many such deals there are.
    "open_opportunities": "open_deals",
    # Quotas by the days of theirs in the quarter: their sum where they are set by quarter.
    "quota_quarter": "quota",
    # Order lines of the quarter so far that name the rep; those that name nobody count for
    # the owner of the account.
    "booked_quarter": "booked_quarter",
    # Deals in hand with the rep's accounts that close by the last day of the quarter.
    "open_pipeline_quarter": "pipeline_quarter",
    # Accounts that name the rep as their owner.
    "accounts_owned": "accounts_owned",
    # The same, in a plan of the rep's quarter: no tier is left out.
    "plan_accounts": "accounts_owned",
}
"""Cells of analyses, whose entity is what the measure is of."""

RECORDED: dict[tuple[str, str], str] = {
    ("accounts", "employees"): "employees",
    ("opportunities", "amount"): "deal_amount",
    ("opportunities", "closes"): "deal_closes",
    ("contacts", "last_contact"): "last_contact",
}
"""Cells of the book's tables that are measures as they stand, by table and column."""


def measure_of(evidence: Evidence) -> str:
    """Return the published measure that a fact is, else the product's own name of it."""
    source = evidence.source
    if isinstance(source, RecordSource):
        return RECORDED.get((source.table, source.field), evidence.metric)
    return CALCULATED.get(evidence.metric, evidence.metric)


def entity_of(evidence: Evidence) -> str:
    """Return what a fact is about, as the published measures write it.

    The product names an account that stands beside another by its place there, such as
    `rep:R-1/account:A-2`; whose cell it is says the record.
    """
    source = evidence.source
    if isinstance(source, RecordSource) and source.table == "accounts":
        return f"account:{source.row}"
    return evidence.entity
