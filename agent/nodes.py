"""The steps of a plan run: plain functions that return only what they changed.

A step may run again from its first line after a crash, so whatever a step keeps is keyed
by its content, and the one step with an effect names a stored decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agent import gather, granting, planning
from agent.context import PlanningContext
from agent.judging import Judge, Repairs, owner_as_reader
from agent.run_texts import both, brief_of, content_of, draft_of, ledger_of
from agent.state import (
    PlanningState,
    Update,
    keep,
    keep_all,
    kept,
    kept_evidence,
    kept_omissions,
    kept_remarks,
    period_of,
)
from agent.wishes import Wishes, wishes_of
from domain.decision import Decision
from domain.errors import DecisionRefused, NoPlanForAccount, NotFound, PlanSuperseded
from domain.plan import PlanVersion, Report, WriterNote
from domain.record import Record

Context = Runtime[PlanningContext]


class ReviewAnswer(Record):
    """What resumes a run that waits for a person: the id of a decision already stored."""

    decision_id: str


def scope(state: PlanningState, runtime: Context) -> Update:
    """Refuse accounts that are out of reach, unowned, or in a tier that gets no plan."""
    context = runtime.context
    account_id = state["account_id"]
    owner = owner_in_scope(context, account_id)
    if owner is None:
        raise NoPlanForAccount(
            f"Account {account_id} has no owner, so nobody could carry a plan out.",
            hint="An assignment must be approved first; until then its score and its "
            "whitespace can be read.",
        )
    tier = context.coverage.tier(context.analyses.tiers.of(account_id))
    if tier.plan == "none":
        raise NoPlanForAccount(
            f"Account {account_id} is in tier {tier.label!r}, whose accounts get no plan.",
            hint="The coverage model decides which tiers get one: `plan` under [[tiers]].",
        )
    return {"owner_id": owner, "tier": tier.key}


def analyse(state: PlanningState, runtime: Context) -> Update:
    """Collect the cells of the fixed list of analyses, and the CRM records."""
    found = gather.cells(runtime.context, state["account_id"], period_of(state))
    return {
        "cells_digest": keep_all(runtime.context, "evidence", found),
        "found": len(found),
    }


def retrieve(state: PlanningState, runtime: Context) -> Update:
    """Collect the passages that answer the fixed list of questions."""
    found = gather.spans(runtime.context, state["account_id"])
    return {
        "spans_digest": keep_all(runtime.context, "evidence", found),
        "found": len(found),
    }


def freeze(state: PlanningState, runtime: Context) -> Update:
    """Close the ledger: from here on nothing else can be cited."""
    context = runtime.context
    remarks = kept_remarks(context, state["remarks_digest"])
    ledger = gather.freeze(
        context,
        [
            *kept_evidence(context, state["cells_digest"]),
            *kept_evidence(context, state["spans_digest"]),
            *gather.statements(context, state["account_id"], remarks),
        ],
    )
    root = context.records.keep_ledger(
        ledger, book_id=context.book.book_id, as_of=context.book.as_of
    )
    return {"ledger_root": root, "found": len(ledger.entries)}


def draft(state: PlanningState, runtime: Context) -> Update:
    """Have the writer draft from the frozen ledger."""
    return _write(state, runtime.context, violations=())


def verify(state: PlanningState, runtime: Context) -> Update:
    """Check the draft, and list for a model what no plain repair would heal."""
    context = runtime.context
    note = kept(context, WriterNote, state["writer_digest"])
    if note.writer != "model":
        # Only a model can do better for being told; rules would write the same again.
        return {"violations": []}
    judge = judge_of(state, context)
    repaired, _ = judge.repair(draft_of(state, context))
    return {"violations": list(judge.violations(repaired))}


def rewrite(state: PlanningState, runtime: Context) -> Update:
    """Give the model its violations, once."""
    update = _write(state, runtime.context, violations=tuple(state["violations"]))
    return {**update, "rewrites": state["rewrites"] + 1, "violations": []}


def repair(state: PlanningState, runtime: Context) -> Update:
    """Mend what has exactly one right answer: a quote's words, a cell, a spare citation."""
    context = runtime.context
    judge = judge_of(state, context)
    repaired, repairs = judge.repair(draft_of(state, context))
    return {
        "draft_digest": keep(context, "draft", repaired),
        "repairs_digest": keep(context, "repairs", repairs),
    }


def strike(state: PlanningState, runtime: Context) -> Update:
    """Take out what nothing supports, and say so under omissions."""
    context = runtime.context
    judge = judge_of(state, context)
    repairs = kept(context, Repairs, state["repairs_digest"])
    left, report = judge.settle(
        draft_of(state, context),
        repairs,
        carried=kept_omissions(context, state["carried_digest"]),
    )
    return {
        "draft_digest": keep(context, "draft", left),
        "report_digest": keep(context, "report", report),
    }


def fit(state: PlanningState, runtime: Context) -> Update:
    """Fit the plays into the owner's weeks, and say where they do not fit."""
    context = runtime.context
    schedule, blockers, notices = planning.fit_into_week(
        context,
        draft_of(state, context),
        state["account_id"],
        period_of(state),
        ledger_of(state, context),
        state["plan_id"],
        wishes=_wishes(state, context),
    )
    report = kept(context, Report, state["report_digest"])
    report = report.model_copy(
        update={
            "blockers": (*report.blockers, *blockers),
            "warnings": (*report.warnings, *notices),
        }
    )
    return {
        "schedule_digest": keep(context, "schedule", schedule),
        "report_digest": keep(context, "report", report),
    }


def save(state: PlanningState, runtime: Context) -> Update:
    """Store the version; storing the same content again gives the same number.

    Where an earlier run wrote the very same plan, there is nothing new to review.
    """
    context = runtime.context
    content = content_of(state, context)
    try:
        version = context.records.save_version(
            state["plan_id"], content, base_version=state["base_version"], run_id=state["run_id"]
        )
    except PlanSuperseded:
        # This run may have stored its version just before it was killed, and somebody
        # else a newer one since: then ours stands, superseded.
        earlier = _version_of_this_run(state, context, content.plan_hash)
        if earlier is None:
            raise
        version = earlier.version
    stored = context.records.version(state["plan_id"], version)
    return {
        "version": version,
        "plan_hash": content.plan_hash,
        "unchanged": stored.run_id != state["run_id"],
    }


def review(state: PlanningState) -> Update:
    """Stop until a person decides.

    LangGraph runs this node again from its first line when the answer comes, so it does
    nothing but ask. The answer is the id of a stored decision; `apply` reads the row and
    trusts nothing else.
    """
    answer = interrupt(
        {
            "plan_id": state["plan_id"],
            "version": state["version"],
            "plan_hash": state["plan_hash"],
        },
        response_schema=ReviewAnswer,
    )
    return {"decision_id": answer.decision_id}


def apply(state: PlanningState, runtime: Context) -> Update:
    """Make the stored decision effective, once, if it binds this very plan."""
    records = runtime.context.records
    demand_binding(records.decision(state["decision_id"]), state)
    records.take_effect(state["decision_id"])
    return {"applied": True}


def owner_in_scope(context: PlanningContext, account_id: str) -> str | None:
    """Return the owner of an account that the principal may see (None: unowned).

    Raises
    ------
    NotFound
        In the same words for an account that is missing and one that is out of scope.
    """
    owners = context.book.owners
    if account_id not in owners or not context.principal.scope.covers(owners[account_id]):
        raise NotFound(
            f"There is no account {account_id!r} in the book.",
            hint="List accounts with `cadastre accounts rank`.",
        )
    return owners[account_id]


def demand_binding(decision: Decision, state: Mapping[str, Any]) -> None:
    """Demand that a decision binds the version this run made; its kind is a plan by default.

    Raises
    ------
    DecisionRefused
        When it is about another plan, version or text.
    """
    bound = (decision.subject_kind, decision.subject_id, decision.subject_version)
    if bound != (state.get("kind", "plan"), state["plan_id"], state["version"]):
        raise DecisionRefused(
            f"Decision {decision.decision_id} is about {bound[0]} {bound[1]} version "
            f"{bound[2]}, not about plan {state['plan_id']} version {state['version']}.",
            hint="Decide on the version that waits.",
        )
    if decision.subject_hash != state["plan_hash"]:
        raise DecisionRefused(
            f"Decision {decision.decision_id} binds another text of plan "
            f"{state['plan_id']} version {state['version']}.",
            hint="Read the version again and decide on what it says now.",
        )


def judge_of(state: PlanningState, context: PlanningContext) -> Judge:
    """Return the verifier, set to read as the account's owner."""
    return Judge(
        ledger=ledger_of(state, context),
        reader=owner_as_reader(context, state["owner_id"]),
        coverage=context.coverage,
        account_id=state["account_id"],
        as_of=date.fromisoformat(state["as_of"]),
        period=period_of(state),
        currency=context.book.currency,
        screened=not state["edited"],
    )


def _write(state: PlanningState, context: PlanningContext, violations: tuple[str, ...]) -> Update:
    brief = brief_of(state, context, violations=violations)
    written = context.writer.write(brief)
    note = written.note
    drafted = granting.as_wished(
        context,
        granting.done_by_people_there(written.draft, brief.resources),
        state["account_id"],
        _wishes(state, context),
        brief.ledger,
    )
    if violations:
        note = both(kept(context, WriterNote, state["writer_digest"]), note)
    return {
        "draft_digest": keep(context, "draft", drafted),
        "writer_digest": keep(context, "writer", note),
        "usage": {
            "input_tokens": note.input_tokens,
            "output_tokens": note.output_tokens,
            "cost": note.cost,
        },
    }


def _wishes(state: PlanningState, context: PlanningContext) -> Wishes:
    remarks = kept_remarks(context, state["remarks_digest"])
    return wishes_of(remarks, date.fromisoformat(state["as_of"]))


def _version_of_this_run(
    state: PlanningState, context: PlanningContext, plan_hash: str
) -> PlanVersion | None:
    newest = context.records.version(state["plan_id"])
    for number in range(newest.version, 0, -1):
        found = context.records.version(state["plan_id"], number)
        if found.run_id == state["run_id"] and found.content.plan_hash == plan_hash:
            return found
    return None
