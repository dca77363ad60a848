"""Who took up a product line in the last half year: the book as a whole, and sites of families."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domain.period import Period, trailing
from tools.market.families import FamilyEffect, family_effect

HALF_YEAR = 182  # taking up is counted over this many days and told for 365


def net_spend(lines: pd.DataFrame, period: Period) -> pd.Series:
    """Net spend by account and line within a period, in cents."""
    inside = lines["ordered"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return lines[inside].groupby(["account_id", "line"])["amount"].sum().round(2)


def listed(family: pd.Series) -> pd.DataFrame:
    """The members of families as rows: `account_id`, `family`."""
    members = {"account_id": family.index.astype("str"), "family": family.to_numpy()}
    return pd.DataFrame(members, dtype="str")


def learned(
    lines: pd.DataFrame,
    accounts: pd.Index,
    family: pd.Series,
    as_of: date,
    pseudo_count: float,
) -> tuple[FamilyEffect, pd.DataFrame]:
    """Count who took up what in the last half year.

    Parameters
    ----------
    lines
        `account_id`, `line`, `ordered`, `amount`, none after `as_of`.
    accounts
        Every account of the book.
    family
        The family of every account that shares one, by id.
    as_of, pseudo_count
        As `site_gaps` takes them.

    Returns
    -------
    FamilyEffect, DataFrame
        What families add, and the book's half-year rates: one row per line, column True
        for accounts that bought anything in the 12 months before, False for the others.
    """
    recent = net_spend(lines, trailing(as_of, HALF_YEAR))
    before = net_spend(lines, trailing(as_of, 365, skip=HALF_YEAR))
    recent, before = recent[recent > 0], before[before > 0]
    active = set(before.index.get_level_values("account_id"))
    total = {True: len(active), False: len(accounts) - len(active)}
    had = before.groupby(level="line").size()
    new = recent[~recent.index.isin(before.index)].reset_index()
    new["active"] = new["account_id"].isin(active)
    took = new.groupby(["line", "active"]).size().unstack(fill_value=0)
    rates = pd.DataFrame(index=pd.Index(sorted(set(had.index) | set(took.index)), dtype="str"))
    for flag in (True, False):
        # Whoever bought the line was active then, so of the others nobody had it.
        tried = total[flag] - (had.reindex(rates.index, fill_value=0) if flag else 0)
        if flag not in took:
            took[flag] = 0
        hits = took[flag].reindex(rates.index, fill_value=0)
        all_tried = float(np.sum(np.broadcast_to(tried, len(rates))))
        mean = float(np.sum(hits)) / all_tried if all_tried else 0.0
        rates[flag] = (hits + pseudo_count * mean) / np.maximum(tried + pseudo_count, 1e-9)
    return _effect(new, before, family, active, rates, pseudo_count), rates


def _effect(
    new: pd.DataFrame,
    before: pd.Series,
    family: pd.Series,
    active: set[str],
    rates: pd.DataFrame,
    pseudo_count: float,
) -> FamilyEffect:
    had = before.reset_index()[["account_id", "line"]]
    had["family"] = had["account_id"].map(family).astype("str")
    offered = had.dropna(subset=["family"])[["family", "line"]].drop_duplicates()
    cases = listed(family).merge(offered, on="family")
    own = pd.MultiIndex.from_frame(cases[["account_id", "line"]])
    cases = cases[~own.isin(before.index)]
    taken = pd.MultiIndex.from_frame(cases[["account_id", "line"]]).isin(
        pd.MultiIndex.from_frame(new[["account_id", "line"]])
    )
    foretold = rate_of(cases["line"], cases["account_id"].isin(active), rates)
    return family_effect(
        cases["family"].nunique(), len(cases), int(taken.sum()), float(foretold.sum()),
        pseudo_count=pseudo_count,
    )  # fmt: skip


def rate_of(line: pd.Series, active: pd.Series, rates: pd.DataFrame) -> np.ndarray:
    """The book's half-year rate of each row's line and activity; nought for a line unseen."""
    by_flag = [
        line.map(rates[flag]).fillna(0.0).to_numpy(dtype=np.float64) for flag in (True, False)
    ]
    return np.where(active.to_numpy(dtype=bool), *by_flag)
