"""Fair shares, limits on accounts, windows and budgets."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment import MostMoves, Window
from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from domain.territory_rules import TerritoryRules
from tests.tools.territory.tiny_inputs import with_rules
from tools.territory.limits import budgets, windows
from tools.territory.targets import account_limits, potential_targets, work_targets

ANN_AND_BO = np.array([200.0, 100.0])
NO_QUOTA = pd.DataFrame({"name": ["Ann", "Bo"], "quota": [math.nan, math.nan]})
ALL = np.ones((2, 2), dtype=bool)


def test_work_goes_by_capacity() -> None:
    assert work_targets(np.array([250.0, 50.0]), ANN_AND_BO).tolist() == [200.0, 100.0]
    # Nothing to do is nobody's fault: targets stay positive.
    assert work_targets(np.zeros(2), ANN_AND_BO).tolist() == [200.0, 100.0]


def test_potential_goes_to_those_who_can_reach_it(coverage: CoverageModel) -> None:
    eligible = np.array([[True, False], [True, True]])
    target, notes = potential_targets(
        np.array([90.0, 60.0]), eligible, NO_QUOTA, ANN_AND_BO, coverage
    )
    # 90 + 60 x 200/300 and 60 x 100/300.
    assert target.tolist() == pytest.approx([130.0, 20.0])
    assert notes == ()


def test_potential_goes_by_quota_or_equally_on_request(coverage: CoverageModel) -> None:
    potential = np.array([90.0, 60.0])
    equal = with_rules(coverage, potential_target="equal")
    assert potential_targets(potential, ALL, NO_QUOTA, ANN_AND_BO, equal)[0].tolist() == [75, 75]
    by_quota = with_rules(coverage, potential_target="quota")
    quotas = NO_QUOTA.assign(quota=[10.0, 40.0])
    assert potential_targets(potential, ALL, quotas, ANN_AND_BO, by_quota)[0].tolist() == [30, 120]
    one = NO_QUOTA.assign(quota=[10.0, math.nan])
    target, notes = potential_targets(potential, ALL, one, ANN_AND_BO, by_quota)
    # Bo has a third of the hours; the rest goes by quota.
    assert target.tolist() == pytest.approx([100.0, 50.0])
    assert notes == ("No quota for Bo: their target of potential goes by capacity.",)
    with pytest.raises(InvalidInput, match="no rep of the design has a quota"):
        potential_targets(potential, ALL, NO_QUOTA, ANN_AND_BO, by_quota)


@given(
    st.lists(st.floats(1, 1000), min_size=2, max_size=2),
    st.lists(st.floats(1, 1e6), min_size=2, max_size=2),
    st.sampled_from(["capacity", "equal", "quota"]),
)
def test_targets_add_up_to_what_there_is(hours, potential, kind) -> None:
    from domain.coverage import parse_coverage
    from tests.tools.conftest import DEFAULTS

    coverage = with_rules(parse_coverage(DEFAULTS.read_text()), potential_target=kind)
    quotas = NO_QUOTA.assign(quota=[3.0, 5.0])
    eligible = np.array([[True, True], [False, True]])
    target, _ = potential_targets(np.array(potential), eligible, quotas, np.array(hours), coverage)
    if target.min() > 1.0:
        assert target.sum() == pytest.approx(sum(potential))


def test_a_rep_who_can_reach_no_potential_still_has_a_positive_target(coverage) -> None:
    target, _ = potential_targets(np.zeros(2), ALL, NO_QUOTA, ANN_AND_BO, coverage)
    assert target.tolist() == [1.0, 1.0]


def test_a_limit_on_accounts_follows_the_tiers_and_the_calendar(coverage: CoverageModel) -> None:
    tier = pd.Series(["tier_1", "tier_3"])
    limits = account_limits(tier, np.array([0, 1]), ALL, ANN_AND_BO, coverage)
    # 1 / (0.5/40 + 0.5/250) = 68.97, and half of it.
    assert limits.tolist() == [69, 35]
    own = np.array([[True, False], [False, True]])
    limits = account_limits(tier, np.array([0, 1]), own, np.array([100.0, 100.0]), coverage)
    assert limits.tolist() == [40, 250]


def test_the_narrower_window_counts_on_either_side() -> None:
    rules = TerritoryRules(workload_window=(-0.3, 0.1))
    held = [
        Window(measure="workload", low=-0.2, high=0.2, reps=("bo",)),
        Window(measure="potential", low=-0.5, high=0.5),
    ]
    work, potential = windows(held, rules, ["ann", "bo"])
    assert work.tolist() == [[-0.3, 0.1], [-0.2, 0.1]]
    assert potential.tolist() == [[-0.5, 0.5], [-0.5, 0.5]]
    free, _ = windows([], TerritoryRules(), ["ann"])
    assert free.tolist() == [[-math.inf, math.inf]]


def test_every_limit_on_moves_becomes_a_budget() -> None:
    moved, value = np.array([0.0, 1.0]), np.array([0.0, 0.4])
    found = budgets(
        [MostMoves(accounts=2), MostMoves(accounts_share=0.1), MostMoves(value_share=0.25)],
        TerritoryRules(most_moves_share=0.12),
        accounts=30,
        moved=moved,
        value=value,
    )
    # 0.1 x 30 = 3 though floats fall short; 0.12 x 30 = 3.6 is 3.
    assert [(one.name, one.cap) for one in found] == [
        ("accounts moved", 2.0), ("accounts moved", 3.0),
        ("share of relationship value moved", 0.25), ("accounts moved", 3.0),
    ]  # fmt: skip
    assert found[2].use is value
    assert found[0].use is moved
