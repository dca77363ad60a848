"""Two books that differ in one cell, and two answers that should differ in what rests on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.answer import Answer
from eval.score import Sample
from tests.eval.scorers.samples import (
    GOOD,
    KEY,
    SCORE,
    SPEND,
    TASK,
    Change,
    add,
    drop,
    figure,
    passage,
    put,
    says,
    score,
)

# One order line is worth 6,000 less: 42,000 against 60,000 is -30 %.
MOVED = (("account:A-1", "net_spend_12m"), ("account:A-1", "spend_change"))
FEWER = put(
    "spend",
    text="Net spend of the last 12 months is 42,000, down 30 % on the year before.",
    figures=(
        SPEND.figures[0].model_copy(update={"written": "42,000", "value": "42000"}),
        SPEND.figures[1].model_copy(update={"written": "30 %", "value": "-0.3"}),
    ),
)(GOOD)


@pytest.fixture
def twins(good: Sample) -> Sample:
    task = TASK.model_copy(update={"twin_of": "t0"})
    return replace(
        good,
        task=task,
        key=KEY.model_copy(update={"moved": MOVED}),
        answer=FEWER,
        twin=GOOD,
        twin_key=KEY,
    )


def test_what_depends_on_the_cell_changes_and_nothing_else(twins: Sample) -> None:
    # Two moved measures; staff, hall, ana, workshop and offer are bound to stay.
    found = score("counterfactual", twins)
    assert (found.value, found.hits, found.of) == (1.0, 7, 7)


def test_measures_of_its_own_and_what_rests_on_them_may_change(twins: Sample) -> None:
    ranked = add(
        says("next", "recommendation", "Leave it for now.", rests_on=("score",)),
    )(put("score", text="Its score is 12.", figures=(
        figure("12", "12", "points", "account:A-1", "score"),
    ))(FEWER))  # fmt: skip
    assert SCORE in GOOD.statements
    assert score("counterfactual", replace(twins, answer=ranked)).value == 1.0


def test_advice_that_stays_may_rest_on_less_than_before(twins: Sample) -> None:
    # In the twin it rested on the score, which is of its own and free; here it does not.
    advice = says("go", "recommendation", "Go and see them.", rests_on=("hall", "score"))
    here = add(advice.model_copy(update={"rests_on": ("hall",)}))(FEWER)
    assert score("counterfactual", replace(twins, answer=here, twin=add(advice)(GOOD))).value == 1.0


WORSE: tuple[tuple[str, Change, str], ...] = (
    ("the figures stay", lambda _: GOOD, "net_spend_12m of account:A-1: 48000 in both"),
    ("a quote goes", drop("hall", "offer"), "hall: is in the twin alone"),
    ("an unmoved measure changes",
     put("staff", text="It has 41 people.",
         figures=(figure("41", "41", "count", "account:A-1", "employees"),)),
     "staff: is here alone"),
    ("a quote comes", add(says("x", "quote", "Freight was fine.", passage("D-1", None))),
     "x: is here alone, though nothing it rests on moved"),
    ("advice on what stayed changes", put("offer", text="Offer racking at once."),
     "offer: is here alone"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), [row[1:] for row in WORSE], ids=[r[0] for r in WORSE])
def test_what_changes_without_a_cause_is_a_fault(twins: Sample, change: Change, fault: str) -> None:
    found = score("counterfactual", replace(twins, answer=change(FEWER)))
    assert found.value is not None
    assert found.value < 1.0
    assert fault in "\n".join(found.faults), found.faults


def test_nothing_to_compare_is_no_value(twins: Sample) -> None:
    empty = Answer(task_id="t", abstained=True)
    assert score("counterfactual", replace(twins, twin=None)).value is None
    assert score("counterfactual", replace(twins, answer=empty, twin=empty)).value is None
    same = drop("spend", "score")(GOOD)
    told = score("counterfactual", replace(twins, answer=same, twin=same))
    assert told.value == 1.0
    assert "2 moved measures are stated in neither" in told.reason
