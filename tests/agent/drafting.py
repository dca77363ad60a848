"""One plan drafted by the rules alone: the steps of a run without graph, store or clock."""

from __future__ import annotations

from dataclasses import dataclass

from agent.context import Brief, PlanningContext, Writer
from agent.gather import gather
from agent.judging import Judge, Repairs, owner_as_reader
from agent.planning import fit_into_week
from domain.errors import NotCitable
from domain.evidence import Ledger
from domain.period import Period, planning_period
from domain.plan import PlanContent, PlanVersion, Report
from tools.selling_time import rep_row


@dataclass(frozen=True)
class Drafted:
    """A plan and what it was made from; `written` is the report before anything is struck."""

    content: PlanContent
    ledger: Ledger
    brief: Brief
    repairs: Repairs
    written: Report

    @property
    def version(self) -> PlanVersion:
        """The plan as its first stored version."""
        return PlanVersion(
            plan_id=f"P-{self.content.account_id}",
            version=1,
            base_version=None,
            status="in_review",
            content=self.content,
            created_at="",
            created_by="",
            run_id=None,
        )


def period_of(context: PlanningContext) -> Period:
    """The period that a plan drafted now covers."""
    return planning_period(context.book.as_of, context.coverage.planning.period_days)


def brief_for(context: PlanningContext, account_id: str, ledger: Ledger) -> Brief:
    """What the writer is told, as `agent.run_texts.brief_of` puts it together."""
    owner = context.book.owners[account_id]
    assert owner is not None
    tier = context.coverage.tier(context.analyses.tiers.of(account_id))
    return Brief(
        account_id=account_id,
        account_name=str(context.book.account(account_id)["name"]),
        owner_id=owner,
        owner_name=str(rep_row(context.book, owner)["name"]),
        tier=tier.key,
        depth=tier.plan,
        period=period_of(context),
        as_of=context.book.as_of,
        currency=context.book.currency,
        ledger=ledger,
        coverage=context.coverage,
    )


def draft_plan(
    context: PlanningContext, account_id: str, *, writer: Writer | None = None
) -> Drafted:
    """Gather, write, repair, settle and fit one plan."""
    period = period_of(context)
    ledger = gather(context, account_id, period)
    brief = brief_for(context, account_id, ledger)
    written = (writer or context.writer).write(brief)
    judge = Judge(
        ledger=ledger,
        reader=owner_as_reader(context, brief.owner_id),
        coverage=context.coverage,
        account_id=account_id,
        as_of=brief.as_of,
        period=period,
        currency=brief.currency,
    )
    repaired, repairs = judge.repair(written.draft)
    draft, report = judge.settle(repaired, repairs)
    schedule, blockers, notices = fit_into_week(
        context, draft, account_id, period, ledger, f"P-{account_id}"
    )
    report = report.model_copy(
        update={
            "blockers": (*report.blockers, *blockers),
            "warnings": (*report.warnings, *notices),
        }
    )
    content = PlanContent(
        account_id=account_id,
        account_name=brief.account_name,
        owner_id=brief.owner_id,
        owner_name=brief.owner_name,
        tier=brief.tier,
        tier_note=_tier_note(context, account_id),
        # An account whose tier gets no plan is drafted here as a light one.
        depth="full" if brief.depth == "full" else "light",
        period_start=period.start,
        period_end=period.end,
        as_of=brief.as_of,
        currency=brief.currency,
        book_id=context.book.book_id,
        coverage_hash=context.coverage.hash,
        ledger_root=ledger.root,
        draft=draft,
        schedule=schedule,
        report=report,
        writer=written.note,
    )
    return Drafted(content, ledger, brief, repairs, judge.report(repaired, repairs))


def _tier_note(context: PlanningContext, account_id: str) -> str:
    try:
        return context.analyses.cite(f"account:{account_id}", "tier_note").value
    except NotCitable:
        return ""
