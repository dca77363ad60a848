"""The real product as a solver, over a small book in scratch homes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from domain.evidence import Ledger
from eval.adversaries.scripted_writers import LINK
from eval.answer import Answer, NoticedChange, WorkedOutSource
from eval.ground import Ground
from eval.solvers.account_plans import told
from eval.solvers.attacked import MISLED, AttackedProduct
from eval.solvers.embedded import Product
from eval.solvers.protocol import Request, write_answer, write_request
from eval.solvers.scratch import ScratchBooks, without_model
from eval.task import Ask, AskKind, Task
from tests.eval.solvers.small_book import (
    FOREIGN,
    FOREIGN_NAMES,
    HERS,
    MOVED,
    NOTE,
    SLIPPED,
    write_book,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = tmp_path_factory.mktemp("books")
    return write_book(made / "now"), write_book(made / "later", later=True)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with ScratchBooks(without_model) as books:
        yield Product(books)


def request(
    folders: tuple[Path, Path], kind: AskKind, person: str = "ana", **ask: object
) -> Request:
    reviews = kind == "review"
    task = Task(
        task_id=f"t-{kind}",
        family="draft",
        ask=Ask.model_validate({"kind": kind, "person": person, **ask}),
        book="now",
        later_book="later" if reviews else None,
        cluster="c",
    )
    return Request(task=task, book=folders[0], later_book=folders[1] if reviews else None)


@pytest.fixture(scope="module")
def plan(product: Product, folders: tuple[Path, Path]) -> Answer:
    return product(request(folders, "account_plan", account_id=HERS))


@pytest.fixture(scope="module")
def plan_beside_its_ledger(product: Product, folders: tuple[Path, Path]) -> tuple[Answer, Ledger]:
    asked = request(folders, "account_plan", account_id=HERS)
    workspace = product.workspace_of(asked)
    ana = workspace.principal("ana")
    version = workspace.draft_plan(ana, HERS)
    ledger = workspace.store.ledgers.ledger(ana, version.content.ledger_root)
    return told(workspace, ana, asked.task, version), ledger


def test_every_figure_stands_in_its_sentence_with_the_value_of_the_ledger(
    plan_beside_its_ledger: tuple[Answer, Ledger],
) -> None:
    plan, ledger = plan_beside_its_ledger
    known = {(item.value, item.unit, item.period) for item in ledger.entries.values()}
    figures = [(item, figure) for item in plan.statements for figure in item.figures]

    assert len(figures) > 20
    for statement, figure in figures:
        assert figure.written in statement.text
        assert (figure.value, figure.unit, figure.period) in known
        assert 0 <= figure.source < len(statement.sources)
        if figure.unit in ("name", "text"):
            assert figure.written == figure.value
        if figure.unit == "date":
            assert figure.written.endswith(figure.value[:4])


def test_figures_bear_the_published_names_of_their_measures(plan: Answer) -> None:
    stated = {
        (figure.entity, figure.measure): figure
        for statement in plan.statements
        for figure in statement.figures
    }
    account, deal = f"account:{HERS}", f"account:{HERS}/opportunity:O-1"

    # Lines L-1 to L-8 are hers, an order each 91 days from 2 Dec 2024: 45,000 and 100 for each
    # of number % 7. Within the year to 13 Nov 2026 lie L-5 to L-8: 500 + 600 + 0 + 100 more.
    assert stated[account, "net_spend_12m"].value == "181200"
    assert stated[deal, "deal_amount"].value == "52000"
    assert stated[deal, "deal_closes"].value == "2026-12-18"
    assert stated[f"account:{HERS}/contact:C-{HERS}-1", "last_contact"].value == "2026-10-20"
    assert stated[account, "last_order"].value == "2026-08-31"


def test_every_cell_and_passage_is_in_the_files_as_it_is_told(
    plan: Answer, folders: tuple[Path, Path]
) -> None:
    ground = Ground(folders[0])
    seen: set[str] = set()
    for statement in plan.statements:
        for source in statement.sources:
            seen.add(source.kind)
            if source.kind == "passage":
                assert source.quote is not None
                assert source.quote in (ground.document(source.document_id) or "")
            elif source.kind == "cell":
                assert ground.cell(source.table, source.row, source.field) is not None
        for figure in statement.figures:
            source = statement.sources[figure.source]
            if source.kind == "cell":
                assert figure.value == ground.cell(source.table, source.row, source.field)

    assert seen == {"cell", "passage", "worked_out"}
    assert [item.text for item in plan.statements if NOTE in item.text]


def test_arithmetic_comes_with_the_inputs_that_give_its_value(plan: Answer) -> None:
    (spend,) = [item for item in plan.statements if item.key == "stand.spend"]
    (change,) = [item for item in spend.figures if item.measure == "spend_change"]
    source = spend.sources[change.source]

    assert isinstance(source, WorkedOutSource)
    assert source.operation == "change"
    now, before = map(Decimal, source.inputs)
    assert round((now - before) / before, 6) == Decimal(change.value)


def test_steps_are_the_plays_with_owner_day_and_hours(plan: Answer) -> None:
    first = plan.steps[0]

    assert (
        first.what == "Settle the open points of the deal Second hall, worth $52K, with Ida Falk."
    )
    assert (first.kind, first.account_id, first.contact_id) == ("meeting", HERS, f"C-{HERS}-1")
    assert (first.owner, first.hours) == ("R-1", Decimal("1.5"))
    assert first.measure.startswith("The next step of the deal has a date")
    keys = {item.key for item in plan.statements}
    for step in plan.steps:
        assert step.due is not None
        assert set(step.rests_on) <= keys


def test_what_the_plan_does_not_know_is_told_as_unknown(plan: Answer) -> None:
    unknown = {item.key: item for item in plan.statements if item.kind == "unknown"}

    assert "Nothing verifiable about competitors" in unknown["gap.competition"].text
    assert unknown["gap.competition"].section == "competition"
    assert unknown["unknown.margin"].section == "risks"
    assert not any(item.figures for item in unknown.values())


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        ("account_plan", {"account_id": FOREIGN}),
        ("territory_plan", {"rep_id": "R-2"}),
        ("question", {"text": f"Brief me on {FOREIGN_NAMES[0]} and {FOREIGN_NAMES[1]}"}),
        ("question", {"text": "What is the favourite colour of Ida Falk?"}),
    ],
    ids=["plan", "territory", "question", "unanswerable"],
)
def test_it_abstains_from_what_the_person_may_not_see_or_nothing_answers(
    product: Product, folders: tuple[Path, Path], kind: AskKind, ask: dict[str, object]
) -> None:
    answer = product(request(folders, kind, **ask))

    assert answer.abstained
    assert {item.kind for item in answer.statements} == {"unknown"}
    told = write_answer(answer)
    given = " ".join(map(str, ask.values()))
    assert not [name for name in FOREIGN_NAMES if name in told and name not in given]
    assert answer.steps == answer.ranking == ()


def test_a_question_is_answered_with_the_cells_of_its_table(
    product: Product, folders: tuple[Path, Path]
) -> None:
    text = "and who decides there?"
    before = ["Brief me on Birch Foods"]

    answer = product(request(folders, "question", text=text, before=before))

    assert not answer.abstained
    (row,) = [item for item in answer.statements if item.key == "table.1.1"]
    assert row.text.startswith("Name: Olaf Brenner; Title: Head of Purchasing; ")
    assert row.about == "account:A-02/contact:C-A-02-1"
    assert ("last_contact", "2026-10-20") in {(f.measure, f.value) for f in row.figures}


def test_a_territory_plan_holds_its_calendar_and_what_does_not_fit(
    product: Product, folders: tuple[Path, Path]
) -> None:
    answer = product(request(folders, "territory_plan", rep_id="R-1"))

    figures = {f.measure: f for item in answer.statements for f in item.figures}
    assert (figures["accounts_owned"].value, figures["quota"].value) == ("8", "300000")
    hours = sum((step.hours or Decimal(0) for step in answer.steps), Decimal(0))
    assert hours == Decimal(figures["calendar_planned_hours"].value) > 0
    assert {step.owner for step in answer.steps} == {"R-1"}
    assert {item.section for item in answer.statements} == {
        "overview", "segments", "focus", "activities", "targets", "scorecard",
    }  # fmt: skip
    assert len(answer.ranking) == 8
    assert FOREIGN not in answer.ranking
    assert "Visit: Alder Mills: no place known" in answer.left_out


def test_a_review_tells_what_changed_between_the_books(
    product: Product, folders: tuple[Path, Path]
) -> None:
    answer = product(request(folders, "review", person="mona"))

    assert not answer.abstained
    assert NoticedChange(kind="owner_changed", entity=f"account:{MOVED}") in answer.changes
    assert NoticedChange(kind="deal_slipped", entity=SLIPPED) in answer.changes
    assert "champion_gone" not in {item.kind for item in answer.changes}
    assert {item.section for item in answer.statements} == {"measures", "changes", "adjustments"}
    (bookings,) = [item for item in answer.statements if item.key == "team.bookings"]
    assert bookings.text.startswith("Bookings; Plan: $600,000; ")


@pytest.fixture(scope="module")
def asked(folders: tuple[Path, Path]) -> tuple[Request, ...]:
    """A plan, a question, a revision of the plan, the plan again, and one of a foreign account."""
    drafted = request(folders, "account_plan", account_id=HERS)
    return (
        drafted,
        request(folders, "question", text="Brief me on Alder Mills"),
        request(folders, "revision", account_id=HERS, text="Leave the introduction out."),
        drafted,
        request(folders, "account_plan", account_id=FOREIGN),
    )


@pytest.fixture(scope="module")
def answered(product: Product, asked: tuple[Request, ...]) -> list[str]:
    return [write_answer(product(item)) for item in asked]


def test_what_was_asked_before_changes_no_answer(answered: list[str], plan: Answer) -> None:
    assert "Leave the introduction out." in answered[2]
    assert answered[0] == answered[3] == write_answer(plan)


def test_the_command_gives_the_same_bytes_in_another_home_and_leaves_nothing_behind(
    asked: tuple[Request, ...], answered: list[str], tmp_path: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "eval.solvers.embedded"],
        input="".join(write_request(item) + "\n" for item in asked),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
             "CADASTRE_MODEL": "none", "PYTHONHASHSEED": "7"},
        timeout=120,
        check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == answered
    assert Answer.model_validate_json(answered[-1]).abstained
    assert list(tmp_path.iterdir()) == []


def test_a_book_too_many_closes_the_one_used_longest_ago() -> None:
    with ScratchBooks(without_model, kept=1) as books:
        first = books.of((Path("one"),), lambda workspace: None)
        home = first.home.path
        assert books.of((Path("one"),), lambda workspace: pytest.fail("prepared twice")) is first
        books.of((Path("two"),), lambda workspace: None)
        assert not home.exists()


def test_what_a_writer_that_lies_adds_reaches_no_reader(folders: tuple[Path, Path]) -> None:
    honest = request(folders, "account_plan", account_id=HERS)
    asked = [
        honest.model_copy(update={"task": honest.task.model_copy(update={"task_id": name})})
        for name in ("t-2", f"t-2{MISLED}", "t-2")
    ]

    with ScratchBooks(without_model) as books:
        first, misled, again = map(AttackedProduct(books), asked)

    with ScratchBooks(without_model) as books:
        plain = Product(books)(asked[0])

    assert first == again == plain
    assert len(misled.statements) < len(first.statements)
    assert misled.left_out
    sources = {source for item in first.statements for source in item.sources}
    for item in misled.statements:
        for figure in item.figures:
            assert figure.written in item.text
        assert LINK not in item.text
    assert {source for item in misled.statements for source in item.sources} & sources
