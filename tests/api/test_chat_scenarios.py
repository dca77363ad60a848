"""A scenario in chat: its own figures, cited, for those who see all its reps."""

from __future__ import annotations

import pytest

import tools.territory.designs
from agent.chat.context import ScenarioRow
from agent.chat.tools import scenarios as tool
from api.chat_scenarios import scenario_cells
from domain.evidence import REPS_JOINED_BY
from tests.agent.chat.context_by_hand import chat_context, judged, sentences, use
from tests.agent.chat.fake_desk import FakeDesk
from tests.api.doors import REVOPS
from tests.api.scenario_designs import quick_designs


@pytest.fixture
def row(acting, workspace, monkeypatch: pytest.MonkeyPatch) -> ScenarioRow:
    """A scenario about Europe as the desk tells it."""
    monkeypatch.setattr(tools.territory.designs, "design_frontier", quick_designs)
    made = acting(REVOPS).post("/api/scenarios", json={"team": "Europe", "name": "Autumn"}).json()
    scenario_id = made["version"]["scenario_id"]
    principal = workspace.principal()
    answer = workspace.scenarios.answer(principal, scenario_id)
    frontier = workspace.scenarios.frontier(principal, scenario_id, answer.version.version)
    return ScenarioRow(
        scenario_id=scenario_id,
        name="Autumn",
        version=answer.version.version,
        status=answer.version.status,
        why="",
        moves=answer.point.figures.accounts_moved,
        cells=scenario_cells(scenario_id, answer.version.content, frontier),
        link=answer.link,
    )


def test_the_six_figures_are_cited_and_stand(row: ScenarioRow) -> None:
    context = chat_context("ines.moreau", desk=FakeDesk(scenario_rows=(row,)))

    told = use(tool.TOOL, context, scenario_id=row.scenario_id)

    said, omissions = judged(context, told)
    assert omissions == ()
    assert [item.outcome for item in said] == ["supported"] * 6
    assert said[0].text.startswith("Spread of potential between reps: Today ")
    assert f"{row.moves} accounts would be moved" in said[3].text
    assert told.artifacts[0].link == row.link
    shown = {cell.evidence_id for line in told.tables[0].rows for cell in line} - {None}
    assert shown <= {item.id for item in told.evidence}


def test_the_figures_are_for_those_who_see_every_rep_of_the_scenario(row: ScenarioRow) -> None:
    assert {frozenset(cell.scope.split(REPS_JOINED_BY)) for cell in row.cells} == {
        frozenset({"R-288", "R-292", "R-295"})
    }
    # Callum is one of them: his desk would not give the row, and the verifier would not either.
    context = chat_context("callum.ashdown", desk=FakeDesk(scenario_rows=(row,)))

    said, omissions = judged(context, use(tool.TOOL, context, scenario_id=row.scenario_id))

    assert said == ()
    assert len(omissions) == 6


def test_the_list_names_each_scenario_and_where_it_stands(row: ScenarioRow) -> None:
    context = chat_context("ilse.brandtner", desk=FakeDesk(scenario_rows=(row,)))

    told = use(tool.TOOL, context)

    assert told.offers[0].text == f"/scenario {row.scenario_id}"
    (line,) = told.tables[0].rows
    values = {item.id: item.value for item in told.evidence}
    assert [values.get(cell.evidence_id, cell.text) for cell in line] == [
        row.scenario_id, "Autumn", "a draft", str(row.moves),
    ]  # fmt: skip
    assert sentences(context, told) == []
