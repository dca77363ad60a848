"""Everything a person can do with scenarios, under the workspace's one roof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from api import (
    exceptions,
    scenario_answers,
    scenario_deciding,
    scenario_events,
    scenario_feedback,
    scenario_files,
    scenario_moves,
    scenarios,
)
from api.scenario_answers import ScenarioAnswer, ScenarioLine
from api.scenario_cases import Cases
from api.scenario_feedback import FeedbackAnswer, FeedbackRequest
from api.scenarios import ScenarioRequest
from domain.assignment import Constraint, Event, Frontier
from domain.decision import Decision, DecisionRequest
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workbook_import import ImportAnswer, ImportRequest
    from api.workspace import Workspace
    from store.scenario_parts import ScenarioPart
    from tools.territory.before_after import BeforeAfter
    from tools.territory.comparing import Comparison
    from tools.territory.explaining import Explanation


class ScenarioDesk:
    """The scenarios of one workspace. Each method takes the principal it acts for.

    Attributes
    ----------
    cases
        What stored rows of designs solved, the last few kept.
    gists
        What lists show of them, by row and design proposed.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.cases = Cases()
        self.gists: dict[tuple[str, int], scenario_answers.Gist] = {}

    def run(self, principal: Principal, request: ScenarioRequest) -> ScenarioAnswer:
        """Design a row of territories and keep it as the first version of a scenario."""
        return scenarios.run(self._workspace, principal, request)

    def lines(self, principal: Principal) -> list[ScenarioLine]:
        """Return the scenarios that the person sees whole, the latest change first."""
        return scenarios.lines(self._workspace, principal)

    def answer(
        self, principal: Principal, scenario_id: str, version: int | None = None
    ) -> ScenarioAnswer:
        """Return one version with the design proposed and what is open about it."""
        return scenario_answers.answer_of(self._workspace, principal, scenario_id, version)

    def frontier(
        self, principal: Principal, scenario_id: str, version: int | None = None
    ) -> Frontier:
        """Return the row of designs as it is stored."""
        return scenarios.frontier(self._workspace, principal, scenario_id, version)

    def before_after(
        self, principal: Principal, scenario_id: str, point: int | None = None
    ) -> BeforeAfter:
        """Return the team today beside the team under a design."""
        return scenarios.before_after(self._workspace, principal, scenario_id, point)

    def explain(
        self,
        principal: Principal,
        scenario_id: str,
        account_id: str,
        *,
        point: int | None = None,
        rep_id: str | None = None,
    ) -> Explanation:
        """Return why an account moves or stays, and what another rep would cost."""
        return scenarios.explain(
            self._workspace, principal, scenario_id, account_id, point=point, rep_id=rep_id
        )

    def compare(self, principal: Principal, named: Sequence[str]) -> Comparison:
        """Compare two to four designs, each named `S-1` or `S-1:3`."""
        return scenarios.compare(self._workspace, principal, named)

    def part(self, principal: Principal, scenario_id: str) -> ScenarioPart:
        """Return the person's own part of a scenario."""
        return scenario_feedback.part(self._workspace, principal, scenario_id)

    def choose(
        self, principal: Principal, scenario_id: str, version: int, point: int
    ) -> ScenarioAnswer:
        """Propose another design of the row."""
        return scenario_moves.choose(self._workspace, principal, scenario_id, version, point)

    def decide_moves(
        self,
        principal: Principal,
        scenario_id: str,
        version: int,
        choices: Sequence[scenario_moves.Choice],
        *,
        constraints: Sequence[Constraint] = (),
    ) -> ScenarioAnswer:
        """Accept moves and keep accounts, with one new solve for all that are kept."""
        return scenario_moves.decide_moves(
            self._workspace, principal, scenario_id, version, choices, constraints=constraints
        )

    def feedback(self, principal: Principal, scenario_id: str) -> FeedbackAnswer:
        """Return what reps said, as far as the person may read it."""
        return scenario_feedback.feedback(self._workspace, principal, scenario_id)

    def give_feedback(
        self, principal: Principal, scenario_id: str, request: FeedbackRequest
    ) -> FeedbackAnswer:
        """Record what a rep says about an account of theirs, or one they would get."""
        return scenario_feedback.give(self._workspace, principal, scenario_id, request)

    def ask(
        self, principal: Principal, scenario_id: str, version: int, reps: Sequence[str] = ()
    ) -> ScenarioAnswer:
        """Ask reps for their word; without names, all whose accounts change."""
        return scenario_feedback.ask(self._workspace, principal, scenario_id, version, reps)

    def settle(
        self,
        principal: Principal,
        scenario_id: str,
        version: int,
        *,
        account_id: str,
        rep_id: str,
        status: Literal["accepted", "declined"],
        reason: str = "",
    ) -> ScenarioAnswer:
        """Accept an objection, which becomes a rule, or decline it."""
        return scenario_feedback.settle(
            self._workspace,
            principal,
            scenario_id,
            version,
            account_id=account_id,
            rep_id=rep_id,
            status=status,
            reason=reason,
        )

    def enter_event(
        self, principal: Principal, scenario_id: str, version: int, event: Event
    ) -> ScenarioAnswer:
        """Repair the proposed design after something happened."""
        return scenario_events.enter(self._workspace, principal, scenario_id, version, event)

    def submit(
        self,
        principal: Principal,
        scenario_id: str,
        version: int,
        *,
        accept_rest: bool = False,
        reason: str = "",
    ) -> ScenarioAnswer:
        """Send the proposed design to a manager for a decision."""
        return scenario_deciding.submit(
            self._workspace,
            principal,
            scenario_id,
            version,
            accept_rest=accept_rest,
            reason=reason,
        )

    def decide(self, principal: Principal, scenario_id: str, request: DecisionRequest) -> Decision:
        """Record a manager's verdict on the version read, and make it effective."""
        return scenario_deciding.decide(self._workspace, principal, scenario_id, request)

    def export(
        self,
        principal: Principal,
        scenario_id: str,
        format: scenario_files.Format = "xlsx",
        *,
        version: int | None = None,
    ) -> scenario_files.ScenarioFile:
        """Return a scenario as a file; lists for the CRM only of what was approved."""
        return scenario_files.export(
            self._workspace, principal, scenario_id, format, version=version
        )

    def import_workbook(
        self, principal: Principal, scenario_id: str, request: ImportRequest
    ) -> ImportAnswer:
        """Show what a workbook that came back would change, and apply it when confirmed."""
        from api.workbook_import import import_workbook

        return import_workbook(self._workspace, principal, scenario_id, request)

    def exceptions(self, principal: Principal) -> exceptions.ExceptionsAnswer:
        """Return the register of exceptions within the scope."""
        return exceptions.register(self._workspace, principal)
