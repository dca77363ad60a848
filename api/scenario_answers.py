"""What the doors say about a scenario: where it stands, its designs, and who may decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from api.deciding import MayDecide
from domain.assignment import (
    DesignPoint,
    Frontier,
    Lock,
    Move,
    ScenarioContent,
    ScenarioStatus,
    ScenarioVersion,
    SixFigures,
)
from domain.decision import Decision
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class Cost(Record):
    """What a change of the rules did to the chosen design.

    `points` is how much worse the new design is, both judged at the old one's weight of
    disruption; negative where it is better.
    """

    points: float
    before: SixFigures
    after: SixFigures
    told: str


class ScenarioAnswer(Record):
    """One version of a scenario with the design proposed and what is open about it.

    `designs` counts the row; `undecided` the moves nobody accepted, `objections` the
    answers of reps that nobody settled. `cost` comes with a change that was solved anew.
    """

    version: ScenarioVersion
    point: DesignPoint
    present: DesignPoint
    designs: int
    suggested: int
    knee: int
    suggested_why: str
    undecided: int
    kept: tuple[Lock, ...]
    objections: int
    stale: bool
    may_decide: MayDecide
    decisions: tuple[Decision, ...]
    link: str
    cost: Cost | None = None


class ScenarioLine(Record):
    """One line of the list of scenarios: its newest version."""

    scenario_id: str
    name: str
    trigger: str
    team: str
    version: int
    status: ScenarioStatus
    point: int
    moves: int
    spread_potential_before: float
    spread_potential: float
    spread_workload_before: float
    spread_workload: float
    gap: float
    undecided: int
    objections: int
    stale: bool
    changed_at: str
    changed_by: str
    link: str


class Gist(NamedTuple):
    """What lists need of a version's row of designs, which takes a while to read."""

    moves: tuple[str, ...]
    spread_potential_before: float
    spread_potential: float
    spread_workload_before: float
    spread_workload: float
    gap: float
    locks: tuple[Lock, ...]
    accounts: tuple[str, ...]


def answer_of(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    version: int | None = None,
    *,
    cost: Cost | None = None,
) -> ScenarioAnswer:
    """Return a version, the newest without one, with what is open; NotFound outside scope."""
    from api.scenario_deciding import may_decide

    store = workspace.store
    found = store.scenarios.version(principal, scenario_id, version)
    frontier = store.scenarios.frontier(principal, scenario_id, found.version)
    content = found.content
    return ScenarioAnswer(
        version=found,
        point=frontier.points[content.chosen],
        present=frontier.points[0],
        designs=len(frontier.points),
        suggested=frontier.suggested,
        knee=frontier.knee,
        suggested_why=frontier.suggested_why,
        undecided=len(undecided(content, frontier)),
        kept=kept(frontier),
        objections=sum(1 for _ in content.open_objections()),
        stale=stale(workspace, principal, content),
        may_decide=may_decide(workspace, principal, scenario_id),
        decisions=tuple(store.decisions.on(principal, "scenario", scenario_id)),
        link=link_of(found),
        cost=cost,
    )


def line_of(workspace: Workspace, principal: Principal, version: ScenarioVersion) -> ScenarioLine:
    """Return a version as a line of the list."""
    content, gist = version.content, gist_of(workspace, principal, version)
    accepted = _accepted(content)
    return ScenarioLine(
        scenario_id=version.scenario_id,
        name=content.name,
        trigger=content.trigger,
        team=content.team,
        version=version.version,
        status=version.status,
        point=content.chosen,
        moves=len(gist.moves),
        spread_potential_before=gist.spread_potential_before,
        spread_potential=gist.spread_potential,
        spread_workload_before=gist.spread_workload_before,
        spread_workload=gist.spread_workload,
        gap=gist.gap,
        undecided=sum(account not in accepted for account in gist.moves),
        objections=sum(1 for _ in content.open_objections()),
        stale=stale(workspace, principal, content),
        changed_at=version.created_at,
        changed_by=workspace.people.name(version.created_by),
        link=link_of(version),
    )


def gist_of(workspace: Workspace, principal: Principal, version: ScenarioVersion) -> Gist:
    """Return what lists show of a version, kept by its row and the design it proposes."""
    content = version.content
    key = (content.frontier, content.chosen)
    known = workspace.scenarios.gists.get(key)
    if known is None:
        row = workspace.store.scenarios.frontier(principal, version.scenario_id, version.version)
        point, present = row.points[content.chosen].figures, row.points[0].figures
        known = workspace.scenarios.gists[key] = Gist(
            moves=tuple(move.account_id for move in row.points[content.chosen].moves),
            spread_potential_before=present.spread_potential,
            spread_potential=point.spread_potential,
            spread_workload_before=present.spread_workload,
            spread_workload=point.spread_workload,
            gap=row.points[content.chosen].gap,
            locks=kept(row),
            accounts=row.accounts,
        )
    return known


def undecided(content: ScenarioContent, frontier: Frontier) -> list[Move]:
    """Return the moves of the proposed design that nobody accepted."""
    accepted = _accepted(content)
    moves = frontier.points[content.chosen].moves
    return [move for move in moves if move.account_id not in accepted]


def kept(frontier: Frontier) -> tuple[Lock, ...]:
    """Return the locks of a row, in order of account."""
    locks = [item for item in frontier.constraints if isinstance(item, Lock)]
    return tuple(sorted(locks, key=lambda lock: (lock.account_id, lock.rep_id)))


def stale(workspace: Workspace, principal: Principal, content: ScenarioContent) -> bool:
    """Say whether another book than the scenario's has become the current one."""
    try:
        return workspace.store.books.current_id(principal) != content.book_id
    except NotFound:
        return True


def link_of(version: ScenarioVersion) -> str:
    """Return where a version is read."""
    return f"/scenarios/{version.scenario_id}?v={version.version}"


def _accepted(content: ScenarioContent) -> set[str]:
    return {item.account_id for item in content.choices if item.choice == "accept"}
