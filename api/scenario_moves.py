"""Choosing among designs: which one is proposed, and which of its moves are accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from api.scenario_answers import ScenarioAnswer
from api.scenario_changes import (
    Standing,
    carried,
    changing,
    redesigned,
    save,
)
from api.scenario_rules import own_words, with_rules
from api.scenarios import point_of
from domain.assignment import Constraint, Frontier, Lock, Move, MoveChoice
from domain.errors import Conflict, InvalidInput, NotFound
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class Choice(Record):
    """A word on one move of the proposed design: accept it, or keep the account.

    Accepting a move that an earlier keep prevents lifts that lock. Keeping needs a reason.
    """

    account_id: str
    choice: Literal["accept", "keep"]
    reason: str = Field(default="", max_length=4_000)


def choose(
    workspace: Workspace, principal: Principal, scenario_id: str, version: int, point: int
) -> ScenarioAnswer:
    """Propose another design of the row; choices on moves that it shares stay."""
    with changing(workspace, principal, scenario_id, version) as standing:
        row, content = standing.frontier, standing.working
        chosen = point_of(row, content, point)
        content = content.model_copy(
            update={
                "chosen": chosen,
                "choices": carried(content.choices, standing.point, row.points[chosen]),
            }
        )
        return save(workspace, principal, standing, content, "chose")


def decide_moves(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    version: int,
    choices: Sequence[Choice],
    *,
    constraints: Sequence[Constraint] = (),
) -> ScenarioAnswer:
    """Accept moves and keep accounts, all at once.

    Accepting is recorded. Keeping locks the account to its owner until the period ends
    and solves the row anew, once for all; the answer says what that cost. `constraints`
    are further wishes, such as another rep for an account, solved along with them.

    Raises
    ------
    InvalidInput
        When an account is named twice, does not move, or is kept without a reason.
    Conflict
        When an account has no owner to stay with, or a rule keeps it from staying.
    Infeasible
        When no design keeps every lock; the message names the rules that clash.
    """
    named = [item.account_id for item in choices]
    twice = sorted({account for account in named if named.count(account) > 1})
    if twice:
        raise InvalidInput(
            f"Account {twice[0]} has two choices.", hint="Give each account one choice."
        )
    if not choices and not constraints:
        raise InvalidInput("There is nothing to decide.", hint="Name at least one account.")
    with changing(workspace, principal, scenario_id, version) as standing:
        row = standing.frontier
        moves = {move.account_id: move for move in standing.point.moves}
        lifted = {
            item.account_id
            for item in choices
            if item.choice == "accept" and item.account_id not in moves
        }
        _demand_locked(row, lifted)
        locks = [
            _lock(principal, row, _moving(moves, item.account_id), item.reason)
            for item in choices
            if item.choice == "keep"
        ]
        standing = _accepted(principal, standing, choices, moves)
        rules = [
            item
            for item in row.constraints
            if not (isinstance(item, Lock) and item.account_id in lifted)
        ]
        rules = list(
            with_rules(rules, [*locks, *own_words(principal, constraints, row.period_end)])
        )
        if tuple(rules) == row.constraints:
            return save(workspace, principal, standing, standing.working, "decided moves")
        content, redrawn, cost = redesigned(
            workspace, principal, standing, rules, _told(len(locks), len(lifted), len(constraints))
        )
        return save(
            workspace, principal, standing, content, "decided moves", frontier=redrawn, cost=cost
        )


def _accepted(
    principal: Principal, standing: Standing, choices: Sequence[Choice], moves: dict[str, Move]
) -> Standing:
    """The scenario with the accepted moves among its choices, and without kept ones."""
    said = {item.account_id for item in choices}
    content = standing.newest.content
    held = (item for item in content.choices if item.account_id not in said)
    new = (
        MoveChoice(
            account_id=item.account_id,
            choice="accept",
            person=principal.person,
            reason=item.reason.strip(),
        )
        for item in choices
        if item.choice == "accept" and item.account_id in moves
    )
    settled = tuple(sorted((*held, *new), key=lambda item: item.account_id))
    content = content.model_copy(update={"choices": settled})
    return Standing(standing.newest.model_copy(update={"content": content}), standing.frontier)


def _demand_locked(row: Frontier, accounts: set[str]) -> None:
    locked = {item.account_id for item in row.constraints if isinstance(item, Lock)}
    for account in sorted(accounts - locked):
        if account not in row.accounts:
            raise NotFound(f"There is no account {account!r} in this scenario.")
        raise InvalidInput(
            f"Account {account} does not move under the proposed design.",
            hint="List its moves with `cadastre scenario show`.",
        )


def _moving(moves: dict[str, Move], account_id: str) -> Move:
    if account_id not in moves:
        raise InvalidInput(
            f"Account {account_id} does not move under the proposed design: it stays anyway.",
            hint="To hold it there, run the scenario with a lock.",
        )
    return moves[account_id]


def _lock(principal: Principal, row: Frontier, move: Move, reason: str) -> Lock:
    if not reason.strip():
        raise InvalidInput(
            f"Account {move.account_id} is kept without a reason.",
            hint="Say in a few words why; it goes into the register of exceptions.",
        )
    if move.from_rep is None:
        raise Conflict(
            f"Account {move.account_id} has no owner to stay with.",
            hint="Accept the move, or lock the account to another rep.",
        )
    if move.points is None:
        raise Conflict(
            f"Account {move.account_id} cannot stay with its owner: "
            f"{move.why_not_stay or 'a rule forbids it'}",
            hint="Accept the move, or change that rule and run the scenario again.",
        )
    return Lock(
        account_id=move.account_id,
        rep_id=move.from_rep,
        by=principal.person,
        reason=reason.strip(),
        until=row.period_end,
    )


def _told(kept: int, lifted: int, wished: int) -> str:
    parts = [
        f"{verb} {count} {noun}{'' if count == 1 else 's'}"
        for verb, count, noun in (
            ("keeping", kept, "account"),
            ("lifting", lifted, "lock"),
            ("adding", wished, "rule"),
        )
        if count
    ]
    told = " and ".join(parts)
    return told[0].upper() + told[1:]
