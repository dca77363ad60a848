"""Whitespace as it was told a year earlier, set against what was bought since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import trailing
from tools.order_facts import lines_until, within

YEAR = 365


@dataclass(frozen=True)
class Backtest:
    """How the gaps of accounts that were active a year earlier came out.

    Attributes
    ----------
    as_of
        The day they were told on.
    method
        `stack` or `peers`, as on that day.
    gaps
        How many were judged.
    mean_chance, adopted
        What was foretold, and the share that came true: in the 365 days after, the account
        spent on the line at least what would have made it no gap.
    brier, brier_peer_share
        Mean squared error of the chance, and of the share of peers who buy the line taken
        for a chance.
    worth, spent
        Currency: what the gaps were told to be worth, and what was spent on them beyond the
        spend of the year before.
    reliability
        Ten rows by rising chance: `gaps`, `chance` (mean), `adopted` (share).
    """

    as_of: date
    method: str
    gaps: int
    mean_chance: float
    adopted: float
    brier: float
    brier_peer_share: float
    worth: float
    spent: float
    reliability: pd.DataFrame


def judged(book: Book, coverage: CoverageModel, as_of: date) -> Backtest | None:
    """Tell whitespace 365 days before `as_of` and judge it by the orders since.

    None where the book has no gap on that day.
    """
    # Here, because whitespace offers its own backtest.
    from tools.facts import facts
    from tools.potential import potential
    from tools.whitespace import whitespace

    day = as_of - timedelta(days=YEAR)
    then = facts(book, coverage, as_of=day)
    told = whitespace(book, then, potential(then, coverage), coverage)
    active = then.table["net_spend_12m"].fillna(0) > 0
    gaps = told.gaps_table
    gaps = gaps[active.reindex(gaps["account_id"]).to_numpy(dtype=bool)]
    if gaps.empty:
        return None
    lines = lines_until(book, as_of)
    level = coverage.whitespace.level
    lines = lines[within(lines["ordered"], trailing(as_of, YEAR))]
    spend = lines.groupby(["account_id", level])["amount"].sum()
    pairs = pd.MultiIndex.from_frame(gaps[["account_id", "line"]])
    spent = spend.reindex(pairs).fillna(0.0).to_numpy(dtype=float)
    enough = coverage.whitespace.little_share * gaps["peer_p50"].to_numpy(dtype=float)
    adopted = (spent > 0) & (spent >= enough)
    chance = gaps["chance"].to_numpy(dtype=float)
    share = gaps["peer_share"].to_numpy(dtype=float)
    before = np.maximum(gaps["own_spend_12m"].to_numpy(dtype=float), 0.0)
    return Backtest(
        as_of=day,
        method=told.method,
        gaps=len(gaps),
        mean_chance=float(chance.mean()),
        adopted=float(adopted.mean()),
        brier=float(((chance - adopted) ** 2).mean()),
        brier_peer_share=float(((share - adopted) ** 2).mean()),
        worth=float(gaps["worth"].sum()),
        spent=float(np.maximum(spent - before, 0.0).sum()),
        reliability=reliability(chance, adopted),
    )


def reliability(chance: np.ndarray, adopted: np.ndarray, bins: int = 10) -> pd.DataFrame:
    """Mean chance and share adopted in equal parts by rising chance, fewer of few rows."""
    order = np.argsort(chance, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    return pd.DataFrame(
        {
            "gaps": [len(part) for part in parts],
            "chance": [float(chance[part].mean()) for part in parts],
            "adopted": [float(adopted[part].mean()) for part in parts],
        }
    )
