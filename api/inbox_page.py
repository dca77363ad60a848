"""What the inbox shows a person: what waits, which accounts to plan next, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agent.view import ScoreRow
from api.accounts import RankedAccount, ScorePart
from api.charts import signed, waterfall
from api.cycle_desk import CycleLine
from api.inbox import InboxItem
from api.planning import PlanLine
from api.reading import Reading
from api.workspace import Workspace
from domain.errors import NotFound
from domain.principal import Principal

SHOWN = 20
REASONS = 3


@dataclass(frozen=True)
class WaitingPlan:
    """A plan that waits, with what blocks it and for how long it has waited."""

    item: InboxItem
    blockers: tuple[str, ...]
    age: str


@dataclass(frozen=True)
class Candidate:
    """A ranked account: why it ranks there, and its plan if it has one."""

    account: RankedAccount
    reasons: str
    chart: str
    plan: PlanLine | None

    @property
    def refusal(self) -> str:
        """Why no plan is drafted for it; empty when one can be."""
        if self.account.owner_id is None:
            return "No owner yet"
        return "No plan for this tier" if self.account.plan_depth == "none" else ""


def inbox_page(
    workspace: Workspace, principal: Principal, lines: Sequence[PlanLine], query: str = ""
) -> dict[str, Any]:
    """Return everything `inbox.html` needs beyond what every page has.

    `lines` are the plans in scope, `query` is that of `ranked_accounts`.
    """
    inbox = workspace.inbox(principal)
    now = datetime.now(tz=UTC)
    waiting = [_waiting(workspace, principal, item, now) for item in inbox.waiting]
    ranked = ranked_accounts(workspace, principal, query, lines=lines)
    findings = workspace.quality(principal).findings if ranked["in_scope"] else ()
    return {
        **ranked,
        "waiting_plans": waiting,
        "mine": sum(plan.item.waiting != "await" for plan in waiting),
        "plans": lines,
        "ages": {line.plan_id: age(line.changed_at, now) for line in lines},
        "failed": inbox.failed,
        "questions": inbox.questions,
        "nothing_yet": inbox.warnings[0] if not ranked["in_scope"] and inbox.warnings else "",
        "findings": [finding for finding in findings if finding.severity != "notice"],
        "stale": inbox.stale,
        "quarterly": quarterly(workspace, principal),
    }


def quarterly(workspace: Workspace, principal: Principal) -> list[CycleLine]:
    """Return the territory plans and reviews in scope that are not settled, newest first."""
    try:
        lines = workspace.cycle.lines(principal)
    except NotFound:
        return []
    return [line for line in lines if line.status in {"in_review", "returned"}]


def ranked_accounts(
    workspace: Workspace,
    principal: Principal,
    query: str = "",
    *,
    lines: Sequence[PlanLine] | None = None,
) -> dict[str, Any]:
    """Return what `ranked.html` needs.

    `query` narrows the ranked accounts to those whose name, id, city or owner contains
    it; without one, the first 20 that get a plan by their tier are shown. Before the
    first import there are none. `lines` are the plans in scope, where known already.
    """
    try:
        ranked = workspace.rank(principal)
        reading = workspace.reading(principal)
    except NotFound:
        return {
            "in_scope": 0,
            "names": {},
            "query": "",
            "candidates": [],
            "candidates_of": 0,
            "currency": "",
        }
    known = workspace.plans(principal) if lines is None else lines
    plans = {line.account_id: line for line in known}
    asked = " ".join(query.split())
    found = list(_found(ranked, asked))
    return {
        "in_scope": len(ranked),
        "names": {account.account_id: account.name for account in ranked},
        "query": asked,
        "candidates": [
            _candidate(_explained(reading, account), plans.get(account.account_id))
            for account in found[:SHOWN]
        ],
        "candidates_of": len(found),
        "currency": reading.book.currency,
    }


def score_rows(account: RankedAccount) -> tuple[ScoreRow, ...]:
    """Return a ranked account's score as a waterfall draws it, largest part first."""
    parts = sorted(account.parts or (), key=lambda part: (-abs(part.points), part.fact))

    def end(kind: Any, label: str, points: int) -> ScoreRow:
        return ScoreRow(
            fact=kind, label=label, dimension="", value="", bin="", points=points, kind=kind
        )

    return (
        end("base", "Base", account.base),
        *(
            ScoreRow(
                fact=part.fact,
                label=part.label,
                dimension=part.dimension,
                value=part.value,
                bin=part.bin,
                points=part.points,
                kind="part",
            )
            for part in parts
        ),
        end("total", "Score", account.score),
    )


def _found(ranked: Sequence[RankedAccount], asked: str) -> Iterator[RankedAccount]:
    wanted = asked.casefold()
    for account in ranked:
        if wanted:
            words = (account.name, account.account_id, account.city, account.owner_name)
            if any(word is not None and wanted in word.casefold() for word in words):
                yield account
        elif account.plan_depth != "none":
            yield account


def _explained(reading: Reading, account: RankedAccount) -> RankedAccount:
    """Add the parts of the score, for the few accounts shown: explaining all takes seconds."""
    parts = reading.analyses.score.explain(account.account_id)
    return account.model_copy(update={"parts": tuple(ScorePart(**part) for part in parts)})


def _candidate(account: RankedAccount, plan: PlanLine | None) -> Candidate:
    rows = score_rows(account)
    told = [row for row in rows if row.kind == "part" and row.points][:REASONS]
    return Candidate(
        account=account,
        reasons=", ".join(
            f"{signed(row.points)} {row.label[:1].lower()}{row.label[1:]}" for row in told
        ),
        chart=waterfall(rows, name=f"score-{account.rank}"),
        plan=plan,
    )


def _waiting(
    workspace: Workspace, principal: Principal, item: InboxItem, now: datetime
) -> WaitingPlan:
    blockers: tuple[str, ...] = ()
    if item.plan.blockers:
        report = workspace.plan_version(principal, item.plan.plan_id).content.report
        blockers = tuple(blocker.message for blocker in report.blockers)
    return WaitingPlan(item=item, blockers=blockers, age=age(item.plan.changed_at, now))


def age(since: str, now: datetime) -> str:
    """Say how long ago a stored time was, in the largest unit that fits."""
    then = datetime.fromisoformat(since)
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    minutes = max(int((now - then).total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min" if minutes else "just now"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"
