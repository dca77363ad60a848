"""A tiny book of two reps, the people who may read it, and plans about its accounts."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pandas as pd

from domain.book import Book, QualityReport
from domain.decision import Decision, DecisionRequest
from domain.evidence import Evidence, RecordSource
from domain.period import Period
from domain.plan import (
    AccountPlanDraft,
    CapacityWeek,
    Claim,
    PlanContent,
    Report,
    Schedule,
    WriterNote,
)
from domain.principal import Principal, Scope
from domain.record import content_hash
from domain.tables import TABLES
from store.plans import plan_id_for
from store.store import Store

AS_OF = date(2026, 9, 30)
NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
PERIOD = Period(date(2026, 10, 5), date(2027, 1, 2))
DTYPES = {
    "id": "str",
    "text": "str",
    "category": "str",
    "money": "float64",
    "number": "float64",
    "integer": "Int64",
    "date": "datetime64[us]",
}


def person(
    name: str, *reps: str, roles: tuple[str, ...] = ("rep",), workspace: str = "acme"
) -> Principal:
    scope = Scope(everything=True) if reps == ("*",) else Scope(reps=frozenset(reps))
    return Principal(
        person=name.lower(), name=name, workspace=workspace, roles=frozenset(roles), scope=scope
    )


ANA = person("Ana", "ana")
BO = person("Bo", "bo")
DANA = person("Dana", "ana", "bo", roles=("manager",))
REVOPS = person("Remy", "*", roles=("revops",))
STRANGER = person("Ana", "ana", workspace="globex")


def frame(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    """A table of the data model with these rows; columns left out are blank."""
    table = next(item for item in TABLES if item.name == name)
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [row.get(column.name) for row in rows], dtype=DTYPES[column.type]
            )
            for column in table.columns
        }
    )


def note(document_id: str, account_id: str | None, text: str, **more: object) -> dict[str, object]:
    return {
        "document_id": document_id,
        "account_id": account_id,
        "kind": "note",
        "title": "Call",
        "author_class": "internal",
        "published": "2026-09-01",
        "text": text,
        **more,
    }


NOTES = (
    note("D-1", "1", "Alder wants helmets for the spring season. Budget is approved by Kim."),
    note("D-2", "1", "They complained about late deliveries. Freight is the pain point."),
    note("D-3", "2", "Birch wants helmets too, and asked for a discount on helmets."),
    note("D-4", None, "Helmets sell well in shops this year.", segment="Shop", kind="market"),
    note("D-5", None, "Our own view of shops and helmets.", segment="Shop", kind="note"),
    note("D-6", None, "Helmets sell badly in warehouses.", segment="Warehouse", kind="market"),
    note("D-7", "3", "Cedar, unowned, asked for helmets."),
)


def make_book(*notes: dict[str, object], as_of: date = AS_OF, owner: str = "ana") -> Book:
    accounts = frame(
        "accounts",
        {"account_id": "1", "name": "Alder", "owner_id": owner, "segment": "Shop", "employees": 40},
        {"account_id": "2", "name": "Birch", "owner_id": "bo", "segment": "Shop"},
        {"account_id": "3", "name": "Cedar", "segment": "Warehouse", "annual_revenue": 1.5e6},
    )
    tables = {table.name: frame(table.name) for table in TABLES}
    tables["accounts"] = accounts
    tables["reps"] = frame(
        "reps",
        {"rep_id": "ana", "name": "Ana", "function": "rep", "active_from": "2020-01-01"},
        {"rep_id": "bo", "name": "Bo", "function": "rep"},
    )
    tables["documents"] = frame("documents", *notes)
    identity = [as_of.isoformat(), owner, [sorted(map(str, item.items())) for item in notes]]
    return Book(
        book_id="bk_" + content_hash(identity)[:16],
        as_of=as_of,
        currency="USD",
        tables=tables,
        quality=QualityReport(findings=(), rows_by_table={"accounts": 3}),
        sources={"accounts": "Account.csv"},
    )


def fact(account: str = "1", owner: str = "ana", value: str = "Alder") -> Evidence:
    return Evidence(
        entity=f"account:{account}",
        metric="name",
        value=value,
        unit="name",
        source=RecordSource(table="accounts", row=account, field="name"),
        scope=owner,
    )


def make_content(
    account: str = "1",
    owner: str = "ana",
    *,
    objective: str = "Win the helmets.",
    ledger_root: str = "root",
    hours: tuple[tuple[date, str], ...] = (),
) -> PlanContent:
    claim = Claim(
        key="objective",
        kind="assumption",
        subject=f"account:{account}",
        text=objective,
        slots=[],
        citations=[],
        premises=[],
    )
    return PlanContent(
        account_id=account,
        account_name="Alder",
        owner_id=owner,
        owner_name=owner.title(),
        tier="strategic",
        tier_note="",
        depth="full",
        period_start=PERIOD.start,
        period_end=PERIOD.end,
        as_of=AS_OF,
        currency="USD",
        book_id="bk",
        coverage_hash="cov",
        ledger_root=ledger_root,
        draft=AccountPlanDraft(
            account_id=account,
            objective=claim,
            where_we_stand=[],
            why_now=[],
            buying_group=[],
            people=[],
            whitespace=[],
            products=[],
            competition=[],
            plays=[],
            milestones=[],
            success=[],
            risks=[],
            against=None,
            unknowns=[],
        ),
        schedule=Schedule(
            plays=(),
            weeks=tuple(
                CapacityWeek(week=week, selling_hours="30", committed_hours="0", plan_hours=given)
                for week, given in hours
            ),
            plan_hours="0",
            tier_hours="0",
            selling_hours="0",
            committed_hours="0",
        ),
        report=Report(claims=()),
        writer=WriterNote(writer="embedded"),
    )


def plan_id(account: str = "1") -> str:
    return plan_id_for("acme", account, PERIOD)


def save(
    store: Store, content: PlanContent, base: int | None = None, by: Principal = REVOPS
) -> int:
    return store.plans.save_version(
        by, plan_id(content.account_id), content, base_version=base, run_id="run-1"
    )


def decide(
    store: Store,
    content: PlanContent,
    version: int = 1,
    verdict: str = "approved",
    by: Principal = DANA,
    reason: str = "Good.",
    now: datetime = NOW,
) -> Decision:
    request = DecisionRequest(version=version, verdict=verdict, reason=reason)
    return store.decisions.decide(
        by,
        "plan",
        plan_id(content.account_id),
        request,
        subject_hash=content.plan_hash,
        ledger_root=content.ledger_root,
        coverage_hash=content.coverage_hash,
        now=now,
    )


def approve(store: Store, content: PlanContent, version: int = 1) -> None:
    decision = decide(store, content, version=version)
    store.effects.take_effect(DANA, decision.decision_id, now=NOW)


@contextlib.contextmanager
def raw(store: Store, *, triggers: bool = True) -> Iterator[sqlite3.Connection]:
    """The database as someone with the file but without the product has it."""
    connection = sqlite3.connect(store.home.database)
    try:
        if not triggers:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.commit()
    finally:
        connection.close()
