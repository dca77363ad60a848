"""What a fitted model says, whatever table it is given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, DuplicateIds, InvalidInput
from tests.tools.quantiles.tables import accounts
from tools.quantiles.fitting import fit_potential
from tools.quantiles.lines import Settings
from tools.quantiles.model import ORDER, UNKNOWN

FIXED = Settings()
NAMES = ["p50", "p75", "p90"]


def test_facts_become_the_factors_they_were_made_with() -> None:
    # A warehouse spends 3 times what a shop does; nine times the staff spend 3 times as much.
    facts, spend = accounts(1_500)
    model = fit_potential(facts, spend, settings=FIXED)
    asked = pd.DataFrame(
        {"staff": [9.0, 9.0, 81.0], "kind": ["Shop", "Warehouse", "Shop"], "noise": 0.0}
    )

    told = model.predict(asked)["p50"]

    assert told[1] / told[0] == pytest.approx(3.0, rel=0.1)
    assert told[2] / told[0] == pytest.approx(3.0, rel=0.12)
    # The median shop with 9 staff spends 100 x 3; P90 is exp(0.5 x 1.2816) = 1.90 times that.
    assert told[0] == pytest.approx(300.0, rel=0.1)
    assert model.predict(asked)["p90"][0] / told[0] == pytest.approx(1.90, rel=0.12)


def test_levels_hold_for_accounts_the_model_never_saw() -> None:
    facts, spend = accounts(3_000)
    model = fit_potential(facts[:1_000], spend[:1_000])

    told = model.predict(facts[1_000:])

    held = [(spend[1_000:] <= told[name]).mean() for name in NAMES]
    assert held == pytest.approx([0.5, 0.75, 0.9], abs=0.03)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([20, 61, 150]))
def test_contributions_add_up_and_levels_never_cross(seed: int, rows: int) -> None:
    facts, spend = accounts(rows, seed)
    facts.loc[facts.index[::5], "staff"] = np.nan
    model = fit_potential(facts, spend, settings=FIXED, segment="kind")
    asked = facts.assign(kind=["new", *facts["kind"][1:]])

    told = model.predict(asked)

    assert (told["p50"] <= told["p75"]).all()
    assert (told["p75"] <= told["p90"]).all()
    for level, name in zip(model.levels, NAMES, strict=True):
        sums = model.explain(asked, level).sum(axis=1)
        free = (told[name] > 0) & (told[name] < model.cap)
        uncapped = np.log1p(told[name] / model.unit)
        assert np.abs(sums - uncapped)[free].max() < 1e-9


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random) -> None:  # type: ignore[no-untyped-def]
    facts, spend = accounts(120)
    order = list(range(120))
    random.shuffle(order)

    one = fit_potential(facts, spend, settings=FIXED)
    two = fit_potential(facts.iloc[order], spend.iloc[order], settings=FIXED)

    assert one == two


def test_a_new_level_multiplies_by_one_and_widens_the_band() -> None:
    facts, spend = accounts(400)
    model = fit_potential(facts, spend, settings=FIXED)
    asked = pd.DataFrame({"staff": [20.0] * 2, "kind": ["Shop", "Harbour"], "noise": 0.0})

    told = model.predict(asked)

    assert model.explain(asked, 0.5)["kind"][1] == 0.0
    assert told["p90"][1] / told["p50"][1] > told["p90"][0] / told["p50"][0]
    assert told["basis"].tolist() == [
        "regression",
        "regression: 1 of 3 facts unknown, a wider band",
    ]
    assert model.explain(asked, 0.9)[UNKNOWN].tolist() == pytest.approx(
        [0.0, model.explain(asked, 0.9)[UNKNOWN][1]]
    )


def test_an_account_of_which_nothing_is_known_gets_about_what_all_accounts_spend() -> None:
    facts, spend = accounts(2_000)
    model = fit_potential(facts, spend, settings=FIXED)

    told = model.predict(pd.DataFrame({"staff": [np.nan], "kind": ["?"], "noise": [np.nan]}))

    assert told["basis"][0] == "regression: no fact is known, a wide band"
    for name, level in zip(NAMES, (0.5, 0.75, 0.9), strict=True):
        assert told[name][0] == pytest.approx(np.quantile(spend, level), rel=0.2)


def test_missing_numbers_have_a_factor_of_their_own() -> None:
    # Accounts that keep their staff secret spend ten times as much.
    facts, spend = accounts(800)
    secret = np.arange(800) % 4 == 0
    facts.loc[secret, "staff"] = np.nan
    spend = spend.where(~secret, spend * 10)

    model = fit_potential(facts, spend, settings=Settings(level=3.0))

    table = model.factors().set_index(["fact", "part"])
    assert table.at[("staff", "(missing)"), "p50"] > 5
    assert model.predict(facts)["basis"].eq("regression").all()


def test_spend_of_other_units_gives_the_same_in_those_units() -> None:
    facts, spend = accounts(300)

    dollars = fit_potential(facts, spend, settings=FIXED).predict(facts)
    millions = fit_potential(facts, spend / 1e6, settings=FIXED).predict(facts)

    np.testing.assert_allclose(millions[NAMES] * 1e6, dollars[NAMES], rtol=1e-3)


def test_no_prediction_is_above_one_and_a_half_times_the_995th_peer() -> None:
    facts, spend = accounts(500)
    model = fit_potential(facts, spend, settings=FIXED)

    assert model.cap == pytest.approx(1.5 * np.quantile(spend, 0.995))
    huge = facts.assign(staff=1e12)
    assert model.predict(huge)["p90"].max() <= model.cap


def test_few_accounts_give_quantiles_of_the_segment_and_say_so() -> None:
    facts = pd.DataFrame(
        {"kind": ["S"] * 5 + ["W"] * 5 + ["X"]}, index=[f"A{at}" for at in range(11)]
    )
    spend = [10.0, 20, 30, 40, 50, 100, 200, 300, 400, 500, 7]

    model = fit_potential(facts, spend, segment="kind")
    told = model.predict(facts)

    # Shops: median 30, P75 40, P90 40 + 0.6 x 10; one X is no group, so all accounts: median 50.
    assert told.loc["A0", NAMES].tolist() == pytest.approx([30.0, 40.0, 46.0])
    assert told.loc["A5", NAMES].tolist() == pytest.approx([300.0, 400.0, 460.0])
    assert told.at["A10", "p50"] == pytest.approx(50.0)
    assert told["basis"].eq("segment quantiles").all()
    assert "facts are told apart from 60 accounts on; there are 11" in model.notes
    assert fit_potential(facts, spend).method == "quantiles of all accounts"


def test_any_type_of_column_is_read() -> None:
    facts, spend = accounts(200)
    rows = range(200)
    odd = facts.assign(
        when=pd.date_range("2020-01-01", periods=200),
        took=pd.to_timedelta(rows, unit="D"),
        whole=pd.array([at if at % 3 else None for at in rows], dtype="Int64"),
        flag=pd.array([at % 2 == 0 if at % 5 else None for at in rows], dtype="boolean"),
        group=pd.Categorical([f"g{at % 4}" for at in rows]),
        text=[str(at) for at in rows],
        mixed=[at if at % 2 else "x" for at in rows],
        endless=[np.inf if at % 7 == 0 else float(at) for at in rows],
        lists=[[at % 3] for at in rows],
        beyond=np.where(np.arange(200) % 2, 1e300, np.arange(200)),
        constant=1,
        empty=None,
    )

    model = fit_potential(odd, spend, settings=FIXED)

    assert "left out, as nothing in them sets accounts apart: constant, empty" in model.notes
    assert np.isfinite(model.predict(odd)[NAMES].to_numpy()).all()
    assert {"when", "took", "whole", "flag", "group", "text", "endless"} <= set(model.facts)


def test_returns_beyond_purchases_count_as_nought_and_are_told() -> None:
    facts, spend = accounts(100)
    below = spend.copy()
    below.iloc[:3] = -50.0
    nought = spend.copy()
    nought.iloc[:3] = 0.0

    model = fit_potential(facts, below, settings=FIXED)

    assert "3 accounts returned more than they bought; their spend counts as nought" in model.notes
    told = fit_potential(facts, nought, settings=FIXED).predict(facts)
    pd.testing.assert_frame_equal(model.predict(facts), told)


def test_unknown_spend_teaches_nothing() -> None:
    facts, spend = accounts(100)
    gaps = spend.copy()
    gaps.iloc[[0, 1]] = [np.nan, np.inf]

    model = fit_potential(facts, gaps, settings=FIXED)

    assert model.rows == 98
    assert "2 accounts without a known spend were left out" in model.notes


def test_where_nobody_spends_every_level_is_nought() -> None:
    facts, spend = accounts(100)

    model = fit_potential(facts, spend * 0)

    assert model.predict(facts)[NAMES].eq(0).all(axis=None)
    assert "nobody spends: every level is nought" in model.notes


def test_no_rows_asked_give_no_rows() -> None:
    facts, spend = accounts(80)

    assert fit_potential(facts, spend, settings=FIXED).predict(facts[:0]).empty


def test_faults_are_named() -> None:
    facts, spend = accounts(80)
    with pytest.raises(DuplicateIds, match="more than once: A-00000"):
        fit_potential(pd.concat([facts, facts[:1]]), [1.0] * 81)
    with pytest.raises(InvalidInput, match="no account with a known spend"):
        fit_potential(facts[:0], spend[:0])
    with pytest.raises(InvalidInput, match="Spend has 3 values, facts have 80 rows"):
        fit_potential(facts, [1.0, 2.0, 3.0])
    with pytest.raises(InvalidInput, match="share no account id"):
        fit_potential(facts, spend.reset_index(drop=True))
    with pytest.raises(InvalidInput, match="Levels must rise"):
        fit_potential(facts, spend, levels=(0.9, 0.5))
    with pytest.raises(ColumnsMissing, match="lacks colour"):
        fit_potential(facts, spend, segment="colour")
    with pytest.raises(ColumnsMissing, match="lacks kind, which the model reads"):
        fit_potential(facts, spend, settings=FIXED).predict(facts.drop(columns="kind"))
    with pytest.raises(InvalidInput, match=r"explains P50, P75, P90"):
        fit_potential(facts, spend, settings=FIXED).explain(facts, 0.8)


def test_levels_out_of_order_are_put_right_and_the_part_is_told() -> None:
    facts, spend = accounts(100)
    model = fit_potential(facts, spend, settings=FIXED)

    assert ORDER in model.explain(facts).columns
    assert model.explain(facts, 0.5)[ORDER].abs().max() < 1.0
