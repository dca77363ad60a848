"""What a run hands to its writer, and what it stores at the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from agent.context import Brief, PlanningContext
from agent.planning import resources_of
from agent.state import PlanningState, kept, kept_findings, kept_remarks, period_of
from domain.errors import NotCitable
from domain.evidence import Ledger
from domain.plan import AccountPlanDraft, PlanContent, Report, Schedule, WriterNote
from domain.question import answers_hash
from tools.selling_time import rep_row


def ledger_of(state: PlanningState, context: PlanningContext) -> Ledger:
    """Return the run's frozen ledger, with the names of the book beside it."""
    root = state["ledger_root"]
    if root not in context.read_ledgers:
        context.read_ledgers[root] = replace(
            context.records.ledger(root), vocabulary=context.vocabulary
        )
    return context.read_ledgers[root]


def draft_of(state: PlanningState, context: PlanningContext) -> AccountPlanDraft:
    """Return the draft as the last step left it."""
    return kept(context, AccountPlanDraft, state["draft_digest"])


def brief_of(
    state: PlanningState, context: PlanningContext, *, violations: tuple[str, ...] = ()
) -> Brief:
    """Return what the writer is told."""
    tier = context.coverage.tier(state["tier"])
    return Brief(
        account_id=state["account_id"],
        account_name=str(context.book.account(state["account_id"])["name"]),
        owner_id=state["owner_id"],
        owner_name=_owner_name(state, context),
        tier=tier.key,
        depth=tier.plan,
        period=period_of(state),
        as_of=date.fromisoformat(state["as_of"]),
        currency=context.book.currency,
        ledger=ledger_of(state, context),
        coverage=context.coverage,
        remarks=kept_remarks(context, state["remarks_digest"]),
        violations=violations,
        resources=resources_of(context, state["owner_id"], period_of(state)),
    )


def content_of(state: PlanningState, context: PlanningContext) -> PlanContent:
    """Return the whole content of the version this run makes."""
    tier = context.coverage.tier(state["tier"])
    period = period_of(state)
    return PlanContent.model_validate(
        {
            "account_id": state["account_id"],
            "account_name": str(context.book.account(state["account_id"])["name"]),
            "owner_id": state["owner_id"],
            "owner_name": _owner_name(state, context),
            "tier": tier.key,
            "tier_note": _tier_note(state, context),
            "depth": tier.plan,
            "period_start": period.start,
            "period_end": period.end,
            "as_of": state["as_of"],
            "currency": context.book.currency,
            "book_id": state["book_id"],
            "coverage_hash": state["coverage_hash"],
            "ledger_root": state["ledger_root"],
            "draft": draft_of(state, context),
            "schedule": kept(context, Schedule, state["schedule_digest"]),
            "report": kept(context, Report, state["report_digest"]),
            "writer": kept(context, WriterNote, state["writer_digest"]),
            "remarks": kept_remarks(context, state["remarks_digest"]),
            # A run begun before plans had findings knows neither key.
            "plan_findings": kept_findings(context, state.get("findings_digest", "")),
            "findings_hash": state.get("findings_hash", ""),
            "answers_hash": answers_hash(ledger_of(state, context).entries.values()),
        }
    )


def both(first: WriterNote, second: WriterNote) -> WriterNote:
    """Return the note of a second attempt, with the cost of both."""
    costs = [Decimal(note.cost) for note in (first, second) if note.cost is not None]
    notices = dict.fromkeys(note.notice for note in (first, second) if note.notice)
    return second.model_copy(
        update={
            "input_tokens": first.input_tokens + second.input_tokens,
            "output_tokens": first.output_tokens + second.output_tokens,
            "cost": format(sum(costs, Decimal(0)), "f") if costs else None,
            "notice": " ".join(notices),
        }
    )


def _owner_name(state: PlanningState, context: PlanningContext) -> str:
    return str(rep_row(context.book, state["owner_id"])["name"])


def _tier_note(state: PlanningState, context: PlanningContext) -> str:
    try:
        return context.analyses.cite(f"account:{state['account_id']}", "tier_note").value
    except NotCitable:
        return ""
