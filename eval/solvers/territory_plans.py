"""A rep's territory plan as an answer: sentences, table rows, and the calendar as steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count

from agent.cycle.calendar_view import KINDS, ONE
from agent.cycle.territory_view import STATUS
from agent.cycle.writing import UNKNOWN, Hand
from api.cycle_reading import names_of
from api.workspace import Workspace
from domain.cycle import CycleSection, Figure
from domain.principal import Principal
from domain.territory_plan import (
    FOCUS_KINDS,
    RepCalendar,
    TerritoryPlanContent,
    TerritoryTables,
    Unplaced,
)
from eval.answer import Answer, Statement, Step
from eval.solvers.telling import Shown, Teller
from eval.task import Task

SECTION_OF: Mapping[CycleSection, str] = {
    "summary": "overview",
    "assessment": "overview",
    "segmentation": "segments",
    "opportunities": "focus",
    "strategy": "focus",
    "activities": "activities",
    "resources": "activities",
    "metrics": "scorecard",
}
"""The published section that a sentence of each of the product's sections belongs to."""


def territory_plan(workspace: Workspace, principal: Principal, task: Task) -> Answer:
    """Draft the rep's plan of the quarter that the book lies in."""
    version = workspace.cycle.draft_territory(principal, task.ask.rep_id or "")
    content = version.content
    assert isinstance(content, TerritoryPlanContent)
    ledger = workspace.cycle.ledger(principal, version)
    hand = Hand(ledger, content.currency, names_of(workspace, principal, version))
    teller = Teller(ledger, content.currency)
    sentences = (
        teller.claim(item.claim, SECTION_OF[item.section]) for item in content.report.sentences
    )
    return Answer(
        task_id=task.task_id,
        statements=(*sentences, *Rows(content, hand, teller)),
        steps=tuple(step for item in content.calendars for step in _steps(item, hand)),
        # It is drafted in the middle of its quarter: which day it starts on is no one thing.
        ends=content.period_end,
        ranking=tuple(line.account_id for line in workspace.rank(principal)),
        left_out=(
            *(f"{item.what}: {item.reason}" for item in content.report.omissions),
            *(_unplaced(item, hand) for one in content.calendars for item in one.unplaced),
        ),
    )


class Rows:
    """The rows of a territory plan's tables, as far as they show facts or name a gap.

    Columns are those of its page. What stands there without evidence (how often a tier is
    touched by rule, who helps, what to do about a red measure) is left to the sentences.
    """

    def __init__(self, content: TerritoryPlanContent, hand: Hand, teller: Teller) -> None:
        self._content = content
        self._hand = hand
        self._teller = teller
        self._entity = f"rep:{content.rep_id}"

    def __iter__(self) -> Iterator[Statement]:
        tables = self._content.tables
        for figure in tables.overview:
            yield self._figures(f"overview.{figure.metric}", "overview", "", (("", figure),))
        yield from self._segments(tables)
        yield from self._focus(tables)
        yield from self._activities(tables)
        yield from self._targets(tables)
        yield from self._scorecard(tables)

    def _segments(self, tables: TerritoryTables) -> Iterator[Statement]:
        for row in tables.segments:
            named = (
                ("Accounts", row.accounts),
                ("Potential a year", row.potential),
                ("Open potential", row.open_potential),
                ("Spend, 12 months", row.spend),
            )
            yield self._figures(f"segments.{row.tier}", "segments", row.label, named)

    def _focus(self, tables: TerritoryTables) -> Iterator[Statement]:
        for row in tables.focus:
            cells = (
                self._shown("Account", row.name),
                Shown("Kind", FOCUS_KINDS[row.kind]),
                self._shown(row.amount.label, row.amount),
                *([self._shown("Stage", row.stage)] if row.stage.value is not None else []),
                Shown("Why it is here", row.because.rstrip(".")),
            )
            yield self._teller.row(
                f"focus_row.{row.account_id}",
                "focus",
                f"account:{row.account_id}",
                cells,
                beside=row.grounds,
            )

    def _activities(self, tables: TerritoryTables) -> Iterator[Statement]:
        for row in tables.activities:
            named = (
                ("Accounts", row.accounts),
                ("Touches a week", row.touches_week),
                ("Hours a week", row.hours_week),
            )
            yield self._figures(f"activities.{row.tier}", "activities", row.label, named)
        for calendar in self._content.calendars:
            figures = (
                calendar.needed_hours,
                calendar.selling_hours,
                calendar.planned_hours,
                calendar.missing_hours,
                calendar.travel_hours,
            )
            hours = [(figure.label, figure) for figure in figures]
            yield self._figures(f"hours.{calendar.rep_id}", "activities", "", hours)
        for help_row in tables.resources:
            key = f"resources.{help_row.function}"
            yield self._figures(key, "activities", "", ((help_row.label, help_row.need),))

    def _targets(self, tables: TerritoryTables) -> Iterator[Statement]:
        for goal in tables.goals:
            yield self._figures(f"goals.{goal.metric}", "targets", "", ((goal.label, goal.target),))
        for row in tables.targets.rows:
            named = (("New pipeline", row.amount),)
            yield self._figures(f"targets.{row.tier}", "targets", row.label, named)
        total = (("New pipeline wanted, all tiers", tables.targets.total),)
        yield self._figures("targets.total", "targets", "", total)
        for number, milestone in enumerate(tables.milestones, start=1):
            named = ((milestone.label, milestone.figure),)
            yield self._figures(f"milestones.{number}", "targets", "", named)

    def _scorecard(self, tables: TerritoryTables) -> Iterator[Statement]:
        for row in tables.scorecard:
            cells = (
                Shown("", row.label),
                self._shown("Target", row.target),
                self._shown("Now", row.current),
                Shown("State", STATUS[row.status][1]),
            )
            yield self._teller.row(f"scorecard.{row.metric}", "scorecard", self._entity, cells)

    def _figures(
        self, key: str, section: str, name: str, named: Sequence[tuple[str, Figure]]
    ) -> Statement:
        known = [self._teller.ledger[f.evidence_id] for _, f in named if f.evidence_id]
        cells = [Shown("", name), *(self._shown(label or f.label, f) for label, f in named)]
        about = known[0].entity if known else self._entity
        return self._teller.row(key, section, about, cells)

    def _shown(self, column: str, figure: Figure) -> Shown:
        """Write a figure; one that is unknown with the reason."""
        if figure.value is None:
            why = figure.note.rstrip(".")
            return Shown(column, f"{UNKNOWN} ({why})" if why else UNKNOWN)
        return Shown(column, self._hand.text(figure), figure.evidence_id)


def _steps(calendar: RepCalendar, hand: Hand) -> Iterator[Step]:
    """Yield a step a touch; a trip's travel counts with its first stop."""
    trips = {trip.trip_id: trip for trip in calendar.trips}
    numbers = count(1)
    for week in calendar.weeks:
        for item in week.items:
            what = f"{ONE[item.kind]}: {hand.account(item.account_id)}"
            hours = Decimal(item.hours)
            if item.trip in trips:
                what += f" (trip to {trips[item.trip].metro})"
                hours += Decimal(trips.pop(item.trip).travel_hours)
            elif item.trip:
                what += " (same trip)"
            yield Step(
                key=f"{calendar.rep_id}.{next(numbers)}",
                what=what,
                kind=item.kind,
                account_id=item.account_id,
                owner=calendar.rep_id,
                due=item.day,
                hours=hours,
                rests_on=(f"focus_row.{item.account_id}",) if item.source == "focus" else (),
            )


def _unplaced(item: Unplaced, hand: Hand) -> str:
    what = ONE[item.kind] if item.touches == 1 else f"{item.touches:,} {KINDS[item.kind].lower()}"
    return f"{what}: {hand.account(item.account_id)}: {item.reason}"
