"""What orders tell about an account: spend, rhythm, range."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import Period, trailing

GAPS = 4  # the rhythm is read from at most this many of the latest gaps
REGULAR_GAPS = 3  # and called regular from this many on


def within(dates: pd.Series, period: Period) -> pd.Series:
    """Say which dates lie in `period`, both ends included; missing dates do not."""
    return dates.between(pd.Timestamp(period.start), pd.Timestamp(period.end))


def lines_until(book: Book, as_of: date) -> pd.DataFrame:
    """Order lines up to and with `as_of`, each with its product's category and line."""
    orders = book["orders"]
    orders = orders[orders["ordered"] <= pd.Timestamp(as_of)]
    products = book["products"]
    # Each product is looked up once: there are tens of thousands of lines to a few hundred.
    line, named_there = pd.factorize(orders["product_id"])
    known = pd.Index(products["product_id"]).get_indexer(named_there)
    row = np.append(known, -1)[line]
    # Row -1 stands for a product the book lacks: its lines have no category.
    named = {
        level: pd.Series(
            products[level].astype("str").array.take(row, allow_fill=True), index=orders.index
        )
        for level in ("category", "subcategory")
    }
    return orders.assign(**named)


def order_facts(
    book: Book, coverage: CoverageModel, accounts: pd.Index[str], as_of: date
) -> pd.DataFrame:
    """Spend, rhythm and range per account, indexed as `accounts`.

    Orders of one day count as one; orders whose net amount is not positive (returns)
    lower the spend but are no order. An account that never bought has spent nothing; in
    a book without any order line, spend is unknown.
    """
    lines = lines_until(book, as_of)
    year = trailing(as_of, 365)
    out = pd.DataFrame(index=accounts)
    known = not lines.empty
    for name, period in (
        ("net_spend_12m", year),
        ("net_spend_prior_12m", trailing(as_of, 365, skip=365)),
    ):
        spent = lines[within(lines["ordered"], period)].groupby("account_id")["amount"].sum()
        out[name] = spent.reindex(accounts, fill_value=0.0).round(2) if known else np.nan
    out["spend_change_12m"] = relative_change(out["net_spend_12m"], out["net_spend_prior_12m"])
    out = out.join(_rhythm(lines, coverage, accounts, as_of, year, known=known))
    return out.join(_range(lines[within(lines["ordered"], year)], coverage, accounts, known=known))


def relative_change(now: pd.Series, before: pd.Series) -> pd.Series:
    """Return (now - before) / before to 6 places; missing unless `before` is positive."""
    return ((now - before) / before.where(before > 0)).round(6)


def _rhythm(
    lines: pd.DataFrame,
    coverage: CoverageModel,
    accounts: pd.Index[str],
    as_of: date,
    year: Period,
    *,
    known: bool,
) -> pd.DataFrame:
    by_day = lines.groupby(["account_id", "ordered"], sort=True)["amount"].sum().round(2)
    orders = by_day[by_day > 0].reset_index()
    by_account = orders.groupby("account_id")
    out = pd.DataFrame(index=accounts)
    counted = orders[within(orders["ordered"], year)].groupby("account_id").size()
    out["orders_12m"] = counted.reindex(accounts, fill_value=0).astype("Int64")
    if not known:
        out["orders_12m"] = pd.Series(pd.NA, index=accounts, dtype="Int64")
    out["first_order_date"] = by_account["ordered"].min().reindex(accounts)
    out["last_order_date"] = by_account["ordered"].max().reindex(accounts)
    newest_first = by_account.cumcount(ascending=False)
    for place, name in enumerate(
        ("last_order_amount", "previous_order_amount", "third_last_order_amount")
    ):
        picked = orders[newest_first == place].set_index("account_id")["amount"]
        out[name] = picked.reindex(accounts)
    out["last_order_change"] = relative_change(
        out["last_order_amount"], out["previous_order_amount"]
    )
    out["previous_order_change"] = relative_change(
        out["previous_order_amount"], out["third_last_order_amount"]
    )
    gaps = orders.assign(gap=by_account["ordered"].diff().dt.days)
    latest = gaps[(newest_first < GAPS) & gaps["gap"].notna()].groupby("account_id")["gap"]
    out["order_interval_days"] = latest.median().reindex(accounts)
    out["order_interval_spread_days"] = (latest.max() - latest.min()).reindex(accounts)
    due = out["last_order_date"] + pd.to_timedelta(out["order_interval_days"].round(), unit="D")
    regular = latest.size().reindex(accounts, fill_value=0) >= REGULAR_GAPS
    limit = coverage.cycle.regular_spread * out["order_interval_days"]
    regular &= out["order_interval_spread_days"] <= limit
    # Overdue by more than one whole interval, the rhythm has ended and foretells nothing.
    overdue = (pd.Timestamp(as_of) - due).dt.days
    out["next_order_due"] = due.where(regular & (overdue <= out["order_interval_days"]))
    out["expected_order_date"] = due
    out["days_since_order"] = (pd.Timestamp(as_of) - out["last_order_date"]).dt.days.astype("Int64")
    return out


def _range(
    lines: pd.DataFrame, coverage: CoverageModel, accounts: pd.Index[str], *, known: bool
) -> pd.DataFrame:
    out = pd.DataFrame(index=accounts)
    by_category = lines.groupby(["account_id", "category"], sort=True)["amount"].sum().round(2)
    # Sorted by name, then stably by amount: equal amounts go to the first name.
    best = by_category[by_category > 0].reset_index()
    best = best.sort_values("amount", ascending=False, kind="stable")
    best = best.drop_duplicates("account_id").set_index("account_id")
    total = lines.groupby("account_id")["amount"].sum().round(2)
    out["top_category"] = best["category"].reindex(accounts)
    share = best["amount"] / total.where(total > 0).reindex(best.index)
    out["top_category_share"] = share.clip(upper=1.0).round(6).reindex(accounts)
    level = coverage.whitespace.level
    by_line = lines.groupby(["account_id", level])["amount"].sum().round(2)
    bought = by_line[by_line > 0].reset_index().groupby("account_id").size()
    out["product_lines_12m"] = bought.reindex(accounts, fill_value=0).astype("Int64")
    if not known:
        out["product_lines_12m"] = pd.Series(pd.NA, index=accounts, dtype="Int64")
    return out
