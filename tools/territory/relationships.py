"""How long an account's owner has known it, and what moving it would put at stake."""

from __future__ import annotations

import pandas as pd

from domain.book import Book
from domain.territory_rules import TerritoryRules

DAYS_A_YEAR = 365.25


def relationship_years(book: Book, owners: pd.Series) -> pd.Series:
    """Years since each owner's first order or touch with the account, up to the book's date.

    Parameters
    ----------
    book
        Orders and activities are read; rows dated after the book are not.
    owners
        Owner's rep id by account id; missing when unowned.

    Returns
    -------
    Series
        Indexed as `owners`; missing where the owner has neither sold nor been in touch.
    """
    today = pd.Timestamp(book.as_of)
    seen = pd.concat(
        [
            table.loc[table[day] <= today, ["account_id", "rep_id", day]].rename(
                columns={day: "day"}
            )
            for table, day in ((book["orders"], "ordered"), (book["activities"], "occurred"))
        ]
    )
    by_owner = seen[seen["rep_id"] == seen["account_id"].map(owners)]
    first = by_owner.groupby("account_id")["day"].min().reindex(owners.index)
    years: pd.Series = ((today - first).dt.days / DAYS_A_YEAR).astype("float64")
    return years


def relationship_value(accounts: pd.DataFrame, rules: TerritoryRules) -> pd.Series:
    """Currency at stake when an account leaves its owner.

    Strength of tenure (years over `relationship_full_years`, at most 1) times revenue of
    12 months and a share of potential. Five years with 100,000 of revenue and as much
    potential put 1 x (100,000 + 0.05 x 100,000) = 105,000 at stake. 0 without a
    relationship; returns beyond sales count as nought.
    """
    years = accounts["relationship_years"].fillna(0.0)
    strength = (years / rules.relationship_full_years).clip(upper=1.0)
    share = rules.relationship_potential_share
    stake: pd.Series = accounts["revenue"].clip(lower=0.0) + share * accounts["potential"]
    return strength * stake
