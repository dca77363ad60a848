"""Two books of the same shops, three months apart, and changes written down by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from domain.book import Book, frame
from domain.coverage import CoverageModel
from domain.cycle import Figure
from domain.evidence import CalculationSource, Evidence, Unit
from domain.review import Trigger, TriggerKind
from tools.analyses import analyse
from tools.cycle.side import Side

EARLIER, LATER = date(2026, 11, 13), date(2027, 2, 12)
BASE = {
    "function": "rep", "team": "North", "base_city": "Salt Lake City", "base_latitude": 40.76,
    "base_longitude": -111.89, "time_zone": "America/Denver", "selling_hours_week": 25.0,
}  # fmt: skip
REPS = [{"rep_id": f"r{n}", "name": f"Rep {n}", **BASE} for n in range(3)]
NEWCOMER = {"rep_id": "r9", "name": "Rep 9", **BASE, "active_from": date(2027, 2, 1)}
# r1 met R-01 first on 1 Mar 2024: 2.7 years before the older book, a long relationship.
MET = {
    "activity_id": "a-0", "account_id": "R-01", "rep_id": "r1", "kind": "call",
    "occurred": date(2024, 3, 1), "minutes": 30,
}  # fmt: skip


def changed(book: Book, *, later: bool = True, **tables: list[dict[str, Any]]) -> Book:
    """The shops with reps of one team, of either date, with tables written anew."""
    rows = {"reps": REPS, "activities": [MET], **tables}
    built = {**book.tables, **{name: frame(name, listed) for name, listed in rows.items()}}
    return replace(
        book,
        book_id="later" if later else "earlier",
        as_of=LATER if later else EARLIER,
        tables=built,
    )


def accounts_of(book: Book, **changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The accounts as rows, those named with other values."""
    listed = book["accounts"].to_dict("records")
    return [{**row, **changes.get(str(row["account_id"]), {})} for row in listed]


def side(book: Book, coverage: CoverageModel) -> Side:
    return Side(book, coverage, analyse(book, coverage))


def fact(
    entity: str, metric: str, value: str, unit: Unit, scope: str = "", on: date = LATER
) -> Evidence:
    return Evidence(
        entity=entity,
        metric=metric,
        value=value,
        unit=unit,
        period=on.isoformat(),
        source=CalculationSource(
            analysis="by hand", version=1, arguments_hash="0", pointer=f"{entity}/{metric}"
        ),
        scope=scope,
    )


@dataclass(frozen=True)
class FoundByHand:
    rows: tuple[Trigger, ...]
    evidence: tuple[Evidence, ...]


@cache
def trigger(
    kind: TriggerKind,
    subject: str,
    *,
    rep: str | None = None,
    account: str | None = None,
    amount: str | None = None,
    after: str | None = None,
    on: date | None = None,
    key: str = "",
) -> tuple[Trigger, tuple[Evidence, ...]]:
    """One change; its money is `amount`, and its value in the newer book `after`."""
    scope = rep or ""
    base = fact(subject, "changed_on", (on or LATER).isoformat(), "date", scope)
    money = None if amount is None else fact(subject, "amount", amount, "money", scope)
    now = None if after is None else fact(subject, "potential_p50", after, "money", scope)
    evidence = tuple(item for item in (base, money, now) if item is not None)
    made = Trigger(
        trigger_id=key or f"{kind}:{subject}",
        kind=kind,
        subject=subject,
        rep_id=rep,
        account_id=account,
        before=None,
        after=None if now is None else Figure.of(now, "Potential"),
        amount=None if money is None else Figure.of(money, "At stake"),
        on=on,
        evidence=tuple(item.id for item in evidence),
    )
    return made, evidence


def found(*made: tuple[Trigger, tuple[Evidence, ...]]) -> FoundByHand:
    return FoundByHand(
        tuple(item for item, _ in made), tuple(fact for _, facts in made for fact in facts)
    )
