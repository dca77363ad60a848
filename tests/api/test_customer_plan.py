"""A team's plan for one strategic customer, on the small book that its preset comes with."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from api.settings import read_settings
from api.workspace import Workspace
from domain.errors import InvalidInput, NotFound
from domain.territory_plan import TerritoryPlanContent
from tests.api.doors import VARIABLES

BOOK = Path(__file__).parents[2] / "examples/one-customer"
UNITS = {f"U-{number:02d}" for number in range(1, 13)}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    home = tmp_path_factory.mktemp("customer") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        with Workspace.open(read_settings(home=home)) as workspace:
            workspace.import_folder(workspace.principal(), BOOK)
            yield workspace


def test_every_unit_has_a_mini_plan_and_the_targets_are_the_growth(team: Workspace) -> None:
    manager = team.principal("adele.fontana")

    version = team.cycle.draft_territory(manager, "R-11", customer="U-00")

    content = version.content
    assert isinstance(content, TerritoryPlanContent)
    assert content.reps == ("R-11", "R-12", "R-13", "R-14")
    assert {unit.account_id for unit in content.units} == UNITS
    figures = {figure.metric: figure.value for figure in content.tables.overview}
    assert (figures["plan_spend_12m"], figures["customer_target"]) == ("2000000", "4000000")
    shares = [Decimal(unit.target.value or "0") for unit in content.units]
    assert sum(shares) == Decimal(figures["customer_growth"] or "0") == Decimal(2_000_000)
    assert all(2 <= len(unit.steps) <= 3 for unit in content.units)
    rows = [Decimal(row.amount.value or "0") for row in content.tables.targets.rows]
    assert sum(rows) == Decimal(content.tables.targets.total.value or "0")
    assert content.report.omissions == ()
    assert content.report.of("summary")[0].claim.key == "summary.growth"
    assert team.cycle.territory(manager, "R-11", customer="U-00") == version


def test_a_rep_of_the_team_does_not_see_the_whole_team(team: Workspace) -> None:
    rep = team.principal("bruno.halloway")

    with pytest.raises(NotFound, match="There is no account 'U-00' in the book"):
        team.cycle.draft_territory(rep, "R-11", customer="U-00")
    with pytest.raises((NotFound, InvalidInput)):
        team.cycle.draft_territory(team.principal("adele.fontana"), "R-11", customer="U-99")
