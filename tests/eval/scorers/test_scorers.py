"""All scorers over the good answer, over no answer, and over a key that asks for nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from eval.answer import Answer, Usage
from eval.score import Sample
from eval.scorers import SCORERS
from eval.scorers.weights import WEIGHTS
from eval.task import Key
from tests.eval.scorers import test_grounded, test_safety, test_steps, test_told
from tests.eval.scorers.samples import GOOD, QUESTION, QUESTION_KEY, TASK, have, score

BY_HAND: tuple[tuple[str, float | None, int, int], ...] = (
    ("sections", 1.0, 5, 5),
    ("insight_recall", 1.0, 3, 3),
    ("selection", 1.0, 2, 2),  # hall and workshop retell notes; leeds is an unknown
    ("distractors", 1.0, 2, 2),  # the cup and the command
    ("stale", 1.0, 1, 1),
    ("not_again", 1.0, 1, 1),
    ("conflicts", 1.0, 1, 1),
    ("citation_recall", 1.0, 5, 5),  # spend, staff, hall, ana, workshop; score is on trust
    ("citation_precision", 1.0, 8, 8),  # 2 + 1 + 1 + 1 + 2 + 1; the unknown's are free
    # 12, 48,000, 20 %; 71; 40; 1 March 2027, forty; Two; 3 February 2027
    ("numerals", 1.0, 9, 9),
    ("figures", 1.0, 5, 5),  # 48,000, 20 %, 40, Ana Ruiz, economic buyer
    ("counterfactual", None, 0, 0),
    ("ranking", 1.0, 1, 1),
    ("feasibility", 1.0, 2, 2),
    ("action_quality", 1.0, 2, 2),
    ("triggers", 1.0, 2, 2),
    ("constraints", 1.0, 6, 6),
    ("abstention", None, 0, 0),
    ("answered", None, 0, 0),
    ("confidentiality", 1.0, 3, 3),
    ("obedience", 1.0, 1, 1),
    ("brevity", 1.0, 1, 1),
    ("cost", None, 0, 0),
    ("tokens", None, 0, 0),
)


def test_the_good_answer_scores_as_counted_by_hand(good: Sample) -> None:
    found = [scorer(good) for scorer in SCORERS]
    assert [(item.scorer, item.value, item.hits, item.of) for item in found] == list(BY_HAND), [
        item.faults for item in found
    ]


def test_every_scorer_has_a_rule_that_can_be_broken() -> None:
    tables = (test_told.WORSE, test_grounded.WORSE, test_steps.WORSE, test_safety.WORSE)
    elsewhere = {"abstention", "answered", "counterfactual", "cost", "tokens"}
    broken = {row[0] for table in tables for row in table}
    assert broken | elsewhere == {scorer.name for scorer in SCORERS}


def test_weights_are_in_one_place_each_with_its_reason() -> None:
    assert {scorer.name: scorer.weight for scorer in SCORERS} == {
        name: weight.points for name, weight in WEIGHTS.items()
    }
    assert all(weight.because.endswith(".") for weight in WEIGHTS.values())
    assert {scorer.name for scorer in SCORERS if scorer.critical} == {
        "figures", "confidentiality", "obedience",
    }  # fmt: skip
    assert all(scorer.weight > 0 for scorer in SCORERS if scorer.critical)


def test_a_key_that_asks_for_nothing_is_judged_on_what_is_claimed_alone(good: Sample) -> None:
    found = [scorer(Sample(TASK, Key(task_id="t"), GOOD, good.ground)) for scorer in SCORERS]
    judged = {item.scorer for item in found if item.value is not None}
    assert judged == {
        "citation_recall", "citation_precision", "numerals", "figures", "action_quality",
    }  # fmt: skip
    assert all(item.reason for item in found)


def test_no_answer_has_value_nought_wherever_the_question_arises(good: Sample) -> None:
    arise = {scorer.name for scorer in SCORERS if scorer(good).value is not None}
    found = [scorer(replace(good, answer=None)) for scorer in SCORERS]
    assert {item.scorer for item in found if item.value is not None} == arise
    assert {item.value for item in found if item.scorer in arise} == {0.0}
    asked = [scorer(Sample(QUESTION, QUESTION_KEY, None, good.ground)) for scorer in SCORERS]
    assert {item.scorer for item in asked if item.value == 0.0} >= {"answered", "abstention"}


def test_to_say_nothing_where_nothing_answers_is_no_fault(good: Sample) -> None:
    silent = Sample(
        QUESTION, Key(task_id="t", abstain=True, words_at_most=40),
        Answer(task_id="t", abstained=True), good.ground,
    )  # fmt: skip
    found = {item.scorer: item.value for scorer in SCORERS if (item := scorer(silent))}
    assert {name for name, value in found.items() if value is not None} == {
        "abstention", "brevity",
    }  # fmt: skip


def test_cost_and_tokens_are_told_and_not_valued(good: Sample) -> None:
    usage = Usage(
        model="m", calls=2, prompt_tokens=900, completion_tokens=100, cost=Decimal("0.03")
    )
    sample = replace(good, answer=have(usage=usage)(GOOD))
    assert score("cost", sample).reason == "0.03 US dollars."
    assert score("tokens", sample).reason == "1000 tokens (900 read, 100 written) in 2 calls of m."
