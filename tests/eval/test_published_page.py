"""`docs/accountplanbench.md` says what the code does: its tables are checked, its solver is run."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

from domain.review import TRIGGER_KINDS
from eval.accountplanbench.keys import THIN_WORDS_AT_MOST, WORDS_AT_MOST
from eval.answer import (
    Answer,
    CellSource,
    Figure,
    NoticedChange,
    PassageSource,
    Statement,
    Step,
    Usage,
    WorkedOutSource,
)
from eval.child import LARGEST_ANSWER
from eval.cli import app
from eval.log import LoggedSample
from eval.logs import read_log
from eval.measures import MEASURES
from eval.running import PLAIN, run
from eval.scorers import SCORERS
from eval.solvers.named import PLAIN as PLAIN_SOLVERS
from eval.solvers.protocol import Request
from eval.task import FAMILIES, SECTIONS, Ask, Task
from tests.eval.published import PAGE, block, fields, rows, section
from tests.eval.small import small_dataset, write_book

MODELS = (
    Request, Task, Ask, Answer, Statement, CellSource, PassageSource, WorkedOutSource, Figure,
    Step, NoticedChange, Usage,
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_is_published_field_by_field(model: type[BaseModel]) -> None:
    told = rows(f"### {model.__name__}")

    assert [row[:3] for row in told] == fields(model)


def test_measures_sections_changes_and_outcomes_are_published() -> None:
    assert rows("## Measures") == [
        [f"`{name}`", measure.of, measure.unit, measure.definition]
        for name, measure in MEASURES.items()
    ]
    assert rows("### What is expected without being said") == [
        [f"`{kind}`", ", ".join(f"`{name}`" for name in names) or "none"]
        for kind, names in SECTIONS.items()
    ]
    assert rows("### Kinds of change") == [
        [f"`{kind}`", words] for kind, words in TRIGGER_KINDS.items()
    ]
    outcomes = LoggedSample.model_json_schema()["properties"]["outcome"]["enum"]
    assert [row[0] for row in rows("## What goes wrong is counted")] == [
        f"`{outcome}`" for outcome in outcomes
    ]
    assert LARGEST_ANSWER == 4 * 1024**2


def test_the_period_and_the_lengths_are_published() -> None:
    expected = " ".join(section("### What is expected without being said").split())

    plan, revision, territory, review, question = (WORDS_AT_MOST[kind] for kind in SECTIONS)
    assert (plan, territory) == (revision, review)
    assert f"{plan:,} words for a plan of one account or its revision" in expected
    assert f"({THIN_WORDS_AT_MOST} where the account has hardly any history)" in expected
    assert f"{territory:,} for a territory plan or a review, {question} for" in expected


def test_every_scorer_is_published_as_it_introduces_itself() -> None:
    assert rows("## Scorers") == [
        [
            f"`{scorer.name}`",
            f"{scorer.weight:g}",
            "yes" if scorer.critical else "",
            scorer.question,
            scorer.why,
        ]
        for scorer in SCORERS
    ]


def test_the_commands_to_make_run_and_score_are_published_with_their_options() -> None:
    headings = [line for line in PAGE.read_text().splitlines() if line.startswith("### `cadastre")]
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name in ("make", "run", "score"):
        (heading,) = [line for line in headings if line.startswith(f"### `cadastre eval {name} ")]
        for parameter in commands[name].params:
            if "--help" not in parameter.opts:
                shown = (
                    parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar
                )
                assert shown in heading, (name, shown)


def test_every_solver_of_ours_is_published() -> None:
    text = " ".join(row[0] for row in rows("### `cadastre eval run DATASET --solver NAME "
        "--out LOG [--trials N] [--seed N] [--timeout SECONDS] [--workers N]`"))  # fmt: skip

    for name in (*PLAIN_SOLVERS, "recorded:LOG", "degraded:LOG:0.1", "command:./mine --x"):
        assert f"`{name}`" in text


def test_the_request_and_the_answer_of_the_page_are_such(tmp_path: Path) -> None:
    write_book(tmp_path / "s1-food")
    sent = json.loads(block("## What a solver does", "json"))
    request = Request.model_validate(sent | {"book": str(tmp_path / "s1-food")})
    answer = Answer.model_validate_json(block("## The answer", "json"))

    assert answer.task_id == request.task.task_id
    assert request.task.family == PLAIN[request.task.ask.kind]
    assert set(PLAIN.values()) == set(list(FAMILIES)[:5])
    keys = {item.key for item in answer.statements}
    for statement in answer.statements:
        assert statement.section in SECTIONS["account_plan"]
        assert set(statement.rests_on) <= keys
        for figure in statement.figures:
            assert figure.written in statement.text
            assert figure.source < len(statement.sources)
            assert MEASURES[figure.measure].unit == figure.unit
    assert answer.steps[0].due is not None


def test_the_solver_of_the_page_answers_through_the_runner(tmp_path: Path) -> None:
    solver = tmp_path / "mine.py"
    solver.write_text(block("## A solver in Python", "python"), encoding="utf-8")
    dataset = small_dataset(tmp_path / "dataset")

    run(dataset, [sys.executable, "-S", str(solver)], solver="page", out=tmp_path / "log")

    answers = {s.task_id: s.answer for s in read_log(tmp_path / "log", of=dataset).samples}
    said = {task_id: answer.text() if answer else None for task_id, answer in answers.items()}
    assert said == {
        "plan": "They are 40 people.",
        "staff": "They are 12 people.",
        "staff-twin": "They are 15 people.",
    }


def test_the_files_of_dataset_and_log_are_published() -> None:
    from eval.dataset import BOOKS, KEYS, MANIFEST, TASKS
    from eval.logs import RUN, SAMPLES, SCORES, TIMINGS

    for heading, names in (
        ("## The dataset", (MANIFEST, TASKS, KEYS, BOOKS)),
        ("## The log", (RUN, SAMPLES, TIMINGS, SCORES)),
    ):
        for name in names:
            assert name in section(heading)
