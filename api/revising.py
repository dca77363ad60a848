"""Revising a plan: a section rewritten by a person, or a redraft that carries remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.planning import asked_by, redraft, superseded
from api.running import run_id_for
from domain.errors import InvalidInput
from domain.plan import PlanVersion, Remark, SectionKey
from domain.principal import Principal

if TYPE_CHECKING:
    from agent.context import PlanningContext
    from agent.run_events import Progress
    from agent.runs import PlanRuns
    from api.workspace import Workspace


def revise(
    workspace: Workspace,
    principal: Principal,
    plan_id: str,
    *,
    section: SectionKey | None,
    text: str | None,
    remark: str,
    base_version: int | None,
    progress: Progress | None = None,
) -> PlanVersion:
    """Store a new version of a plan; any approval of an earlier one is void.

    With a `section`, its sentences are replaced by `text`, which passes the same verifier
    and scheduler as a draft. Without one, the plan is drafted anew on the current book,
    carrying earlier remarks, those of the last decision, and `remark`.

    Raises
    ------
    InvalidInput
        A section without text, or neither a section nor a remark.
    PlanSuperseded
        `base_version` is given and is not the newest version.
    """
    with workspace.running(f"plan:{plan_id}"):
        newest = workspace.store.plans.version(principal, plan_id)
        if base_version is not None and base_version != newest.version:
            raise superseded(plan_id, base_version, newest.version)
        if section is not None:
            return _edit(
                workspace, principal, newest, section, text if text is not None else remark
            )
        if not remark.strip() or text is not None:
            raise InvalidInput(
                "Nothing says what should be different.",
                hint="Give a remark for a redraft, or a section together with its new text.",
            )
        asked = asked_by(principal, remark)
        remarks = (*_decided_remarks(workspace, principal, newest), asked)
        return redraft(
            workspace, principal, newest.content.account_id, plan_id, newest, remarks, progress
        )


def _edit(
    workspace: Workspace,
    principal: Principal,
    newest: PlanVersion,
    section: SectionKey,
    text: str,
) -> PlanVersion:
    if not text.strip():
        raise InvalidInput(
            f"The new text of section {section} is empty.",
            hint="Give its sentences, one a line.",
        )
    content = newest.content

    def begin(runs: PlanRuns, context: PlanningContext, run_id: str) -> object:
        return runs.edit(
            context,
            run_id,
            newest.plan_id,
            base_version=newest.version,
            section=section,
            text=text,
            said_on=content.as_of,
        )

    workspace.desk.drive(
        workspace,
        principal,
        run_id_for("edit", newest.plan_id, newest.version, section, text, principal.person),
        kind="edit",
        account_id=content.account_id,
        plan_id=newest.plan_id,
        begin=begin,
    )
    return workspace.store.plans.version(principal, newest.plan_id)


def _decided_remarks(
    workspace: Workspace, principal: Principal, newest: PlanVersion
) -> tuple[Remark, ...]:
    """What the last decision on the plan asked for, section by section."""
    decided = workspace.store.decisions.on(principal, "plan", newest.plan_id)
    if not decided or decided[-1].request is None or decided[-1].verdict == "approved":
        return ()
    last = decided[-1]
    assert last.request is not None  # asked for above
    name = workspace.people.name(last.decided_by)
    asked: list[tuple[SectionKey | None, str]] = [(None, last.request.reason)]
    asked += [
        (item.section, item.comment)
        for item in last.request.sections
        if item.verdict == "change_requested"
    ]
    return tuple(
        Remark(person=last.decided_by, person_name=name, section=section, text=text.strip())
        for section, text in asked
        if text.strip()
    )
