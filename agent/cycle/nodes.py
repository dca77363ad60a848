"""The steps of a territory plan or review: the flow of `agent.graph`, over a quarter.

Analyses settle every table before a sentence is written, so that no writer, model or not,
can change a figure, a day or a recommendation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langgraph.runtime import Runtime

from agent import nodes
from agent.cycle import gather, sentences
from agent.cycle.context import CycleBrief, CycleContext, ReviewParts, TerritoryParts
from agent.cycle.practical import practical
from agent.cycle.settling import settle, violations_of
from agent.cycle.state import CycleState
from agent.run_texts import both
from agent.state import Update, keep, keep_all, kept, kept_evidence, kept_remarks
from domain.cycle import CycleDraft, CycleReport
from domain.cycle_version import CycleContent
from domain.errors import PlanSuperseded
from domain.evidence import Ledger
from domain.plan import WriterNote
from domain.review import ReviewContent
from domain.territory_plan import TerritoryPlanContent

Context = Runtime[CycleContext]

review = nodes.review
"""Stop until a person decides: the same step as for an account plan."""


def scope(state: CycleState, runtime: Context) -> Update:
    """Refuse what lies outside the principal's scope, and comparisons that cannot be made."""
    gather.demand(runtime.context)
    return {}


def analyse(state: CycleState, runtime: Context) -> Update:
    """Work out every table, with the evidence of each figure."""
    context = runtime.context
    parts, found = gather.parts(context)
    return {
        "parts_digest": keep(context, "parts", parts),
        "cells_digest": keep_all(context, "evidence", found),
        "found": len(found),
    }


def retrieve(state: CycleState, runtime: Context) -> Update:
    """Collect the passages that answer the fixed questions about the accounts that matter."""
    context = runtime.context
    found = gather.spans(context, parts_of(state, context))
    return {"spans_digest": keep_all(context, "evidence", found), "found": len(found)}


def freeze(state: CycleState, runtime: Context) -> Update:
    """Close the ledger, and have the embedded writer's sentences at hand."""
    context = runtime.context
    remarks = kept_remarks(context, state["remarks_digest"])
    ledger = gather.freeze(
        context,
        [
            *kept_evidence(context, state["cells_digest"]),
            *kept_evidence(context, state["spans_digest"]),
            *gather.statements(context, remarks),
        ],
    )
    root = context.records.keep_ledger(
        ledger, book_id=context.side.book.book_id, as_of=context.side.as_of
    )
    context.read_ledgers[root] = ledger
    own = sentences.own(context, parts_of(state, context), ledger)
    return {
        "ledger_root": root,
        "own_digest": keep(context, "draft", own),
        "found": len(ledger.entries),
    }


def draft(state: CycleState, runtime: Context) -> Update:
    """Have the writer add sentences over the frozen ledger."""
    return _write(state, runtime.context, violations=())


def verify(state: CycleState, runtime: Context) -> Update:
    """Check what a model wrote, and list what breaks rules."""
    context = runtime.context
    if kept(context, WriterNote, state["writer_digest"]).writer != "model":
        return {"violations": []}
    draft = kept(context, CycleDraft, state["draft_digest"])
    return {"violations": list(violations_of(context, ledger_of(state, context), draft))}


def rewrite(state: CycleState, runtime: Context) -> Update:
    """Give the model its violations, once."""
    update = _write(state, runtime.context, violations=tuple(state["violations"]))
    return {**update, "rewrites": state["rewrites"] + 1, "violations": []}


def repair(state: CycleState, runtime: Context) -> Update:
    """Nothing to mend: sentences outside a plan have no table that a repair could look in."""
    return {}


def strike(state: CycleState, runtime: Context) -> Update:
    """Take out what nothing supports; where a model leaves a gap, our own sentence stands."""
    context = runtime.context
    report = settle(
        context,
        ledger_of(state, context),
        own=kept(context, CycleDraft, state["own_digest"]),
        written=kept(context, CycleDraft, state["draft_digest"]),
    )
    return {"report_digest": keep(context, "report", report)}


def fit(state: CycleState, runtime: Context) -> Update:
    """Say what stands between this version and approval: hours, stale facts, open claims."""
    context = runtime.context
    report = kept(context, CycleReport, state["report_digest"])
    blockers, notices = practical(
        context, parts_of(state, context), report, ledger_of(state, context)
    )
    report = report.model_copy(
        update={
            "blockers": (*report.blockers, *blockers),
            "notices": (*report.notices, *notices),
        }
    )
    return {"report_digest": keep(context, "report", report)}


def save(state: CycleState, runtime: Context) -> Update:
    """Store the version; storing the same content again gives the same number."""
    context = runtime.context
    content = content_of(state, context)
    try:
        version = context.records.save_cycle(
            state["plan_id"], content, base_version=state["base_version"], run_id=state["run_id"]
        )
    except PlanSuperseded:
        # This run may have stored its version just before it was killed, and somebody else a
        # newer one since: then ours stands, superseded.
        earlier = _version_of_this_run(state, context, content.plan_hash)
        if earlier is None:
            raise
        version = earlier
    stored = context.records.cycle_version(state["plan_id"], version)
    return {
        "version": version,
        "plan_hash": content.plan_hash,
        "unchanged": stored.run_id != state["run_id"],
    }


def apply(state: CycleState, runtime: Context) -> Update:
    """Make the stored decision effective, once, if it binds this very version."""
    records = runtime.context.records
    nodes.demand_binding(records.decision(state["decision_id"]), state)
    records.take_effect(state["decision_id"])
    return {"applied": True}


def parts_of(state: Mapping[str, Any], context: CycleContext) -> TerritoryParts | ReviewParts:
    """Return the tables as the analyses left them."""
    if context.kind == "territory":
        return kept(context, TerritoryParts, state["parts_digest"])
    return kept(context, ReviewParts, state["parts_digest"])


def ledger_of(state: Mapping[str, Any], context: CycleContext) -> Ledger:
    """Return the run's frozen ledger, with the names of the book beside it."""
    return gather.ledger(context, state["ledger_root"])


def content_of(state: CycleState, context: CycleContext) -> CycleContent:
    """Return the whole content of the version this run makes."""
    parts = parts_of(state, context)
    side, period = context.side, context.quarter.period
    common = {
        "quarter": context.quarter.label,
        "period_start": period.start,
        "period_end": period.end,
        "as_of": side.as_of,
        "currency": side.book.currency,
        "book_id": side.book.book_id,
        "coverage_hash": side.coverage.hash,
        "findings_hash": context.findings_hash,
        "ledger_root": state["ledger_root"],
        "report": kept(context, CycleReport, state["report_digest"]),
        "writer": kept(context, WriterNote, state["writer_digest"]),
    }
    if isinstance(parts, TerritoryParts):
        return TerritoryPlanContent.model_validate(
            {
                **common,
                "rep_id": context.rep_id,
                "rep_name": context.name,
                "reps": parts.reps,
                "customer": context.customer,
                "plan_from": gather.plan_from(context),
                "tables": parts.tables,
                "calendars": parts.calendars,
                "units": parts.units,
                "remarks": kept_remarks(context, state["remarks_digest"]),
            }
        )
    before = context.before
    assert before is not None  # `gather.demand` refuses a review without an earlier book
    return ReviewContent.model_validate(
        {
            **common,
            "team": context.name,
            "reps": context.reps,
            "earlier_as_of": before.as_of,
            "earlier_book_id": before.book.book_id,
            "earlier_coverage_hash": before.coverage.hash,
            "data": parts.data,
            "triggers": parts.triggers,
            "adjustments": parts.adjustments,
            "not_proposed": parts.not_proposed,
            "carried": parts.carried,
        }
    )


def _write(state: CycleState, context: CycleContext, violations: tuple[str, ...]) -> Update:
    own = kept(context, CycleDraft, state["own_digest"])
    written = context.writer.write(
        CycleBrief(
            kind=context.kind,
            quarter=context.quarter,
            head=context.head,
            as_of=context.side.as_of,
            currency=context.side.book.currency,
            coverage=context.side.coverage,
            ledger=ledger_of(state, context),
            parts=parts_of(state, context),
            own=own,
            remarks=kept_remarks(context, state["remarks_digest"]),
            violations=violations,
        )
    )
    note = written.note
    if violations:
        note = both(kept(context, WriterNote, state["writer_digest"]), note)
    return {
        "draft_digest": keep(context, "draft", written.draft),
        "writer_digest": keep(context, "writer", note),
        "usage": {
            "input_tokens": note.input_tokens,
            "output_tokens": note.output_tokens,
            "cost": note.cost,
        },
    }


def _version_of_this_run(state: CycleState, context: CycleContext, plan_hash: str) -> int | None:
    newest = context.records.cycle_version(state["plan_id"])
    for number in range(newest.version, 0, -1):
        found = context.records.cycle_version(state["plan_id"], number)
        if found.run_id == state["run_id"] and found.content.plan_hash == plan_hash:
            return number
    return None
