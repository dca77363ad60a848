"""A territory plan of Ana's and a review of both reps, by hand, with next to nothing in them."""

from __future__ import annotations

from datetime import date

from domain.assignment import RepLeaves
from domain.cycle import CycleReport, Figure
from domain.cycle_version import CycleContent
from domain.decision import Decision, DecisionRequest
from domain.plan import WriterNote
from domain.principal import Principal
from domain.review import (
    Adjustment,
    OpensPlan,
    OpensScenario,
    PlayCount,
    QuarterData,
    ReviewContent,
)
from domain.territory_plan import Targets, TerritoryPlanContent, TerritoryTables
from store.cycle import cycle_id_for
from store.store import Store
from tests.store.tiny_store import AS_OF, DANA, NOW, REVOPS

QUARTER = "2026Q4"
UNKNOWN = Figure.unknown("amount", "Amount", "money", "Nothing is known here.")


def territory(summary: str = "", reps: tuple[str, ...] = ("ana",)) -> TerritoryPlanContent:
    """Ana's plan; `summary` goes into the writer's notice, so that contents differ."""
    return TerritoryPlanContent(
        rep_id=reps[0],
        rep_name=reps[0].title(),
        reps=reps,
        quarter=QUARTER,
        period_start=date(2026, 10, 1),
        period_end=date(2026, 12, 31),
        plan_from=AS_OF,
        as_of=AS_OF,
        currency="USD",
        book_id="bk",
        coverage_hash="cov",
        ledger_root="root",
        tables=TerritoryTables(
            overview=(),
            segments=(),
            focus=(),
            activities=(),
            goals=(),
            resources=(),
            targets=Targets(rows=(), total=UNKNOWN),
            scorecard=(),
        ),
        calendars=(),
        report=CycleReport(sentences=()),
        writer=WriterNote(writer="embedded", notice=summary),
    )


def review(reps: tuple[str, ...] = ("ana", "bo")) -> ReviewContent:
    """A review with two recommendations: a repair, and a plan to draft anew."""
    plays = PlayCount(planned=UNKNOWN, done=UNKNOWN, late=UNKNOWN, dropped=UNKNOWN, open=UNKNOWN)
    common = {"triggers": ("X",), "cost": (UNKNOWN,), "gain": (UNKNOWN,), "against": (UNKNOWN,)}
    return ReviewContent(
        quarter=QUARTER,
        team="North",
        reps=reps,
        period_start=date(2026, 10, 1),
        period_end=date(2026, 12, 31),
        as_of=date(2027, 1, 5),
        earlier_as_of=AS_OF,
        currency="USD",
        book_id="bk2",
        earlier_book_id="bk",
        coverage_hash="cov",
        earlier_coverage_hash="cov",
        ledger_root="root",
        data=QuarterData(
            quarter=QUARTER,
            period_start=date(2026, 10, 1),
            period_end=date(2026, 12, 31),
            since=AS_OF,
            as_of=date(2027, 1, 5),
            currency="USD",
            days=92,
            days_gone=92,
            team=(),
            territories=(),
            plays=plays,
            sizes=(),
            spread=UNKNOWN,
            groups="too few reps to tell",
            groups_told="",
            territory_problem=None,
            plans_current=UNKNOWN,
        ),
        triggers=(),
        adjustments=(
            Adjustment(
                number=1,
                rep_id="bo",
                account_id=None,
                opens=OpensScenario(event=RepLeaves(rep_id="bo", on=date(2027, 1, 31))),
                **common,
            ),
            Adjustment(
                number=2,
                rep_id="ana",
                account_id="1",
                opens=OpensPlan(account_id="1", remark="The deal slipped."),
                **common,
            ),
        ),
        report=CycleReport(sentences=()),
        writer=WriterNote(writer="embedded"),
    )


def id_of(content: CycleContent) -> str:
    return cycle_id_for("acme", content.kind, content.quarter, list(content.reps))


def save(
    store: Store, content: CycleContent, base: int | None = None, by: Principal = REVOPS
) -> int:
    return store.cycle.save_version(by, id_of(content), content, base_version=base, run_id="run-1")


def decide(
    store: Store,
    content: CycleContent,
    version: int = 1,
    verdict: str = "approved",
    by: Principal = DANA,
) -> Decision:
    return store.decisions.decide(
        by,
        content.kind,
        id_of(content),
        DecisionRequest(version=version, verdict=verdict, reason="Good."),
        subject_hash=content.plan_hash,
        ledger_root=content.ledger_root,
        coverage_hash=content.coverage_hash,
        now=NOW,
    )


def approve(store: Store, content: CycleContent, version: int = 1) -> None:
    decision = decide(store, content, version)
    store.effects.take_effect(DANA, decision.decision_id, now=NOW)
