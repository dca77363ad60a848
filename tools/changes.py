"""What happened between a day and the book's date, against the same days a year before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from domain.period import Period
from domain.record import content_hash, decimal_string
from tools.change_cells import ANALYSIS, SUMMED, UNOWNED, Changes, NewLine
from tools.order_facts import lines_until, within

YEAR = 365
SILENCE = 30
"""Days a span must have before who was not heard from in it counts as quiet."""


def changes(
    book: Book,
    coverage: CoverageModel,
    since: date,
    accounts: Sequence[str],
    *,
    head: str,
    seen: Collection[str] | None = None,
) -> Changes:
    """Tell what the dated rows of a book say happened from `since` to its date.

    Parameters
    ----------
    book
        Orders, opportunities, activities, documents and contacts are read, of `seen` alone.
        Rows dated before `since` or after the book's date count for nothing, but to tell
        what is new and what was the case the same days a year (365 days) before.
    coverage
        `whitespace.level` says what a product line is.
    since
        The first day that counts.
    accounts
        Ids of the accounts to tell of, each once.
    head
        Entity of all of them together, such as `rep:R-1`.
    seen
        Ids of all accounts the reader sees; `accounts` without it.

    Returns
    -------
    Changes
        Orders are counted by account and day, those whose net is not positive are none. A
        deal was won or lost on its closing date. A line is new on the first day on file
        with a positive net, where the book's orders begin before the span. A contact has
        gone quiet whose last contact lies in as many days before the span as the span has;
        in fewer than `SILENCE` days nobody has.

    Raises
    ------
    InvalidInput
        When `since` lies after the book's date, or there is no account.

    Notes
    -----
    `docs/methodology.md#changes` works an example by hand.
    """
    if since > book.as_of:
        raise InvalidInput(
            "That day lies after the book's date.", hint="Ask for a day up to the book's date."
        )
    if not accounts:
        raise InvalidInput("There is no account to tell of.", hint="Name a rep or an account.")
    span = Period(since, book.as_of)
    prior = Period(since - timedelta(days=YEAR), book.as_of - timedelta(days=YEAR))
    index = pd.Index(list(accounts), dtype="str", name="account_id")
    shown = set(seen if seen is not None else accounts) | set(accounts)
    level = coverage.whitespace.level
    lines = _of(lines_until(book, book.as_of), shown)[["account_id", "ordered", "amount", level]]
    # Tens of thousands of rows are grouped six times: by category, that takes a third.
    lines = lines.astype({"account_id": "category", level: "category"})
    deals = _of(book["opportunities"], shown)
    touches = _until(_of(book["activities"], shown), "occurred", book.as_of)
    papers = _until(_of(book["documents"], shown), "published", book.as_of)
    people = _of(book["contacts"], shown)
    begins = {
        name: rows[column].min().date()
        for name, rows, column in (
            ("orders", lines, "ordered"),
            ("opportunities", deals, "opened"),
            ("activities", touches, "occurred"),
            ("documents", papers, "published"),
        )
        if rows[column].notna().any()
    }
    table = pd.DataFrame({"accounts_span": 1}, index=index)
    for period, infix in ((span, ""), (prior, "_prior")):
        known = "orders" in begins and (not infix or begins["orders"] <= period.start)
        inside = lines[within(lines["ordered"], period)]
        value = inside.groupby("account_id", observed=True)["amount"].sum().round(2)
        table[f"order_value{infix}_span"] = _filled(value, index, 0.0, known)
        counted = _orders(inside).groupby("account_id", observed=True).size()
        table[f"orders{infix}_span"] = _filled(counted, index, 0, known)
        known = "activities" in begins and (not infix or begins["activities"] <= period.start)
        met = touches[within(touches["occurred"], period)].groupby("account_id").size()
        table[f"touches{infix}_span"] = _filled(met, index, 0, known)
    for word, column, stage in (
        ("opened", "opened", None), ("won", "closes", "won"), ("lost", "closes", "lost"),
    ):  # fmt: skip
        rows = deals[within(deals[column], span)]
        by_account = (rows if stage is None else rows[rows["stage"] == stage]).groupby("account_id")
        table[f"deals_{word}_span"] = _filled(by_account.size(), index, 0, not deals.empty)
        amount = by_account["amount"].sum().round(2)
        table[f"deals_{word}_value_span"] = _filled(amount, index, 0.0, not deals.empty)
    first = _first_lines(lines, level, span)
    known = "orders" in begins and begins["orders"] < span.start
    first = first[first["account_id"].isin(index)] if known else first.iloc[:0]
    table["new_lines_span"] = _filled(
        first.groupby("account_id", observed=True).size(), index, 0, known
    )
    filed = papers[within(papers["published"], span)].groupby("account_id").size()
    table["documents_span"] = _filled(filed, index, 0, "documents" in begins)
    before = Period(span.start - timedelta(days=span.days), span.start - timedelta(days=1))
    quiet = people[within(people["last_contact"], before) & people["account_id"].isin(index)]
    quiet = quiet if span.days >= SILENCE else quiet.iloc[:0]
    met_ever = span.days >= SILENCE and bool(people["last_contact"].notna().any())
    table["quiet_contacts_span"] = _filled(quiet.groupby("account_id").size(), index, 0, met_ever)
    owners = book.owners
    return Changes(
        span=span,
        prior=prior,
        head=head,
        table=table[list(SUMMED)],
        new_lines=tuple(
            NewLine(account, line, day.date(), Decimal(decimal_string(float(amount), 2)))
            for account, line, day, amount in first.itertuples(index=False)
        ),
        quiet=tuple(zip(quiet["account_id"], quiet["contact_id"], strict=True)),
        begins=begins,
        owners={str(account): owners[account] or UNOWNED for account in index},
        _arguments=content_hash(
            [ANALYSIS, book.book_id, coverage.hash, book.as_of.isoformat(), since.isoformat()]
        ),
    )


def _of(rows: pd.DataFrame, accounts: Collection[str]) -> pd.DataFrame:
    return rows[rows["account_id"].isin(accounts)]


def _until(rows: pd.DataFrame, column: str, as_of: date) -> pd.DataFrame:
    return rows[rows[column] <= pd.Timestamp(as_of)]


def _filled(values: pd.Series, index: pd.Index[str], nought: float, known: bool) -> pd.Series:
    """Return a column in the order of `index`; missing throughout where it is not `known`."""
    if isinstance(values.index, pd.CategoricalIndex):
        values = values.set_axis(values.index.astype("str"))
    filled = values.reindex(index, fill_value=nought)
    counts = filled.astype("Int64") if isinstance(nought, int) else filled.astype("float64")
    return counts if known else counts.mask(counts.notna())


def _orders(lines: pd.DataFrame) -> pd.DataFrame:
    by_day = lines.groupby(["account_id", "ordered"], observed=True)["amount"].sum().round(2)
    return by_day[by_day > 0].reset_index()


def _first_lines(lines: pd.DataFrame, level: str, span: Period) -> pd.DataFrame:
    """Account, line, first day and net value in the span of what was first bought within it."""
    by_day = lines.groupby(["account_id", level, "ordered"], observed=True)["amount"].sum().round(2)
    bought = by_day[by_day > 0].reset_index()
    first = bought.groupby(["account_id", level], observed=True)["ordered"].min().reset_index()
    first = first[within(first["ordered"], span)]
    inside = lines[within(lines["ordered"], span)]
    value = (
        inside.groupby(["account_id", level], observed=True)["amount"]
        .sum()
        .round(2)
        .rename("amount")
    )
    told = first.merge(value.reset_index(), on=["account_id", level], how="left")
    return told.sort_values(["account_id", "ordered", level], kind="stable")[
        ["account_id", level, "ordered", "amount"]
    ]
