"""A stored territory plan as one view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.cycle.calendar_view import ONE, calendar_view, weeks_table
from agent.cycle.view import (
    CalendarOf,
    CycleCell,
    CycleTable,
    Row,
    SectionOf,
    State,
    TerritoryView,
    UnitOf,
)
from agent.cycle.writing import Hand, hours, listed, plain, unknowns, weekday
from agent.plan_sources import long_day
from agent.plan_view import writer_note
from domain.cycle import TERRITORY_SECTIONS, CycleReport, CycleSection, Figure
from domain.cycle_version import CycleVersion
from domain.evidence import Evidence, Ledger
from domain.territory_plan import (
    FOCUS_KINDS,
    FocusAccount,
    HealthAction,
    HealthRow,
    HealthStatus,
    TerritoryPlanContent,
    UnitPlan,
)

STATUS: dict[HealthStatus, tuple[State, str]] = {
    "green": ("ok", "on target"),
    "red": ("bad", "below target"),
    "unknown": ("muted", "unknown"),
}


def territory_view(
    version: CycleVersion,
    ledger: Ledger,
    *,
    newest_version: int,
    names: Mapping[str, str] | None = None,
    decision: str | None = None,
    stale: Iterable[str] = (),
    fresh: Callable[[Evidence], str] | None = None,
) -> TerritoryView:
    """Render a version of a territory plan.

    Parameters
    ----------
    version
        Its content is a territory plan.
    ledger
        The ledger it was drafted on.
    newest_version
        Number of the plan's newest version.
    names
        Names by entity, for accounts and reps that the ledger does not name.
    decision
        Who decided on this version, when and why; None while nobody has.
    stale
        What has become current since it was drafted, a line each.
    fresh
        Says in words how fresh a fact is at the book's date.
    """
    content = version.content
    assert isinstance(content, TerritoryPlanContent)
    hand = Hand(ledger, content.currency, names if names is not None else {}, fresh)
    title = f"{content.rep_name}: territory plan, {content.quarter}"
    if content.customer is not None:
        title = f"{hand.account(content.customer)}: team plan, {content.quarter}"
    summary = hand.all_of(content.report.sentences, "summary")
    # In reading order: sources are numbered as they are met.
    built = [_section(key, content, hand) for key in TERRITORY_SECTIONS if key != "summary"]
    calendars = tuple(calendar_view(item, hand) for item in content.calendars)
    sections = [
        _with_weeks(item, calendars) if item.key == "activities" else item for item in built
    ]
    units = tuple(_unit(unit, hand) for unit in content.units)
    return TerritoryView(
        plan_id=version.plan_id,
        version=version.version,
        newest_version=newest_version,
        base_version=version.base_version,
        kind="territory",
        status=version.status,
        plan_hash=content.plan_hash,
        title=title,
        quarter=content.quarter,
        period=f"{long_day(content.period_start)} to {long_day(content.period_end)}",
        facts=_facts(content, hand),
        as_of=content.as_of,
        currency=content.currency,
        writer_note=writer_note(content.writer),
        headline=summary[0] if summary else None,
        sections=(_plain_section("summary", content.report, summary[1:]), *sections),
        sources=hand.sources.numbered(),
        computed=hand.sources.computed(),
        cited=frozenset(hand.cited),
        blockers=content.report.blockers,
        remarks=content.remarks,
        decision=decision,
        stale=tuple(stale),
        created_at=version.created_at,
        created_by=version.created_by,
        rep_id=content.rep_id,
        rep_name=content.rep_name,
        customer=content.customer,
        red=sum(row.status == "red" for row in content.tables.scorecard),
        calendars=calendars,
        units=units,
    )


def _facts(content: TerritoryPlanContent, hand: Hand) -> tuple[str, ...]:
    team = [hand.rep(rep) for rep in content.reps if rep != content.rep_id]
    return (
        *([f"with {listed(team)}"] if team else []),
        *([f"plans from {long_day(content.plan_from)}"]
          if content.plan_from > content.period_start else []),
    )  # fmt: skip


def _plain_section(key: CycleSection, report: CycleReport, said: Any) -> SectionOf:
    return SectionOf(
        key=key,
        title=TERRITORY_SECTIONS[key],
        sentences=tuple(said),
        tables=(),
        blockers=tuple(item for item in report.blockers if item.section == key),
        notices=tuple(item for item in report.notices if item.section == key),
        omissions=tuple(item for item in report.omissions if item.section == key),
    )


def _section(key: CycleSection, content: TerritoryPlanContent, hand: Hand) -> SectionOf:
    said = hand.all_of(content.report.sentences, key)
    made = _plain_section(key, content.report, said)
    makers: dict[CycleSection, tuple[Callable[[TerritoryPlanContent, Hand], CycleTable], ...]] = {
        "assessment": (_overview,),
        "segmentation": (_segments,),
        "opportunities": (_focus,),
        "activities": (_activities, _goals),
        "resources": (_resources,),
        "metrics": (_scorecard, _targets, _milestones),
    }
    tables = tuple(maker(content, hand) for maker in makers.get(key, ()))
    notes = content.tables.notes if key == "assessment" else ()
    return made.model_copy(
        update={"tables": tuple(table for table in tables if table.rows), "notes": notes}
    )


def _with_weeks(section: SectionOf, calendars: tuple[CalendarOf, ...]) -> SectionOf:
    tables = list(section.tables)
    for calendar in calendars:
        tables.append(weeks_table(calendar))
        if calendar.unplaced is not None:
            tables.append(calendar.unplaced)
    notes = tuple(dict.fromkeys(note for calendar in calendars for note in calendar.notes))
    return section.model_copy(update={"tables": tuple(tables), "notes": notes})


def _overview(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    figures = content.tables.overview
    known = [item for item in figures if item.value is not None]
    rows = tuple((plain(item.label), hand.cell(item)) for item in figures)
    notes = tuple(f"{item.label}: {item.note[:1].lower()}{item.note[1:]}" for item in known
                  if item.note)  # fmt: skip
    return CycleTable(
        kind="overview",
        caption="The territory at a glance",
        columns=("Measure", "Value"),
        rows=rows,
        notes=(*notes, *unknowns(figures)),
    )


def _segments(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    rows: list[Row] = []
    figures: list[Figure] = []
    for row in content.tables.segments:
        values = (row.accounts, row.potential, row.open_potential, row.spend)
        figures += values
        rows.append((plain(row.label), *(hand.cell(value) for value in values)))
    return CycleTable(
        kind="segments",
        caption="Accounts by tier",
        columns=("Tier", "Accounts", "Potential a year", "Open potential", "Spend, 12 months"),
        rows=tuple(rows),
        notes=unknowns(figures),
    )


def _focus(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    def row(item: FocusAccount) -> Row:
        return (
            plain(f"{item.rank}", numeric=True),
            hand.cell(item.name),
            plain(FOCUS_KINDS[item.kind]),
            hand.cell(item.amount),
            hand.cell(item.stage) if item.stage.value is not None else plain("–"),
            plain(item.because),
        )

    focus = content.tables.focus
    return CycleTable(
        kind="focus",
        caption="Focus accounts of the quarter",
        columns=("#", "Account", "Kind", "Worth", "Stage", "Why it is here"),
        rows=tuple(row(item) for item in focus),
        notes=unknowns(item.amount for item in focus),
    )


def _activities(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    rows: list[Row] = []
    figures: list[Figure] = []
    for row in content.tables.activities:
        values = (row.accounts, row.touches_week, row.hours_week)
        figures += values
        rows.append(
            (
                plain(row.label),
                *(hand.cell(value) for value in values),
                plain(row.cadence, small="automated" if row.automated else ""),
            )
        )
    return CycleTable(
        kind="activities",
        caption="Touches by tier",
        columns=("Tier", "Accounts", "Touches a week", "Hours a week", "Cadence"),
        rows=tuple(rows),
        notes=unknowns(figures),
    )


def _goals(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    goals = content.tables.goals
    return CycleTable(
        kind="goals",
        caption="Goals of the quarter",
        columns=("Goal", "Wanted"),
        rows=tuple((plain(goal.label), hand.cell(goal.target)) for goal in goals),
        notes=unknowns(goal.target for goal in goals),
    )


def _resources(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    rows = tuple(
        (
            plain(row.label, small=row.note),
            hand.cell(row.need),
            plain(listed(hand.rep(rep) for rep in row.people) or "nobody of this function"),
            plain(listed((hand.account(item) for item in row.accounts), 5) or "–"),
        )
        for row in content.tables.resources
    )
    return CycleTable(
        kind="resources",
        caption="Help lent to the rep",
        columns=("Help", "Need", "Who", "Where"),
        rows=rows,
        notes=unknowns(row.need for row in content.tables.resources),
    )


def _scorecard(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    rows = tuple(_health(row, content, hand) for row in content.tables.scorecard)
    return CycleTable(
        kind="scorecard",
        caption="Health of the territory",
        columns=("Measure", "Target", "Now", "State", "What to do"),
        rows=rows,
        notes=unknowns(
            figure for row in content.tables.scorecard for figure in (row.target, row.current)
        ),
    )


def _health(row: HealthRow, content: TerritoryPlanContent, hand: Hand) -> Row:
    state, word = STATUS[row.status]
    action, small = "–", ""
    if row.action is not None:
        action = _action(row.action, content, hand)
        small = f"by {weekday(row.action.by)}, {hours(row.action.hours)}"
        if row.action.amount is not None and row.action.amount.value is not None:
            small += f", worth {hand.text(row.action.amount)}"
    return (
        plain(row.label),
        hand.cell(row.target),
        hand.cell(row.current),
        plain(word, state=state),
        plain(action, small=small),
    )


def _action(action: HealthAction, content: TerritoryPlanContent, hand: Hand) -> str:
    where = hand.account(action.account_id) if action.account_id else "the territory"
    who = ""
    if action.contact_id and action.account_id:
        who = hand.subject(f"account:{action.account_id}/contact:{action.contact_id}")
        who = who.removeprefix("contact ").removesuffix(f" of {where}")
    return {
        "open_deal": f"Open a deal at {where}",
        "call_account": f"Call {who + ' at ' if who else ''}{where}",
        "visit_account": f"Visit {who + ' at ' if who else ''}{where}",
        "meet_executive": f"Meet {who or 'an executive'} of {where}",
        "raise_deal": f"Raise the deal at {where}",
        "set_quota": f"Set a quota for {content.rep_name}",
    }[action.kind]


def _targets(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    targets = content.tables.targets
    total = hand.cell(targets.total)
    return CycleTable(
        kind="targets",
        caption="New pipeline wanted",
        columns=("Tier", "New pipeline"),
        rows=tuple((plain(row.label), hand.cell(row.amount)) for row in targets.rows),
        total=(plain("Together"), total),
        notes=unknowns((*(row.amount for row in targets.rows), targets.total)),
    )


def _milestones(content: TerritoryPlanContent, hand: Hand) -> CycleTable:
    rows = tuple(
        (plain(weekday(row.due)), plain(row.label), hand.cell(row.figure))
        for row in sorted(content.tables.milestones, key=lambda item: (item.due, item.label))
    )
    return CycleTable(
        kind="milestones",
        caption="Milestones",
        columns=("By", "What is so by then", "Value"),
        rows=rows,
    )


def _unit(unit: UnitPlan, hand: Hand) -> UnitOf:
    name = hand.cell(unit.name).text
    named: tuple[tuple[str, Figure], ...] = (
        ("Spend, 12 months", unit.spend),
        ("Potential a year", unit.potential),
        ("Target", unit.target),
        ("People known", unit.contacts),
    )
    facts: tuple[tuple[str, CycleCell], ...] = (
        ("Worked by", plain(hand.rep(unit.rep_id))),
        ("Aim", plain(FOCUS_KINDS[unit.kind])),
        *((label, hand.cell(figure, small=figure.note)) for label, figure in named),
    )
    steps = tuple(
        f"{ONE[step.kind]}: {hand.rep(step.rep_id)}"
        + (f" with {_contact(hand, unit.account_id, step.contact_id)}" if step.contact_id else "")
        + f", by {weekday(step.by)}, {hours(step.hours)}"
        for step in unit.steps
    )
    missing = f"Nobody known as {listed(unit.missing_roles)}." if unit.missing_roles else ""
    return UnitOf(account_id=unit.account_id, name=name, facts=facts, steps=steps, missing=missing)


def _contact(hand: Hand, account_id: str, contact_id: str) -> str:
    entity = f"account:{account_id}"
    said = hand.subject(f"{entity}/contact:{contact_id}")
    return said.removeprefix("contact ").removesuffix(f" of {hand.name(entity)}")
