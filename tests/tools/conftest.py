from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from domain.book import Book, QualityReport, frame
from domain.coverage import CoverageModel, parse_coverage
from domain.tables import TABLES

AS_OF = date(2026, 11, 13)
DEFAULTS = Path(__file__).parents[2] / "api" / "defaults" / "coverage.toml"

DEFAULT_TIERS = parse_coverage(DEFAULTS.read_text(encoding="utf-8")).tiers

Rows = Iterable[Mapping[str, Any]]
MakeBook = Callable[..., Book]


def make_book(*, as_of: date = AS_OF, book_id: str = "book-1", **tables: Rows) -> Book:
    """A book of a few rows; tables and columns that are left out are empty."""
    rows = {name: [dict(row) for row in listed] for name, listed in tables.items()}
    for table, required in (("accounts", "name"), ("reps", "name"), ("contacts", "name")):
        for row in rows.get(table, []):
            row.setdefault(required, "Name of " + str(next(iter(row.values()))))
    for rep in rows.get("reps", []):
        rep.setdefault("function", "rep")
    for number, line in enumerate(rows.get("orders", [])):
        line.setdefault("order_line_id", f"L{number:04d}")
        line.setdefault("order_id", f"O{number:04d}")
        line.setdefault("product_id", "P-1")
        line.setdefault("quantity", 1)
    for number, deal in enumerate(rows.get("opportunities", [])):
        deal.setdefault("opportunity_id", f"D{number}")
        deal.setdefault("name", f"Deal {number}")
    for table, key in (
        ("contacts", "contact_id"),
        ("activities", "activity_id"),
        ("intent_signals", "signal_id"),
        ("leave", "leave_id"),
        ("quotas", "quota_id"),
    ):
        for number, row in enumerate(rows.get(table, [])):
            row.setdefault(key, f"{table}-{number}")
    for touch in rows.get("activities", []):
        touch.setdefault("kind", "call")
    built = {table.name: _built(table.name, rows.get(table.name, [])) for table in TABLES}
    return Book(book_id, as_of, "USD", built, QualityReport(findings=(), rows_by_table={}))


_BUILT: dict[str, pd.DataFrame] = {}


def _built(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A table of these rows: most are as in the book before, and building one takes longest."""
    key = f"{name} {rows!r}"
    if key not in _BUILT:
        if len(_BUILT) > 500:
            _BUILT.clear()
        _BUILT[key] = frame(name, rows)
    return _BUILT[key].copy(deep=False)


@pytest.fixture(scope="session")
def tiny_book() -> MakeBook:
    return make_book


@pytest.fixture(scope="session")
def coverage() -> CoverageModel:
    return parse_coverage(DEFAULTS.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def shop_book() -> Book:
    """Two groups of 24 shops, three orders each in both years.

    Road shop n spends 300 n a year, trail shop n 3,000 n. All is bikes but the last order:
    caps for shops 1, 4, 7 ..., vests for shops 2, 5, 8 ... A rep owns every shop but the
    last of each group.
    """
    accounts, orders = [], []
    for group, scale in (("Road", 100), ("Trail", 1000)):
        for number in range(1, 25):
            account = f"{group[0]}-{number:02d}"
            accounts.append(
                {
                    "account_id": account,
                    "segment": group,
                    "product_focus": "Bikes",
                    "territory_id": "T-1",
                    "employees": number,
                    "owner_id": None if number == 24 else f"r{number % 3}",
                }
            )
            for year in (2025, 2026):
                for month in (2, 5, 8):
                    clothing = (year, month) == (2026, 8)
                    product = ("P-1", "P-2", "P-3")[number % 3 if clothing else 0]
                    orders.append(
                        {
                            "account_id": account,
                            "ordered": date(year, month, number),
                            "amount": float(scale * number),
                            "product_id": product,
                        }
                    )
    return make_book(
        accounts=accounts,
        orders=orders,
        reps=[{"rep_id": f"r{n}"} for n in range(3)],
        territories=[{"territory_id": "T-1", "name": "North", "group": "North America"}],
        products=[
            {"product_id": "P-1", "name": "Bike", "category": "Bikes", "subcategory": "Bikes"},
            {"product_id": "P-2", "name": "Cap", "category": "Clothing", "subcategory": "Caps"},
            {"product_id": "P-3", "name": "Vest", "category": "Clothing", "subcategory": "Vests"},
        ],
    )
