"""Scenarios and their versions. A version is never changed; a new one voids the approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa

from domain.assignment import Feedback, Frontier, ScenarioContent, ScenarioVersion
from domain.errors import ApprovalRequired, NotFound
from domain.principal import Principal
from domain.record import Record, canonical_json, content_hash, text_hash
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.frontiers import Frontiers
from store.scenario_parts import ScenarioPart, part_of, with_answer
from store.scenario_rows import (
    named_in,
    newest_version,
    no_such_scenario,
    read_version,
    sees,
    status_of,
    superseded,
    versions_in,
    visible_newest,
)
from store.schema import scenario_versions, scenarios

Step = Literal[
    "ran", "chose", "decided moves", "asked reps", "answered", "settled", "repaired", "submitted"
]
"""What made a version."""

_PREPARING: frozenset[Step] = frozenset(
    {"ran", "chose", "decided moves", "settled", "repaired", "submitted"}
)


class ScenarioStep(Record):
    """One version in the history of a scenario: what made it, when and who."""

    version: int
    step: Step
    at: str
    by: str


class ScenarioCall(Record):
    """A scenario on which a rep's word is still asked."""

    scenario_id: str
    name: str
    version: int
    reps: tuple[str, ...]


def scenario_id_for(workspace: str, ground: object, turn: int) -> str:
    """Return the id of a run on this ground: the same request is the same scenario.

    `turn` counts the scenarios of one ground that somebody went on working with.
    """
    return "S-" + content_hash(["scenario", workspace, ground, turn])[:10]


class Scenarios:
    """The scenarios of every workspace.

    A scenario is seen whole by people whose scope covers every rep in it. A rep named in
    it sees their own part (`part`) and nothing else. Its row of designs lies among the
    kept texts, without a keeper: it is read through a version that names it.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock
        self._frontiers = Frontiers()

    def save_version(
        self,
        principal: Principal,
        scenario_id: str,
        content: ScenarioContent,
        frontier: Frontier | None = None,
        *,
        base_version: int | None,
        step: Step,
    ) -> int:
        """Store a version and return its number; an approval of an earlier one is void.

        `frontier` is the row of designs that the content names; None where a version of
        this scenario holds it already. Content equal to the newest version's gives that
        version's number and changes nothing.

        Raises
        ------
        ScenarioSuperseded
            When `base_version` is not the newest version.
        NotFound
            When a rep of the scenario is outside the scope.
        """
        if not principal.scope.covers_all(content.reps):
            raise no_such_scenario(scenario_id)
        with self._database.writing(durable=True) as connection:
            newest = newest_version(connection, principal.workspace, scenario_id)
            if newest is not None and not sees(principal, newest.reps):
                raise no_such_scenario(scenario_id)
            if newest is not None and newest.scenario_hash == content.scenario_hash:
                return int(newest.version)
            expected = None if newest is None else newest.version
            if base_version != expected:
                if expected is None:
                    raise no_such_scenario(scenario_id)
                raise superseded(scenario_id, base_version, expected)
            self._frontiers.keep(connection, principal.workspace, scenario_id, content, frontier)
            return self._insert(connection, principal, scenario_id, content, expected, step)

    def answer(self, principal: Principal, scenario_id: str, said: Feedback) -> int:
        """Add what a rep said about one of their accounts; return the number of the version.

        It goes on the newest version. A second answer about an account takes the place of
        the first; the same answer again changes nothing.

        Raises
        ------
        NotFound
            When the rep is not in the scenario, or not in the scope.
        InvalidInput
            When the answer names another person than the one who gives it, or comes settled.
        Conflict
            When the scenario was sent for a decision or decided, except returned.
        """
        with self._database.writing(durable=True) as connection:
            newest = newest_version(connection, principal.workspace, scenario_id)
            if newest is None or said.rep_id not in named_in(principal, newest.reps):
                raise no_such_scenario(scenario_id)
            version = read_version(newest, newest=newest.version)
            changed = with_answer(principal, version, said)
            if changed is None:
                return version.version
            return self._insert(
                connection, principal, scenario_id, changed, newest.version, "answered"
            )

    def version(
        self, principal: Principal, scenario_id: str, version: int | None = None
    ) -> ScenarioVersion:
        """Return one version, or the newest; NotFound unless the person sees all its reps."""
        with self._database.reading() as connection:
            return _version(connection, principal, scenario_id, version)

    def history(self, principal: Principal, scenario_id: str) -> list[ScenarioStep]:
        """Return what made each version, oldest first; NotFound as for `version`."""
        with self._database.reading() as connection:
            visible_newest(connection, principal, scenario_id)
            rows = connection.execute(
                versions_in(principal.workspace).where(
                    scenario_versions.c.scenario_id == scenario_id
                )
            ).all()
        return [
            ScenarioStep(version=row.version, step=row.step, at=row.created_at, by=row.created_by)
            for row in rows
            if sees(principal, row.reps)
        ]

    def prepared_by(self, principal: Principal, scenario_id: str) -> dict[str, tuple[Step, ...]]:
        """Return who had a hand in a scenario's designs, and in which steps.

        Asking reps and a rep's own answers are not among them. NotFound as for `version`.
        """
        hands: dict[str, list[Step]] = {}
        for item in self.history(principal, scenario_id):
            if item.step in _PREPARING and item.step not in hands.setdefault(item.by, []):
                hands[item.by].append(item.step)
        return {person: tuple(steps) for person, steps in hands.items() if steps}

    def frontier(
        self, principal: Principal, scenario_id: str, version: int | None = None
    ) -> Frontier:
        """Return the row of designs of one version, or of the newest.

        NotFound as for `version`; Broken when the stored row was altered.
        """
        with self._database.reading() as connection:
            content = _version(connection, principal, scenario_id, version).content
            return self._frontiers.read(connection, principal.workspace, content.frontier)

    def approved(self, principal: Principal, scenario_id: str) -> ScenarioVersion:
        """Return the version that is in force.

        Raises
        ------
        ApprovalRequired
            When no approved version is current; `review` among the facts leads to it.
        NotFound
            As for `version`.
        """
        with self._database.reading() as connection:
            newest = visible_newest(connection, principal, scenario_id)
            approved = connection.scalar(
                sa.select(scenarios.c.approved_version).where(
                    scenarios.c.workspace_id == principal.workspace,
                    scenarios.c.scenario_id == scenario_id,
                )
            )
            if approved == newest.version and newest.verdict == "approved":
                return read_version(newest, newest=newest.version)
        status = status_of(newest, newest=newest.version).replace("_", " ")
        raise ApprovalRequired(
            f"Scenario {scenario_id} has no approved version; version {newest.version} is "
            f"{status}.",
            hint="Ask a manager who sees all its reps to decide on it.",
            review=f"/scenarios/{scenario_id}?v={newest.version}",
        )

    def part(self, principal: Principal, scenario_id: str) -> ScenarioPart:
        """Return what the newest version means for those of its reps the scope covers.

        Nothing of other reps is in it. NotFound when it names none of them.
        """
        with self._database.reading() as connection:
            newest = newest_version(connection, principal.workspace, scenario_id)
            reps = () if newest is None else named_in(principal, newest.reps)
            if newest is None or not reps:
                raise no_such_scenario(scenario_id)
            version = read_version(newest, newest=newest.version)
            frontier = self._frontiers.read(
                connection, principal.workspace, version.content.frontier
            )
        return part_of(version, frontier, reps)

    def calls(self, principal: Principal) -> list[ScenarioCall]:
        """Return the open scenarios in which a rep of the scope was asked and said nothing.

        Those that the person sees whole are left out: they prepare or decide on them.
        """
        with self._database.reading() as connection:
            rows = _newest(connection, principal.workspace)
        found = []
        for row in rows:
            named = named_in(principal, row.reps)
            if not named or sees(principal, row.reps):
                continue
            version = read_version(row, newest=row.version)
            said = {item.rep_id for item in version.content.feedback}
            waiting = tuple(
                rep for rep in named if rep in version.content.asked and rep not in said
            )
            if waiting and version.status in {"draft", "returned"}:
                found.append(
                    ScenarioCall(
                        scenario_id=version.scenario_id,
                        name=version.content.name,
                        version=version.version,
                        reps=waiting,
                    )
                )
        return found

    def list(self, principal: Principal) -> list[ScenarioVersion]:
        """Return the newest version of each scenario seen whole, last changed first."""
        with self._database.reading() as connection:
            found = [
                read_version(row, newest=row.version)
                for row in _newest(connection, principal.workspace)
                if sees(principal, row.reps)
            ]
        found.sort(key=lambda item: item.scenario_id)
        found.sort(key=lambda item: item.created_at, reverse=True)
        return found

    def _insert(
        self,
        connection: sa.Connection,
        principal: Principal,
        scenario_id: str,
        content: ScenarioContent,
        base_version: int | None,
        step: Step,
    ) -> int:
        workspace = principal.workspace
        text = canonical_json(content)
        version = 1 if base_version is None else base_version + 1
        if base_version is None:
            connection.execute(
                scenarios.insert().values(
                    workspace_id=workspace, scenario_id=scenario_id, approved_version=None
                )
            )
        connection.execute(
            scenario_versions.insert().values(
                workspace_id=workspace,
                scenario_id=scenario_id,
                version=version,
                base_version=base_version,
                reps=canonical_json(sorted(content.reps)),
                frontier=content.frontier,
                scenario_hash=text_hash(text),
                submitted=int(content.submitted),
                content=text,
                step=step,
                created_at=stamp(self._clock()),
                created_by=principal.person,
            )
        )
        connection.execute(
            scenarios.update()
            .where(scenarios.c.workspace_id == workspace, scenarios.c.scenario_id == scenario_id)
            .values(approved_version=None)
        )
        return version


def _version(
    connection: sa.Connection, principal: Principal, scenario_id: str, version: int | None
) -> ScenarioVersion:
    newest = visible_newest(connection, principal, scenario_id)
    if version is None or version == newest.version:
        return read_version(newest, newest=newest.version)
    row = connection.execute(
        versions_in(principal.workspace).where(
            scenario_versions.c.scenario_id == scenario_id, scenario_versions.c.version == version
        )
    ).first()
    if row is None or not sees(principal, row.reps):
        raise NotFound(
            f"There is no version {version} of scenario {scenario_id!r}.",
            hint=f"Its newest version is {newest.version}.",
        )
    return read_version(row, newest=newest.version)


def _newest(connection: sa.Connection, workspace: str) -> Sequence[Any]:
    """Return the newest version's row of every scenario, in order of id."""
    other = scenario_versions.alias("other")
    newest = (
        sa.select(sa.func.max(other.c.version))
        .where(
            other.c.workspace_id == scenario_versions.c.workspace_id,
            other.c.scenario_id == scenario_versions.c.scenario_id,
        )
        .scalar_subquery()
    )
    return connection.execute(
        versions_in(workspace).where(scenario_versions.c.version == newest)
    ).all()
