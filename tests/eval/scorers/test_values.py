"""Values worked out by hand, where they are more than a share of units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eval.answer import NoticedChange
from eval.score import Sample
from tests.eval.scorers.samples import (
    CUP,
    GOOD,
    KEY,
    MAY,
    STAFF,
    add,
    drop,
    have,
    of_spend,
    passage,
    put,
    says,
    score,
)


def test_too_many_hours_leave_the_share_that_fits(good: Sample) -> None:
    # 17.5 + 4.5 hours are 22, twice the 11 that there are.
    found = score("feasibility", replace(good, answer=put("call", hours=Decimal("17.5"))(GOOD)))
    assert (found.value, found.hits, found.of) == (0.5, 2, 2)
    assert found.reason == "2 of 2 steps can be done. They take 22.0 hours of 11."


def test_a_period_of_other_days_costs_a_step_each_end(good: Sample) -> None:
    # Two steps that can be done; the plan says it ends a month later: 1 - 1 / 2.
    answer = GOOD.model_copy(update={"ends": date(2027, 5, 2)})
    found = score("feasibility", replace(good, answer=answer))
    assert (found.value, found.hits, found.of) == (0.5, 2, 2)


def test_f1_of_changes_is_worked_out_by_hand(good: Sample) -> None:
    # One of two planted noticed, one near miss raised: 2 x 1 / (2 x 1 + 1 + 1) = 0.5.
    key = KEY.model_copy(update={"changes": (*KEY.changes, KEY.unchanged[0]), "unchanged": (
        KEY.changes[0].model_copy(update={"kind": "rep_left", "entity": "rep:R-1"}),
    )})  # fmt: skip
    noticed = (GOOD.changes[0], NoticedChange(kind="rep_left", entity="rep:R-1"))
    found = score("triggers", replace(good, key=key, answer=have(changes=noticed)(GOOD)))
    assert found.value == 0.5
    assert found.reason == (
        "1 of 2 changes noticed, 1 of 1 near misses raised, 0 further changes told."
    )


def test_near_misses_alone_are_a_rate(good: Sample) -> None:
    key = KEY.model_copy(update={"changes": (), "unchanged": KEY.unchanged + KEY.changes})
    assert score("triggers", replace(good, key=key)).value == 0.5  # champion_gone was raised


def test_brevity_falls_to_nought_at_twice_the_words(good: Sample) -> None:
    count = len(GOOD.text().split())
    values = {
        limit: score(
            "brevity", replace(good, key=KEY.model_copy(update={"words_at_most": limit}))
        ).value
        for limit in (count, count // 2, 80)
    }
    assert values == {count: 1.0, count // 2: 0.0, 80: pytest.approx(1 - (count - 80) / 80)}


def test_each_wrong_figure_costs_a_quarter_and_right_ones_do_not_make_up_for_it(
    good: Sample,
) -> None:
    wrong = of_spend(unit="count")(GOOD)
    padded = add(*(STAFF.model_copy(update={"key": f"s{n}"}) for n in range(50)))(wrong)
    again = have(statements=wrong.statements * 2)(wrong)
    for answer in (wrong, padded, again):
        assert score("figures", replace(good, answer=answer)).value == 0.75


def test_what_is_taken_on_trust_is_told_and_neither_helps_nor_hurts(good: Sample) -> None:
    found = score("citation_recall", good)
    assert found.reason == (
        "5 of 5 claiming sentences are supported. 1 of 6 figures are taken on trust."
    )
    only = score("citation_recall", replace(good, answer=drop("spend", "staff", "hall", "ana",
                                                              "workshop")(GOOD)))  # fmt: skip
    assert only.value is None
    assert only.reason == (
        "Every sentence that claims something is taken on trust. 1 of 1 figures are taken on trust."
    )


def test_half_of_what_is_found_in_a_heap_of_notes_counts(good: Sample) -> None:
    # Two sentences to the point allow six beside it; there are 14, so 8 of 16 are read. The
    # measured insight is in no note: (0.5 + 0.5 + 1) / 3.
    heap = (says(f"x{n}", "quote", "They won.", passage("D-3", CUP)) for n in range(14))
    found = score("insight_recall", replace(good, answer=add(*heap)(GOOD)))
    assert found.value == pytest.approx(2 / 3)
    assert found.reason == (
        "3 of 3 insights are told with their source. Those in notes count 50%: a heap."
    )
    assert score("selection", replace(good, answer=add()(GOOD))).value == 1.0


def test_merits_are_diluted_past_twice_the_words(good: Sample) -> None:
    padding = says("x", "assumption", "word " * 1000)
    long = replace(good, answer=add(padding)(GOOD))
    count = len(GOOD.text().split()) + 1000
    found = score("sections", long)
    assert found.value == pytest.approx(2 * 150 / count)
    assert (
        found.reason
        == f"5 of 5 sections hold something. Diluted to {300 / count:.0%} by its length."
    )


def test_a_sentence_that_is_repeated_adds_no_merit(good: Sample) -> None:
    doubled = replace(good, answer=have(statements=GOOD.statements * 2)(GOOD))
    for name, of in (("numerals", 9), ("citation_recall", 5)):
        assert score(name, doubled).of == of


def test_one_side_of_a_contradiction_is_worth_less_than_silence(good: Sample) -> None:
    one_side = put("leeds", kind="fact", sources=(passage("D-6", MAY),))
    values = [
        score("conflicts", replace(good, answer=change(GOOD))).value
        for change in (one_side, drop("leeds"))
    ]
    assert values == [0.0, 0.5]
