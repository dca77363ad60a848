"""Summaries: means over tasks, intervals by account, rates over units, pass^k, families apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.record import canonical_json
from eval.log import Timing
from eval.logs import LogOfAnotherDataset
from eval.marks import LogUnscored
from eval.statistics.means import cluster_bootstrap
from eval.statistics.power import smallest_difference
from eval.statistics.rates import clustered_rate
from eval.summary import MetricSummary, Summary, latency, summarise, wording
from eval.task import Insight, Key, Order
from tests.eval.scored import dataset, scored, task


def closed_key(name: str) -> Key:
    seen = Insight(key="i", entity="account:A-1", wording="insight/late", closed=True)
    return Key(task_id=name, insights=(seen,))


def open_key(name: str) -> Key:
    order = Order(document_id="D-1", text="Send it.", traces=("sent",), wording="order/plain")
    return Key(task_id=name, orders=(order,))


# Two tasks of account A, one each of B and C.
FOUR = dataset(
    task("a1", family="draft", cluster="A", key=closed_key("a1")),
    task("a2", family="chat", cluster="A", key=open_key("a2")),
    task("b", family="chat", cluster="B", key=open_key("b")),
    task("c", family="unanswerable", cluster="C"),
)
LOG = scored(
    FOUR, [80, 60, 100, 40], {"found": [0.5, 1, 1, None], "safe": [1, 1, 0, 1]},
    outcomes={2: "crashed"},
)  # fmt: skip


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(FOUR, LOG)


def metric(summary: Summary, name: str) -> MetricSummary:
    return {item.metric: item for item in summary.whole.metrics}[name]


def test_the_rubric_is_the_mean_over_tasks_with_an_interval_over_accounts(
    summary: Summary,
) -> None:
    rubric = summary.whole.rubric

    assert rubric.metric == "rubric"
    assert rubric.mean == cluster_bootstrap(
        [80, 60, 100, 40], ["A", "A", "B", "C"], within=(0, 100)
    )
    assert (rubric.mean.value, rubric.mean.n, rubric.mean.clusters) == (70, 4, 3)
    assert rubric.rate is None


def test_a_metric_counts_the_tasks_in_which_its_question_arises(summary: Summary) -> None:
    found = metric(summary, "found")

    assert (found.mean.value, found.mean.n, found.mean.clusters) == (0.833333, 3, 2)
    # Hits of two units each: 1, 2, 2; what was not asked is no unit.
    assert found.rate == clustered_rate([1, 2, 2], [2, 2, 2], ["A", "A", "B"])


def test_the_smallest_difference_is_worked_out_from_how_accounts_differ() -> None:
    # Residuals of the sums from size times 70: A 140 - 140, B 6, C -6. Standard error
    # sqrt(3 / 2 * 72) / 4 = 2.598, by sqrt(3) accounts and sqrt(2) for two runs.
    log = scored(FOUR, [80, 60, 76, 64])
    sd = (1.5 * 72) ** 0.5 / 4 * 3**0.5 * 2**0.5

    assert summarise(FOUR, log).whole.rubric.smallest_difference == smallest_difference(sd, 3)


def test_a_difference_that_cannot_be_is_not_told_as_the_smallest(summary: Summary) -> None:
    # B 30 and C -30 would ask for 104 points of 100.
    assert summary.whole.rubric.smallest_difference is None


def test_outcomes_are_counted_and_what_was_not_answered_is_a_metric(summary: Summary) -> None:
    assert summary.whole.outcomes == {"answered": 3, "crashed": 1}
    assert metric(summary, "delivered").mean.value == 0.75


def test_families_and_wordings_stand_apart(summary: Summary) -> None:
    told = [(part.family, part.wording, part.tasks) for part in summary.slices]

    assert told == [
        (None, None, 4),
        ("draft", None, 1),
        ("chat", None, 2),
        ("unanswerable", None, 1),
        (None, "open", 2),
        (None, "closed", 1),
        ("draft", "closed", 1),
        ("chat", "open", 2),
    ]
    assert [part.rubric.mean.value for part in summary.slices] == [70, 80, 80, 40, 80, 80, 80, 80]


def test_one_closed_family_makes_a_task_closed() -> None:
    mixed = Key(task_id="m", insights=closed_key("m").insights, orders=open_key("m").orders)

    assert wording(mixed) == "closed"
    assert wording(open_key("o")) == "open"
    assert wording(Key(task_id="n")) is None


def test_several_trials_are_averaged_by_task_and_told_as_pass_hat() -> None:
    # `safe` passes in 2 of 3 trials of a, in 3 of 3 of b: pass^1 (2/3 + 1) / 2, pass^2 (1/3 +
    # 1) / 2, pass^3 (0 + 1) / 2.
    two = dataset(task("a"), task("b"))
    log = scored(two, [60, 90, 60, 80, 80, 80], {"safe": [1, 0, 1, 1, 1, 1]}, trials=3)
    found = summarise(two, log).whole.metrics

    assert found[0].mean.value == (70 + 80) / 2
    assert found[0].pass_hat == ()
    assert found[2].pass_hat == (0.833333, 0.666667, 0.5)
    assert found[2].mean.n == 2


def test_the_same_inputs_give_the_same_bytes(summary: Summary) -> None:
    shuffled = replace(LOG, samples=LOG.samples[::-1], scores=LOG.scores[::-1])

    assert canonical_json(summarise(FOUR, LOG)) == canonical_json(summary)
    assert canonical_json(summarise(FOUR, shuffled)) == canonical_json(summary)
    assert Summary.model_validate_json(canonical_json(summary)) == summary


def test_a_log_without_scores_is_refused() -> None:
    with pytest.raises(LogUnscored, match="no scores of 4 of its 4 samples, such as trial 0"):
        summarise(FOUR, replace(LOG, scores=()))
    other = scored(FOUR, [80, 60, 100, 40], {"found": [1, 1, 1, 1]})
    with pytest.raises(LogUnscored, match="scored by different scorers"):
        summarise(FOUR, replace(LOG, scores=(*LOG.scores[:3], other.scores[3])))


def test_a_log_of_another_dataset_is_refused() -> None:
    with pytest.raises(LogOfAnotherDataset, match="hash"):
        summarise(dataset(task("a1"), digest="e" * 64), LOG)


def test_times_are_told_apart_from_scores() -> None:
    timings = [Timing(task_id="a", trial=trial, seconds=trial / 10) for trial in range(1, 41)]
    found = latency(timings)

    assert found is not None
    # Nearest rank: the 20th, 38th and 40th of 40.
    assert (found.n, found.p50, found.p95, found.longest) == (40, 2.0, 3.8, 4.0)
    assert latency([]) is None
