"""Sentences and cells written by hand, for tests of what the writer makes of them."""

from __future__ import annotations

from datetime import date

from agent.case import Case
from agent.context import Brief
from agent.embedded_writer import EmbeddedWriter
from domain.coverage import CoverageModel, parse_coverage
from domain.evidence import CalculationSource, DocumentSource, Evidence, Ledger, RecordSource, Unit
from domain.period import planning_period
from domain.plan import AccountPlanDraft, Report
from domain.principal import Principal, Scope
from domain.record import text_hash
from domain.vocabulary import Vocabulary
from tests.tools.conftest import DEFAULTS

AS_OF = date(2026, 11, 13)
ACCOUNT, REP = "account:A-1", "rep:R-1"
DANA, TOM = f"{ACCOUNT}/contact:C-1", f"{ACCOUNT}/contact:C-2"
DEAL = f"{ACCOUNT}/opportunity:O-1"
PERIOD = planning_period(AS_OF, 90)  # 16 November 2026 to 13 February 2027
COVERAGE: CoverageModel = parse_coverage(DEFAULTS.read_text(encoding="utf-8"))
VOCABULARY = Vocabulary(
    aliases={
        "Alder Cycles": (ACCOUNT,),
        "Dana Whitfield": (DANA,),
        "Dana": (DANA,),
        "Tom Hale": (TOM,),
        "Hale": (TOM,),
        "Ines Ortega": (REP,),
        "Birch Bikes": ("account:A-2",),
        "Cedar Sports": ("account:A-3",),
        "Velomart": ("competitor",),
    },
    words=frozenset({"Alder", "Helmets", "Wheels"}),
    competitors=frozenset({"Velomart"}),
)


def said(
    text: str,
    *,
    document: str = "D-1",
    kind: str = "note",
    author: str | None = None,
    author_class: str = "internal",
    published: date | None = date(2026, 10, 1),
    about: str = ACCOUNT,
    publisher: str | None = None,
    uri: str | None = None,
) -> Evidence:
    """A sentence that is a document of its own."""
    return Evidence(
        entity=f"{about}/document:{document}",
        metric="sentence",
        value=text,
        unit="text",
        period=published.isoformat() if published else "",
        source=DocumentSource.model_validate(
            {
                "document_hash": text_hash(text),
                "start": 0,
                "end": len(text),
                "document_id": document,
                "document_kind": kind,
                "title": "Note",
                "author": author,
                "author_class": author_class,
                "publisher": publisher,
                "uri": uri,
                "published": published,
            }
        ),
        scope="R-1" if about == ACCOUNT else "",
    )


def cell(
    metric: str, value: str, unit: Unit, *, entity: str = ACCOUNT, period: str = ""
) -> Evidence:
    """A cell of an analysis, over the year up to the book's date unless told otherwise."""
    return Evidence(
        entity=entity,
        metric=metric,
        value=value,
        unit=unit,
        period=period or "2025-11-14/2026-11-13",
        source=CalculationSource(
            analysis="facts", version=1, arguments_hash="a", pointer=f"{entity}/{metric}"
        ),
        scope="R-1",
    )


def record(entity: str, field: str, value: str, unit: Unit = "text") -> Evidence:
    """A CRM field."""
    return Evidence(
        entity=entity,
        metric=field,
        value=value,
        unit=unit,
        source=RecordSource(table="t", row=entity.rsplit(":", 1)[-1], field=field),
        scope="R-1",
    )


def person(
    entity: str,
    name: str,
    *,
    role: str = "",
    influence: str = "",
    attitude: str = "",
    met: str = "",
) -> list[Evidence]:
    """A contact; blank fields are not on file."""
    fields = (("role", role), ("influence", influence), ("attitude", attitude))
    found = [record(entity, "name", name, "name")]
    found += [record(entity, field, value) for field, value in fields if value]
    return [*found, *([record(entity, "last_contact", met, "date")] if met else [])]


def deal(amount: str, closes: str, *, stage: str = "proposal", key: str = DEAL) -> list[Evidence]:
    """An opportunity called "Spring order"."""
    return [
        record(key, "name", "Spring order", "name"),
        record(key, "stage", stage),
        record(key, "amount", amount, "money"),
        record(key, "closes", closes, "date"),
    ]


def rhythm(due: str, last: str = "24180") -> list[Evidence]:
    """A quarterly buyer: the next order's day and the last order's amount."""
    day = AS_OF.isoformat()
    return [
        cell("next_order_due", due, "date", period=day),
        cell("last_order_amount", last, "money", period=day),
        cell("order_interval_days", "91", "days", period=day),
    ]


def gap(line: str, worth: str) -> list[Evidence]:
    """A product line that the account could buy."""
    entity = f"{ACCOUNT}/gap:{line}"
    return [
        cell("line", line, "name", entity=entity, period=AS_OF.isoformat()),
        cell("worth", worth, "money", entity=entity, period=AS_OF.isoformat()),
    ]


NAME = record(ACCOUNT, "name", "Alder Cycles", "name")
OWNER_NAME = record(REP, "name", "Ines Ortega", "name")


def brief(*facts: Evidence, tier: str = "tier_1", vocabulary: Vocabulary = VOCABULARY) -> Brief:
    """What the writer is told, over these facts and the account's name."""
    texts = {text_hash(item.value): item.value for item in facts if item.kind == "document"}
    rules = COVERAGE.tier(tier)
    return Brief(
        account_id="A-1",
        account_name="Alder Cycles",
        owner_id="R-1",
        owner_name="Ines Ortega",
        tier=tier,
        depth=rules.plan,
        period=PERIOD,
        as_of=AS_OF,
        currency="USD",
        ledger=Ledger.of([NAME, OWNER_NAME, *facts], texts, vocabulary),
        coverage=COVERAGE,
    )


def case(*facts: Evidence, tier: str = "tier_1") -> Case:
    """The ledger as the writer reads it."""
    return Case(brief(*facts, tier=tier))


def drafted(*facts: Evidence, tier: str = "tier_1") -> AccountPlanDraft:
    """What the embedded writer makes of these facts."""
    return EmbeddedWriter().write(brief(*facts, tier=tier)).draft


def checked(*facts: Evidence, tier: str = "tier_1") -> Report:
    """The verifier's word on that draft, read as the owner."""
    from agent.verifier.check import check_plan

    told = brief(*facts, tier=tier)
    owner = Principal(
        person="ines",
        name="Ines Ortega",
        workspace="w",
        roles=frozenset({"rep"}),
        scope=Scope(reps=frozenset({"R-1"})),
    )
    return check_plan(
        EmbeddedWriter().write(told).draft,
        told.ledger,
        owner,
        COVERAGE,
        as_of=AS_OF,
        period=PERIOD,
        currency="USD",
    )
