"""Where balancing territories is the wrong tool, it says so and offers account planning."""

from __future__ import annotations

from typing import Any

import pytest

from domain.coverage import CoverageModel
from domain.errors import WrongTool
from domain.territory_rules import TerritoryRules
from tests.tools.territory.tiny_inputs import tiny_inputs, with_rules
from tools.territory.applicability import demand_applicable, freedom
from tools.territory.build import build_case
from tools.territory.inputs import Inputs

REPS = [{"id": rep, "segments": (rep,)} for rep in ("ann", "bo", "cy")]


def accounts(own: int, free: int, **extra: Any) -> list[dict[str, Any]]:
    """`own` accounts that only one rep may have, `free` ones that anybody may."""
    fixed = [{"id": f"a{n:02d}", "owner": "ann", "segment": "ann", **extra} for n in range(own)]
    return fixed + [{"id": f"z{n:02d}", "owner": "bo", **extra} for n in range(free)]


def judge(inputs: Inputs, coverage: CoverageModel, rules: TerritoryRules | None = None) -> None:
    demand_applicable(inputs, build_case(inputs, coverage), rules=rules)


def test_a_team_with_freedom_passes(coverage: CoverageModel) -> None:
    inputs = tiny_inputs(accounts(10, 10), REPS)
    judge(inputs, coverage)
    assert freedom(build_case(inputs, coverage)) == 0.5


def test_two_reps_have_nothing_to_balance(coverage: CoverageModel) -> None:
    inputs = tiny_inputs(accounts(1, 3), [*REPS[:2], {"id": "cy", "hours": 0.0}])
    with pytest.raises(WrongTool, match="Only 2 reps can own accounts: with fewer than 3"):
        judge(inputs, coverage)
    with pytest.raises(WrongTool, match="Only 1 rep of West can own accounts") as caught:
        demand_applicable(tiny_inputs(accounts(0, 3), REPS[:1], team="West"))
    assert caught.value.hint == ("Plan account by account instead: cadastre plan draft ACCOUNT.")


def test_fixed_geography_leaves_no_freedom(coverage: CoverageModel) -> None:
    every = [
        {"id": f"{rep['id']}{n}", "owner": rep["id"], "segment": rep["id"]}
        for rep in REPS
        for n in range(2)
    ]
    with pytest.raises(WrongTool, match="No account has a second rep who may have it: geography"):
        judge(tiny_inputs(every, REPS), coverage)


def test_the_bound_of_freedom_is_the_coverage_models(coverage: CoverageModel) -> None:
    # One of twenty is 5 %, the default bound; two of twenty-one are more.
    with pytest.raises(WrongTool, match=r"Only 5\.0% of the accounts have a second rep"):
        judge(tiny_inputs(accounts(19, 1), REPS), coverage)
    judge(tiny_inputs(accounts(19, 2), REPS), coverage)
    judge(tiny_inputs(accounts(19, 1), REPS), coverage, TerritoryRules(least_freedom=0.01))
    assert with_rules(coverage).territory.least_freedom == 0.05


def test_a_market_that_is_known_and_worked_needs_no_design(coverage: CoverageModel) -> None:
    with pytest.raises(WrongTool, match="touched in the last 90 days: the market is known"):
        judge(tiny_inputs(accounts(2, 3, touches=1), REPS), coverage)
    one_silent = [*accounts(2, 3, touches=1), {"id": "new", "owner": "cy"}]
    judge(tiny_inputs(one_silent, REPS), coverage)
    # A leaver's accounts have no owner any more: somebody has to take them.
    left = [*accounts(2, 3, touches=1), {"id": "left", "owner": "gone", "touches": 1}]
    judge(tiny_inputs(left, REPS), coverage)


def test_every_reason_is_told(coverage: CoverageModel) -> None:
    with pytest.raises(WrongTool) as caught:
        judge(tiny_inputs(accounts(3, 0, touches=1), REPS[:1]), coverage)
    assert len(caught.value.facts["reasons"]) == 3
