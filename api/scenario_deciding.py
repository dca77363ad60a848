"""Submitting a scenario and deciding on it: by another person than those who made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.deciding import LONGEST_TEXT, MayDecide
from api.scenario_answers import ScenarioAnswer, undecided
from api.scenario_changes import changing, demand_current, save
from api.scenario_people import managers_of
from domain.assignment import Frontier, MoveChoice, ScenarioContent, ScenarioVersion
from domain.decision import Decision, DecisionRequest
from domain.errors import Conflict, DecisionRefused, NotPermitted, ScenarioSuperseded
from domain.evidence import REPS_JOINED_BY, Ledger
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace
    from store.scenarios import Step

_DID: dict[Step, str] = {
    "ran": "ran it",
    "chose": "chose its design",
    "decided moves": "decided on its moves",
    "settled": "settled feedback on it",
    "repaired": "entered what happened",
    "submitted": "submitted it",
}


def submit(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    version: int,
    *,
    accept_rest: bool = False,
    reason: str = "",
) -> ScenarioAnswer:
    """Send the proposed design to a manager for a decision, with its figures as evidence.

    Objections of reps that nobody settled do not hold it up; their count goes along.

    Raises
    ------
    DecisionRefused
        When moves are undecided and `accept_rest` is not given, when nothing would
        change, or when nothing changed since it was returned.
    ScenarioStale
        When another book has become the current one.
    """
    with changing(workspace, principal, scenario_id, version) as standing:
        newest, row = standing.newest, standing.frontier
        demand_current(workspace, principal, newest)
        if version != newest.version:
            raise ScenarioSuperseded(
                f"Reps answered since version {version}: scenario {scenario_id} stands at version "
                f"{newest.version}.",
                hint="Read their answers and submit that version.",
                newest_version=newest.version,
            )
        if newest.status in {"in_review", "approved"}:
            raise Conflict(
                f"Scenario {scenario_id} is {newest.status.replace('_', ' ')} already.",
                hint="A change makes a new version, which can be submitted again.",
            )
        content = standing.working
        if not standing.point.moves:
            raise DecisionRefused(
                "The proposed design moves no account, so there is nothing to approve.",
                hint="Choose another design of the row.",
            )
        open_ = undecided(content, row)
        if open_ and not accept_rest:
            raise _moves_undecided([move.account_id for move in open_])
        rest = (
            MoveChoice(
                account_id=move.account_id,
                choice="accept",
                person=principal.person,
                reason="Accepted with the rest on submitting.",
            )
            for move in open_
        )
        choices = sorted((*content.choices, *rest), key=lambda item: item.account_id)
        content = content.model_copy(
            update={
                "choices": tuple(choices),
                "submitted": True,
                "submitted_by": principal.person,
                "submitted_reason": reason.strip(),
                "ledger_root": _ledger_root(workspace, principal, scenario_id, content, row),
            }
        )
        if content.scenario_hash == newest.content.scenario_hash:
            raise DecisionRefused(
                f"Nothing changed since version {newest.version} was {newest.status}.",
                hint="Change what was asked for, or say with a reason why it should stand.",
            )
        return save(workspace, principal, standing, content, "submitted")


def decide(
    workspace: Workspace, principal: Principal, scenario_id: str, request: DecisionRequest
) -> Decision:
    """Record a manager's verdict on the version that was read, and make it effective.

    The same request by the same person again gives the same row. Nothing is written to
    the book: an approval opens the change lists for the CRM.

    Raises
    ------
    NotFound
        The scenario or the version is missing or out of scope.
    NotPermitted
        The person does not decide, or had a hand in the scenario; the refusal names who can.
    ScenarioSuperseded
        A newer version exists; `link` among the facts leads to it.
    AlreadyDecided
        Another decision on this version came first.
    DecisionRefused
        The version was not submitted, moves are undecided, or a return says nothing.
    ScenarioStale
        An approval on a book that is no longer the current one.
    """
    store = workspace.store
    newest = store.scenarios.version(principal, scenario_id)
    _demand_decider(workspace, principal, newest)
    if request.version == newest.version and newest.status == "in_review":
        _demand_fit(workspace, principal, newest, request)
    content = newest.content
    decision = store.decisions.decide(
        principal,
        "scenario",
        scenario_id,
        request,
        subject_hash=content.scenario_hash,
        ledger_root=content.ledger_root,
        coverage_hash=content.coverage_hash,
        now=store.clock(),
    )
    workspace.desk.bring_about(workspace, decision)
    return decision


def may_decide(workspace: Workspace, principal: Principal, scenario_id: str) -> MayDecide:
    """Say whether this person may decide on the newest version, and if not, who can."""
    newest = workspace.store.scenarios.version(principal, scenario_id)
    try:
        _demand_decider(workspace, principal, newest)
    except NotPermitted as refused:
        return MayDecide(
            allowed=False, reason=refused.message, who_can=tuple(refused.facts["who_can"])
        )
    return MayDecide(allowed=True)


def _demand_decider(workspace: Workspace, principal: Principal, newest: ScenarioVersion) -> None:
    hands = workspace.store.scenarios.prepared_by(principal, newest.scenario_id)
    for item in newest.content.choices:
        hands.setdefault(item.person, ("decided moves",))
    can = [
        person.name
        for person in managers_of(workspace, newest.content.reps)
        if person.id != principal.person and person.id not in hands
    ]
    ask = (
        f"Ask {' or '.join(can)}."
        if can
        else "Give another manager all of its reps in the people file."
    )
    if not principal.may_decide:
        raise NotPermitted(
            f"{principal.name} prepares scenarios and does not decide on them; managers do.",
            hint=ask,
            who_can=can,
        )
    if principal.person in hands:
        did = " and ".join(_DID[step] for step in hands[principal.person])
        raise NotPermitted(
            f"{principal.name} {did}, so somebody else decides on it.", hint=ask, who_can=can
        )


def _demand_fit(
    workspace: Workspace, principal: Principal, newest: ScenarioVersion, request: DecisionRequest
) -> None:
    if request.sections or request.waivers:
        raise DecisionRefused(
            "A scenario has no sections and no blockers to waive.",
            hint="Decide on it as a whole, with a reason.",
        )
    if len(request.reason) > LONGEST_TEXT:
        raise DecisionRefused(
            f"The reason has more than {LONGEST_TEXT:,} characters.", hint="Say it shorter."
        )
    if request.verdict != "approved":
        if not request.reason.strip():
            raise DecisionRefused(
                f"The scenario is {request.verdict} without a reason.",
                hint="Say what should be different.",
            )
        return
    demand_current(workspace, principal, newest)
    row = workspace.store.scenarios.frontier(principal, newest.scenario_id, newest.version)
    open_ = undecided(newest.content, row)
    if open_:
        raise _moves_undecided([move.account_id for move in open_])


def _ledger_root(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    content: ScenarioContent,
    row: Frontier,
) -> str:
    """Keep the figures of the proposed design as evidence for those who see the scenario."""
    from tools.territory.scenario_cells import ScenarioCells

    scope = REPS_JOINED_BY.join(sorted(content.reps))
    cells = ScenarioCells(row, scenario_id)
    ledger = Ledger.of(
        item.model_copy(update={"scope": scope}) for item in cells.all(content.chosen)
    )
    return workspace.store.ledgers.keep_ledger(principal, ledger, content.book_id, row.as_of)


def _moves_undecided(accounts: list[str]) -> DecisionRefused:
    count = len(accounts)
    return DecisionRefused(
        f"{count} move{' is' if count == 1 else 's are'} undecided: {', '.join(accounts[:5])}"
        f"{' and more' if count > 5 else ''}.",
        hint="Accept or keep each, or submit with the rest accepted.",
        undecided=accounts,
    )
