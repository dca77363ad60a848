"""The addressable market, and how much of it has an owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from domain.assignment import DesignPoint, Frontier
from domain.book import Book
from domain.coverage import CoverageModel
from domain.record import Record
from tools.facts import facts
from tools.potential import potential
from tools.territory.case import Case

Potentials = Mapping[str, float]


class MarketCoverage(Record):
    """The addressable market, and the part of it that has an owner; shares are 0 to 1.

    A share is missing where there is nothing to cover.
    """

    accounts: int
    owned: int
    share: float | None
    potential: float
    owned_potential: float
    potential_share: float | None


def market_coverage(
    case: Case,
    frontier: Frontier,
    points: Sequence[DesignPoint],
    book: Book,
    coverage: CoverageModel,
    potential_of: Potentials | None = None,
) -> list[MarketCoverage]:
    """Count the accounts, and their potential, that have an owner under each design.

    The market is every account of the designs and every account that no design holds.
    One of those counts as owned while its owner is employed on the book's date. Unknown
    potential counts as nought.
    """
    outside = [item for item in frontier.unplaced if item.account_id not in set(frontier.accounts)]
    worth: Potentials = {}
    if outside:
        worth = potential_of if potential_of is not None else _potentials(book, coverage)
    inside = case.accounts["potential"].reindex(list(frontier.accounts)).fillna(0.0)
    kept = [item for item in outside if _employed(book, item.owner_id)]
    more = sum(_known(worth, item.account_id) for item in outside)
    more_owned = sum(_known(worth, item.account_id) for item in kept)
    told = []
    for point in points:
        owned = [rep >= 0 for rep in point.assignment]
        accounts, total = len(owned) + len(outside), float(inside.sum()) + more
        held, held_worth = sum(owned) + len(kept), float(inside[owned].sum()) + more_owned
        told.append(
            MarketCoverage(
                accounts=accounts,
                owned=held,
                share=held / accounts if accounts else None,
                potential=total,
                owned_potential=held_worth,
                potential_share=held_worth / total if total > 0 else None,
            )
        )
    return told


def _potentials(book: Book, coverage: CoverageModel) -> Potentials:
    found = potential(facts(book, coverage), coverage).table["potential_p50"]
    return {str(account): float(value) for account, value in found.items()}


def _known(worth: Potentials, account: str) -> float:
    value = worth.get(account, 0.0)
    return 0.0 if pd.isna(value) else float(value)


def _employed(book: Book, rep: str | None) -> bool:
    row = book.rows("reps").get(rep) if rep is not None else None
    if row is None:
        return False
    last = row["active_to"]
    return bool(pd.isna(last) or pd.Timestamp(last).date() >= book.as_of)
