"""Whether questions are answered, and whether to abstain was right."""

from __future__ import annotations

import pytest

from eval.answer import Answer
from eval.score import Sample
from eval.task import Key
from tests.eval.scorers.samples import (
    QUESTION,
    QUESTION_KEY,
    SPENT,
    add,
    figure,
    have,
    of_spend,
    put,
    says,
    score,
    worked_out,
)

QUESTIONS: tuple[tuple[str, Key, Answer, float | None, float | None], ...] = (
    # what, key, answer, abstention, answered
    ("the figure", QUESTION_KEY, SPENT, 1.0, 1.0),
    ("rounded, in words", QUESTION_KEY,
     have(statements=(says("s", "fact", "It spent about 48K."),))(SPENT),
     1.0, 1.0),
    ("another amount", QUESTION_KEY, of_spend(value="49000")(SPENT), 1.0, 0.0),
    ("a figure of another thing", QUESTION_KEY, of_spend(entity="account:A-3")(SPENT), 1.0, 0.0),
    ("a figure of another measure", QUESTION_KEY,
     of_spend(measure="net_spend_prior_12m", period="")(SPENT), 1.0, 0.0),
    ("a name of its own", QUESTION_KEY, of_spend(measure="spend")(SPENT), 1.0, 1.0),
    ("a number of something else", QUESTION_KEY, of_spend(measure="spend", unit="count")(SPENT),
     1.0, 0.0),
    ("two amounts", QUESTION_KEY,
     add(says("t", "metric", "Or 50,000.", worked_out("net_spend_12m"), figures=(
         figure("50,000", "50000", "money", "account:A-1", "net_spend_12m"),)))(SPENT), 1.0, 0.0),
    ("abstains wrongly", QUESTION_KEY, have(abstained=True)(SPENT), 0.0, 0.0),
    ("only unknowns", QUESTION_KEY, put("spend", kind="unknown")(SPENT), 0.0, 0.0),
    ("abstains rightly", Key(task_id="t", abstain=True), Answer(task_id="t", abstained=True), 1.0,
     None),
    ("guesses", Key(task_id="t", abstain=True), SPENT, 0.0, None),
    ("a day", Key(task_id="t", answers=("2026-10-12",)),
     have(statements=(says("s", "fact", "On 12 Oct 2026."),))(SPENT), 1.0, 1.0),
    ("another day", Key(task_id="t", answers=("2026-10-12",)),
     have(statements=(says("s", "fact", "On 13 Oct 2026."),))(SPENT), 1.0, 0.0),
    ("words", Key(task_id="t", answers=("Ana Ruiz", "Ruiz")),
     have(statements=(says("s", "fact", "Ask ana  ruiz."),))(SPENT), 1.0, 1.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "answer", "abstention", "answered"),
    [row[1:] for row in QUESTIONS],
    ids=[row[0] for row in QUESTIONS],
)
def test_questions_are_answered_or_not(
    good: Sample, key: Key, answer: Answer, abstention: float | None, answered: float | None
) -> None:
    sample = Sample(QUESTION, key, answer, good.ground)
    assert score("abstention", sample).value == abstention
    assert score("answered", sample).value == answered
