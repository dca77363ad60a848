"""Deciding on territory plans and reviews: who may, and whether the verdict fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.deciding import LONGEST_TEXT, MayDecide, standing
from api.scenario_people import managers_of
from domain.cycle import REVIEW_SECTIONS, TERRITORY_SECTIONS, CycleBlocker
from domain.cycle_version import CycleVersion
from domain.decision import Decision, DecisionRequest
from domain.errors import DecisionRefused, NotFound, NotPermitted, PlanSuperseded
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace

TITLES = {**TERRITORY_SECTIONS, **REVIEW_SECTIONS}


def decide(
    workspace: Workspace, principal: Principal, plan_id: str, request: DecisionRequest
) -> Decision:
    """Record a verdict on the version that was read, and make it effective.

    Raises
    ------
    NotFound
        The plan or the version is missing or out of scope.
    NotPermitted
        The person does not decide, or not on a plan of their own.
    PlanSuperseded
        A newer version exists.
    AlreadyDecided
        Another decision on this version came first.
    DecisionRefused
        Blockers stand, or a return or rejection says nothing.
    """
    newest = workspace.store.cycle.version(principal, plan_id)
    _demand_permission(workspace, principal, newest)
    _demand_newest(newest, request)
    if newest.status == "in_review":
        _demand_fit(newest, request)
    content = newest.content
    decision = workspace.store.decisions.decide(
        principal,
        content.kind,
        plan_id,
        request,
        subject_hash=content.plan_hash,
        ledger_root=content.ledger_root,
        coverage_hash=content.coverage_hash,
        now=workspace.store.clock(),
    )
    workspace.desk.bring_about(workspace, decision)
    return decision


def may_decide(workspace: Workspace, principal: Principal, version: CycleVersion) -> MayDecide:
    """Say whether this person may decide on a version."""
    try:
        _demand_permission(workspace, principal, version)
    except NotPermitted as refused:
        return MayDecide(
            allowed=False, reason=refused.message, who_can=tuple(refused.facts["who_can"])
        )
    return MayDecide(allowed=True)


def demand_reason(request: DecisionRequest) -> None:
    """Refuse texts that nobody would read, and a no without a reason."""
    texts = [request.reason, *(waiver.reason for waiver in request.waivers)]
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise DecisionRefused(
            f"A reason has more than {LONGEST_TEXT:,} characters.", hint="Say it shorter."
        )
    if request.verdict != "approved" and not request.reason.strip():
        raise DecisionRefused(
            f"It is {request.verdict} without a reason.", hint="Say what should change, or why not."
        )


def _demand_newest(newest: CycleVersion, request: DecisionRequest) -> None:
    if request.version < 1 or request.version > newest.version:
        raise NotFound(
            f"There is no version {request.version} of {newest.plan_id!r}.",
            hint=f"Its newest version is {newest.version}.",
        )
    if request.version < newest.version:
        raise PlanSuperseded(
            f"Version {request.version} of {newest.plan_id} is superseded: version "
            f"{newest.version} is the newest.",
            hint=f"Read version {newest.version} and repeat what you want on it.",
            plan_id=newest.plan_id,
            newest_version=newest.version,
        )


def _demand_permission(workspace: Workspace, principal: Principal, newest: CycleVersion) -> None:
    """Managers decide who see all its reps, and not on a plan that is their own alone."""
    content = newest.content
    rules = workspace.readings.rules(principal, content.coverage_hash).planning
    can = [
        person.name
        for person in managers_of(workspace, content.reps)
        if person.id != principal.person
    ]
    ask = f"Ask {' or '.join(can)}." if can else "Give a manager these reps in the people file."
    if not principal.may_decide:
        raise NotPermitted(
            f"{principal.name} prepares plans and does not decide on them; managers do.",
            hint=ask,
            who_can=can,
        )
    own = "rep" in principal.roles and set(principal.scope.reps) == set(content.reps)
    if rules.own_plan_needs_another and own:
        raise NotPermitted(
            f"{principal.name} works this territory, so somebody else decides on its plan.",
            hint=ask,
            who_can=can,
        )


def _demand_fit(newest: CycleVersion, request: DecisionRequest) -> None:
    demand_reason(request)
    if request.sections:
        raise DecisionRefused(
            "Sections of a territory plan or review have no verdicts of their own.",
            hint="Decide on the whole, and say in the reason what should change.",
        )
    if request.verdict != "approved":
        return
    blockers = newest.content.report.blockers
    for waiver in request.waivers:
        known = {(blocker.code, blocker.claim) for blocker in blockers}
        codes = {code for code, _ in known}
        if waiver.code not in codes or (waiver.claim and (waiver.code, waiver.claim) not in known):
            raise DecisionRefused(
                f"Nothing called {waiver.code!r} blocks this version, so it cannot be waived.",
                hint="Leave that waiver out.",
            )
    still = standing(blockers, request.waivers)
    if still:
        raise DecisionRefused(
            "It cannot be approved: " + " ".join(dict.fromkeys(item.message for item in still)),
            hint=" ".join(dict.fromkeys(_remedy(blocker) for blocker in still)),
            blockers=[blocker.model_dump(mode="json") for blocker in still],
        )


def _remedy(blocker: CycleBlocker) -> str:
    if blocker.remedy == "edit":
        return f"Have {TITLES[blocker.section]} drafted anew, or return it."
    if blocker.remedy == "override":
        return (
            f"To override {blocker.code!r}, waive it with a reason that names the "
            f"{blocker.hours_missing} hours missing."
        )
    return f"To accept it, waive {blocker.code!r} with a reason."
