"""Whether levels held, what is open, and who took it up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from domain.errors import DuplicateIds, InvalidInput
from tests.tools.quantiles.tables import accounts
from tools.quantiles.backtest import backtest_potential
from tools.quantiles.crossfit import cross_fit
from tools.quantiles.headroom import growth, headroom, open_potential
from tools.quantiles.lines import Settings
from tools.shares import interval

FIXED = Settings()


def test_coverage_of_each_level_comes_with_its_interval() -> None:
    facts, spend = accounts(800)

    found = backtest_potential(facts, spend, segment="kind", settings=FIXED)

    table = found.by_level
    assert table["coverage"].tolist() == pytest.approx([0.5, 0.75, 0.9], abs=0.04)
    assert (table["low"] < table["coverage"]).all()
    assert (table["coverage"] < table["high"]).all()
    assert (table["skill"] > table["segment_skill"]).all()
    assert table.at[0.75, "segment_skill"] > 0.1
    assert found.rows == len(found.predictions) == 800
    assert "cannot show a season" in found.notes[0]


def test_an_interval_is_worked_by_hand() -> None:
    # Wilson, 8 of 10: middle (0.8 + 0.19207) / 1.38415 = 0.71675; half 1.95996 x
    # sqrt(0.016 + 0.0096036) / 1.38415 = 0.22657.
    assert interval(8, 10) == pytest.approx((0.49018, 0.94332), abs=1e-4)


def test_no_account_is_judged_by_what_it_spent() -> None:
    facts, spend = accounts(300)
    rich = spend.copy()
    rich.iloc[7] *= 1e4

    one = backtest_potential(facts, spend, settings=FIXED).predictions
    two = backtest_potential(facts, rich, settings=FIXED).predictions

    assert two.iloc[7].tolist() == pytest.approx(one.iloc[7].tolist())
    assert not np.allclose(two, one)


def test_what_accounts_spend_later_does_not_reach_an_earlier_judgement() -> None:
    facts, spend = accounts(300)
    when = pd.Series(pd.date_range("2020-01-01", periods=300), index=facts.index)
    changed = spend.copy()
    changed.iloc[240:] *= 100

    one = backtest_potential(facts, spend, when=when, settings=FIXED)
    two = backtest_potential(facts, changed, when=when, settings=FIXED)

    assert one.design == "later rows by earlier ones"
    assert one.rows == 180  # the fifths after 40, 60 and 80 % of 300 rows
    assert list(one.predictions.index) == list(facts.index[120:])
    pd.testing.assert_frame_equal(one.predictions, two.predictions)


def test_headroom_is_p75_less_spend_and_what_is_open_is_never_below_nought() -> None:
    p75 = pd.Series({"A": 100.0, "B": 50.0, "C": np.nan, "D": 80.0})
    spend = pd.Series({"B": 70.0, "A": 30.0, "C": 1.0})

    assert headroom(p75, spend).drop("C").to_dict() == {"A": 70.0, "B": -20.0, "D": 80.0}
    assert open_potential(p75, spend).drop("C").to_dict() == {"A": 70.0, "B": 0.0, "D": 80.0}
    assert np.isnan(headroom(p75, spend)["C"])
    assert headroom([3.0], [1.0]).tolist() == [2.0]


def test_the_top_tenth_is_set_beside_all_accounts() -> None:
    # Twenty accounts with room 1 to 20: the two with most grow by 30 and 50, the others by 2.
    # Mean of all (30 + 50 + 18 x 2) / 20 = 5.8; top 40; 40 / 5.8 = 6.897.
    room = np.arange(1.0, 21.0)
    after = np.full(20, 12.0)
    after[-2:] = [40.0, 60.0]

    found = growth(room, np.full(20, 10.0), after)

    assert (found.accounts, found.top, found.all_accounts) == (2, 40.0, pytest.approx(5.8))
    assert found.times == pytest.approx(40 / 5.8)
    assert growth(room, after, np.full(20, 10.0)).times is None
    with pytest.raises(InvalidInput, match="needs ten accounts; 3 have"):
        growth(room[:3], room[:3], room[:3])


def test_a_backtest_tells_growth_where_a_later_period_is_given() -> None:
    facts, spend = accounts(200)

    found = backtest_potential(facts, spend, later=spend * 1.5, settings=FIXED)

    assert found.growth is not None
    assert found.growth.accounts == 20
    assert found.growth.all_accounts == pytest.approx(spend.mean() / 2)


def test_backtests_of_nothing_are_refused() -> None:
    facts, spend = accounts(40)
    with pytest.raises(InvalidInput, match="needs ten accounts with a known spend; there are 9"):
        backtest_potential(facts[:9], spend[:9])
    with pytest.raises(InvalidInput, match="2 to 40 folds, not 1"):
        backtest_potential(facts, spend, count=1)
    with pytest.raises(InvalidInput, match="too little comes later"):
        backtest_potential(facts, spend, when=np.ones(40))
    with pytest.raises(DuplicateIds):
        backtest_potential(pd.concat([facts, facts]), [1.0] * 80)


def test_every_account_is_judged_by_folds_that_never_saw_it_and_parts_add_up() -> None:
    facts, spend = accounts(300)
    teaches = pd.Series(True, index=facts.index)
    teaches.iloc[:20] = False
    rich = spend.copy()
    rich.iloc[50] *= 1e4

    one = cross_fit(facts, spend, teaches=teaches)
    two = cross_fit(facts, rich, teaches=teaches)

    assert two.levels.iloc[50].tolist() == pytest.approx(one.levels.iloc[50].tolist())
    assert len(one.levels) == 300
    sums = one.logs["p75"].sum(axis=1)
    assert np.abs(np.log1p(one.levels["p75"] / one.unit) - sums).max() < 1e-9
    shuffled = cross_fit(facts[::-1], spend, teaches=teaches)
    pd.testing.assert_frame_equal(shuffled.levels[::-1], one.levels)


def test_folds_hold_out_of_fold() -> None:
    facts, spend = accounts(600)

    found = cross_fit(facts, spend, teaches=pd.Series(True, index=facts.index))

    held = [(spend <= found.levels[name]).mean() for name in ("p50", "p75", "p90")]
    assert held == pytest.approx([0.5, 0.75, 0.9], abs=0.03)


def test_too_few_teachers_are_refused() -> None:
    facts, spend = accounts(100)
    with pytest.raises(InvalidInput, match="30 accounts are too few to learn from; 60"):
        cross_fit(facts, spend, teaches=pd.Series(range(100), index=facts.index) < 30)
