"""Scenarios: run, read, decided move by move, answered by reps, submitted and decided."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Query, Response

from api.deps import CurrentUser, CurrentWorkspace
from api.exceptions import ExceptionsAnswer
from api.scenario_answers import ScenarioAnswer, ScenarioLine
from api.scenario_feedback import FeedbackAnswer, FeedbackRequest
from api.scenario_files import Format
from api.scenario_moves import Choice
from api.scenarios import ScenarioRequest
from api.workbook_import import ImportAnswer, ImportRequest
from domain.assignment import Event, Frontier
from domain.decision import Decision, DecisionRequest
from domain.record import Record
from store.scenario_parts import ScenarioPart
from tools.territory.before_after import BeforeAfter
from tools.territory.comparing import Comparison
from tools.territory.explaining import Explanation

router = APIRouter(tags=["scenarios"])


class PointRequest(Record):
    """Which design of the row to propose; `version` is the version the person read."""

    version: int
    point: int


class ChoiceRequest(Record):
    """A word on one move."""

    version: int
    choice: Literal["accept", "keep"]
    reason: str = ""


class ChoicesRequest(Record):
    """Words on several moves, solved at once."""

    version: int
    choices: tuple[Choice, ...]


class AskRequest(Record):
    """Which reps to ask for their word; none named: all whose accounts change."""

    version: int
    reps: tuple[str, ...] = ()


class SettleRequest(Record):
    """What becomes of an objection."""

    version: int
    account_id: str
    rep_id: str
    status: Literal["accepted", "declined"]
    reason: str = ""


class EventRequest(Record):
    """What happened since the design was made."""

    version: int
    event: Event


class SubmitRequest(Record):
    """Send the proposed design for a decision; `accept_rest` accepts undecided moves."""

    version: int
    accept_rest: bool = False
    reason: str = ""


@router.post("/scenarios", status_code=201)
def run(body: ScenarioRequest, user: CurrentUser, workspace: CurrentWorkspace) -> ScenarioAnswer:
    """Design a row of territories and keep it as a scenario."""
    return workspace.scenarios.run(user, body)


@router.get("/scenarios")
def scenarios(user: CurrentUser, workspace: CurrentWorkspace) -> list[ScenarioLine]:
    """Return the scenarios that the person sees whole, the latest change first."""
    return workspace.scenarios.lines(user)


@router.get("/scenarios/compare")
def compare(user: CurrentUser, workspace: CurrentWorkspace, ids: str) -> Comparison:
    """Compare two to four designs, named `S-1` or `S-1:3` and separated by commas."""
    return workspace.scenarios.compare(user, ids.split(","))


@router.get("/scenarios/{scenario_id}")
def scenario(
    scenario_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    v: int | None = Query(None, ge=1),
) -> ScenarioAnswer:
    """Return one version of a scenario, the newest without `v`."""
    return workspace.scenarios.answer(user, scenario_id, v)


@router.get("/scenarios/{scenario_id}/frontier")
def frontier(
    scenario_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    v: int | None = Query(None, ge=1),
) -> Frontier:
    """Return the row of designs as it is stored: a slider walks it without solving."""
    return workspace.scenarios.frontier(user, scenario_id, v)


@router.get("/scenarios/{scenario_id}/before-after")
def before_after(
    scenario_id: str, user: CurrentUser, workspace: CurrentWorkspace, point: int | None = None
) -> BeforeAfter:
    """Return the team today beside the team under a design."""
    return workspace.scenarios.before_after(user, scenario_id, point)


@router.get("/scenarios/{scenario_id}/explain/{account_id}")
def explain(
    scenario_id: str,
    account_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    point: int | None = None,
    rep: str | None = None,
) -> Explanation:
    """Return why an account moves or stays; with `rep`, why it does not go there."""
    return workspace.scenarios.explain(user, scenario_id, account_id, point=point, rep_id=rep)


@router.get("/scenarios/{scenario_id}/slice")
def slice_of(scenario_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> ScenarioPart:
    """Return a rep's own part: their accounts and those they would get."""
    return workspace.scenarios.part(user, scenario_id)


@router.post("/scenarios/{scenario_id}/choose", status_code=201)
def choose(
    scenario_id: str, body: PointRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ScenarioAnswer:
    """Propose another design of the row."""
    return workspace.scenarios.choose(user, scenario_id, body.version, body.point)


@router.post("/scenarios/{scenario_id}/moves/decisions", status_code=201)
def decide_moves(
    scenario_id: str, body: ChoicesRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ScenarioAnswer:
    """Accept moves and keep accounts; all that are kept are solved at once."""
    return workspace.scenarios.decide_moves(user, scenario_id, body.version, body.choices)


@router.post("/scenarios/{scenario_id}/moves/{account_id}/decisions", status_code=201)
def decide_move(
    scenario_id: str,
    account_id: str,
    body: ChoiceRequest,
    user: CurrentUser,
    workspace: CurrentWorkspace,
) -> ScenarioAnswer:
    """Accept one move or keep the account; the answer says what keeping cost."""
    choice = Choice(account_id=account_id, choice=body.choice, reason=body.reason)
    return workspace.scenarios.decide_moves(user, scenario_id, body.version, (choice,))


@router.get("/scenarios/{scenario_id}/feedback")
def feedback(scenario_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> FeedbackAnswer:
    """Return what reps said; a rep reads their own."""
    return workspace.scenarios.feedback(user, scenario_id)


@router.post("/scenarios/{scenario_id}/feedback", status_code=201)
def give_feedback(
    scenario_id: str, body: FeedbackRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> FeedbackAnswer:
    """Say something about an account of one's own, or one that one would get."""
    return workspace.scenarios.give_feedback(user, scenario_id, body)


@router.post("/scenarios/{scenario_id}/ask", status_code=201)
def ask(
    scenario_id: str, body: AskRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ScenarioAnswer:
    """Ask reps for their word."""
    return workspace.scenarios.ask(user, scenario_id, body.version, body.reps)


@router.post("/scenarios/{scenario_id}/feedback/settle", status_code=201)
def settle(
    scenario_id: str, body: SettleRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ScenarioAnswer:
    """Accept an objection, which becomes a rule of a new row, or decline it."""
    return workspace.scenarios.settle(
        user,
        scenario_id,
        body.version,
        account_id=body.account_id,
        rep_id=body.rep_id,
        status=body.status,
        reason=body.reason,
    )


@router.post("/scenarios/{scenario_id}/events", status_code=201)
def event(
    scenario_id: str, body: EventRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ScenarioAnswer:
    """Repair the proposed design after something happened."""
    return workspace.scenarios.enter_event(user, scenario_id, body.version, body.event)


@router.post("/scenarios/{scenario_id}/submit", status_code=201)
def submit(
    scenario_id: str, body: SubmitRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ScenarioAnswer:
    """Send the proposed design to a manager for a decision."""
    return workspace.scenarios.submit(
        user, scenario_id, body.version, accept_rest=body.accept_rest, reason=body.reason
    )


@router.post("/scenarios/{scenario_id}/decisions", status_code=201)
def decide(
    scenario_id: str, body: DecisionRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> Decision:
    """Record a manager's verdict on the version they read."""
    return workspace.scenarios.decide(user, scenario_id, body)


@router.get("/scenarios/{scenario_id}/export")
def export(
    scenario_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    format: Format = "xlsx",
    v: int | None = Query(None, ge=1),
) -> Response:
    """Return a scenario as a file; the lists for the CRM need an approval."""
    file = workspace.scenarios.export(user, scenario_id, format, version=v)
    return Response(
        file.content,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.filename}"'},
    )


@router.post("/scenarios/{scenario_id}/import", status_code=201)
def import_workbook(
    scenario_id: str, body: ImportRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ImportAnswer:
    """Show what a workbook that came back would change; apply it when confirmed."""
    return workspace.scenarios.import_workbook(user, scenario_id, body)


@router.get("/exceptions")
def exceptions(user: CurrentUser, workspace: CurrentWorkspace) -> ExceptionsAnswer:
    """Return the register of exceptions over approved and current scenarios."""
    return workspace.scenarios.exceptions(user)
