"""The book's own history: facts as of past days, and what came after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from tools.facts import Facts, facts
from tools.past_deals import CLOSED
from tools.potential import potential


@dataclass(frozen=True)
class Outcomes:
    """One row per account and past day, in order of day and account.

    Attributes
    ----------
    table
        The facts and the potential of the account as of that day, with the columns of
        `Facts.table` and `Potential.table`; numbered from 0.
    outcome
        1 where it came to pass, 0 where not.
    when
        The day the facts are of.
    known
        The day from which the outcome is known. To fit on what was known at a day, take
        the rows with `known` up to it, not those with `when` up to it.
    account_id
        Whose row it is. Rows of one account are not independent.
    note
        What an outcome is here, how many there are and what was left out, in words.
    """

    table: pd.DataFrame
    outcome: pd.Series
    when: pd.Series
    known: pd.Series
    account_id: pd.Series
    note: str


def outcomes(book: Book, coverage: CoverageModel) -> Outcomes:
    """Collect rows to fit and test a score card on, by `coverage.history`.

    Parameters
    ----------
    book
        Orders or opportunities are the outcomes; every table its facts.
    coverage
        With `history.outcome` "order", each account is asked on days `every_days` apart,
        back from the last day whose outcome is complete by the book's date: did it order
        within `outcome_days` after the day? An order is what it is as a fact: a day whose
        net is above nought. Accounts that were not yet founded are left out; all others
        are asked, those that never ordered too, because the book does not tell when an
        account became one.

        With "won", each closed opportunity is a row: the facts of the day it was opened,
        itself among the open ones, and whether it was won; known on the day it closed.
        Without a day of opening or closing it is left out.

        Days earlier than `run_in_days` after the book's first order or opportunity, or
        than `earliest_days` before its date, are left out. Facts are worked out on at
        most `days_at_most` different days: where there are more, rows take those of the
        latest such day before their own.

    Returns
    -------
    Outcomes
        Without rows where the book holds no such history; `note` says so.

    Raises
    ------
    ColumnsMissing
        As `potential`.
    """
    rules = coverage.history
    asked, told = (_orders if rules.outcome == "order" else _deals)(book, coverage)
    parts = []
    for day, rows in asked.groupby("day", sort=True):
        known = facts(book, coverage, as_of=pd.Timestamp(str(day)).date())
        whole = pd.concat([known.table, potential(known, coverage).table], axis=1)
        parts.append(whole.loc[rows["account_id"]])
    table = pd.concat(parts, ignore_index=True) if parts else _no_rows(book, coverage)
    if len(asked) and not asked["day"].equals(asked["when"]):
        told += " Facts are told as of fewer days, each up to the row's own."
    return Outcomes(
        table, asked["outcome"], asked["when"], asked["known"], asked["account_id"], told
    )


def _no_rows(book: Book, coverage: CoverageModel) -> pd.DataFrame:
    known = facts(book, coverage)
    empty = Facts(known.table.iloc[:0], known.reading)
    return pd.concat([empty.table, potential(empty, coverage).table], axis=1).reset_index(drop=True)


def _asked(accounts: object, when: object, known: object, outcome: object) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "account_id": pd.Series(accounts, dtype="str"),
            "when": pd.Series(when, dtype="datetime64[s]"),
            "known": pd.Series(known, dtype="datetime64[s]"),
            "outcome": pd.Series(outcome, dtype="int64"),
        }
    )
    rows = rows.sort_values(["when", "account_id"], kind="stable").reset_index(drop=True)
    return rows.assign(day=rows["when"])


def _first_day(book: Book, coverage: CoverageModel) -> date | None:
    """The earliest day rows may be of; None where the book holds no dated history."""
    seen = [book["orders"]["ordered"].min(), book["opportunities"]["opened"].min()]
    dated = [one for one in seen if pd.notna(one)]
    if not dated:
        return None
    rules = coverage.history
    begun: date = min(dated).date() + timedelta(days=rules.run_in_days)
    return max(begun, book.as_of - timedelta(days=rules.earliest_days))


def _orders(book: Book, coverage: CoverageModel) -> tuple[pd.DataFrame, str]:
    rules = coverage.history
    lines = book["orders"][book["orders"]["ordered"] <= pd.Timestamp(book.as_of)]
    net = lines.groupby(["account_id", "ordered"])["amount"].sum().round(2)
    bought = net[net > 0].reset_index()
    first = _first_day(book, coverage)
    days: list[date] = []
    day = book.as_of - timedelta(days=rules.outcome_days)
    while not bought.empty and first is not None and day >= first:
        days.append(day)
        day -= timedelta(days=rules.every_days)
    days = days[: rules.days_at_most]
    accounts = book["accounts"]
    parts = []
    for day in days:
        end = pd.Timestamp(day + timedelta(days=rules.outcome_days))
        after = bought.loc[(bought["ordered"] > pd.Timestamp(day)) & (bought["ordered"] <= end)]
        there = accounts.loc[~accounts["founded"].gt(day.year).fillna(False), "account_id"]
        ordered = there.isin(after["account_id"]).astype("int64")
        parts.append(
            pd.DataFrame(
                {"account_id": there, "when": day, "known": end, "outcome": ordered},
            )
        )
    if not parts:
        why = "holds no order" if bought.empty else "holds too short a history of orders"
        return _asked([], [], [], []), f"The book {why}, so no outcome is known."
    rows = pd.concat(parts)
    rows = _asked(*(rows[name].to_numpy() for name in ("account_id", "when", "known", "outcome")))
    note = (
        f"An outcome is an order within {rules.outcome_days} days: {len(rows):,} rows of "
        f"{rows['account_id'].nunique():,} accounts on {len(days)} days from {days[-1]} to "
        f"{days[0]}, {int(rows['outcome'].sum()):,} with an order."
    )
    return rows, note


def _deals(book: Book, coverage: CoverageModel) -> tuple[pd.DataFrame, str]:
    deals = book["opportunities"]
    closed = deals[deals["stage"].isin(CLOSED)]
    if closed.empty:
        return _asked(
            [], [], [], []
        ), "The book holds no closed opportunity, so no outcome is known."
    opened, closes = closed["opened"], closed["closes"]
    # The book's own day knows of every deal how it ended: no day for facts before the end.
    today = pd.Timestamp(book.as_of)
    dated = (opened <= closes) & (closes <= today) & (opened < today)
    first = _first_day(book, coverage) or book.as_of
    early = dated & (opened < pd.Timestamp(first))
    used = closed[dated & ~early]
    rows = _asked(
        used["account_id"].to_numpy(), used["opened"].to_numpy(), used["closes"].to_numpy(),
        (used["stage"] == "won").to_numpy(),
    )  # fmt: skip
    rows["day"] = _fewer(rows["when"], coverage.history.days_at_most)
    note = (
        f"An outcome is a closed opportunity: {len(rows):,}, of which "
        f"{int(rows['outcome'].sum()):,} were won. Left out: {int((~dated).sum()):,} without "
        f"days of opening and closing, {int(early.sum()):,} too early to have facts."
    )
    return rows, note


def _fewer(days: pd.Series, most: int) -> pd.Series:
    """Replace each day by one of at most `most` days, never by a later one."""
    different = np.sort(days.unique())
    if len(different) <= most:
        return days
    chosen = np.array([part[0] for part in np.array_split(different, most)])
    at = np.searchsorted(chosen, days.to_numpy(), side="right") - 1
    return pd.Series(chosen[at], index=days.index)
