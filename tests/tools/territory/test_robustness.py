from __future__ import annotations

import numpy as np
import pytest

from tests.tools.territory.hand_case import hand_case
from tools.territory.robustness import robustness
from tools.territory.six_figures import figures_of

TRAVEL = ((0, 0),) * 4


def even(**changes: object):  # type: ignore[no-untyped-def]
    given = {
        "hours": (10.0,) * 4,
        "travel": TRAVEL,
        "owner": ("Ann", "Ann", "Bo", "Bo"),
        "potential": (100.0,) * 4,
    }
    return hand_case(**{**given, **changes})  # type: ignore[arg-type]


def test_known_potential_is_in_tolerance_in_all_draws_or_in_none() -> None:
    case = even()
    # Two accounts each are on target; three against one are 50 % off, either way.
    designs = [np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])]
    assert robustness(case, designs, tolerance=0.15) == (1.0, 0.0)
    assert robustness(case, designs, tolerance=0.5) == (1.0, 1.0)


def test_draws_follow_the_quantiles_account_by_account() -> None:
    # One account each; Ann's is 99 for sure, Bo's runs from 99 (P50) over 399 (P75) to 1599
    # (P90) on a log scale of 1 + currency: 100 x 4^(level above P50, in quarters).
    case = hand_case(
        hours=(10.0, 10.0), travel=((0, 0), (0, 0)), owner=("Ann", "Bo"), potential=(99.0, 99.0),
        quantiles={"p75": (99.0, 399.0), "p90": (99.0, 1599.0)},
    )  # fmt: skip
    (share,) = robustness(case, [np.array([0, 1])], tolerance=0.15, draws=4000, seed=3)
    # In tolerance while Bo's share is below 57.5 %: Bo has less than 99 x 1.15 / 0.85 = 133.9,
    # so 1.349 = 4^(x / 0.25), x = 0.0540 of the 0.4 between the levels: 13.5 %.
    assert share == pytest.approx(0.135, abs=0.02)


def test_the_same_seed_gives_the_same_share_and_a_common_rise_changes_nothing() -> None:
    wide = {"p75": (200.0,) * 4, "p90": (400.0,) * 4}
    case = even(quantiles=wide)
    design = [np.array([0, 0, 1, 1])]
    first = robustness(case, design, tolerance=0.15, seed=1)
    assert first == robustness(case, design, tolerance=0.15, seed=1)
    assert 0.1 < first[0] < 0.9
    # Ten times the currency of everything: 1 + currency hardly matters any more.
    tenfold = even(potential=(1000.0,) * 4, quantiles={"p75": (2000.0,) * 4, "p90": (4000.0,) * 4})
    assert robustness(tenfold, design, tolerance=0.15, seed=1)[0] == pytest.approx(
        first[0], abs=0.02
    )


def test_six_figures_are_those_of_a_calculator() -> None:
    case = hand_case(
        hours=(30.0, 20.0, 10.0, 20.0),
        travel=((2, 4), (2, 4), (6, 1), (5, 5)),
        owner=("Ann", "Ann", "Ann", None),
        potential=(100.0, 100.0, 100.0, 100.0),
        revenue=(10.0, 20.0, 30.0, 40.0),
        years=(3.0, 1.0, 2.0, np.nan),
        capacity=(80.0, 80.0),
    )
    six, (ann, bo) = figures_of(case, np.array([0, 0, 1, 1]), long_years=2.0)

    # Targets 40 h and 200 each. Hours 50 and 30: ratios 1.25 and 0.75, deviation 0.25.
    assert six.spread_workload == pytest.approx(0.25)
    assert six.spread_potential == pytest.approx(0.0)
    # Ann 50 + 2 + 2 hours in 13 weeks.
    assert six.heaviest_week == pytest.approx(54 / 13)
    # A-3 leaves Ann; A-4 had nobody to leave.
    assert (six.accounts_moved, six.accounts_moved_share) == (1, 0.25)
    assert (six.revenue_moved, six.revenue_moved_share) == (30.0, 0.3)
    assert (six.relationships_kept, six.relationships) == (1, 2)
    assert (ann.needed_hours, ann.travel_hours, ann.accounts, ann.revenue) == (54, 4, 2, 30)
    assert (bo.hours, bo.travel_hours, bo.potential, bo.capacity) == (30, 6, 200, 80)


def test_todays_figures_leave_unowned_accounts_with_nobody() -> None:
    case = even(owner=("Ann", "Ann", "Bo", None))
    six, (_, bo) = figures_of(case, np.array([0, 0, 1, -1]), long_years=2.0)
    assert (bo.accounts, bo.hours, six.accounts_moved) == (1, 10.0, 0)
