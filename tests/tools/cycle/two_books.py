"""Two books of four accounts, three months apart, and what is changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from domain.book import Book, QualityReport, frame
from domain.coverage import CoverageModel
from domain.review import Trigger, TriggerKind
from domain.tables import TABLES
from tools.analyses import Analyses
from tools.cells import Reading
from tools.cycle.side import Side
from tools.cycle.triggers import Triggers, triggers
from tools.facts import Facts, target_segments
from tools.order_facts import order_facts
from tools.past_deals import deal_signs
from tools.potential import Potential
from tools.whitespace import Whitespace

EARLIER, LATER = date(2026, 11, 13), date(2027, 2, 12)
REPS = ("ana", "bo")
NAMES = [table.name for table in TABLES]
Row = dict[str, Any]
OWNERS = {"A": "ana", "B": "ana", "C": "bo", "D": None, "X": "zoe"}
"""Zoe is a rep whose rows nobody looks at here; D is a prospect."""


def accounts(owners: Mapping[str, str | None] = OWNERS, **more: Row) -> list[Row]:
    return [
        {"account_id": key, "owner_id": owner, "segment": "Shop", **more.get(key, {})}
        for key, owner in owners.items()
    ]


def reps(*gone: str, **more: Row) -> list[Row]:
    known = {"ana": "Ana Ito", "bo": "Bo Lund", "zoe": "Zoe Marsh"}
    rows = [
        {"rep_id": rep, "name": name, **more.pop(rep, {})}
        for rep, name in known.items()
        if rep not in gone
    ]
    return rows + [{"rep_id": rep, **row} for rep, row in more.items()]


def order(account: str, day: date, amount: float, line: str = "") -> Row:
    row: Row = {"account_id": account, "ordered": day, "amount": amount}
    return {**row, "order_line_id": line or f"{account}-{day.isoformat()}"}


BOUGHT = [
    order("A", date(2026, 8, 3), 300.0),
    order("B", date(2026, 9, 1), 100.0),
    order("C", date(2026, 10, 1), 40.0),
    order("X", date(2026, 10, 1), 7.0),
]


_TABLES: dict[str, pd.DataFrame] = {}
_BOUGHT: dict[str, pd.DataFrame] = {}
_FILLED: dict[str, Row] = {
    "reps": {"function": "rep"},
    "orders": {"order_id": "O-1", "product_id": "P-1", "quantity": 1},
}


def side(
    coverage: CoverageModel,
    as_of: date,
    *,
    p50: Mapping[str, float] | None = None,
    **tables: Iterable[Row],
) -> Side:
    """A side with these tables, and with the potentials of `p50`.

    Tables and what orders tell are built once for each content, so that a test takes
    milliseconds.
    """
    given = {"accounts": accounts(), "reps": reps(), "orders": BOUGHT, **tables}
    rows = {
        name: [{**_FILLED.get(name, {}), **row} for row in given.get(name, ())] for name in NAMES
    }
    for row in rows["accounts"] + rows["contacts"]:
        row.setdefault("name", "Name of " + str(next(iter(row.values()))))
    for name in NAMES:
        if f"{name} {rows[name]!r}" not in _TABLES:
            _TABLES[f"{name} {rows[name]!r}"] = frame(name, rows[name])
    built = {name: _TABLES[f"{name} {rows[name]!r}"] for name in NAMES}
    report = QualityReport(findings=(), rows_by_table={})
    book = Book(f"book-{as_of}", as_of, "USD", built, report)
    return _side(book, coverage, repr([rows["accounts"], rows["orders"]]), p50 or {})


def side_of(book: Book, coverage: CoverageModel) -> Side:
    """A side of any book, without potentials."""
    return _side(book, coverage, "", {})


def _facts(book: Book, coverage: CoverageModel, key: str) -> Facts:
    """The facts that triggers read, as `tools.facts.facts` has them."""
    described = book["accounts"].set_index("account_id")
    key = f"{key} {book.as_of} {coverage.cycle}"
    if key not in _BOUGHT or key.startswith(" "):
        _BOUGHT[key] = order_facts(book, coverage, described.index, book.as_of)
    deals = deal_signs(book, described.index, coverage.cycle, book.as_of)
    table = described.join(_BOUGHT[key]).assign(
        open_pipeline=deals.open_pipeline, target_segment=target_segments(described, coverage)
    )
    return Facts(table, Reading(book.book_id, coverage.hash, book.as_of, book.owners))


def _side(book: Book, coverage: CoverageModel, key: str, p50: Mapping[str, float]) -> Side:
    """What triggers read of the analyses; so few accounts have no whitespace."""
    known = _facts(book, coverage, key)
    could = pd.DataFrame({"potential_p50": float("nan")}, index=known.table.index)
    for account, value in p50.items():
        could.loc[account, "potential_p50"] = value
    gaps = pd.DataFrame({name: [] for name in ("account_id", "line", "worth")})
    rest: Any = dict.fromkeys(
        ("score", "tiers", "ranks", "workload", "cut", "changes", "movement", "fit")
    )
    found = Analyses(
        facts=known,
        potential=Potential(could, known.reading, known),
        whitespace=Whitespace(gaps, (), "", "peers", frozenset(), known.reading, lambda: None),
        **rest,
    )
    return Side(book, coverage, found)


def compare(before: Side, after: Side, looked_at: Iterable[str] = REPS, **more: Any) -> Triggers:
    return triggers(before, after, reps=tuple(looked_at), **more)


def of(found: Triggers, kind: TriggerKind) -> list[Trigger]:
    return [row for row in found.rows if row.kind == kind]


def values(row: Trigger) -> tuple[str | None, str | None, str | None]:
    """Before, after and amount as text; None where there is none or it is unknown."""
    before, after, amount = row.before, row.after, row.amount
    return (
        None if before is None else before.value,
        None if after is None else after.value,
        None if amount is None else amount.value,
    )
