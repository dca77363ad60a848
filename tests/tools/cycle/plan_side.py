"""A side whose tiers and potential are set by hand, so that every figure can be added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.book import Book
from domain.coverage import CoverageModel
from domain.quarter import QuarterRules, quarter_named
from tests.tools.conftest import make_book
from tools.analyses import analyse
from tools.capacity_cut import capacity_cut
from tools.cycle.side import Side
from tools.ranks import ranks

AS_OF = date(2026, 11, 13)  # a Friday, day 44 of the 92 days of October to December
Q4 = quarter_named("2026Q4", QuarterRules())

Row = Mapping[str, Any]


def placed(
    coverage: CoverageModel, accounts: Iterable[Row], *, as_of: date = AS_OF, **tables: Any
) -> Side:
    """Read a book and place its accounts.

    An account's row may hold `tier` (tier_1 by default), `p50` (0) and `open` (0) beside the
    columns of the table; P75 is its spend and what is open. Its owner is ana by default.
    """
    rows = [dict(row) for row in accounts]
    told = {
        row["account_id"]: (row.pop("tier", "tier_1"), row.pop("p50", 0.0), row.pop("open", 0.0))
        for row in rows
    }
    for row in rows:
        row.setdefault("owner_id", "ana")
    tables.setdefault("reps", [{"rep_id": "ana", "selling_hours_week": 30.0}])
    return place(make_book(as_of=as_of, accounts=rows, **tables), coverage, told)


def place(
    book: Book, coverage: CoverageModel, told: Mapping[str, tuple[str, float, float]]
) -> Side:
    """Read a book under tiers, P50 and open potential given by account."""
    plain = analyse(book, coverage)
    order = {tier.key: place for place, tier in enumerate(coverage.tiers)}
    labels = {tier.key: tier.label for tier in coverage.tiers}
    tiers, could = plain.tiers.table.copy(), plain.potential.table.copy()
    keys = [str(account) for account in tiers.index]
    tiers["tier"] = [told[key][0] for key in keys]
    tiers["label"] = [labels[told[key][0]] for key in keys]
    tiers["order"] = [order[told[key][0]] for key in keys]
    tiers["expected_value"] = [told[key][1] for key in keys]
    spend = plain.facts.table["net_spend_12m"].fillna(0.0).reindex(could.index)
    could["potential_p50"] = [told[str(key)][1] for key in could.index]
    could["open_potential"] = [told[str(key)][2] for key in could.index]
    could["potential_p75"] = spend + could["open_potential"]
    placed_tiers = replace(plain.tiers, table=tiers)
    ranked = ranks(plain.facts, placed_tiers)
    analyses = replace(
        plain,
        tiers=placed_tiers,
        potential=replace(plain.potential, table=could),
        ranks=ranked,
        cut=capacity_cut(ranked, placed_tiers, plain.workload, coverage),
        _cited={},
        _by_id={},
        _markets={},
    )
    return Side(book, coverage, analyses)
