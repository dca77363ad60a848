"""The companies of a book's market: its accounts, and those known that are none yet."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from tools.facts import Facts
from tools.market.adoption import FEWEST
from tools.market.bands import levels
from tools.potential import Potential
from tools.territory.families import family_heads

NOT_NEW = ("already_an_account", "company_listed_twice")
"""Findings of the quality report whose companies are left out: they stand in the market once."""

DESCRIBED = ("name", "industry", "segment", "employees", "country", "region", "city")


def market_companies(
    book: Book, facts: Facts, potential: Potential, coverage: CoverageModel
) -> pd.DataFrame:
    """List the addressable market, one row per company, indexed by id.

    Parameters
    ----------
    book
        Its accounts, and its market companies but for those that the quality report
        takes for accounts or for one another. Where both hold an id, the account wins.
    facts, potential
        Spend, first orders, and what an account could spend.
    coverage
        `market.dimensions` and `market.size_bands`.

    Returns
    -------
    DataFrame
        `kind` (account or company), `name`, `industry`, `segment`, `employees`, `size`
        (a band), `country`, `region`, `city`, `owner_id`, `territory_id`, `parent_id`,
        `family` (the head's account id; missing without a known parent), `owned`,
        `customer` and `was_customer` (net spend above nought in the last 12 months and in
        the 12 before), `bought` and `bought_before` (ever, by today and by a year ago),
        `spend` and `potential` (currency a year).

        In a book without orders who is a customer is blank, not false. A company that is
        no account has the median potential of the accounts of its cell, with the last
        dimension dropped until five accounts compare.
    """
    table = _accounts(book, facts, potential)
    ordered = bool(facts.table["net_spend_12m"].notna().any())
    others = _others(book, set(table.index), ordered=ordered)
    both = pd.concat([table, others]) if len(others) else table
    both["size"] = levels(
        both["employees"].astype("Float64").rename("employees"), coverage.market.size_bands
    ).astype("str")
    blank = both["employees"].isna()
    both["size"] = both["size"].mask(blank).astype("str")
    strangers = both["kind"].eq("company")
    if strangers.any():
        both.loc[strangers, "potential"] = _likened(
            both, strangers, list(coverage.market.dimensions)
        )
    return both


def _accounts(book: Book, facts: Facts, potential: Potential) -> pd.DataFrame:
    accounts = book["accounts"].set_index("account_id")
    known = facts.table.reindex(accounts.index)
    out = accounts[[*DESCRIBED, "owner_id", "territory_id", "parent_id"]].copy()
    out.insert(0, "kind", "account")
    out["family"] = family_heads(accounts)
    out["owned"] = out["owner_id"].notna()
    ordered = known["net_spend_12m"].notna()
    for name, column in (("customer", "net_spend_12m"), ("was_customer", "net_spend_prior_12m")):
        out[name] = (known[column].fillna(0.0) > 0).astype("boolean").where(ordered)
    first = known["first_order_date"]
    day = pd.Timestamp(facts.reading.as_of)
    for name, until in (("bought", day), ("bought_before", day - timedelta(days=365))):
        out[name] = (first <= until).astype("boolean")
    out["spend"] = known["net_spend_12m"]
    out["potential"] = potential.table["potential_p50"].reindex(out.index)
    out.index = out.index.rename("company_id")
    return out


def _others(book: Book, accounts: set[str], *, ordered: bool) -> pd.DataFrame:
    rows = book["market_companies"].set_index("company_id")
    gone = {
        row for note in book.quality.findings if note.code in NOT_NEW for row in note.rows
    } | accounts
    rows = rows[~rows.index.isin(gone)]
    out = rows[list(DESCRIBED)].copy()
    out.insert(0, "kind", "company")
    for name in ("owner_id", "territory_id"):
        out[name] = pd.Series(None, index=out.index, dtype="str")
    out["parent_id"] = rows["parent_account_id"]
    heads = family_heads(book["accounts"].set_index("account_id"))
    out["family"] = rows["parent_account_id"].map(heads).astype("str")
    out["owned"] = False
    for name in ("customer", "was_customer", "bought", "bought_before"):
        value = False if ordered or name.startswith("bought") else pd.NA
        out[name] = pd.array([value] * len(out), dtype="boolean")
    out["spend"] = 0.0 if ordered else np.nan
    out["potential"] = np.nan
    return out


def _likened(both: pd.DataFrame, strangers: pd.Series, by: list[str]) -> pd.Series:
    """Median potential of the accounts that compare, for each company that is none."""
    accounts = both[~strangers & both["potential"].notna()]
    told = pd.Series(np.nan, index=both.index[strangers])
    for depth in range(len(by), -1, -1):
        waiting = both.loc[told.index[told.isna()]]
        if waiting.empty:
            break
        if depth == 0:
            if len(accounts) >= FEWEST:
                told[waiting.index] = round(float(accounts["potential"].median()), 2)
            break
        shared = accounts.groupby(by[:depth])["potential"].agg(["size", "median"])
        usual = shared.loc[shared["size"] >= FEWEST, "median"].round(2).rename("usual")
        told[waiting.index] = waiting[by[:depth]].join(usual, on=by[:depth])["usual"]
    return told
