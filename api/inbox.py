"""The inbox: what waits for a person, by risk and age, and what has no plan yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from api import accounts, deciding, planning, questions, scenario_deciding
from api.planning import PlanLine
from domain.errors import NotFound
from domain.principal import Principal
from domain.question import Question
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace

_SUGGESTIONS = 12

Waiting = Literal["decide", "revise", "await"]


class InboxItem(Record):
    """A plan that is not settled.

    `waiting` says for what: the person's decision, the person's revision (it was
    returned), or somebody else.
    """

    waiting: Waiting
    plan: PlanLine
    why: str
    link: str


class Suggestion(Record):
    """A well-ranked account in scope that gets a plan and has none."""

    account_id: str
    name: str
    rank: int
    tier_label: str
    owner_id: str
    owner_name: str
    score: int
    expected_value: float | None
    open_potential: float | None


class StaleDraft(Record):
    """A draft that did not get to its review."""

    account_id: str
    plan_id: str | None
    why: str


class ScenarioItem(Record):
    """A scenario that is not settled, or on which a rep of the person's is asked."""

    waiting: Literal["decide", "revise", "answer", "await"]
    scenario_id: str
    name: str
    version: int
    why: str
    link: str


class QuestionItem(Record):
    """A question that the person may answer."""

    waiting: Literal["answer"] = "answer"
    question: Question
    owner_name: str
    why: str = "Two notes disagree; say which holds."
    link: str


class Inbox(Record):
    """What waits, what is settled, what could be planned next, and what is doubtful."""

    waiting: tuple[InboxItem, ...]
    settled: tuple[PlanLine, ...]
    suggestions: tuple[Suggestion, ...]
    failed: tuple[StaleDraft, ...]
    stale: int
    warnings: tuple[str, ...]
    scenarios: tuple[ScenarioItem, ...] = ()
    questions: tuple[QuestionItem, ...] = ()


def inbox(workspace: Workspace, principal: Principal) -> Inbox:
    """Return the inbox of a person; empty, with a word on what to do, before the first import."""
    try:
        workspace.reading(principal)
    except NotFound as nothing_yet:
        return Inbox(
            waiting=(),
            settled=(),
            suggestions=(),
            failed=(),
            stale=0,
            warnings=(f"{nothing_yet.message} {nothing_yet.hint}",),
        )
    lines = planning.plans(workspace, principal)
    waiting = [_item(workspace, principal, line) for line in lines if _unsettled(line)]
    waiting.sort(key=lambda item: (_ORDER[item.waiting], -item.plan.blockers, item.plan.changed_at))
    planned = {line.account_id for line in lines}
    ranked = accounts.rank(workspace, principal, top=None, territory=None, explain=False)
    findings = workspace.quality(principal).findings
    doubtful = [finding.message for finding in findings if finding.severity != "notice"]
    return Inbox(
        waiting=tuple(waiting),
        settled=tuple(line for line in lines if not _unsettled(line)),
        suggestions=tuple(
            Suggestion(
                account_id=row.account_id,
                name=row.name,
                rank=row.rank,
                tier_label=row.tier_label,
                owner_id=row.owner_id,
                owner_name=row.owner_name or row.owner_id,
                score=row.score,
                expected_value=row.expected_value,
                open_potential=row.open_potential,
            )
            for row in ranked
            if row.owner_id and row.plan_depth != "none" and row.account_id not in planned
        )[:_SUGGESTIONS],
        failed=tuple(
            StaleDraft(account_id=run.account_id, plan_id=run.plan_id, why=run.error or "")
            for run in workspace.store.runs.list(principal, status="failed")
            if run.account_id is not None and run.account_id not in planned
        ),
        stale=sum(line.stale for line in lines),
        warnings=tuple(doubtful),
        scenarios=tuple(_scenarios(workspace, principal)),
        questions=tuple(_questions(workspace, principal)),
    )


def _questions(workspace: Workspace, principal: Principal) -> Iterator[QuestionItem]:
    """Yield the open questions that the person may answer."""
    # Who may answer none is not made to wait for the notes of a whole book to be read.
    if principal.roles.isdisjoint({"rep", "manager"}):
        return
    for line in questions.questions(workspace, principal):
        if line.state == "open" and line.may_answer:
            yield QuestionItem(
                question=line.question,
                owner_name=line.owner_name,
                link=f"/#{line.question.question_id}",
            )


def _scenarios(workspace: Workspace, principal: Principal) -> Iterator[ScenarioItem]:
    """Yield what a person may decide, what came back to them, what they wait for or answer."""
    kept = workspace.store.scenarios
    for call in kept.calls(principal):
        yield ScenarioItem(
            waiting="answer",
            scenario_id=call.scenario_id,
            name=call.name,
            version=call.version,
            why="Your word on your accounts is asked.",
            link=f"/scenarios/{call.scenario_id}/slice",
        )
    for version in kept.list(principal):
        if version.status not in {"in_review", "returned"}:
            continue
        waiting: Literal["decide", "revise", "await"] = "revise"
        why = "Returned; who prepared it revises it."
        if version.status == "in_review":
            allowed = scenario_deciding.may_decide(workspace, principal, version.scenario_id)
            waiting = "decide" if allowed.allowed else "await"
            open_ = sum(1 for _ in version.content.open_objections())
            why = f"{open_} open objection{'' if open_ == 1 else 's'}." if open_ else "Ready."
            if not allowed.allowed:
                why = f"Waits for {' or '.join(allowed.who_can) or 'another manager'}."
        yield ScenarioItem(
            waiting=waiting,
            scenario_id=version.scenario_id,
            name=version.content.name,
            version=version.version,
            why=why,
            link=f"/scenarios/{version.scenario_id}?v={version.version}",
        )


_ORDER: dict[Waiting, int] = {"decide": 0, "revise": 1, "await": 2}


def _unsettled(line: PlanLine) -> bool:
    return line.status in {"in_review", "returned"}


def _item(workspace: Workspace, principal: Principal, line: PlanLine) -> InboxItem:
    link = f"/plans/{line.plan_id}?v={line.version}"
    if line.status == "returned":
        mine = "manager" not in principal.roles
        return InboxItem(
            waiting="revise" if mine else "await",
            plan=line,
            why=f"Returned; {line.owner_name} revises it.",
            link=link,
        )
    allowed = deciding.may_decide_on(workspace, principal, line)
    blocked = f"{line.blockers} blocker{'' if line.blockers == 1 else 's'}"
    if allowed.allowed:
        why = blocked if line.blockers else "Ready to decide."
        return InboxItem(waiting="decide", plan=line, why=why, link=link)
    who = " or ".join(allowed.who_can) or "a manager"
    return InboxItem(waiting="await", plan=line, why=f"Waits for {who}.", link=link)
