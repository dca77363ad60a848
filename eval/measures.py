"""The measures that a task may hold the truth of, by their published names.

Every definition can be worked out from the tables alone. A system names its figures by
them where it means the same thing, and by names of its own elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.evidence import Unit


@dataclass(frozen=True)
class Measure:
    """A published measure: what it is of, its unit and how it is worked out."""

    of: str
    unit: Unit
    definition: str


MEASURES: dict[str, Measure] = {
    "net_spend_12m": Measure(
        "account",
        "money",
        "sum of `amount` over order lines of the 365 days that end on the book's date",
    ),
    "net_spend_prior_12m": Measure(
        "account", "money", "the same over the 365 days before those of `net_spend_12m`"
    ),
    "spend_change": Measure(
        "account",
        "change",
        "`net_spend_12m` / `net_spend_prior_12m` - 1; none where the prior spend is not positive",
    ),
    "orders_12m": Measure(
        "account", "count", "different `order_id` among the lines of `net_spend_12m`"
    ),
    "last_order": Measure("account", "date", "latest `ordered` up to the book's date"),
    "employees": Measure("account", "count", "`employees` of the account"),
    "deal_amount": Measure("opportunity", "money", "`amount` of the opportunity"),
    "deal_closes": Measure("opportunity", "date", "`closes` of the opportunity"),
    "open_pipeline": Measure(
        "account", "money", "sum of `amount` over its opportunities neither won nor lost"
    ),
    "open_deals": Measure("account", "count", "number of its opportunities neither won nor lost"),
    "last_contact": Measure("contact", "date", "`last_contact` of the contact"),
    "quota": Measure("rep", "money", "sum of `amount` of quotas, for the quarter that is meant"),
    "booked_quarter": Measure(
        "rep",
        "money",
        "sum of `amount` over order lines of the quarter up to the book's date that name the rep",
    ),
    "pipeline_quarter": Measure(
        "rep",
        "money",
        "sum of `amount` over opportunities of accounts the rep owns, neither won nor lost, that "
        "close on or before the last day of the quarter",
    ),
    "accounts_owned": Measure("rep", "count", "accounts whose `owner_id` is the rep"),
}
"""Entities are written `account:A-1`, `account:A-1/opportunity:O-1`, `account:A-1/contact:C-1`,
`rep:R-1`."""
