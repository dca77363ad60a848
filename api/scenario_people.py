"""Who may do what with a scenario: who prepares, who decides, and whose reps are in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from domain.errors import NotFound, NotPermitted
from domain.principal import Principal

if TYPE_CHECKING:
    from api.people import Person
    from api.reading import Reading
    from api.workspace import Workspace


def demand_preparer(workspace: Workspace, principal: Principal, reps: Collection[str] = ()) -> None:
    """Refuse who neither is RevOps nor manages these reps; the refusal names who does."""
    if principal.may_load or principal.may_decide:
        return
    can = [
        person.name
        for person in workspace.people
        if {"revops", "manager"} & set(person.roles) and person.scope.covers_all(tuple(reps))
    ]
    raise NotPermitted(
        f"{principal.name} does not prepare scenarios; RevOps and managers do.",
        hint=f"Ask {' or '.join(can)}." if can else "Ask RevOps.",
        who_can=can,
    )


def managers_of(workspace: Workspace, reps: Collection[str]) -> list[Person]:
    """Return the managers whose scope covers all of these reps."""
    return [
        person
        for person in workspace.people
        if "manager" in person.roles and person.scope.covers_all(tuple(reps))
    ]


def scope_of(
    workspace: Workspace, principal: Principal, reading: Reading, team: str
) -> tuple[str, ...]:
    """Return the reps a design of this team is about, all of them in the person's scope.

    Raises
    ------
    NotFound
        When there is no such team within the scope: a foreign one looks like a missing one.
    NotPermitted
        When no team is named and the book has reps beyond the scope.
    """
    from api.scenario_cases import inputs_of

    scope = principal.scope
    own = teams_in(reading, scope.reps)
    if not scope.everything and team and team not in own:
        raise _no_such_team(team, own)
    reps = tuple(map(str, inputs_of(reading, team).reps.index))
    if scope.everything or scope.covers_all(reps):
        return reps
    if team:
        raise _no_such_team(team, own)
    named = ", ".join(own)
    raise NotPermitted(
        f"A design without a team is about every rep of the book, and {principal.name} does not "
        "see them all.",
        hint=f"Name a team: {named}." if named else "Ask RevOps to run it.",
        teams=own,
    )


def teams_in(reading: Reading, reps: Collection[str]) -> list[str]:
    """Return the teams that these reps are in, in order of name."""
    people = reading.book["reps"]
    teams = people["team"][people["rep_id"].isin(list(reps))]
    return sorted({str(team) for team in teams.dropna() if str(team)})


def _no_such_team(team: str, own: list[str]) -> NotFound:
    return NotFound(
        f"There is no team {team!r} whose reps you all see.",
        hint=f"Your teams are: {', '.join(own)}." if own else "Ask RevOps to run it.",
    )
