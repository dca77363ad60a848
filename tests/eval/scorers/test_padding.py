"""Neither length nor a heap of sources may pay, and other properties of the scorers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.answer import Answer, CellSource, PassageSource
from eval.score import Sample
from eval.scorers import SCORERS
from tests.eval.scorers.samples import (
    CUP,
    GOOD,
    HALL,
    NEW_HALL,
    OLGA,
    Change,
    add,
    drop,
    have,
    passage,
    put,
    rubric,
    says,
    score,
)

GENERIC = (
    "It is important to keep a close relationship with the customer.",
    "A good plan begins with what the buyer needs.",
    "Regular contact builds trust over time.",
)
WEAK: Change = lambda answer: add(says("claim", "fact", "Ana has retired to the coast."))(  # noqa: E731
    drop("hall", "workshop", "ana")(put("call", due=None, measure="")(answer))
)


def notes(answer: Answer, sample: Sample) -> Answer:
    rows = sample.ground.table("documents").items()
    return add(*(says(f"n-{name}", "quote", row["text"], passage(name, row["text"]),
                      section="why_now") for name, row in rows))(answer)  # fmt: skip


def cells(answer: Answer, sample: Sample) -> Answer:
    every = tuple(
        CellSource(table=table, row=name, field=field)
        for table in ("accounts", "contacts", "opportunities")
        for name, row in sample.ground.table(table).items()
        for field in row
    )
    return _with_sources(answer, every)


def documents(answer: Answer, sample: Sample) -> Answer:
    every = tuple(
        PassageSource(document_id=name, quote=row["text"])
        for name, row in sample.ground.table("documents").items()
    )
    return _with_sources(answer, every)


def _with_sources(answer: Answer, sources: tuple[CellSource | PassageSource, ...]) -> Answer:
    return have(
        statements=tuple(
            item.model_copy(update={"sources": (*item.sources, *sources)})
            for item in answer.statements
        )
    )(answer)


def twice(answer: Answer, _: Sample) -> Answer:
    return have(statements=answer.statements * 2, steps=answer.steps * 2)(answer)


def generic(answer: Answer, _: Sample) -> Answer:
    sections = ("where_we_stand", "buying_group", "risks")
    kinds = ("recommendation", "assumption", "fact")
    return add(
        *(
            says(f"g-{kind}-{section}", kind, text, section=section)
            for kind in kinds
            for section, text in zip(sections, GENERIC, strict=True)
        )
    )(answer)


@pytest.mark.parametrize("pad", [notes, cells, documents, twice, generic])
@pytest.mark.parametrize("base", [lambda answer: answer, WEAK], ids=["good", "weak"])
def test_padding_does_not_raise_the_rubric(
    good: Sample, pad: Callable[[Answer, Sample], Answer], base: Change
) -> None:
    answer = base(GOOD)
    before = rubric(replace(good, answer=answer))
    assert rubric(replace(good, answer=pad(answer, good))) < before + 1e-9


def test_a_weak_answer_is_worse_than_a_good_one_and_none_is_worst(good: Sample) -> None:
    assert rubric(good) == 100
    assert 0 == rubric(replace(good, answer=None)) < rubric(replace(good, answer=WEAK(GOOD))) < 90


CHANGES: tuple[Change, ...] = (
    drop("hall"),
    drop("leeds", "ana"),
    put("call", owner=None),
    put("spend", text="Net spend fell."),
    add(says("cup", "quote", CUP, passage("D-3", CUP))),
    add(says("olga", "fact", OLGA)),
    have(ranking=(), changes=()),
    WEAK,
)
some_changes = st.lists(st.sampled_from(CHANGES), max_size=4)
by_example = settings(
    max_examples=15, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@by_example
@given(changes=some_changes, data=st.data())
def test_values_lie_between_nought_and_one_and_order_does_not_matter(
    good: Sample, changes: list[Change], data: st.DataObject
) -> None:
    answer = GOOD
    for change in changes:
        answer = change(answer)
    shuffled = have(
        statements=tuple(data.draw(st.permutations(answer.statements))),
        steps=tuple(data.draw(st.permutations(answer.steps))),
    )(answer)
    for scorer in SCORERS:
        found = scorer(replace(good, answer=answer))
        again = scorer(replace(good, answer=shuffled))
        assert found.value is None or 0 <= found.value <= 1
        assert 0 <= found.hits <= found.of
        assert (found.value, found.hits, found.of) == (again.value, again.hits, again.of)


@by_example
@given(changes=some_changes)
def test_telling_a_planted_insight_never_lowers_recall(good: Sample, changes: list[Change]) -> None:
    answer = GOOD
    for change in changes:
        answer = change(answer)
    before = score("insight_recall", replace(good, answer=answer))
    told = NEW_HALL.model_copy(update={"key": "told"})
    after = score("insight_recall", replace(good, answer=add(told)(answer)))
    assert before.value is not None
    assert after.value is not None
    assert after.value >= before.value
    assert HALL in told.text
