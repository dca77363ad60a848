"""A rep's own part of a scenario: their accounts, those they would get, and their word on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from domain.assignment import (
    DesignPoint,
    Feedback,
    Frontier,
    Move,
    RepFigures,
    ScenarioContent,
    ScenarioStatus,
    ScenarioVersion,
)
from domain.errors import Conflict, InvalidInput
from domain.principal import Principal
from domain.record import Record

Change = Literal["stays", "leaves", "comes"]


class RepPart(Record):
    """One rep's figures today and under the design; null where they have none."""

    rep_id: str
    before: RepFigures | None
    after: RepFigures | None


class AccountPart(Record):
    """One account of a rep under the design, and what was said about it.

    Whom it comes from or goes to is another rep's matter and is left out. The figures are
    those of the move; null for an account that stays.
    """

    account_id: str
    account_name: str
    rep_id: str
    change: Change
    potential: float | None = None
    revenue: float | None = None
    hours: float | None = None
    relationship_years: float | None = None
    feedback: Feedback | None = None


class ScenarioPart(Record):
    """What a scenario's newest version means for some of its reps. Money in `currency`."""

    scenario_id: str
    name: str
    version: int
    status: ScenarioStatus
    as_of: date
    period_start: date
    period_end: date
    currency: str
    book_id: str
    coverage_hash: str
    reps: tuple[RepPart, ...]
    accounts: tuple[AccountPart, ...]


def part_of(version: ScenarioVersion, frontier: Frontier, reps: tuple[str, ...]) -> ScenarioPart:
    """Cut a version down to these reps; accounts that change come first, then by id.

    `account_name` is empty for an account that stays: the row of designs does not hold it.
    """
    content = version.content
    present, chosen = frontier.points[0], frontier.points[content.chosen]
    said = {(item.account_id, item.rep_id): item for item in content.feedback}
    lines = [
        line.model_copy(update={"feedback": said.get((line.account_id, rep))})
        for rep in reps
        for line in _lines(frontier, present, chosen, rep)
    ]
    lines.sort(key=lambda line: (line.change == "stays", line.rep_id, line.account_id))
    return ScenarioPart(
        scenario_id=version.scenario_id,
        name=content.name,
        version=version.version,
        status=version.status,
        as_of=frontier.as_of,
        period_start=frontier.period_start,
        period_end=frontier.period_end,
        currency=frontier.currency,
        book_id=content.book_id,
        coverage_hash=content.coverage_hash,
        reps=tuple(
            RepPart(rep_id=rep, before=_figures(present, rep), after=_figures(chosen, rep))
            for rep in reps
        ),
        accounts=tuple(lines),
    )


def with_answer(
    principal: Principal, version: ScenarioVersion, said: Feedback
) -> ScenarioContent | None:
    """Return a newest version's content with an answer in it; None where it changes nothing.

    Raises
    ------
    InvalidInput
        When the answer names another person than the one who gives it, or comes settled.
    Conflict
        When the version was sent for a decision or decided, except returned.
    """
    if said.person != principal.person or said.status != "open":
        raise InvalidInput("Feedback is the word of the person who gives it, unsettled.")
    if version.status not in {"draft", "returned"}:
        raise Conflict(
            f"Scenario {version.scenario_id} is {version.status.replace('_', ' ')}; feedback is "
            "closed.",
            hint="Tell the manager who decides; when it is returned, answers count again.",
        )
    content = version.content
    about = (said.account_id, said.rep_id)
    before = [item for item in content.feedback if (item.account_id, item.rep_id) == about]
    if before and before[0].model_copy(update={"said_on": said.said_on}) == said:
        return None
    others = (item for item in content.feedback if item not in before)
    return content.model_copy(
        update={
            "feedback": (*others, said),
            "submitted": False,
            "submitted_by": None,
            "submitted_reason": "",
            "ledger_root": "",
        }
    )


def _lines(
    frontier: Frontier, present: DesignPoint, chosen: DesignPoint, rep: str
) -> Iterator[AccountPart]:
    moved = {move.account_id for move in chosen.moves}
    for move in chosen.moves:
        if rep in {move.from_rep, move.to_rep}:
            yield _changed(move, rep, "leaves" if move.from_rep == rep else "comes")
    own = {index for index, known in enumerate(frontier.reps) if known.rep_id == rep}
    for account, index in zip(frontier.accounts, present.assignment, strict=True):
        if index in own and account not in moved:
            yield AccountPart(account_id=account, account_name="", rep_id=rep, change="stays")
    for item in frontier.unplaced:
        if item.owner_id == rep:
            yield AccountPart(
                account_id=item.account_id,
                account_name=item.account_name,
                rep_id=rep,
                change="stays",
            )


def _changed(move: Move, rep: str, change: Change) -> AccountPart:
    return AccountPart(
        account_id=move.account_id,
        account_name=move.account_name,
        rep_id=rep,
        change=change,
        potential=move.potential,
        revenue=move.revenue,
        hours=move.hours,
        relationship_years=move.relationship_years if change == "leaves" else None,
    )


def _figures(point: DesignPoint, rep: str) -> RepFigures | None:
    return next((item for item in point.reps if item.rep_id == rep), None)
