"""What reps say about a design, and what becomes of it: a rule of the next one, or a no."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from api.opening import of_the_house
from api.scenario_answers import ScenarioAnswer
from api.scenario_changes import Standing, changing, demand_current, redesigned, save
from api.scenario_rules import with_rules
from domain.assignment import Answer, Feedback, ScenarioStatus, ScenarioVersion
from domain.errors import Conflict, InvalidInput, NotFound, PlannerError
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace
    from store.scenario_parts import ScenarioPart


class FeedbackRequest(Record):
    """What a rep says about one account of theirs, or one they would get.

    `rep_id` may be left out by a person with one rep in the scenario. `since` comes with
    `relationship_since`, `tier` with `wrong_tier`.
    """

    account_id: str
    answer: Answer
    reason: str = Field(default="", max_length=4_000)
    rep_id: str | None = None
    since: date | None = None
    tier: str | None = None


class FeedbackLine(Record):
    """One answer; for who settles it, what accepting would cost the others, in points."""

    feedback: Feedback
    points: float | None = None
    told: str = ""


class FeedbackAnswer(Record):
    """The answers on a scenario that the person may read.

    `waiting` are reps who were asked and said nothing yet; empty in a rep's own view.
    """

    scenario_id: str
    version: int
    status: ScenarioStatus
    answers: tuple[FeedbackLine, ...]
    objections: int
    asked: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def part(workspace: Workspace, principal: Principal, scenario_id: str) -> ScenarioPart:
    """Return the person's own part of the newest version, with the names of its accounts."""
    own = workspace.store.scenarios.part(principal, scenario_id)
    reading = workspace.readings.of(principal, own.book_id, own.coverage_hash)
    accounts = reading.book["accounts"]
    names = dict(zip(accounts["account_id"], accounts["name"], strict=True))
    return own.model_copy(
        update={
            "accounts": tuple(
                line
                if line.account_name
                else line.model_copy(update={"account_name": str(names.get(line.account_id, ""))})
                for line in own.accounts
            )
        }
    )


def feedback(workspace: Workspace, principal: Principal, scenario_id: str) -> FeedbackAnswer:
    """Return what reps said: all of it to who sees the scenario whole, else one's own."""
    scenarios = workspace.store.scenarios
    try:
        version = scenarios.version(principal, scenario_id)
    except NotFound:
        return _own(scenarios.part(principal, scenario_id))
    content = version.content
    said = {item.rep_id for item in content.feedback}
    return FeedbackAnswer(
        scenario_id=scenario_id,
        version=version.version,
        status=version.status,
        answers=tuple(_priced(workspace, principal, version)),
        objections=sum(1 for _ in content.open_objections()),
        asked=content.asked,
        waiting=tuple(rep for rep in content.asked if rep not in said),
    )


def give(
    workspace: Workspace, principal: Principal, scenario_id: str, request: FeedbackRequest
) -> FeedbackAnswer:
    """Record what a rep says about an account of theirs, or one they would get.

    Raises
    ------
    NotFound
        When the scenario names no rep of the person's, or not this account for them.
    InvalidInput
        When the answer lacks a reason or what belongs to it, or cannot be meant.
    Conflict
        When the scenario was sent for a decision.
    """
    with workspace.running(f"scenario:{scenario_id}"):
        own = workspace.store.scenarios.part(principal, scenario_id)
        rep_id = _rep(own, request)
        said = Feedback(
            account_id=request.account_id,
            rep_id=rep_id,
            answer=request.answer,
            reason=request.reason.strip(),
            person=principal.person,
            said_on=workspace.store.clock().date(),
            since=request.since,
            tier=request.tier,
        )
        if said.answer != "agree" and not said.reason:
            raise InvalidInput(
                "The objection has no reason.", hint="Say in a few words why; others decide on it."
            )
        _demand_meant(workspace, principal, own, said)
        workspace.store.scenarios.answer(principal, scenario_id, said)
    return feedback(workspace, principal, scenario_id)


def ask(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    version: int,
    reps: Sequence[str] = (),
) -> ScenarioAnswer:
    """Ask reps for their word; without names, every rep whose accounts change."""
    with changing(workspace, principal, scenario_id, version) as standing:
        content = standing.working
        if standing.newest.status in {"in_review", "approved"}:
            raise Conflict(
                f"Scenario {scenario_id} is {standing.newest.status.replace('_', ' ')}; feedback "
                "is closed.",
                hint="Reps are asked before it is submitted.",
            )
        concerned = {move.from_rep for move in standing.point.moves}
        concerned |= {move.to_rep for move in standing.point.moves}
        strangers = sorted(set(reps) - set(content.reps))
        if strangers:
            raise NotFound(f"There is no rep {strangers[0]!r} in this scenario.")
        asked = set(content.asked) | (set(reps) or (concerned & set(content.reps)))
        content = content.model_copy(update={"asked": tuple(sorted(map(str, asked)))})
        return save(workspace, principal, standing, content, "asked reps")


def settle(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    version: int,
    *,
    account_id: str,
    rep_id: str,
    status: Literal["accepted", "declined"],
    reason: str,
) -> ScenarioAnswer:
    """Accept an objection, which makes it a rule and solves the row anew, or decline it.

    Raises
    ------
    NotFound
        When there is no such answer.
    Conflict
        When it is settled already, or agrees and needs no settling.
    InvalidInput
        When it is declined without a reason.
    Infeasible
        When no design keeps the rule it would become.
    """
    from tools.territory.feedback import constraint_of

    with changing(workspace, principal, scenario_id, version) as standing:
        said = _said(standing, account_id, rep_id)
        if status == "declined" and not reason.strip():
            raise InvalidInput(
                "The objection is declined without a reason.", hint="The rep reads it: say why."
            )
        settled = said.model_copy(
            update={
                "status": status,
                "settled_by": principal.person,
                "settled_reason": reason.strip(),
            }
        )
        answers = tuple(
            settled if item == said else item for item in standing.newest.content.feedback
        )
        if status == "declined":
            content = standing.working.model_copy(update={"feedback": answers})
            return save(workspace, principal, standing, content, "settled")
        demand_current(workspace, principal, standing.newest)
        case = workspace.scenarios.cases.of(
            workspace, principal, standing.newest.content, standing.frontier
        )
        rule = constraint_of(case, standing.point, settled)
        assert rule is not None  # only "agree" makes none
        rules = with_rules(standing.frontier.constraints, [rule])
        content, row, cost = redesigned(
            workspace, principal, standing, rules, "Accepting the objection"
        )
        content = content.model_copy(update={"feedback": answers})
        return save(workspace, principal, standing, content, "settled", frontier=row, cost=cost)


def _own(part: ScenarioPart) -> FeedbackAnswer:
    answers = [line.feedback for line in part.accounts if line.feedback is not None]
    return FeedbackAnswer(
        scenario_id=part.scenario_id,
        version=part.version,
        status=part.status,
        answers=tuple(FeedbackLine(feedback=item) for item in answers),
        objections=sum(item.answer != "agree" and item.status == "open" for item in answers),
    )


def _rep(part: ScenarioPart, request: FeedbackRequest) -> str:
    """The rep in whose name it is said: the one named, else the one the account is about."""
    about = [line.rep_id for line in part.accounts if line.account_id == request.account_id]
    if request.rep_id is not None:
        about = [rep for rep in about if rep == request.rep_id]
    if not about:
        raise NotFound(
            f"There is no account {request.account_id!r} in this part of the scenario.",
            hint="A rep answers for accounts they own or would get.",
        )
    if len(about) > 1:
        raise InvalidInput(
            f"Account {request.account_id} goes from {about[0]} to {about[1]}: say for whom.",
            hint="Send `rep_id`.",
        )
    return about[0]


def _said(standing: Standing, account_id: str, rep_id: str) -> Feedback:
    for item in standing.newest.content.feedback:
        if (item.account_id, item.rep_id) == (account_id, rep_id):
            if item.answer == "agree":
                raise Conflict(
                    f"{rep_id} agrees on account {account_id}: there is nothing to settle."
                )
            if item.status != "open":
                raise Conflict(
                    f"The objection of {rep_id} on account {account_id} was {item.status} already.",
                    hint="The rep may answer again.",
                )
            return item
    raise NotFound(
        f"There is no answer of {rep_id!r} on account {account_id!r}.",
        hint="List the answers with `cadastre scenario feedback`.",
    )


def _demand_meant(
    workspace: Workspace, principal: Principal, own: ScenarioPart, said: Feedback
) -> None:
    """Check an answer against the case; the design is whole, the answer about one account."""
    from tools.territory.feedback import check_feedback

    house = of_the_house(workspace)
    content = workspace.store.scenarios.version(house, own.scenario_id, own.version).content
    row = workspace.store.scenarios.frontier(house, own.scenario_id, own.version)
    case = workspace.scenarios.cases.of(workspace, principal, content, row)
    rules = workspace.readings.rules(principal, content.coverage_hash)
    check_feedback(case, row.points[content.chosen], said, rules, as_of=row.as_of)


def _priced(
    workspace: Workspace, principal: Principal, version: ScenarioVersion
) -> Iterator[FeedbackLine]:
    from tools.territory.feedback import price_to_others

    content = version.content
    row = workspace.store.scenarios.frontier(principal, version.scenario_id, version.version)
    rules = workspace.readings.rules(principal, content.coverage_hash)
    for item in content.feedback:
        if item.answer == "agree" or item.status != "open":
            yield FeedbackLine(feedback=item)
            continue
        case = workspace.scenarios.cases.of(workspace, principal, content, row)
        point = row.points[content.chosen]
        try:
            price = price_to_others(case, point, item, rules, as_of=row.as_of)
        except PlannerError as past:
            # Said of another design than the one proposed now.
            yield FeedbackLine(feedback=item, told=past.message)
        else:
            yield FeedbackLine(feedback=item, points=price.points, told=price.told)
