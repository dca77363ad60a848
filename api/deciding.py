"""Deciding on a plan: who may, and whether the verdict fits the plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from api.capacity import judged_today
from api.planning import PlanLine, superseded
from domain.cycle import CycleBlocker
from domain.decision import Decision, DecisionRequest, Waiver
from domain.errors import DecisionRefused, NotFound, NotPermitted, PlannerError
from domain.plan import SECTION_TITLES, Blocker, PlanVersion, SectionKey
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace

AnyBlocker = TypeVar("AnyBlocker", Blocker, CycleBlocker)
SECTIONS: tuple[SectionKey, ...] = tuple(SECTION_TITLES)
LONGEST_TEXT = 4_000


class MayDecide(Record):
    """Whether the person may decide on the newest version; else why not, and who can."""

    allowed: bool
    reason: str = ""
    who_can: tuple[str, ...] = ()


def decide(
    workspace: Workspace, principal: Principal, plan_id: str, request: DecisionRequest
) -> Decision:
    """Record a verdict on the version that was read, and make it effective.

    The decision is stored first; its effect follows through the run that waits for it,
    or at the next start. The same request by the same person again gives the same row.

    Raises
    ------
    NotFound
        The plan or the version is missing or out of scope.
    NotPermitted
        The person does not decide, or not on a plan of their own.
    PlanSuperseded
        A newer version exists; `link` among the facts leads to it.
    AlreadyDecided
        Another decision on this version came first.
    DecisionRefused
        The verdict does not fit: sections are undecided, blockers stand, or a return
        says nothing.
    """
    newest = workspace.store.plans.version(principal, plan_id)
    _demand_permission_on(workspace, principal, newest)
    if request.version < newest.version:
        _demand_it_existed(request.version)
        raise superseded(plan_id, request.version, newest.version)
    if request.version == newest.version and newest.status == "in_review":
        _demand_fit(judged_today(workspace, principal, newest), request)
    content = newest.content
    decision = workspace.store.decisions.decide(
        principal,
        "plan",
        plan_id,
        request,
        subject_hash=content.plan_hash,
        ledger_root=content.ledger_root,
        coverage_hash=content.coverage_hash,
        now=workspace.store.clock(),
    )
    workspace.desk.bring_about(workspace, decision)
    return decision


def may_decide(workspace: Workspace, principal: Principal, plan_id: str) -> MayDecide:
    """Say whether this person may decide on the newest version."""
    newest = workspace.store.plans.version(principal, plan_id)
    try:
        _demand_permission_on(workspace, principal, newest)
    except NotPermitted as refused:
        return _refused_to(refused)
    return MayDecide(allowed=True)


def _demand_permission_on(workspace: Workspace, principal: Principal, newest: PlanVersion) -> None:
    _demand_permission(
        workspace,
        principal,
        newest.content.owner_id,
        newest.content.coverage_hash,
        typed_by(workspace, principal, newest),
    )


def standing(blockers: Sequence[AnyBlocker], waivers: Sequence[Waiver]) -> list[AnyBlocker]:
    """Return the blockers that no waiver lifts.

    A waiver lifts blockers of its code (and claim, where it names one). It needs a
    reason; for hours over capacity the reason must name the hours missing; a blocker
    that only an edit can remove stays.
    """
    return [
        blocker for blocker in blockers if not any(_lifts(waiver, blocker) for waiver in waivers)
    ]


def may_decide_on(workspace: Workspace, principal: Principal, line: PlanLine) -> MayDecide:
    """Say the same of a listed plan, reading it only where somebody typed into it."""
    if line.edited:
        return may_decide(workspace, principal, line.plan_id)
    try:
        _demand_permission(workspace, principal, line.owner_id, line.coverage_hash, set())
    except NotPermitted as refused:
        return _refused_to(refused)
    return MayDecide(allowed=True)


def _refused_to(refused: NotPermitted) -> MayDecide:
    who_can = tuple(refused.facts["who_can"])
    return MayDecide(allowed=False, reason=refused.message, who_can=who_can)


def _demand_permission(
    workspace: Workspace,
    principal: Principal,
    owner_id: str,
    coverage_hash: str,
    typists: set[str],
) -> None:
    """Refuse who prepares only, and who would decide on a plan of their own.

    The rule on own plans is that of the coverage model the plan was drafted under.
    """
    rules = workspace.readings.rules(principal, coverage_hash).planning

    def own(person: Principal) -> str | None:
        if not rules.own_plan_needs_another:
            return None
        if "rep" in person.roles and person.scope.reps == {owner_id}:
            return "owns this account"
        return "wrote part of this version" if person.person in typists else None

    people = workspace.people
    can = [
        person.name
        for person in people.deciders(owner_id)
        if person.id != principal.person and own(people.principal(person.id)) is None
    ]
    ask = f"Ask {' or '.join(can)}." if can else "Give a manager these accounts in the people file."
    if not principal.may_decide:
        raise NotPermitted(
            f"{principal.name} prepares plans and does not decide on them; managers do.",
            hint=ask,
            who_can=can,
        )
    reason = own(principal)
    if reason is not None:
        raise NotPermitted(
            f"{principal.name} {reason}, so somebody else decides on it.", hint=ask, who_can=can
        )


def typed_by(workspace: Workspace, principal: Principal, version: PlanVersion) -> set[str]:
    """Return the people whose own words a version still carries: edits since the last draft."""
    people: set[str] = set()
    while version.content.writer.writer == "person":
        people.add(version.created_by)
        if version.base_version is None:
            break
        version = workspace.store.plans.version(principal, version.plan_id, version.base_version)
    return people


def _demand_it_existed(version: int) -> None:
    if version < 1:
        raise NotFound(f"There is no version {version}.", hint="Versions count from 1.")


def _demand_fit(newest: PlanVersion, request: DecisionRequest) -> None:
    keys = [item.section for item in request.sections]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise _refused(f"Section {twice[0]} has two verdicts.", "Give each section one verdict.")
    texts = [request.reason, *(item.comment for item in request.sections)]
    texts += [waiver.reason for waiver in request.waivers]
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise _refused(
            f"A reason or comment has more than {LONGEST_TEXT:,} characters.", "Say it shorter."
        )
    asked = [item for item in request.sections if item.verdict == "change_requested"]
    if request.verdict == "approved":
        _demand_approvable(newest, request, [item.section for item in asked])
    elif request.verdict == "returned":
        silent = [item.section for item in asked if not item.comment.strip()]
        if silent and not request.reason.strip():
            raise _refused(
                f"Nothing says what to change in {SECTION_TITLES[silent[0]]}.",
                "Comment on each section that should change, or give a reason.",
            )
        if not asked and not request.reason.strip():
            raise _refused(
                "The plan is returned without saying what to change.",
                "Request a change of at least one section, or give a reason.",
            )
    elif not request.reason.strip():
        raise _refused("The plan is rejected without a reason.", "Give the reason.")


def _demand_approvable(
    newest: PlanVersion, request: DecisionRequest, asked: list[SectionKey]
) -> None:
    if asked:
        titles = ", ".join(SECTION_TITLES[key] for key in asked)
        raise _refused(
            f"The plan cannot be approved while changes are requested: {titles}.",
            "Return it, or approve these sections too.",
            sections=asked,
        )
    approved = {item.section for item in request.sections}
    open_ = [key for key in SECTIONS if key not in approved]
    if open_:
        titles = ", ".join(SECTION_TITLES[key] for key in open_)
        raise _refused(
            f"Sections are undecided: {titles}.", "Approve every section first.", sections=open_
        )
    blockers = newest.content.report.blockers
    for waiver in request.waivers:
        if not any(_names(waiver, blocker) for blocker in blockers):
            raise _refused(
                f"Nothing called {waiver.code!r} blocks this version, so it cannot be waived.",
                "Leave that waiver out.",
            )
    still = standing(blockers, request.waivers)
    if still:
        raise _refused(
            "The plan cannot be approved: " + " ".join(blocker.message for blocker in still),
            " ".join(dict.fromkeys(_remedy(blocker) for blocker in still)),
            blockers=[blocker.model_dump(mode="json") for blocker in still],
        )


def _names(waiver: Waiver, blocker: Blocker | CycleBlocker) -> bool:
    return waiver.code == blocker.code and waiver.claim in {None, blocker.claim}


def _lifts(waiver: Waiver, blocker: Blocker | CycleBlocker) -> bool:
    if not _names(waiver, blocker) or not waiver.reason.strip() or blocker.remedy == "edit":
        return False
    if blocker.remedy == "override" and blocker.hours_missing is not None:
        named = re.findall(r"\d+(?:\.\d+)?", waiver.reason.replace(",", "."))
        return any(Decimal(number) == Decimal(blocker.hours_missing) for number in named)
    return True


def _remedy(blocker: Blocker) -> str:
    if blocker.remedy == "edit":
        return f"Edit section {SECTION_TITLES[blocker.section]} or return the plan."
    if blocker.remedy == "override":
        return (
            f"To override {blocker.code!r}, waive it with a reason that names the "
            f"{blocker.hours_missing} hours missing."
        )
    return f"To accept it, waive {blocker.code!r} with a reason."


def _refused(message: str, hint: str, **facts: object) -> PlannerError:
    return DecisionRefused(message, hint=hint, **facts)
