"""Which deals were open on a day, and what they told: on the book's own day and on earlier ones.

A deal carries its stage, amount and expected close of the book's date alone. Of an earlier
day the book knows no more than that the deal was open: opened by then and not yet closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from domain.book import Book
from domain.coverage import Cycle

CLOSED = ("won", "lost")


@dataclass(frozen=True)
class DealSigns:
    """What deals say about each account on one day; missing is not known.

    `open_opportunities` (Int64) and `open_pipeline` (currency) as facts. `any_open`,
    `staged` (one in an active stage) and `closing` (one closing within the rule's days)
    are boolean. `asked` is False while no deal is known, so that nothing can be concluded.
    """

    open_opportunities: pd.Series
    open_pipeline: pd.Series
    any_open: pd.Series
    staged: pd.Series
    closing: pd.Series
    asked: bool


def known_deals(opportunities: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Opportunities opened by `as_of`, or without a date of opening."""
    opened = opportunities["opened"]
    return opportunities[opened.isna() | (opened <= pd.Timestamp(as_of))]


def open_deals(opportunities: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Those of `known_deals` that are neither won nor lost; right on the book's date only."""
    deals = known_deals(opportunities, as_of)
    return deals[~deals["stage"].isin(CLOSED)]


def deal_signs(book: Book, accounts: pd.Index[str], rules: Cycle, as_of: date) -> DealSigns:
    """Read the deals of every account as of a day, indexed as `accounts`."""
    deals = book["opportunities"]
    if as_of < book.as_of:
        return _before(deals, accounts, as_of, book.as_of)
    return _today(deals, accounts, rules, as_of)


def _today(
    opportunities: pd.DataFrame, accounts: pd.Index[str], rules: Cycle, as_of: date
) -> DealSigns:
    deals = open_deals(opportunities, as_of)
    asked = not known_deals(opportunities, as_of).empty
    reach = timedelta(days=rules.six_months_days)
    near = deals["closes"].between(pd.Timestamp(as_of) - reach, pd.Timestamp(as_of) + reach)
    count = _count(deals, accounts)
    amounts = deals.groupby("account_id")["amount"].sum(min_count=1).round(2)
    pipeline = amounts.reindex(accounts).astype("float64")
    if asked:
        pipeline[count == 0] = 0.0
    return DealSigns(
        count if asked else count.mask(count.notna()),
        pipeline,
        count > 0,
        _count(deals[deals["stage"].isin(rules.active_stages)], accounts) > 0,
        _count(deals[near], accounts) > 0,
        asked,
    )


def _before(
    opportunities: pd.DataFrame, accounts: pd.Index[str], as_of: date, book_date: date
) -> DealSigns:
    today = pd.Timestamp(as_of)
    opened, closes = opportunities["opened"], opportunities["closes"]
    done = opportunities["stage"].isin(CLOSED)
    # Closed by the book's date, a deal that "closes" after it has no true day of closing.
    closed = closes.where(done & (closes <= pd.Timestamp(book_date)))
    there = ~(opened > today) & ~(closed <= today)
    sure = there & (opened <= today) & (~done | closed.notna())
    count = _count(opportunities[sure], accounts)
    doubtful = accounts.isin(opportunities.loc[there & ~sure, "account_id"])
    asked = bool(((opened <= today) | (closed <= today)).any())
    some = (count > 0).mask(doubtful & (count == 0).to_numpy(dtype=bool))
    unknown = pd.Series(False, index=accounts, dtype="boolean").mask(some.fillna(True))
    return DealSigns(
        count.mask(doubtful) if asked else count.mask(count.notna()),
        pd.Series(float("nan"), index=accounts),
        some,
        unknown,
        unknown,
        asked,
    )


def _count(deals: pd.DataFrame, accounts: pd.Index[str]) -> pd.Series:
    counts = deals.groupby("account_id").size()
    return counts.reindex(accounts, fill_value=0).astype("Int64")
