"""Writing a territory plan or a review to a file: approved, or stamped as a draft."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from api.cycle_reading import names_of, review_of, territory_of
from api.exporting import MEDIA_TYPES, Export, stamped_json, stamped_markdown
from domain.cycle_version import CycleVersion
from domain.errors import ApprovalRequired, NotFound
from domain.principal import Principal
from domain.territory_plan import TerritoryPlanContent

if TYPE_CHECKING:
    from agent.cycle.view import CycleView
    from api.workspace import Workspace

Format = Literal["md", "json"]


def export(
    workspace: Workspace,
    principal: Principal,
    plan_id: str,
    format: Format,
    *,
    version: int | None,
    draft: bool,
) -> Export:
    """Return the version in force as a file; with `draft`, any version, stamped DRAFT.

    Statements about competitors that nothing supports are left out of every file.

    Raises
    ------
    NotFound
        The plan or version is missing or out of scope.
    ApprovalRequired
        The version is not in force and no draft was asked for; `review` among the facts
        leads to where it is decided.
    """
    from agent.cycle.leaving import fit_to_leave
    from agent.cycle.markdown import to_markdown

    chosen, approved = _chosen(workspace, principal, plan_id, version, draft=draft)
    view = fit_to_leave(view_of(workspace, principal, chosen))
    decisions = [
        item
        for item in workspace.cycle.decisions(principal, chosen)
        if item.subject_version == chosen.version
    ]
    decision = decisions[-1] if approved and decisions else None
    stamp = "" if approved else "draft-"
    return Export(
        filename=f"{plan_id}-v{chosen.version}-{stamp}{_slug(view.title)}.{format}",
        media_type=MEDIA_TYPES[format],
        text=stamped_markdown(to_markdown(view), decision)
        if format == "md"
        else stamped_json(view.kind, view, decision),
        draft=not approved,
    )


def calendar(
    workspace: Workspace,
    principal: Principal,
    plan_id: str,
    *,
    version: int | None,
    rep_id: str | None,
    draft: bool,
) -> Export:
    """Return one rep's weeks of a territory plan as an iCalendar file.

    Of a team's plan the calendar of `rep_id`, or of the rep who heads it. Raises as `export`
    does, and NotFound where the plan has no such rep.
    """
    from tools.cycle.calendar_ics import calendar_ics

    chosen, approved = _chosen(workspace, principal, plan_id, version, draft=draft)
    content = chosen.content
    if not isinstance(content, TerritoryPlanContent):
        raise NotFound(f"There is no territory plan {plan_id!r}.")
    wanted = rep_id or content.rep_id
    found = next((item for item in content.calendars if item.rep_id == wanted), None)
    if found is None:
        raise NotFound(f"Plan {plan_id} has no calendar of {wanted!r}.")
    book_names = names_of(workspace, principal, chosen)
    accounts = {item.account_id for week in found.weeks for item in week.items}
    names = {item: book_names.get(f"account:{item}", item) for item in sorted(accounts)}
    stamp = "" if approved else "-draft"
    return Export(
        filename=f"{plan_id}-v{chosen.version}-{_slug(wanted)}{stamp}.ics",
        media_type="text/calendar; charset=utf-8",
        text=calendar_ics(found, names),
        draft=not approved,
    )


def view_of(workspace: Workspace, principal: Principal, version: CycleVersion) -> CycleView:
    """Return a stored version of either kind as a reader sees it."""
    if version.content.kind == "review":
        return review_of(workspace, principal, version)
    return territory_of(workspace, principal, version)


def address_of(version: CycleVersion) -> str:
    """Return the page of a stored version; `plan` names which, where there may be several."""
    content, asked = version.content, f"v={version.version}&plan={version.plan_id}"
    if content.kind == "review":
        return f"/reviews/{content.quarter}?{asked}"
    return f"/territories/{content.rep_id}/plan/{content.quarter}?{asked}"


def _chosen(
    workspace: Workspace, principal: Principal, plan_id: str, version: int | None, *, draft: bool
) -> tuple[CycleVersion, bool]:
    """Return the version to write and whether it is in force."""
    newest = workspace.cycle.version(principal, plan_id)
    if newest.status == "approved" and version in {None, newest.version}:
        return newest, True
    if not draft:
        about = version if version is not None else newest.version
        raise ApprovalRequired(
            f"Version {about} of {plan_id} is not approved and in force.",
            hint="Have a manager decide on it, or export it as a draft (draft=true).",
            review=address_of(newest),
        )
    return workspace.cycle.version(principal, plan_id, version), False


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "plan"
