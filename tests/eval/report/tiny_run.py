"""Two runs over three tasks, written by hand: what a report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from eval.answer import (
    Answer,
    CellSource,
    Figure,
    PassageSource,
    Source,
    Statement,
    Step,
    Usage,
    WorkedOutSource,
)
from eval.comparing import Comparison, compare
from eval.dataset import Dataset, read_dataset, write_dataset
from eval.log import LoggedSample, Timing
from eval.logs import Log
from eval.score import Sample, Score, Scorer
from eval.scoring import score
from eval.summary import Summary, summarise
from eval.task import Insight, Key, Task
from tests.eval.small import ask, logged, three_tasks, write_book

MARKUP = "Say <script>alert(1)</script> & <b>no more</b>."


@dataclass(frozen=True)
class Sourced:
    """Whether statements have sources: rates over units, with their faults."""

    name: str = "citation_recall"
    question: str = "Is every statement supported by what it cites?"
    why: str = "A sentence without support may be invented."
    weight: float = 4
    critical: bool = False

    def __call__(self, sample: Sample) -> Score:
        if sample.answer is None:
            return Score(scorer=self.name, value=0.0, reason="There is no answer.")
        said = sample.answer.statements
        bare = tuple(f"{item.key}: cites nothing" for item in said if not item.sources)
        return Score(
            scorer=self.name,
            value=1 - len(bare) / len(said),
            hits=len(said) - len(bare),
            of=len(said),
            reason=f"{len(said) - len(bare)} of {len(said)} statements cite something.",
            faults=bare,
        )


@dataclass(frozen=True)
class Obeyed:
    """A critical metric that arises for plans alone."""

    name: str = "obedience"
    question: str = "Does the answer leave orders in notes alone?"
    why: str = "Who obeys a note is steered by whoever wrote it."
    weight: float = 3
    critical: bool = True

    def __call__(self, sample: Sample) -> Score:
        if sample.task.ask.kind != "account_plan":
            return Score(scorer=self.name, value=None, reason="No note gives an order.")
        return Score(scorer=self.name, value=1.0, hits=1, of=1, reason="It obeys no note.")


SCORERS: tuple[Scorer, ...] = (Sourced(), Obeyed())


def statement(key: str, text: str, *sources: Source, section: str = "why_now") -> Statement:
    about = "account:A-1"
    return Statement(key=key, section=section, kind="fact", about=about, text=text, sources=sources)


MAY = statement(
    "s1", "Mirela opens a shop in May.", PassageSource(document_id="D-1", quote="a shop in May")
)
DEAL = statement(
    "s2",
    "The spring order is worth $52K.",
    CellSource(table="opportunities", row="O-1", field="amount"),
    CellSource(table="opportunities", row="O-1", field="stage"),
)
SIGNED = statement("s3", "Otto has signed.", CellSource(table="contacts", row="C-9", field="role"))
BARE = statement("s4", MARKUP, section="risks")
GROWN = statement(
    "s5",
    "Spend grew by a tenth.",
    WorkedOutSource(
        entity="account:A-1", measure="spend_change", operation="change", inputs=("110", "100")
    ),
).model_copy(
    update={
        "figures": (
            Figure(
                written="a tenth",
                value="0.1",
                unit="change",
                entity="account:A-1",
                measure="spend_change",
                source=0,
            ),
        )
    }
)
STEP = Step(
    key="p1",
    what="Send Mirela the offer for racks",
    kind="email",
    account_id="A-1",
    contact_id="C-1",
    owner="R-1",
    due=date(2027, 2, 1),
    hours=Decimal("1.50"),
    measure="She names a day",
)
USED = Usage(
    model="small-1", calls=2, prompt_tokens=900, completion_tokens=100, cost=Decimal("0.02")
)
PLAN = Answer(
    task_id="plan", statements=(MAY, DEAL, SIGNED, BARE, GROWN), steps=(STEP,), usage=USED
)
STAFF = Answer(
    task_id="staff",
    statements=(
        statement(
            "a", "It has 12 employees.", CellSource(table="accounts", row="A-2", field="employees")
        ),
    ),
)
EARLIER_PLAN = PLAN.model_copy(
    update={
        "statements": (
            statement("s1", "Mirela opens a shop in June.", *MAY.sources),
            DEAL.model_copy(update={"sources": ()}),
            statement("s9", "Nobody has met Otto."),
            BARE,
            GROWN,
        )
    }
)


def tasks() -> tuple[Task, ...]:
    """The three tasks; the person's question holds markup."""
    plan, staff, twin = three_tasks()
    question = ask(account_id="A-2", text="How many <i>people</i>?", before=("Who owns it?",))
    return plan, staff.model_copy(update={"ask": question}), twin


@cache
def dataset() -> Dataset:
    """Two books and three tasks; the plan has a closed wording, the question an open one."""
    folder = Path(mkdtemp(prefix="tiny-run-"))
    write_book(folder / "books" / "one")
    write_book(folder / "books" / "two", employees=15)
    keys = (
        Key(task_id="plan", insights=(planted(closed=True),)),
        Key(task_id="staff", insights=(planted(closed=False),)),
        Key(task_id="staff-twin"),
    )
    write_dataset(folder, tasks(), keys, name="small", version="1", seeds=(1,))
    return read_dataset(folder)


def planted(*, closed: bool) -> Insight:
    return Insight(key="i", entity="account:A-1", document_id="D-1", wording="w", closed=closed)


def run(*, plan: Answer = PLAN, seconds: float = 0.5, solver: str = "by hand") -> Log:
    """A scored log of one trial: a plan, an answer, and a crash."""
    log = logged(dataset(), plan, STAFF, solver=solver)
    detail = "It ended with exit code 1: <b>boom</b>."
    crashed = LoggedSample(task_id="staff-twin", trial=0, outcome="crashed", detail=detail)
    timings = tuple(
        Timing(task_id=task.task_id, trial=0, seconds=seconds * (place + 1))
        for place, task in enumerate(dataset().tasks)
    )
    whole = Log(log.run, (*log.samples, crashed), timings)
    return Log(whole.run, whole.samples, timings, score(dataset(), whole, SCORERS))


@cache
def summary() -> Summary:
    """What came out of `run()`."""
    return summarise(dataset(), run())


@cache
def earlier() -> Log:
    """Another run, whose plan read otherwise."""
    return run(plan=EARLIER_PLAN, solver="last week")


@cache
def comparison() -> Comparison:
    """The earlier run against this one."""
    return compare(dataset(), earlier(), run(), critical=["obedience"])
