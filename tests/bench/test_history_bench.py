"""The bench of facts from events compares like with like."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bench.history import BY, Case, added, made_deals, made_events
from bench.history_rivals import rolling_facts, running_rates
from bench.report import Report
from bench.small_logistic import auc, binned, fitted
from tools.history.event_facts import history_rows
from tools.history.track_record import track_record


def test_plain_pandas_and_ours_tell_the_same_rates() -> None:
    deals = made_deals(2_000, owners=20)

    ours = track_record(
        deals, rows=deals, when="opened", closed="closed", outcome="won", by=BY
    )  # fmt: skip

    pd.testing.assert_frame_equal(running_rates(deals, BY)[list(ours)], ours, rtol=1e-9)


def test_plain_pandas_and_ours_tell_the_same_spend() -> None:
    # One event an account and day: rolling windows end at the row, ours with the day.
    events = made_events(3_000).drop_duplicates(["account", "day"])

    ours = history_rows(events, events, entity="account", when="day", amount="amount")

    theirs = rolling_facts(events)
    for name in ("spend_30d", "spend_90d", "spend_all"):
        assert np.abs(ours[name] - theirs[name]).max() < 1e-6


def test_the_small_logistic_finds_the_fact_that_tells() -> None:
    draw = np.random.default_rng(1)
    facts = pd.DataFrame({"tells": draw.normal(size=800), "word": draw.choice(["a", "b"], 800)})
    facts.loc[::9, "tells"] = np.nan
    outcome = (facts["tells"].fillna(0) + draw.normal(size=800) > 0).to_numpy(dtype=float)
    columns, learned = binned(facts)

    ranked = columns(facts) @ fitted(learned, outcome)

    assert auc(outcome, ranked) > 0.75
    assert auc(np.array([1.0, 0.0]), np.array([3.0, 3.0])) == 0.5
    assert np.isnan(auc(np.ones(2), np.ones(2)))


def test_a_row_of_the_table_learns_only_from_what_was_known() -> None:
    # Outcomes are all known on the last day, so that nothing can be learnt before the test.
    days = np.arange(np.datetime64("2020-01-01"), np.datetime64("2020-07-19"))
    outcome = np.tile([0.0, 1.0], 100)
    facts = pd.DataFrame({"gives_it_away": outcome})
    known = np.full(200, np.datetime64("2021-01-01"))
    table = Report("history").table("AUC", ("data",))

    tested = [np.datetime64("2020-03-01")]
    record = pd.DataFrame({"win_rate_all": outcome, "outcomes_all": outcome})
    added(table, "late", Case(facts, outcome, days, known, tested), record)
    added(table, "in time", Case(facts, outcome, days, days, tested), record)

    assert table.values[0]["auc"][0] == pytest.approx(0.5)
    assert table.values[1]["auc"][0] == 1.0
