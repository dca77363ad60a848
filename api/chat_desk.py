"""What chat may ask of the product, as one person: the desk that its tools are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent.chat.context import Drafted, PlanRow, ScenarioRow, StepTold, WaitingRow
from api import planning, revising
from api.chat_scenarios import scenario_cells
from api.planning import VersionStored
from api.scenario_answers import ScenarioAnswer, ScenarioLine
from domain.assignment import Frontier
from domain.evidence import Evidence, Ledger
from domain.plan import PlanVersion
from domain.principal import Principal

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from agent.run_events import Progress, RunEvent
    from agent.view import PlanView
    from api.workspace import Workspace


class ChatDesk:
    """Fulfils `agent.chat.context.Desk` over a workspace, with the principal bound.

    `outside` is entered around what may wait long for a model, so that other turns can
    compute meanwhile.
    """

    def __init__(
        self,
        workspace: Workspace,
        principal: Principal,
        outside: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._workspace = workspace
        self._principal = principal
        self._outside = outside

    def plans(self, account_id: str | None = None) -> Sequence[PlanRow]:
        """The newest version of each plan in scope, the latest change first."""
        return [
            PlanRow(
                plan_id=line.plan_id,
                account_id=line.account_id,
                account_name=line.account_name,
                owner_id=line.owner_id,
                owner_name=line.owner_name,
                version=line.version,
                approved_version=line.approved_version,
                status=line.status,
                blockers=line.blockers,
                stale=line.stale,
            )
            for line in self._workspace.plans(self._principal)
            if account_id is None or line.account_id == account_id
        ]

    def plan(self, plan_id: str, version: int | None = None) -> PlanView:
        """A plan version as a reader sees it."""
        return self._workspace.plan_view(self._principal, plan_id, version)

    def plan_version(self, plan_id: str, version: int | None = None) -> PlanVersion:
        """A plan version as it is stored."""
        return self._workspace.plan_version(self._principal, plan_id, version)

    def plan_ledger(self, plan_id: str, version: int | None = None) -> Ledger:
        """The evidence a plan version was drafted on."""
        root = self.plan_version(plan_id, version).content.ledger_root
        return self._workspace.store.ledgers.ledger(self._principal, root)

    def search_notes(self, query: str, k: int) -> Sequence[Evidence]:
        """The `k` best document spans over all accounts in scope, best first."""
        return self._workspace.store.notes.search_all(self._principal, query, k)

    def approved_plans(self, rep_id: str) -> Sequence[PlanVersion]:
        """The approved plans of a rep in scope."""
        return self._workspace.store.plans.approved_of_rep(self._principal, rep_id)

    def waiting(self) -> Sequence[WaitingRow]:
        """What waits for the person, or for others, most pressing first."""
        found = self._workspace.inbox(self._principal)
        rows = [
            WaitingRow(
                kind="plan",
                waiting=item.waiting,
                id=item.plan.plan_id,
                title=item.plan.account_name,
                why=item.why,
                link=item.link,
            )
            for item in found.waiting
        ]
        rows += [
            WaitingRow(
                kind="scenario",
                waiting=item.waiting,
                id=item.scenario_id,
                title=item.name,
                why=item.why,
                link=item.link,
            )
            for item in found.scenarios
        ]
        return sorted(rows, key=lambda row: _PRESSING.index(row.waiting))

    def scenarios(self) -> Sequence[ScenarioRow]:
        """The scenarios in scope, newest first, without figures."""
        return [_row(line) for line in self._workspace.scenarios.lines(self._principal)]

    def scenario(self, scenario_id: str) -> ScenarioRow:
        """One scenario with its six figures."""
        scenarios = self._workspace.scenarios
        answer = scenarios.answer(self._principal, scenario_id)
        row = scenarios.frontier(self._principal, scenario_id, answer.version.version)
        return _row_with_figures(answer, row)

    def draft(self, account_id: str, remark: str, told: StepTold) -> Drafted:
        """Draft an account's plan in a run of its own, up to its review."""
        before = {(row.plan_id, row.version) for row in self.plans(account_id)}
        with self._outside():
            version = planning.draft_plan(
                self._workspace, self._principal, account_id, remark, _steps(told)
            )
        return _drafted(version, unchanged=(version.plan_id, version.version) in before)

    def revise(self, plan_id: str, remark: str, told: StepTold) -> Drafted:
        """Draft a plan anew with a remark, in a run of its own, up to its review."""
        before = self.plan_version(plan_id)
        with self._outside():
            version = revising.revise(
                self._workspace,
                self._principal,
                plan_id,
                section=None,
                text=None,
                remark=remark,
                base_version=None,
                progress=_steps(told),
            )
        return _drafted(version, unchanged=version.version == before.version)


_PRESSING = ("decide", "answer", "revise", "await")


def _steps(told: StepTold) -> Progress:
    def progress(event: RunEvent) -> None:
        if event.type == "step.started":
            told(str(event.data["step"]))

    return progress


def _drafted(version: PlanVersion, *, unchanged: bool) -> Drafted:
    stored = VersionStored.of(version)
    return Drafted(
        plan_id=stored.plan_id,
        version=stored.version,
        account_id=stored.account_id,
        account_name=stored.account_name,
        status=stored.status,
        blockers=stored.blockers,
        notice=stored.notice,
        link=f"/plans/{stored.plan_id}?v={stored.version}",
        hours=tuple(
            notice.message
            for notice in version.content.report.warnings
            if notice.code in ("within_asked_hours", "above_asked_hours")
        ),
        unchanged=unchanged,
    )


def _row(line: ScenarioLine) -> ScenarioRow:
    return ScenarioRow(
        scenario_id=line.scenario_id,
        name=line.name,
        version=line.version,
        status=line.status,
        why=line.trigger,
        moves=line.moves,
        link=line.link,
    )


def _row_with_figures(answer: ScenarioAnswer, row: Frontier) -> ScenarioRow:
    content, scenario_id = answer.version.content, answer.version.scenario_id
    return ScenarioRow(
        scenario_id=scenario_id,
        name=content.name,
        version=answer.version.version,
        status=answer.version.status,
        why=answer.suggested_why,
        moves=answer.point.figures.accounts_moved,
        cells=scenario_cells(scenario_id, content, row),
        link=answer.link,
    )
