from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from domain.card import Bin, Card, CardRule
from domain.errors import InvalidInput
from tools.scorecard.history import weigh_history
from tools.scorecard.recalibration import recalibration
from tools.scorecard.scoring import score_table


def hand(points: int) -> Card:
    bins = (Bin(label="low", below=0, points=-points), Bin(label="high", points=points))
    return Card(base=0, rules=(CardRule(fact="fit", label="Fit", dimension="fit", bins=bins),))


def history(
    rows: int, *, fit: float, intent: float, seed: int = 0
) -> tuple[pd.DataFrame, pd.Series]:
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"fit": random.normal(size=rows), "intent": random.normal(size=rows)})
    odds = fit * np.sign(table["fit"]) + intent * table["intent"]
    return table, pd.Series(random.random(rows) < 1 / (1 + np.exp(-odds)))


def test_under_fifty_outcomes_the_hand_card_stands() -> None:
    table, won = history(49, fit=2, intent=2)
    found = weigh_history(table, won, prior_card=hand(10))

    assert found.verdict == "expert-set"
    assert found.card == hand(10)
    assert found.backtest is None
    assert "under 50 outcomes, so the hand card stands" in found.sentence


def test_without_a_hand_card_a_thin_history_gives_no_card() -> None:
    table, won = history(49, fit=2, intent=2)
    found = weigh_history(table, won)

    assert (found.verdict, found.card) == ("no signal", None)


@pytest.mark.parametrize("rows", [0, 200])
def test_one_class_or_no_rows_is_a_verdict_and_no_error(rows: int) -> None:
    table, won = history(rows, fit=1, intent=1)
    found = weigh_history(table, won.astype(bool) & False, prior_card=hand(10))

    assert found.verdict == "expert-set"
    assert found.wins == 0


def test_outcomes_by_chance_are_called_no_signal() -> None:
    table, won = history(2_000, fit=0, intent=0)
    found = weigh_history(table, won, prior_card=hand(10))

    assert found.verdict == "no signal"
    assert found.card is None
    assert "rank by potential alone" in found.sentence


def test_a_hand_card_that_says_it_all_is_kept() -> None:
    table, won = history(1_500, fit=1.2, intent=0)
    found = weigh_history(table, won, prior_card=hand(20))

    assert found.verdict == "history does not support re-weighting"
    assert found.card is not None
    assert found.card.rules == hand(20).rules


@pytest.mark.parametrize(("rows", "verdict"), [(700, "expert + data"), (1_600, "data-led")])
def test_a_card_that_wins_out_of_time_replaces_the_hand_card(rows: int, verdict: str) -> None:
    table, won = history(rows, fit=0.3, intent=1.5)
    found = weigh_history(table, won, prior_card=hand(10))

    assert found.verdict == verdict
    assert found.card is not None
    assert {rule.fact for rule in found.card.rules} == {"fit", "intent"}
    assert found.backtest is not None
    assert found.backtest.gain is not None
    assert found.backtest.gain.low > 0


def test_the_tables_of_a_backtest_add_up() -> None:
    table, won = history(2_000, fit=0.5, intent=1)
    found = weigh_history(table, won, dimensions={"intent": "intent"})
    told = found.backtest

    assert found.verdict == "data-led"
    assert told is not None
    assert told.hand_auc is told.gain is None
    # Origins at 40, 55, 70 and 85 % of 2,000 rows: 1,200 rows are judged, in four periods.
    assert told.periods["trained_on"].tolist() == [800, 1100, 1400, 1700]
    assert told.periods["n"].sum() == told.lift["n"].sum() == told.reliability["n"].sum() == 1_200
    judged = won[800:].sum()
    assert told.lift["wins"].sum() == pytest.approx(judged)
    assert told.reliability["wins"].sum() == told.periods["wins"].sum() == judged
    assert told.base_rate["n"].sum() == 2_000
    assert told.lift["lift"].iloc[0] > 1.5 > told.lift["lift"].iloc[-1]
    assert told.dimensions.index[0] == "intent"
    assert told.dimensions["auc_lost"].iloc[0] > 0.1
    assert told.drift.shape == (2, 4)
    assert (told.drift < 0.1).all().all()


def test_later_rows_do_not_change_how_earlier_ones_were_judged() -> None:
    table, won = history(1_000, fit=0.5, intent=1)
    dates = pd.Series(np.arange(1_000))
    changed = won.copy()
    changed[700:] = ~changed[700:]

    first, second = (weigh_history(table, one, when=dates).backtest for one in (won, changed))
    assert first is not None
    assert second is not None
    # The periods before row 700, with the cards that judged them.
    pd.testing.assert_frame_equal(first.periods[:2], second.periods[:2])


def test_rows_of_one_day_are_never_on_both_sides() -> None:
    table, won = history(1_000, fit=0.5, intent=1)
    days = pd.Series(pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(1_000) // 300, "D"))
    told = weigh_history(table, won, when=days).backtest

    # Days begin at 0, 300, 600 and 900; the origins 400, 550, 700, 850 move back to these.
    assert told is not None
    assert told.periods["trained_on"].tolist() == [300, 600]
    assert told.base_rate["start"].tolist() == [days[0], days[300], days[600]]


def test_an_outcome_that_was_not_known_yet_is_not_fitted_on() -> None:
    table, won = history(1_000, fit=0.5, intent=1)
    days = pd.Series(pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(1_000) // 300, "D"))
    told = weigh_history(table, won, when=days, known=days + pd.Timedelta(2, "D")).backtest

    # On the second day nothing is known yet; on the third, the 300 rows of the first.
    assert told is not None
    assert told.periods["trained_on"].tolist() == [300]
    assert told.periods["start"].tolist() == [days[600]]


def test_days_of_knowing_need_days_of_rows() -> None:
    table, won = history(100, fit=0.5, intent=1)

    with pytest.raises(InvalidInput, match="`when` those of rows is missing"):
        weigh_history(table, won, known=pd.Series(np.arange(100)))


def test_what_moved_is_told_by_fact() -> None:
    table, won = history(2_000, fit=0.5, intent=1)
    table.loc[1_700:, "fit"] += 3
    told = weigh_history(table, won).backtest

    assert told is not None
    assert told.drift.loc["fit"].iloc[-1] > 0.25
    assert told.drift.loc["intent"].iloc[-1] < 0.1


def test_a_base_that_fell_for_good_is_moved() -> None:
    # Ten periods: even odds promised, a third won: odds of 1 to 2 are 20 points less.
    periods = [(np.array([1.0, 0.0, 0.0] * 100), np.zeros(300, dtype=int)) for _ in range(3)]
    found = recalibration(periods)

    assert found is not None
    assert (found.points, found.helps) == (-20, True)
    assert found.after < found.before
    assert recalibration(periods[:1]) is None


def test_a_base_that_goes_up_and_down_is_left_alone() -> None:
    high, low = np.array([1.0, 1.0, 0.0] * 100), np.array([1.0, 0.0, 0.0] * 100)
    found = recalibration([(won, np.zeros(300, dtype=int)) for won in (high, low, high, low)])

    assert found is not None
    assert not found.helps


def test_without_signal_the_hand_card_scores_are_still_exact() -> None:
    table, _ = history(50, fit=0, intent=0)
    scored = score_table(table, hand(10))

    assert set(scored.table["score"]) == {-10, 10}
