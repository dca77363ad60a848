"""Solvers of known quality: the degraded ones, the liar, and the recording they stand on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.answer import Answer, CellSource, Figure, PassageSource, Statement, Step
from eval.dataset import Dataset
from eval.ground import Ground
from eval.logs import LogOfAnotherDataset, write_log
from eval.solvers.degraded import Degraded
from eval.solvers.form import fill
from eval.solvers.liar import INVENTED, Liar
from eval.solvers.protocol import Request
from eval.solvers.recording import NotRecorded, Recording
from eval.solvers.spoiling import KINDS, Kind, Spoiler
from eval.solvers.wrong_figures import misstated
from tests.eval.small import logged, small_dataset

FIGURE = Statement(
    key="f", kind="metric", about="account:A-1", text="The deal is 52,000 dollars.",
    sources=(CellSource(table="opportunities", row="O-1", field="amount"),),
    figures=(
        Figure(
            written="52,000", value="52000.00", unit="money",
            entity="account:A-1/opportunity:O-1", measure="deal_amount", source=0,
        ),
    ),
)  # fmt: skip
QUOTE = Statement(
    key="q", kind="quote", about="account:A-1", text="She needs racks by 12 April.",
    sources=(PassageSource(document_id="D-1", quote="She needs racks by 12 April."),),
)  # fmt: skip
ADVICE = Statement(
    key="a", kind="recommendation", about="account:A-1", text="Offer racks.", rests_on=("q", "f")
)
STEP = Step(key="t", what="Call.", kind="call", due=date(2027, 2, 1), rests_on=("q",))
ANSWER = Answer(task_id="plan", statements=(FIGURE, QUOTE, ADVICE), steps=(STEP,))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("dataset"))


@pytest.fixture(scope="module")
def recording(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("logs") / "good"
    log = logged(dataset, ANSWER, Answer(task_id="staff", abstained=True))
    write_log(folder, log.run, log.samples, log.timings)
    return Recording(folder)


def asked(dataset: Dataset, task_id: str = "plan", *, trial: int = 0, seed: int = 0) -> Request:
    task = next(task for task in dataset.tasks if task.task_id == task_id)
    return Request(task=task, book=dataset.book(task.book), trial=trial, seed=seed)


def only(kind: Kind, dataset: Dataset, answer: Answer = ANSWER) -> Answer:
    return Spoiler(1.0, (kind,), "0/0").spoiled(answer, Ground(dataset.book("one")))


def test_a_recording_gives_what_the_log_has(dataset: Dataset, recording: Recording) -> None:
    assert recording.answer(asked(dataset)) == ANSWER
    # The log has one trial; more begin again.
    assert recording.answer(asked(dataset, trial=2)) == ANSWER


def test_a_recording_refuses_what_it_lacks_and_another_dataset(
    dataset: Dataset, recording: Recording, tmp_path: Path
) -> None:
    with pytest.raises(NotRecorded, match="good has no answer to task staff-twin, trial 0"):
        recording.answer(asked(dataset, "staff-twin"))

    small_dataset(tmp_path / "other", (dataset.tasks[0].model_copy(update={"cluster": "x"}),))
    for folder, words in (
        (tmp_path / "other", "the task comes from one with"),
        (tmp_path / "none", "the task comes from a folder that is no dataset"),
    ):
        request = asked(dataset).model_copy(update={"book": folder / "books" / "one"})
        with pytest.raises(LogOfAnotherDataset, match=words):
            recording.answer(request)


def test_nothing_is_spoiled_at_a_share_of_nought(dataset: Dataset, recording: Recording) -> None:
    assert Degraded(recording, 0.0)(asked(dataset)) == ANSWER


def test_a_wrong_figure_is_wrong_in_words_and_value_alike(dataset: Dataset) -> None:
    statement = only("wrong_figure", dataset).statements[0]

    (figure,) = statement.figures
    assert figure.written != "52,000"
    assert figure.written in statement.text
    assert Decimal(figure.written.replace(",", "")) == Decimal(figure.value)
    assert statement.sources == FIGURE.sources


def test_a_dropped_citation_leaves_the_sentence_and_nothing_that_points_at_it(
    dataset: Dataset,
) -> None:
    spoiled = only("dropped_citation", dataset)

    assert [item.text for item in spoiled.statements] == [s.text for s in ANSWER.statements]
    assert all(not item.sources and not item.figures for item in spoiled.statements)


def test_what_rested_on_a_dropped_sentence_rests_on_it_no_more(dataset: Dataset) -> None:
    spoiled = only("dropped_insight", dataset)

    # Only the quote rests on a document.
    assert [item.key for item in spoiled.statements] == ["f", "a"]
    assert spoiled.statements[1].rests_on == ("f",)
    assert spoiled.steps[0].rests_on == ()
    assert only("dropped_statement", dataset).statements == ()


def test_a_distractor_is_a_sentence_of_a_note_with_its_source(dataset: Dataset) -> None:
    spoiled = only("distractor", dataset)

    assert [item.key for item in spoiled.statements] == [
        "f", "f-added", "q", "q-added", "a", "a-added",
    ]  # fmt: skip
    ground = Ground(dataset.book("one"))
    for added in spoiled.statements[1::2]:
        (source,) = added.sources
        assert isinstance(source, PassageSource)
        assert str(source.quote) in str(ground.document(source.document_id))
        assert added.text == source.quote


def test_a_step_is_moved_out_of_the_period_and_the_sentences_stay(dataset: Dataset) -> None:
    spoiled = only("step_outside", dataset)

    assert spoiled.steps[0].due == date(2028, 1, 31)
    assert spoiled.statements == ANSWER.statements


def test_seed_and_trial_decide_what_is_spoiled(dataset: Dataset, recording: Recording) -> None:
    half = Degraded(recording, 0.5)
    many = [half(asked(dataset, trial=t, seed=s)) for t in range(4) for s in range(4)]

    assert many == [half(asked(dataset, trial=t, seed=s)) for t in range(4) for s in range(4)]
    assert len({answer.model_dump_json() for answer in many}) > 8


def test_the_share_is_kept_and_a_greater_one_spoils_the_same_and_more(dataset: Dataset) -> None:
    plain = tuple(ADVICE.model_copy(update={"key": f"k{n}", "rests_on": ()}) for n in range(1000))
    long = Answer(task_id="plan", statements=plain)
    ground = Ground(dataset.book("one"))

    gone = []
    for share in (0.1, 0.3):
        spoiled = Spoiler(share, ("dropped_statement",), "7/0").spoiled(long, ground)
        kept = {item.key for item in spoiled.statements}
        gone.append({item.key for item in plain} - kept)

    # 100 and 300 of 1,000, give or take three standard deviations (9.5 and 14.5).
    assert abs(len(gone[0]) - 100) < 29
    assert abs(len(gone[1]) - 300) < 44
    assert gone[0] < gone[1]


def test_the_kinds_are_those_that_are_published() -> None:
    assert get_args(Kind) == KINDS


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("12 April 2027", "2027-04-12", "date"),
        ("2027-04-12", "2027-04-12", "date"),
        ("12%", "0.12", "share"),
        ("1.2M", "1234567", "money"),
        ("7", "7", "count"),
    ],
)
@given(seed=st.integers(0, 50))
def test_a_misstated_figure_differs_where_its_words_do(
    written: str, value: str, unit: str, seed: int
) -> None:
    figure = FIGURE.figures[0].model_copy(update={"written": written, "value": value, "unit": unit})
    said = FIGURE.model_copy(update={"text": f"It is {written}.", "figures": (figure,)})

    told = misstated(said, Random(seed))

    assert told is not None
    (wrong,) = told.figures
    assert wrong.written != written
    assert wrong.value != value
    assert told.text == f"It is {wrong.written}."


def test_a_sentence_without_figures_cannot_be_misstated() -> None:
    name = FIGURE.figures[0].model_copy(update={"written": "deal", "value": "deal", "unit": "name"})
    unclear = FIGURE.figures[0].model_copy(update={"written": "some 40"})

    assert misstated(QUOTE, Random(0)) is None
    assert misstated(FIGURE.model_copy(update={"figures": (name,)}), Random(0)) is None
    assert misstated(FIGURE.model_copy(update={"figures": (unclear,)}), Random(0)) is None


def test_the_liar_keeps_the_look_and_lies_in_three_ways(dataset: Dataset) -> None:
    liar = Liar(fill)
    ground = Ground(dataset.book("one"))
    forged = wrong = invented = true = 0
    for seed in range(20):
        honest, told = fill(asked(dataset)), liar(asked(dataset, seed=seed))
        assert told == liar(asked(dataset, seed=seed))
        assert [item.key for item in told.statements] == [item.key for item in honest.statements]
        assert told.steps == honest.steps
        for said, lie in zip(honest.statements, told.statements, strict=True):
            true += said == lie
            invented += lie.text in INVENTED
            wrong += said.figures != lie.figures and lie.text not in INVENTED
            forged += any(
                isinstance(source, CellSource) and source.row not in ground.table(source.table)
                for source in lie.sources
            )

    # 20 plans of 22 statements. The 8 without a source stay, and of the other 14 a third:
    # 160 + 93, give or take three standard deviations of 8.
    assert forged + wrong + invented + true == 440
    assert min(forged, wrong, invented) > 15
    assert abs(true - 253) < 24
