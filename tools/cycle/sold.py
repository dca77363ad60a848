"""Money of a quarter by who made it: bookings, quotas, new and open pipeline, deals closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from domain.book import Book
from domain.period import Period
from domain.quarter import Quarter
from tools.cycle.quotas import QuotaTold, quotas
from tools.order_facts import within
from tools.past_deals import CLOSED, known_deals, open_deals
from tools.territory.quota import bookings


@dataclass(frozen=True)
class DealsTold:
    """Deals of one rep in a span. `won` holds number and amount by tier."""

    opened: Decimal
    opened_without_amount: int
    won: Mapping[str, tuple[int, Decimal]]
    won_without_amount: int
    strategic_won: int
    strategic_closed: int


_NO_DEALS = DealsTold(Decimal(0), 0, {}, 0, 0, 0)


@dataclass(frozen=True)
class Sold:
    """What every rep made in a span. Missing keys are nought where the table is known.

    Orders and deals count for who sold or works them (`rep_id`, `owner_id`), and where a
    row does not say for the account's owner in this book. `open_pipeline` is what closes up
    to the end of `ahead` with the accounts each rep owns in this book, `quota_ahead` the
    quota of that quarter. None: the book was not asked for such rows.
    """

    booked: Mapping[str, Decimal] | None
    quota: Mapping[str, QuotaTold]
    deals: Mapping[str, DealsTold] | None
    ahead: Quarter
    open_pipeline: Mapping[str, Decimal] | None
    quota_ahead: Mapping[str, QuotaTold]

    def deals_of(self, rep_id: str) -> DealsTold | None:
        """Return the deals of one rep; None where the book has none of anybody."""
        return None if self.deals is None else self.deals.get(rep_id, _NO_DEALS)


def sold(
    book: Book,
    reps: Collection[str],
    quarter: Quarter,
    ahead: Quarter,
    span: Period,
    tier_of: Mapping[str, str],
    highest: str,
) -> Sold:
    """Add up orders, quotas and deals.

    Parameters
    ----------
    quarter, span
        The quarter, and the part of it that has passed.
    ahead
        The quarter that open pipeline is held against: the same while it runs, then the one
        that the book lies in.
    tier_of
        The tier each account is judged in; accounts without one are in none.
    highest
        Key of the highest tier.
    """
    owners = pd.Series(book.owners, dtype="object")
    return Sold(
        booked=_booked(book, owners, span),
        quota=quotas(book, reps, quarter.period, span),
        deals=_deals(book, owners, span, tier_of, highest),
        ahead=ahead,
        open_pipeline=_open(book, owners, ahead.period),
        quota_ahead=quotas(book, reps, ahead.period, ahead.period),
    )


def money_sums(amount: pd.Series, by: pd.Series) -> dict[str, Decimal]:
    """Add money up by group in whole cents; rows without a group or an amount are left out."""
    cents = (amount * 100).round()
    return {
        str(key): Decimal(int(value)) / 100
        for key, value in cents.groupby(by).sum(min_count=1).dropna().items()
    }


def _booked(book: Book, owners: pd.Series, span: Period) -> dict[str, Decimal] | None:
    if not (book["orders"]["ordered"] <= pd.Timestamp(book.as_of)).any():
        return None
    lines = bookings(book, span)
    seller = lines["rep_id"].where(lines["rep_id"].notna(), lines["account_id"].map(owners))
    return money_sums(lines["amount"], seller)


def _open(book: Book, owners: pd.Series, period: Period) -> dict[str, Decimal] | None:
    if known_deals(book["opportunities"], book.as_of).empty:
        return None
    deals = open_deals(book["opportunities"], book.as_of)
    deals = deals[deals["closes"] <= pd.Timestamp(period.end)]
    return money_sums(deals["amount"], deals["account_id"].map(owners))


def _deals(
    book: Book, owners: pd.Series, span: Period, tier_of: Mapping[str, str], highest: str
) -> dict[str, DealsTold] | None:
    rows = known_deals(book["opportunities"], book.as_of)
    if rows.empty:
        return None
    rows = rows.assign(
        by=rows["owner_id"].where(rows["owner_id"].notna(), rows["account_id"].map(owners)),
        tier=rows["account_id"].map(tier_of),
    )
    opened = rows[within(rows["opened"], span)]
    closed = rows[rows["stage"].isin(CLOSED) & within(rows["closes"], span)]
    won = closed[closed["stage"] == "won"]
    top = closed[closed["tier"] == highest]
    amounts = money_sums(opened["amount"], opened["by"])
    blank = opened[opened["amount"].isna()].groupby("by").size()
    won_blank = won[won["amount"].isna()].groupby("by").size()
    top_won = top[top["stage"] == "won"].groupby("by").size()
    top_closed = top.groupby("by").size()
    sizes: dict[str, dict[str, tuple[int, Decimal]]] = {}
    priced = won[won["amount"].notna()]
    for (rep, tier), group in priced.groupby(["by", "tier"], sort=True):
        cents = int((group["amount"] * 100).round().sum())
        sizes.setdefault(str(rep), {})[str(tier)] = (len(group), Decimal(cents) / 100)
    return {
        str(rep): DealsTold(
            opened=amounts.get(str(rep), Decimal(0)),
            opened_without_amount=int(blank.get(rep, 0)),
            won=sizes.get(str(rep), {}),
            won_without_amount=int(won_blank.get(rep, 0)),
            strategic_won=int(top_won.get(rep, 0)),
            strategic_closed=int(top_closed.get(rep, 0)),
        )
        for rep in sorted(rows["by"].dropna().unique())
    }
