"""The field-filled form answers every kind of ask, from the tables alone."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from eval.answer import Answer, CellSource, PassageSource
from eval.ground import Ground
from eval.solvers.fields import first_sentence
from eval.solvers.form import FORMS, fill
from eval.solvers.protocol import Request
from eval.task import SECTIONS, Ask, AskKind, Task
from tests.eval.small import write_book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("form") / "book"
    write_book(folder)
    return folder


def filled(book: Path, kind: AskKind, *, later: Path | None = None, **more: object) -> Answer:
    ask = Ask.model_validate({"kind": kind, "person": "revops", **more})
    task = Task(
        task_id="t", family="draft", ask=ask, book="b", cluster="c",
        later_book=None if later is None else "l",
    )  # fmt: skip
    return fill(Request(task=task, book=book, later_book=later))


def test_every_heading_of_an_account_plan_is_filled_with_fields_and_phrases(book: Path) -> None:
    plan = filled(book, "account_plan", account_id="A-1")

    texts = [statement.text for statement in plan.statements]
    assert {statement.section for statement in plan.statements} == set(SECTIONS["account_plan"])
    assert "Employees of Bolt & Pedal: 40." in texts
    assert "Leverage our strong relationship with Mirela Fonti." in texts
    # The first sentence of every note, the idle one too.
    assert "Mirela opens a shop in May." in texts
    assert "Otto likes sailing." in texts
    assert len({item.key for item in plan.statements}) == len(plan.statements)


def test_what_the_form_cites_is_in_the_book_as_it_says(book: Path) -> None:
    ground = Ground(book)
    plan = filled(book, "account_plan", account_id="A-1")

    cited = [(item, source) for item in plan.statements for source in item.sources]
    # Four fields of the account, two notes, five fields of contacts, three of the deal.
    assert len(cited) == 14
    for statement, source in cited:
        if isinstance(source, CellSource):
            value = ground.cell(source.table, source.row, source.field)
            assert value is not None
            assert value in statement.text
        else:
            assert isinstance(source, PassageSource)
            assert str(source.quote) in str(ground.document(source.document_id))
    deal = next(f for s in plan.statements for f in s.figures if f.measure == "deal_amount")
    assert (deal.value, deal.entity) == ("52000.00", "account:A-1/opportunity:O-1")


def test_steps_stand_on_every_second_monday_whatever_comes(book: Path) -> None:
    steps = filled(book, "account_plan", account_id="A-1").steps

    # The book is of Monday 4 January 2027; the first touch is a week later.
    dues = [step.due for step in steps]
    assert dues[0] == date(2027, 1, 11)
    assert [later - before for before, later in pairwise(dues)] == [timedelta(days=14)] * 5
    assert [step.contact_id for step in steps] == ["C-1", "C-2"] * 3
    assert {step.owner for step in steps} == {"R-1"}
    assert all(step.measure for step in steps)


def test_a_revision_is_the_same_plan_with_the_demand_pasted_in(book: Path) -> None:
    demand = "No visits before 1 March."
    plan = filled(book, "account_plan", account_id="A-1")
    revised = filled(book, "revision", account_id="A-1", text=demand)

    assert revised.steps == plan.steps
    assert revised.statements[:-1] == plan.statements
    assert demand in revised.statements[-1].text


def test_a_territory_plan_ranks_by_size_and_a_review_lists_every_account(book: Path) -> None:
    territory = filled(book, "territory_plan", rep_id="R-1")
    review = filled(book, "review", later=book, rep_id="R-1")

    # A-1 has a revenue, A-3 has none; A-2 is another rep's.
    assert territory.ranking == ("A-1", "A-3")
    assert {item.section for item in territory.statements} >= {"overview", "targets", "scorecard"}
    assert "Amount of Q-1: 250000.00." in [item.text for item in territory.statements]
    assert [change.entity for change in review.changes] == ["account:A-1", "account:A-3"]


@pytest.mark.parametrize(
    ("text", "account", "said"),
    [
        ("How many employees does Corvane Cycles have?", None, "Employees of Corvane Cycles: 12."),
        ("When does the deal close?", "A-1", "Closes of Spring order: 2027-03-12."),
        ("What is Otto Brandl's title?", "A-1", "Title of Otto Brandl: Managing Director."),
        # Nothing fits: a form answers all the same.
        ("What does Yann earn?", "A-2", "Name of Corvane Cycles: Corvane Cycles."),
        ("", None, "Name of Bolt & Pedal: Bolt & Pedal."),
    ],
)
def test_a_question_is_answered_from_the_field_that_shares_its_words(
    book: Path, text: str, account: str | None, said: str
) -> None:
    answer = filled(book, "question", text=text, account_id=account)

    assert [item.text for item in answer.statements] == [said]
    assert not answer.abstained


def test_no_ask_makes_the_form_fail(book: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "book.toml").write_text("as_of = 2027-01-04\n")
    (bare / "accounts.csv").write_text(
        'account_id,name,owner_id,annual_revenue\nA-1,,,"a lot"\nA-1,Twice,R-1,\nA-2\n,,,\n'
    )
    assert set(FORMS) == set(get_args(AskKind))
    asked = 0
    for folder in (book, bare):
        for kind in FORMS:
            for account_id in ("A-1", "A-2", "A-none", None):
                for rep_id in ("R-1", "R-none", None):
                    later = folder if kind == "review" else None
                    answer = filled(
                        folder, kind, later=later, account_id=account_id, rep_id=rep_id,
                        text="Who owns it? " * 2000,
                    )  # fmt: skip
                    assert answer.task_id == "t"
                    asked += 1
    assert asked == 120


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("It is 3.5 km away! Then left.", "It is 3.5 km away!"),
        ("no stop\nat all", "no stop\nat all"),
        ("  ", ""),
        ("x" * 600 + ".", "x" * 500),
    ],
)
def test_the_first_sentence_stands_in_the_text(text: str, first: str) -> None:
    assert first_sentence(text) == first
