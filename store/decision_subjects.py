"""What a decision is about: the newest version of a thing, and what a verdict on it binds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.decision import DecisionRequest, SubjectKind
from domain.errors import Conflict, DecisionRefused, NotFound, PlanSuperseded, ScenarioSuperseded
from domain.evidence import REPS_JOINED_BY
from domain.principal import Principal
from domain.record import content_hash
from store import cycle, plans, scenario_rows


@dataclass(frozen=True)
class Subject:
    """The newest version of what is decided on, as the database has it.

    `owner_id` is empty for a scenario, whose readers are settled by its reps; several owners
    are joined by `REPS_JOINED_BY`. `waits` says whether the version was sent for a decision.
    """

    kind: SubjectKind
    subject_id: str
    version: int
    owner_id: str
    hash: str
    ledger_root: str
    coverage_hash: str
    waits: bool

    def demand(
        self, request: DecisionRequest, subject_hash: str, ledger_root: str, coverage_hash: str
    ) -> None:
        """Refuse a verdict on another version, on other content or on a working state.

        Raises
        ------
        NotFound
            There is no such version.
        PlanSuperseded, ScenarioSuperseded
            A newer one exists, or the content is not what the person read.
        DecisionRefused
            The version was not sent for a decision.
        """
        if request.version > self.version or request.version < 1:
            raise NotFound(
                f"There is no version {request.version} of {self.kind} {self.subject_id!r}.",
                hint=f"Its newest version is {self.version}.",
            )
        if request.version < self.version:
            newer = {"plan": plans.superseded, "scenario": scenario_rows.superseded}
            raise newer.get(self.kind, cycle.superseded)(
                self.subject_id, request.version, self.version
            )
        read = self.hash if request.plan_hash is None else request.plan_hash
        if self.hash != subject_hash or self.hash != read:
            raise not_what_was_read(self.kind, self.subject_id, request.version)
        if (ledger_root, coverage_hash) != (self.ledger_root, self.coverage_hash):
            raise _changed(self.kind)(
                f"Version {self.version} of {self.kind} {self.subject_id} was frozen over another "
                "ledger or coverage model than the decision names.",
                hint="A decision binds what the version was made on: pass the version's own.",
            )
        if not self.waits:
            raise DecisionRefused(
                f"Version {self.version} of {self.kind} {self.subject_id} is a draft that nobody "
                "sent for a decision.",
                hint="Submit it first.",
            )


def visible_subject(
    connection: sa.Connection, principal: Principal, kind: SubjectKind, subject_id: str
) -> Subject | None:
    """Return what is decided on; None for a kind that belongs to the whole workspace.

    Raises NotFound outside the scope.
    """
    if kind == "plan":
        return _of_plan(plans.visible_newest(connection, principal, subject_id))
    if kind == "scenario":
        return _of_scenario(scenario_rows.visible_newest(connection, principal, subject_id))
    if kind in ("territory", "review"):
        return _of_cycle(cycle.visible_newest(connection, principal, subject_id), kind)
    if kind == "adjustment":
        review, _, number = subject_id.partition("/")
        return _of_adjustment(cycle.visible_newest(connection, principal, review), number)
    if not principal.scope.everything:
        raise NotFound(f"There is no {kind} {subject_id!r}.")
    return None


def not_what_was_read(kind: str, subject_id: str, version: int) -> Conflict:
    """Say that the content changed since it was read."""
    return _changed(kind)(
        f"Version {version} of {kind} {subject_id} is not the content that was read: "
        "its hash differs.",
        hint="Read it again and repeat the decision.",
    )


def _changed(kind: str) -> type[Conflict]:
    return ScenarioSuperseded if kind == "scenario" else PlanSuperseded


def _of_plan(row: Any) -> Subject:
    content = json.loads(row.content)
    return Subject(
        kind="plan",
        subject_id=row.plan_id,
        version=row.version,
        owner_id=row.owner_id,
        hash=row.plan_hash,
        ledger_root=content["ledger_root"],
        coverage_hash=content["coverage_hash"],
        waits=True,
    )


def _of_scenario(row: Any) -> Subject:
    content = json.loads(row.content)
    return Subject(
        kind="scenario",
        subject_id=row.scenario_id,
        version=row.version,
        owner_id="",
        hash=row.scenario_hash,
        ledger_root=content["ledger_root"],
        coverage_hash=content["coverage_hash"],
        waits=bool(row.submitted),
    )


def _of_cycle(row: Any, kind: SubjectKind) -> Subject:
    if row.kind != kind:
        raise NotFound(f"There is no {cycle.NAMES[kind]} {row.plan_id!r}.")
    content = json.loads(row.content)
    return Subject(
        kind=kind,
        subject_id=row.plan_id,
        version=row.version,
        owner_id=REPS_JOINED_BY.join(json.loads(row.reps)),
        hash=row.plan_hash,
        ledger_root=content["ledger_root"],
        coverage_hash=content["coverage_hash"],
        waits=True,
    )


def _of_adjustment(row: Any, number: str) -> Subject:
    """One recommendation: its own words are bound, not the whole review around it."""
    review = _of_cycle(row, "review")
    for adjustment in json.loads(row.content)["adjustments"]:
        if str(adjustment["number"]) == number:
            return Subject(
                kind="adjustment",
                subject_id=f"{row.plan_id}/{number}",
                version=review.version,
                owner_id=review.owner_id,
                hash=content_hash(adjustment),
                ledger_root=review.ledger_root,
                coverage_hash=review.coverage_hash,
                waits=True,
            )
    raise NotFound(
        f"Review {row.plan_id} has no recommendation {number!r}.",
        hint="Its recommendations are numbered from 1.",
    )
