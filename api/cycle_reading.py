"""Stored territory plans and reviews as a reader sees them today, with decisions and names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from agent.cycle.live_view import MonthOf, WeekOf, month_view, week_view
from agent.cycle.review_view import review_view
from agent.cycle.territory_view import territory_view
from agent.cycle.view import AdjustmentOf, ReviewView, TerritoryView
from agent.plan_sources import freshness_at
from domain.book import Book
from domain.cycle_version import CycleVersion
from domain.decision import Decision
from domain.errors import NotFound, PlannerError
from domain.evidence import Evidence, Ledger
from domain.principal import Principal
from domain.review import ReviewContent
from domain.territory_plan import TerritoryPlanContent

if TYPE_CHECKING:
    from api.cycle_desk import AdjustmentState
    from api.workspace import Workspace

STALE = "Another book or other rules have become current since this was drafted."
_TABLES = {
    "account": "accounts", "rep": "reps", "contact": "contacts", "opportunity": "opportunities",
}  # fmt: skip


class Names(Mapping[str, str]):
    """Names by entity, looked up in a book when asked: nothing is listed ahead."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def __getitem__(self, entity: str) -> str:
        kind, _, key = entity.rpartition("/")[2].partition(":")
        row = self._book.rows(_TABLES[kind])[key]
        return str(row["name"])

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def territory_of(
    workspace: Workspace, principal: Principal, version: CycleVersion
) -> TerritoryView:
    """Return a stored territory plan as a view; NotFound when it is a review."""
    if not isinstance(version.content, TerritoryPlanContent):
        raise NotFound(f"There is no territory plan {version.plan_id!r}.")
    desk = workspace.cycle
    return territory_view(
        version,
        desk.ledger(principal, version),
        newest_version=desk.version(principal, version.plan_id).version,
        names=names_of(workspace, principal, version),
        decision=decision_line(workspace, principal, version),
        stale=(STALE,) if desk.stale(principal, version) else (),
        fresh=_fresh(workspace, principal, version),
    )


def review_of(workspace: Workspace, principal: Principal, version: CycleVersion) -> ReviewView:
    """Return a stored review as a view, with what was decided on its recommendations."""
    if not isinstance(version.content, ReviewContent):
        raise NotFound(f"There is no review {version.plan_id!r}.")
    desk = workspace.cycle
    view = review_view(
        version,
        desk.ledger(principal, version),
        newest_version=desk.version(principal, version.plan_id).version,
        names=names_of(workspace, principal, version),
        decision=decision_line(workspace, principal, version),
        stale=(STALE,) if desk.stale(principal, version) else (),
        fresh=_fresh(workspace, principal, version),
    )
    states = {
        item.number: item for item in desk.adjusted(principal, version.plan_id, version.version)
    }
    adjusted = tuple(
        _decided(workspace, item, states.get(item.number)) for item in view.adjustments
    )
    return view.model_copy(update={"adjustments": adjusted})


def stored_territory(
    workspace: Workspace,
    principal: Principal,
    rep_id: str,
    quarter: str | None,
    version: int | None = None,
    plan: str | None = None,
) -> CycleVersion:
    """Return a version of a rep's own plan, or of the one that `plan` names (a team's, say)."""
    if plan is None:
        return workspace.cycle.territory(principal, rep_id, quarter, version)
    found = workspace.cycle.version(principal, plan, version)
    content = found.content
    fits = isinstance(content, TerritoryPlanContent) and content.rep_id == rep_id
    if not fits or quarter not in (None, content.quarter):
        raise NotFound(f"There is no territory plan {plan!r} of {rep_id!r} in {quarter}.")
    return found


def stored_review(
    workspace: Workspace,
    principal: Principal,
    quarter: str | None,
    version: int | None = None,
    plan: str | None = None,
) -> CycleVersion:
    """Return a version of the review of a person's scope, or of the one that `plan` names."""
    if plan is None:
        return workspace.cycle.review(principal, quarter, version)
    found = workspace.cycle.version(principal, plan, version)
    content = found.content
    if not isinstance(content, ReviewContent) or quarter not in (None, content.quarter):
        raise NotFound(f"There is no review {plan!r} of {quarter}.")
    return found


def week_of(workspace: Workspace, principal: Principal, rep_id: str, quarter: str | None) -> WeekOf:
    """Return a rep's week; NotFound outside the scope."""
    page = workspace.cycle.week(principal, rep_id, quarter)
    book = workspace.reading(principal).book
    return week_view(page, _ledger(workspace, principal, page.quarter), book.currency, Names(book))


def month_of(workspace: Workspace, principal: Principal, quarter: str | None) -> MonthOf:
    """Return a manager's month; raises as the data set of the quarter does."""
    page = workspace.cycle.month(principal, quarter)
    book = workspace.reading(principal).book
    return month_view(page, _ledger(workspace, principal, page.quarter), book.currency, Names(book))


def reps_of(workspace: Workspace, principal: Principal) -> list[tuple[str, str]]:
    """Return ids and names of the reps in scope that own accounts, by name."""
    book = workspace.reading(principal).book
    owning = {owner for owner in book.owners.values() if owner is not None}
    found = [
        (rep_id, str(row["name"]))
        for rep_id, row in book.rows("reps").items()
        if rep_id in owning and principal.scope.covers(rep_id)
    ]
    return sorted(found, key=lambda item: (item[1], item[0]))


def names_of(
    workspace: Workspace, principal: Principal, version: CycleVersion
) -> Mapping[str, str]:
    """Return the names of the book a version was drafted on; none where it is not kept."""
    content = version.content
    try:
        reading = workspace.readings.of(
            principal, content.book_id, content.coverage_hash, content.findings_hash
        )
    except PlannerError:
        return {}
    return Names(reading.book)


def _fresh(
    workspace: Workspace, principal: Principal, version: CycleVersion
) -> Callable[[Evidence], str]:
    content = version.content
    rules = workspace.readings.rules(principal, content.coverage_hash)
    return freshness_at(rules, content.as_of)


def decision_line(workspace: Workspace, principal: Principal, version: CycleVersion) -> str | None:
    """Say who decided on a version, when and why; None while nobody has."""
    found = [
        item
        for item in workspace.cycle.decisions(principal, version)
        if item.subject_version == version.version
    ]
    return told(workspace, found) if found else None


def told(workspace: Workspace, decisions: Sequence[Decision]) -> str:
    """Tell the last of some decisions on one line."""
    last = decisions[-1]
    name = workspace.people.name(last.decided_by)
    then = datetime.fromisoformat(last.decided_at)
    line = f"{last.verdict.capitalize()} by {name} on {then.day} {then:%b %Y}"
    reason = last.request.reason.strip() if last.request else ""
    return f"{line}: {reason}" if reason else f"{line}."


def _decided(
    workspace: Workspace, item: AdjustmentOf, state: AdjustmentState | None
) -> AdjustmentOf:
    if state is None or state.decision is None:
        return item
    accepted = state.decision.verdict == "approved"
    line = told(workspace, [state.decision])
    word = "Accepted" if accepted else "Declined"
    line = f"{word}{line[line.index(' by ') :]}"
    opened = state.opened
    if opened is not None and opened.problem:
        line += f" It could not be opened: {opened.problem}"
    named = f"{opened.kind.replace('_', ' ')} {opened.id}".strip() if opened else ""
    return item.model_copy(
        update={
            "verdict": "accepted" if accepted else "declined",
            "decided": line,
            "opened": named if opened and opened.kind != "nothing" else "",
            "opened_link": (opened.link or "") if opened else "",
        }
    )


def _ledger(workspace: Workspace, principal: Principal, quarter: str) -> Ledger:
    """Return the ledger of the stored review, whose figures a live page repeats; else none."""
    try:
        version = workspace.cycle.review(principal, quarter)
    except NotFound:
        return Ledger.of(())
    return workspace.cycle.ledger(principal, version)
