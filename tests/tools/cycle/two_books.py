"""Two books of four accounts, three months apart, and what is changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.review import Trigger, TriggerKind
from tests.tools.conftest import make_book
from tools.analyses import Analyses
from tools.cycle.side import Side
from tools.cycle.triggers import Triggers, triggers
from tools.facts import facts
from tools.potential import Potential
from tools.whitespace import Whitespace

EARLIER, LATER = date(2026, 11, 13), date(2027, 2, 12)
REPS = ("ana", "bo")
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


def side(
    coverage: CoverageModel,
    as_of: date,
    *,
    p50: Mapping[str, float] | None = None,
    **tables: Iterable[Row],
) -> Side:
    """A side with these tables, and with the potentials of `p50`."""
    given: dict[str, Iterable[Row]] = {
        "accounts": accounts(), "reps": reps(), "orders": BOUGHT, **tables,
    }  # fmt: skip
    return side_of(make_book(as_of=as_of, book_id=f"book-{as_of}", **given), coverage, p50 or {})


def side_of(book: Book, coverage: CoverageModel, p50: Mapping[str, float] | None = None) -> Side:
    """A side with what triggers read of the analyses, worked out in milliseconds.

    Facts are those of the book. So few accounts have neither a potential nor whitespace.
    """
    known = facts(book, coverage)
    could = pd.DataFrame({"potential_p50": float("nan")}, index=known.table.index)
    for account, value in (p50 or {}).items():
        could.loc[account, "potential_p50"] = value
    gaps = pd.DataFrame({name: [] for name in ("account_id", "line", "worth")})
    found = Analyses(
        facts=known,
        potential=Potential(could, known.reading, known),
        whitespace=Whitespace(gaps, (), "", "peers", frozenset(), known.reading, lambda: None),
        **dict.fromkeys(
            ("score", "tiers", "ranks", "workload", "cut", "changes", "movement", "fit")
        ),  # type: ignore[arg-type]
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
