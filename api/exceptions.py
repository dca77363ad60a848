"""The register of exceptions: every lock of approved and current scenarios, with its owner."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from api import scenario_answers
from domain.assignment import Lock, ScenarioStatus, ScenarioVersion
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace
    from tools.territory.exceptions import ExceptionRegister


class ExceptionLine(Record):
    """One account locked to a rep, by whom, why and until when (null: without end)."""

    account_id: str
    account_name: str
    rep_id: str
    by: str
    by_name: str
    reason: str
    until: date | None
    state: Literal["held", "expiring", "expired"]
    scenario_id: str
    scenario_name: str
    scenario_status: ScenarioStatus


class ExceptionsAnswer(Record):
    """The register on the date of the current book.

    `accounts` counts the accounts of those scenarios, each once, `under_exception` those
    with a lock that holds. `alarm` says where their share is too high, else it is empty:
    each team is judged by its own accounts, so that a large book hides no small team.
    """

    as_of: date | None
    exceptions: tuple[ExceptionLine, ...]
    accounts: int
    under_exception: int
    share: float
    alarm: str


def approved_locks(workspace: Workspace, principal: Principal) -> list[Lock]:
    """Return the locks of approved scenarios that the person sees whole, expired ones too."""
    return [
        lock
        for version in workspace.store.scenarios.list(principal)
        if version.status == "approved"
        for lock in scenario_answers.gist_of(workspace, principal, version).locks
    ]


def register(workspace: Workspace, principal: Principal) -> ExceptionsAnswer:
    """Return the locks of the scenarios that the person sees whole.

    In are scenarios that are approved, and those on the current book that are still
    worked on or waiting for a decision. Empty before the first import.
    """
    from tools.territory.exceptions import exception_register

    try:
        reading = workspace.reading(principal)
    except NotFound:
        return ExceptionsAnswer(
            as_of=None, exceptions=(), accounts=0, under_exception=0, share=0.0, alarm=""
        )
    found: list[tuple[Lock, ScenarioVersion]] = []
    teams: dict[str, set[str]] = {}
    for version in workspace.store.scenarios.list(principal):
        if version.status != "approved" and (
            version.status == "rejected"
            or scenario_answers.stale(workspace, principal, version.content)
        ):
            continue
        gist = scenario_answers.gist_of(workspace, principal, version)
        teams.setdefault(version.content.team, set()).update(gist.accounts)
        found += [(lock, version) for lock in gist.locks]
    as_of = reading.book.as_of

    def judge(accounts: set[str]) -> ExceptionRegister:
        locks = (lock for lock, _ in found)
        rules = reading.coverage.territory
        return exception_register(locks, accounts=accounts, as_of=as_of, rules=rules)

    judged = judge(set().union(*teams.values()))
    by_team = {team: judge(accounts).alarm for team, accounts in sorted(teams.items()) if team}
    alarms = [f"{team}: {alarm}" for team, alarm in by_team.items() if alarm]
    table = reading.book["accounts"]
    names = dict(zip(table["account_id"], table["name"], strict=True))
    expired, expiring = set(judged.expired), set(judged.expiring)
    lines = [
        ExceptionLine(
            account_id=lock.account_id,
            account_name=str(names.get(lock.account_id, "")),
            rep_id=lock.rep_id,
            by=lock.by,
            by_name=workspace.people.name(lock.by),
            reason=lock.reason,
            until=lock.until,
            state="expired" if lock in expired else "expiring" if lock in expiring else "held",
            scenario_id=version.scenario_id,
            scenario_name=version.content.name,
            scenario_status=version.status,
        )
        for lock, version in found
    ]
    lines.sort(key=lambda line: (line.until or date.max, line.account_id, line.scenario_id))
    return ExceptionsAnswer(
        as_of=as_of,
        exceptions=tuple(lines),
        accounts=judged.accounts,
        under_exception=judged.under_exception,
        share=judged.share,
        alarm=" ".join(alarms) or judged.alarm,
    )
