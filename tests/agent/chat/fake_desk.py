"""A desk made of plain values, for tests of the chat tools alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from agent.chat.context import Drafted, PlanRow, ScenarioRow, StepTold, WaitingRow
from agent.view import PlanView
from domain.errors import NotFound
from domain.evidence import Evidence, Ledger
from domain.plan import PlanVersion

T = TypeVar("T")


@dataclass
class FakeDesk:
    """Fulfils `agent.chat.context.Desk` with what it is given, for one person.

    What is not given is missing. `asked` lists the calls made, in order, each with its
    arguments. It applies no scope: give it what the person may see.
    """

    plan_rows: Sequence[PlanRow] = ()
    versions: Mapping[str, PlanVersion] = field(default_factory=dict)
    views: Mapping[str, PlanView] = field(default_factory=dict)
    ledgers: Mapping[str, Ledger] = field(default_factory=dict)
    spans: Sequence[Evidence] = ()
    approved: Mapping[str, Sequence[PlanVersion]] = field(default_factory=dict)
    waiting_rows: Sequence[WaitingRow] = ()
    scenario_rows: Sequence[ScenarioRow] = ()
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def plans(self, account_id: str | None = None) -> Sequence[PlanRow]:
        self.asked.append(("plans", account_id))
        return [row for row in self.plan_rows if account_id in (None, row.account_id)]

    def plan(self, plan_id: str, version: int | None = None) -> PlanView:
        self.asked.append(("plan", plan_id, version))
        return self._of(self.views, plan_id)

    def plan_version(self, plan_id: str, version: int | None = None) -> PlanVersion:
        self.asked.append(("plan_version", plan_id, version))
        return self._of(self.versions, plan_id)

    def plan_ledger(self, plan_id: str, version: int | None = None) -> Ledger:
        self.asked.append(("plan_ledger", plan_id, version))
        return self._of(self.ledgers, plan_id)

    def search_notes(self, query: str, k: int) -> Sequence[Evidence]:
        self.asked.append(("search_notes", query, k))
        return self.spans[:k]

    def approved_plans(self, rep_id: str) -> Sequence[PlanVersion]:
        self.asked.append(("approved_plans", rep_id))
        return self.approved.get(rep_id, ())

    def waiting(self) -> Sequence[WaitingRow]:
        self.asked.append(("waiting",))
        return self.waiting_rows

    def scenarios(self) -> Sequence[ScenarioRow]:
        self.asked.append(("scenarios",))
        return [row.model_copy(update={"cells": ()}) for row in self.scenario_rows]

    def scenario(self, scenario_id: str) -> ScenarioRow:
        self.asked.append(("scenario", scenario_id))
        return self._of({row.scenario_id: row for row in self.scenario_rows}, scenario_id)

    def draft(self, account_id: str, remark: str, told: StepTold) -> Drafted:
        raise NotFound("This desk drafts nothing.")

    def revise(self, plan_id: str, remark: str, told: StepTold) -> Drafted:
        raise NotFound("This desk revises nothing.")

    def _of(self, given: Mapping[str, T], key: str) -> T:
        if key not in given:
            raise NotFound(f"There is no {key!r} among those you see.")
        return given[key]
