"""Two small scorers judge a log by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.record import canonical_json
from eval.answer import Answer, Statement
from eval.dataset import Dataset
from eval.log import LoggedSample, ScoredSample
from eval.logs import Log, LogOfAnotherDataset, read_log, write_log, write_scores
from eval.score import Sample, Score
from eval.scoring import Mean, ScorerFaulty, means, score
from eval.task import Key
from tests.eval.small import logged, small_dataset, three_tasks


@dataclass(frozen=True)
class Says:
    """Half of it is to be short, half to state one of the answers; asked where there are any."""

    name: str = "says"
    question: str = "Does it state the answer?"
    why: str = "A wrong figure is acted on."
    weight: float = 3.0
    critical: bool = True

    def __call__(self, sample: Sample) -> Score:
        if not sample.key.answers:
            return Score(scorer=self.name, value=None, reason="nothing to state")
        if sample.answer is None:
            return Score(scorer=self.name, value=0, of=1, reason="no answer")
        right = any(word in sample.answer.text() for word in sample.key.answers)
        return Score(scorer=self.name, value=float(right), hits=right, of=1, reason="looked")


@dataclass(frozen=True)
class Follows:
    """A twin has to say something else than the task it is a twin of, by the books' cells."""

    name: str = "follows"
    question: str = "Does the answer follow the book?"
    why: str = "One that does not is no answer to this book."
    weight: float = 1.0
    critical: bool = False

    def __call__(self, sample: Sample) -> Score:
        if sample.answer is None:
            return Score(scorer=self.name, value=0, reason="no answer")
        if sample.twin is None or sample.twin_key is None:
            return Score(scorer=self.name, value=0.5, reason="no twin")
        here = sample.ground.cell("accounts", "A-2", "employees")
        follows = str(here) in sample.answer.text() and "12" in sample.twin.text()
        return Score(scorer=self.name, value=float(follows), reason=f"{here} staff")


KEYS = (
    Key(task_id="plan"),
    Key(task_id="staff", answers=("12",)),
    Key(task_id="staff-twin", answers=("15",)),
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("dataset"), three_tasks(), KEYS)


def says(task_id: str, text: str) -> Answer:
    said = Statement(key="s", kind="metric", about="account:A-2", text=text)
    return Answer(task_id=task_id, statements=(said,))


def rubrics(scored: tuple[ScoredSample, ...]) -> list[float]:
    return [sample.rubric for sample in scored]


def test_the_rubric_is_the_weighted_mean_of_what_applies(dataset: Dataset) -> None:
    log = logged(
        dataset,
        says("plan", "Racks first."),
        says("staff", "It has 12 people."),
        says("staff-twin", "It has 15 people."),
    )

    scored = score(dataset, log, (Says(), Follows()))

    # plan: only `follows` applies, 0.5. staff: (3 * 1 + 1 * 0.5) / 4. Its twin: (3 + 1) / 4.
    assert rubrics(scored) == [50.0, 87.5, 100.0]
    assert [given.scorer for given in scored[0].scores] == ["says", "follows"]
    # Its own twin in the log said 12 and 15 stands in the other book.
    wrong = logged(dataset, *(says(task.task_id, "12") for task in dataset.tasks))
    assert rubrics(score(dataset, wrong, (Says(), Follows()))) == [50.0, 87.5, 0.0]


def test_a_weight_of_nought_is_reported_only_and_thirds_have_six_decimals(
    dataset: Dataset,
) -> None:
    log = logged(dataset, *(says(task.task_id, "12") for task in dataset.tasks))

    told = score(dataset, log, (Says(weight=0.0), Follows()))
    thirds = score(dataset, log, (Says(weight=2.0), Follows(weight=1.0)))

    assert rubrics(told) == [50.0, 50.0, 0.0]
    assert told[1].scores[0].value == 1.0
    # (2 * 1 + 0.5) / 3 = 0.8333...
    assert thirds[1].rubric == 83.333333
    assert rubrics(score(dataset, log, (Says(weight=0.0),))) == [0.0, 0.0, 0.0]


def test_a_missing_answer_counts_as_nothing_and_is_not_left_out(dataset: Dataset) -> None:
    log = logged(dataset, says("staff", "12"), says("staff-twin", "15"))
    failed = LoggedSample(task_id="plan", trial=0, outcome="timed_out", detail="It gave none.")
    log = Log(log.run, (failed, *log.samples))

    scored = score(dataset, log, (Says(), Follows()))

    assert rubrics(scored) == [0.0, 87.5, 100.0]
    assert scored[0].outcome == "timed_out"
    assert means(scored) == (
        Mean("rubric", 62.5, 3),
        Mean("delivered", 0.666667, 3),
        Mean("says", 1.0, 2),
        Mean("follows", 0.5, 3),
    )


def test_a_twin_stands_beside_the_same_trial(dataset: Dataset) -> None:
    texts = {"plan": ("", ""), "staff": ("12", "13"), "staff-twin": ("15", "15")}
    run = logged(dataset).run.model_copy(update={"trials": 2})
    samples = tuple(
        LoggedSample(task_id=name, trial=trial, outcome="answered", answer=says(name, text))
        for name, both in texts.items()
        for trial, text in enumerate(both)
    )

    scored = score(dataset, Log(run, samples), (Follows(),))

    assert [(s.trial, s.rubric) for s in scored if s.task_id == "staff-twin"] == [
        (0, 100.0), (1, 0.0),
    ]  # fmt: skip
    # A task counts once: (50 + 50 + 50) / 3.
    assert means(scored)[0] == Mean("rubric", 50.0, 3)


def test_scoring_again_gives_the_same_bytes_without_a_run(dataset: Dataset, tmp_path: Path) -> None:
    log = logged(dataset, *(says(task.task_id, "12") for task in dataset.tasks))
    write_log(tmp_path, log.run, log.samples, log.timings)
    written = []
    for _ in range(2):
        scored = score(dataset, read_log(tmp_path, of=dataset), (Says(), Follows()))
        write_scores(tmp_path, scored)
        written.append((tmp_path / "scores.jsonl").read_bytes())

    assert written[0] == written[1]
    assert read_log(tmp_path).scores == scored
    assert written[0].decode().splitlines()[0] == canonical_json(scored[0])


def test_a_log_of_another_dataset_is_not_scored(dataset: Dataset) -> None:
    log = logged(dataset, says("plan", ""), dataset_digest="f" * 64)

    with pytest.raises(LogOfAnotherDataset, match="the log has no sample of staff, staff-twin"):
        score(dataset, log, (Says(),))


def test_a_scorer_that_gives_an_impossible_value_is_named(dataset: Dataset) -> None:
    class Generous(Follows):
        def __call__(self, sample: Sample) -> Score:
            return Score(scorer="generous", value=self.weight, reason="why not")

    log = logged(dataset, *(says(task.task_id, "") for task in dataset.tasks))
    with pytest.raises(ScorerFaulty, match="gave 2, which is not within 0 to 1: task plan"):
        score(dataset, log, (Generous(name="generous", weight=2.0),))

    failed = tuple(sample.model_copy(update={"answer": None}) for sample in log.samples)
    with pytest.raises(ScorerFaulty, match="Scorer generous gave 1 though there is no answer"):
        score(dataset, Log(log.run, failed), (Generous(name="generous", weight=1.0),))


def test_two_metrics_of_one_name_are_refused(dataset: Dataset) -> None:
    log = logged(dataset, *(says(task.task_id, "") for task in dataset.tasks))

    for scorers, name in (
        ((Says(), Says()), "says"),
        ((Says(name="rubric"),), "rubric"),
        ((Says(name="delivered"),), "delivered"),
    ):
        with pytest.raises(ScorerFaulty, match=f"More than one metric is called '{name}'"):
            score(dataset, log, scorers)
