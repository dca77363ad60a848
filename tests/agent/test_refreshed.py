"""A plan that leans on stale evidence blocks; drafting it again on something newer lifts that.

Stale notes are kept from a draft altogether; what a person said is not, and may carry a
recommendation after its time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from agent.claims import claim
from agent.context import Brief, PlanningContext, Written
from agent.embedded_writer import EmbeddedWriter
from domain.freshness import HalfLife
from domain.question import Question, QuestionAnswer, Side, is_answer, newest
from tests.agent.drafting import draft_plan
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import AS_OF, COVERAGE, planning_context

SIDE = Side(evidence_id="ev_1", document_id="D-1", title="", author=None, said_on=None, text="May")
QUESTION = Question(
    question_id="Q-1", account_id="A-1", account_name="Alder", owner_id="R-1",
    first=SIDE, second=SIDE,
)  # fmt: skip


@dataclass
class OnAnAnswer:
    """Writes as a model may: a recommendation on what a person answered, however old it is."""

    def write(self, brief: Brief) -> Written:
        written = EmbeddedWriter().write(brief)
        (said,) = [item for item in brief.ledger.entries.values() if is_answer(item)]
        advice = claim(
            "risk.advice", "recommendation", f"account:{brief.account_id}",
            "Agree on the stock for the new store early.", cites=(said,),
        )  # fmt: skip
        draft = written.draft.model_copy(update={"risks": [*written.draft.risks, advice]})
        return replace(written, draft=draft)


def context(*ages: int, half_life: float | None = None) -> PlanningContext:
    """The tiny book with one question, answered once at each age in days."""
    answers = [
        QuestionAnswer(
            question=QUESTION, number=number, text="They open the second store in March.",
            side="first", person="ines", person_name="Ines", answered_at="",
            said_on=AS_OF - timedelta(days=age),
        )
        for number, age in enumerate(ages, start=1)
    ]  # fmt: skip
    made = replace(planning_context(MemoryRecords()), answers=lambda _: newest(answers))
    if half_life is None:
        return made
    rules = COVERAGE.freshness.model_copy(update={"half_life": HalfLife(human=half_life)})
    return replace(made, coverage=COVERAGE.model_copy(update={"freshness": rules}))


def blocked(given: PlanningContext) -> list[str | None]:
    report = draft_plan(given, "A-1", writer=OnAnAnswer()).content.report
    assert report.result("risk.advice") is not None
    return [item.claim for item in report.blockers if item.code == "stale_evidence"]


def test_a_newer_statement_lifts_the_block_of_a_stale_one_without_a_waiver() -> None:
    # A person's word keeps 180 days.
    assert blocked(context(181)) == ["risk.advice"]
    assert blocked(context(181, 10)) == []


def test_a_half_life_blocks_and_a_newer_statement_lifts_it_too() -> None:
    # After 20 days at a half-life of 5 a sixteenth is left; after 10 a quarter, which holds.
    assert blocked(context(20, half_life=5)) == ["risk.advice"]
    assert blocked(context(20, 10, half_life=5)) == []
