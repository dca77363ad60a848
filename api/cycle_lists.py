"""The lists of territory plans and reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.cycle_reading import reps_of
from api.inbox_page import age
from domain.errors import NotFound
from domain.principal import Principal
from domain.territory_plan import TerritoryPlanContent

if TYPE_CHECKING:
    from api.cycle_desk import CycleLine
    from api.workspace import Workspace


@dataclass(frozen=True)
class ListedRow:
    """A row of a list. `red` counts measures below target, None where no plan says."""

    name: str
    said: str
    line: CycleLine | None
    link: str = ""
    rep_id: str = ""
    red: int | None = None


def territory_rows(workspace: Workspace, principal: Principal) -> dict[str, Any]:
    """Return the reps in scope with this quarter's plan, and the plans of others beneath."""
    try:
        quarter = workspace.cycle.quarter(principal).label
        reps = reps_of(workspace, principal)
    except NotFound:
        return {"quarter": "", "rows": [], "others": [], "intro": "There is no book yet."}
    lines = workspace.cycle.lines(principal, "territory")
    now = datetime.now(tz=UTC)
    own = {line.rep_id: line for line in lines if line.quarter == quarter and len(line.reps) == 1}
    rows = [
        _territory(workspace, principal, rep_id, name, own.get(rep_id), now)
        for rep_id, name in reps
    ]
    waiting = sum(row.line is None for row in rows)
    shown = {line.plan_id for line in own.values()}
    others = [
        ListedRow(f"{line.title}, {line.quarter}", _said(line, now), line, _link(line))
        for line in lines
        if line.plan_id not in shown
    ]
    intro = f"{len(rows) - waiting} of {len(rows)} reps have a plan for {quarter}"
    return {"quarter": quarter, "rows": rows, "others": others, "intro": intro}


def review_rows(workspace: Workspace, principal: Principal) -> dict[str, Any]:
    """Return the reviews in scope, the latest change first."""
    try:
        quarter = workspace.cycle.quarter(principal).label
    except NotFound:
        return {"quarter": "", "rows": [], "intro": "There is no book yet.", "may_draft": False}
    now = datetime.now(tz=UTC)
    lines = workspace.cycle.lines(principal, "review")
    planned = workspace.cycle.lines(principal, "territory")
    approved = [line.quarter for line in planned if line.status == "approved"]
    rows = [
        ListedRow(f"{line.title}, {line.quarter}", _said(line, now), line, _link(line))
        for line in lines
    ]
    return {
        "quarter": max(approved, default=quarter),
        "rows": rows,
        "intro": "Plan against what happened, and what to decide",
        "may_draft": True,
    }


def _territory(
    workspace: Workspace,
    principal: Principal,
    rep_id: str,
    name: str,
    line: CycleLine | None,
    now: datetime,
) -> ListedRow:
    if line is None:
        return ListedRow(name, f"{rep_id}, no plan for this quarter yet", None, rep_id=rep_id)
    content = workspace.cycle.version(principal, line.plan_id).content
    red = None
    if isinstance(content, TerritoryPlanContent):
        red = sum(row.status == "red" for row in content.tables.scorecard)
    return ListedRow(name, _said(line, now), line, _link(line), rep_id, red)


def _link(line: CycleLine) -> str:
    return f"{line.link}&plan={line.plan_id}"


def _said(line: CycleLine, now: datetime) -> str:
    told = f"Version {line.version}, {age(line.changed_at, now)}, {line.changed_by}"
    if line.blockers:
        told += f", {line.blockers} {'blocker' if line.blockers == 1 else 'blockers'}"
    return told
