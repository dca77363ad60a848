"""Approved account plans of a few claims, written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.evidence import Evidence, Ledger
from domain.plan import (
    AccountPlanDraft,
    Citation,
    Claim,
    ClaimKind,
    PlanContent,
    PlanVersion,
    Play,
    Report,
    Schedule,
    ScheduledPlay,
    Slot,
    WriterNote,
)
from tests.tools.cycle.changed_books import EARLIER


def said(
    key: str,
    kind: ClaimKind,
    text: str,
    *cites: Evidence,
    premises: Iterable[str] = (),
    x: Evidence | None = None,
) -> Claim:
    """A claim about T-22 with at most one slot, `x`, written as money."""
    return Claim(
        key=key,
        kind=kind,
        subject="account:T-22",
        text=text,
        slots=[] if x is None else [Slot(name="x", evidence_id=x.id, format="money")],
        citations=[
            Citation(evidence_id=item.id, quote=None) for item in (*([x] if x else []), *cites)
        ],
        premises=list(premises),
    )  # fmt: skip


def plan(
    objective: Claim,
    facts: list[Claim],
    *,
    play: Claim | None = None,
    version: int = 1,
    plan_id: str = "p-1",
) -> PlanVersion:
    """The plan of T-22 that r1 owns, with a play of 2.5 h due on 1 Mar 2027 and one done."""
    plays = [] if play is None else [
        Play(
            key="call", kind="call", what=play, contact=None, done_by="rep", before=None,
            value=None, objection=None, done_when=said("done", "assumption", "It is agreed."),
        )
    ]  # fmt: skip
    content = PlanContent(
        account_id="T-22",
        account_name="Name of T-22",
        owner_id="r1",
        owner_name="Rep 1",
        tier="tier_2",
        tier_note="",
        depth="light",
        period_start=date(2026, 11, 16),
        period_end=date(2027, 2, 13),
        as_of=EARLIER,
        currency="USD",
        book_id="earlier",
        coverage_hash="0" * 64,
        ledger_root="root",
        draft=AccountPlanDraft(
            account_id="T-22", objective=objective, where_we_stand=facts, why_now=[],
            buying_group=[], people=[], whitespace=[], products=[], competition=[], plays=plays,
            milestones=[], success=[], risks=[], against=None, unknowns=[],
        ),
        schedule=Schedule(
            plays=(
                scheduled("call", date(2027, 3, 1), "2.5"),
                scheduled("old", date(2026, 12, 1), "4"),
            ),
            weeks=(), plan_hours="6.5", tier_hours="8", selling_hours="300", committed_hours="0",
        ),
        report=Report(claims=()),
        writer=WriterNote(writer="embedded"),
    )  # fmt: skip
    return PlanVersion(
        plan_id=plan_id, version=version, base_version=None, status="approved", content=content,
        created_at="2026-11-16T09:00:00Z", created_by="ada", run_id=None,
    )  # fmt: skip


def scheduled(key: str, due: date, hours: str) -> ScheduledPlay:
    return ScheduledPlay(key=key, starts=due, due=due, hours=hours, travel_hours="0", done_by="rep")


def ledger_of(*evidence: Evidence) -> Ledger:
    return Ledger.of(evidence)
