"""A quarter's review over two books as an answer; its plans are approved on the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from agent.cycle.bullets import main_metric
from agent.cycle.writing import UNKNOWN, Hand
from api.cycle_reading import names_of, reps_of
from api.workspace import Workspace
from domain.cycle import CycleSection, Figure
from domain.cycle_version import CycleVersion
from domain.decision import DecisionRequest, Waiver
from domain.errors import NothingToPlan
from domain.principal import Principal
from domain.review import Measure, ReviewContent
from eval.answer import Answer, NoticedChange, Statement
from eval.solvers.scratch import import_book
from eval.solvers.telling import Shown, Teller
from eval.task import Task

SECTION_OF: Mapping[CycleSection, str] = {
    "summary": "measures",
    "figures": "measures",
    "changes": "changes",
    "adjustments": "adjustments",
    "carried": "changes",  # what of approved plans no longer holds
}
"""The published section that a sentence of each of the product's sections belongs to."""


def review(workspace: Workspace, principal: Principal, task: Task) -> Answer:
    """Review the quarter that plans were approved for, for the reps whom the person sees."""
    planned = [line.quarter for line in workspace.cycle.lines(principal, "territory")]
    version = workspace.cycle.draft_review(principal, planned[0] if planned else None)
    content = version.content
    assert isinstance(content, ReviewContent)
    ledger = workspace.cycle.ledger(principal, version)
    hand = Hand(ledger, content.currency, names_of(workspace, principal, version))
    teller = Teller(ledger, content.currency)
    sentences = (
        teller.claim(item.claim, SECTION_OF[item.section]) for item in content.report.sentences
    )
    report = content.report
    return Answer(
        task_id=task.task_id,
        statements=(
            *sentences,
            *_measures(content, hand, teller),
            *_prices(content, hand, teller),
        ),
        changes=tuple(
            NoticedChange(kind=item.kind, entity=item.subject) for item in content.triggers
        ),
        left_out=(
            *(f"{item.what}: {item.reason}" for item in report.omissions),
            *(f"{item.what}: {item.rule}" for item in content.not_proposed),
            *(notice.message for notice in report.notices),
        ),
    )


def plan_and_import(workspace: Workspace, book: Path, later_book: Path) -> None:
    """Import a book, have every territory plan approved, then import what came after.

    A review holds a quarter against plans that people approved; here each rep's manager
    approves what is drafted, with what blocks it waived in writing.
    """
    import_book(workspace, book)
    approved: set[str] = set()
    for person in workspace.people:
        manager = workspace.principal(person.id)
        if not manager.may_decide:
            continue
        for rep_id, _ in reps_of(workspace, manager):
            if rep_id not in approved and _approved(workspace, manager, rep_id):
                approved.add(rep_id)
    import_book(workspace, later_book)


def _approved(workspace: Workspace, manager: Principal, rep_id: str) -> bool:
    try:
        version = workspace.cycle.draft_territory(manager, rep_id)
    except NothingToPlan:
        return False
    if not workspace.cycle.may_decide(manager, version.plan_id).allowed:
        return False
    workspace.cycle.decide(manager, version.plan_id, _approval(version))
    return True


def _approval(version: CycleVersion) -> DecisionRequest:
    waivers = tuple(
        Waiver(
            code=blocker.code,
            claim=blocker.claim,
            reason=f"Agreed: {blocker.hours_missing or blocker.message}",
        )
        for blocker in version.content.report.blockers
    )
    return DecisionRequest(version=version.version, verdict="approved", waivers=waivers)


def _measures(content: ReviewContent, hand: Hand, teller: Teller) -> Iterator[Statement]:
    """Yield the team's measures, and of each territory the one that it is judged by."""
    data = content.data
    for measure in data.team:
        yield _measure(f"team.{measure.metric}", "", measure, hand, teller)
    for row in data.territories:
        main = row.measure(main_metric(data))
        if main is not None:
            yield _measure(f"territory.{row.rep_id}", row.name, main, hand, teller)


def _measure(key: str, name: str, measure: Measure, hand: Hand, teller: Teller) -> Statement:
    figures = (
        ("Plan", measure.plan),
        ("Due by now", measure.due),
        ("Actual", measure.actual),
        ("Gap", measure.gap),
    )
    known = [teller.ledger[figure.evidence_id] for _, figure in figures if figure.evidence_id]
    cells = [
        Shown("", name),
        Shown("", measure.label),
        *(_shown(column, figure, hand, signed=column == "Gap") for column, figure in figures),
        Shown("Reading", measure.reading),
    ]
    return teller.row(key, "measures", known[0].entity if known else "", cells)


def _prices(content: ReviewContent, hand: Hand, teller: Teller) -> Iterator[Statement]:
    """Yield what each recommendation costs, gains, and what stands against it."""
    for item in content.adjustments:
        sides = (("Cost", item.cost), ("Gain", item.gain), ("Against", item.against))
        cells = [
            _shown(f"{side}, {figure.label}", figure, hand)
            for side, figures in sides
            for figure in figures
        ]
        about = f"account:{item.account_id}" if item.account_id else f"rep:{item.rep_id}"
        yield teller.row(f"price.{item.number}", "adjustments", about, cells)


def _shown(column: str, figure: Figure, hand: Hand, *, signed: bool = False) -> Shown:
    if figure.value is None:
        return Shown(column, UNKNOWN)
    return Shown(column, hand.cell(figure, signed=signed).text, figure.evidence_id)
