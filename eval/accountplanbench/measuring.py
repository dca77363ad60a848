"""Truths: the published measures, worked out from a book's own rows.

Nothing of the product's analyses is called: an error there must not be an error here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from domain.record import decimal_string
from eval.accountplanbench.book import Book
from eval.accountplanbench.periods import quarter_of
from eval.accountplanbench.rows import OrderLine
from eval.measures import MEASURES
from eval.task import Truth

YEAR = 365
CHANGE_TOLERANCE = Decimal("0.005")
"""A change may be told in whole percent."""

Value = Decimal | int | date


def account_entity(account_id: str) -> str:
    """Return how an account is written as an entity."""
    return f"account:{account_id}"


def deal_entity(account_id: str, opportunity_id: str) -> str:
    """Return how a deal is written as an entity."""
    return f"account:{account_id}/opportunity:{opportunity_id}"


def contact_entity(account_id: str, contact_id: str) -> str:
    """Return how a person at an account is written as an entity."""
    return f"account:{account_id}/contact:{contact_id}"


def rep_entity(rep_id: str) -> str:
    """Return how a rep is written as an entity."""
    return f"rep:{rep_id}"


def account_truths(book: Book, account_id: str) -> list[Truth]:
    """Return every measure of an account, its deals in hand and its people that has a value."""
    entity = account_entity(account_id)
    account = book.account(account_id)
    lines = [line for line in book.lines_of(account_id) if line.ordered <= book.as_of]
    year = _window(lines, book.as_of)
    prior = _window(lines, book.as_of - timedelta(days=YEAR))
    spend, spend_prior = _sum(year), _sum(prior)
    deals = book.open_deals_of(account_id)
    values: list[tuple[str, str, Value | None]] = [
        (entity, "net_spend_12m", spend),
        (entity, "net_spend_prior_12m", spend_prior),
        (entity, "spend_change", spend / spend_prior - 1 if spend_prior > 0 else None),
        (entity, "orders_12m", len({line.order_id for line in year})),
        (entity, "last_order", max((line.ordered for line in lines), default=None)),
        (entity, "employees", account.employees),
        (entity, "open_pipeline", sum((deal.amount or Decimal(0) for deal in deals), Decimal(0))),
        (entity, "open_deals", len(deals)),
    ]
    for deal in deals:
        where = deal_entity(account_id, deal.opportunity_id)
        values += [(where, "deal_amount", deal.amount), (where, "deal_closes", deal.closes)]
    for person in book.contacts_of(account_id):
        where = contact_entity(account_id, person.contact_id)
        values.append((where, "last_contact", person.last_contact))
    return [truth(*item) for item in _known(values)]


def rep_truths(book: Book, rep_id: str, first_month: int) -> list[Truth]:
    """Return every measure of a rep, for the quarter that the book's date lies in."""
    starts, ends = quarter_of(book.as_of, first_month)
    owned = {account.account_id for account in book.accounts if account.owner_id == rep_id}
    quotas = [
        quota.amount for quota in book.quotas if (quota.rep_id, quota.starts) == (rep_id, starts)
    ]
    booked = [
        line
        for line in book.orders
        if line.rep_id == rep_id and starts <= line.ordered <= book.as_of
    ]
    pipeline = [
        deal.amount or Decimal(0)
        for deal in book.opportunities
        if deal.account_id in owned
        and deal.is_open
        and deal.closes is not None
        and deal.closes <= ends
    ]
    entity = rep_entity(rep_id)
    values: list[tuple[str, str, Value | None]] = [
        (entity, "accounts_owned", len(owned)),
        (entity, "quota", sum(quotas, Decimal(0)) if quotas else None),
        (entity, "booked_quarter", _sum(booked)),
        (entity, "pipeline_quarter", sum(pipeline, Decimal(0))),
    ]
    return [truth(*item) for item in _known(values)]


def truth(entity: str, measure: str, value: Value) -> Truth:
    """Return a truth with the unit of its measure.

    Money may be told to three digits (48,213 as 48.2K), a change in whole percent; anything
    else is exact.
    """
    unit = MEASURES[measure].unit
    if isinstance(value, date):
        return Truth(entity=entity, measure=measure, value=value.isoformat(), unit=unit)
    number = Decimal(value)
    tolerance = Decimal(0)
    if unit == "change":
        number, tolerance = round(number, 6), CHANGE_TOLERANCE
    elif unit == "money" and number:
        tolerance = max(Decimal(5).scaleb(number.adjusted() - 3), Decimal("0.005"))
    return Truth(
        entity=entity,
        measure=measure,
        value=decimal_string(number),
        unit=unit,
        tolerance=Decimal(decimal_string(tolerance)),
    )


def _window(lines: Iterable[OrderLine], ends: date) -> list[OrderLine]:
    """Return the lines of the 365 days that end on a day, itself included."""
    return [line for line in lines if ends - timedelta(days=YEAR) < line.ordered <= ends]


def _sum(lines: Iterable[OrderLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _known(
    values: Iterable[tuple[str, str, Value | None]],
) -> Iterable[tuple[str, str, Value]]:
    return ((entity, measure, value) for entity, measure, value in values if value is not None)
