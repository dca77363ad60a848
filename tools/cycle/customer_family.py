"""The business units of a strategic customer: every account below it, at any depth."""

from __future__ import annotations

import pandas as pd

from domain.errors import InvalidInput, NothingToPlan
from tools.cycle.side import Side


def units_below(side: Side, customer: str) -> tuple[str, ...]:
    """Return the units of a customer, in order of id.

    A unit is an account whose `parent_id` leads to the customer, over any number of
    accounts between. The customer itself is one where it buys or may buy: it has ordered, or
    a deal with it is open. Parents that form a ring are followed once.

    Raises
    ------
    NotFound
        When the book has no such account.
    InvalidInput
        When no account names it as its parent.
    """
    head = side.book.account(customer)
    accounts = side.book["accounts"]
    below: dict[str, list[str]] = {}
    for account, parent in zip(accounts["account_id"], accounts["parent_id"], strict=True):
        if not pd.isna(parent):
            below.setdefault(str(parent), []).append(str(account))
    found: set[str] = set()
    waiting = list(below.get(customer, ()))
    while waiting:
        account = waiting.pop()
        if account not in found and account != customer:
            found.add(account)
            waiting += below.get(account, ())
    if not found:
        raise InvalidInput(
            f"{head['name']} ({customer}) has no business units: no account names it as its "
            "parent.",
            hint="Set parent_id of its units in the export, or make a plan of the account "
            f"with `cadastre plan create {customer}`.",
        )
    facts = side.analyses.facts.table
    ordered = pd.notna(facts["last_order_date"].loc[customer])
    deals = facts["open_opportunities"].loc[customer]
    if ordered or (pd.notna(deals) and deals > 0):
        found.add(customer)
    return tuple(sorted(found))


def team_of(side: Side, customer: str, units: tuple[str, ...]) -> tuple[str, ...]:
    """Return the owners of units, whoever has most of them first, then by id.

    Raises
    ------
    NothingToPlan
        When no unit has an owner.
    """
    counts: dict[str, int] = {}
    for unit in units:
        owner = side.book.owners[unit]
        if owner is not None:
            counts[owner] = counts.get(owner, 0) + 1
    if not counts:
        raise NothingToPlan(
            f"No business unit of {customer} has an owner: nobody is there to plan for.",
            hint="Assign the units first; a design does that once it is approved.",
        )
    return tuple(sorted(counts, key=lambda rep: (-counts[rep], rep)))
