"""Territory plans and reviews as the terminal shows them: compact tables, 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from api.cli.tables import laid_out, natural_width, width

if TYPE_CHECKING:
    from agent.cycle.live_view import MonthOf, WeekOf
    from agent.cycle.view import (
        AdjustmentOf,
        Bullet,
        CycleCell,
        CycleTable,
        CycleView,
        ReviewView,
        SectionOf,
        TerritoryOf,
        TerritoryView,
        WeekView,
    )
    from agent.view import Sentence, SourceView

MOST_ROWS = 15
_GIVES = frozenset({"Account", "Why it is here", "What", "What to do", "Claim", "Where", "Who"})


def territory_lines(view: TerritoryView, *, weeks: bool = False) -> Iterator[str]:
    """Write a territory plan; `weeks` writes its days instead of its steps."""
    yield from _head(view)
    if weeks:
        for calendar in view.calendars:
            yield ""
            yield from _wrapped(f"{calendar.rep_name}: {calendar.told}")
            for week in calendar.weeks:
                yield from _week(week)
            if calendar.unplaced is not None:
                yield from table_lines(calendar.unplaced)
            yield from _notes(calendar.notes)
        return
    for section in view.sections:
        if section.key != "summary":
            yield from ("", section.title)
        yield from _said(section.sentences)
        for table in section.tables:
            yield from table_lines(table)
        if section.key == "activities":
            for calendar in view.calendars:
                yield from _wrapped(calendar.told, "  ", "  ")
        yield from _remarks(section)
    for unit in view.units:
        yield from ("", unit.name)
        yield from _wrapped(
            ", ".join(f"{label[:1].lower()}{label[1:]} {cell.text}" for label, cell in unit.facts),
            "  ", "  ",
        )  # fmt: skip
        for step in unit.steps:
            yield from _wrapped(step, "  - ", "    ")
        if unit.missing:
            yield from _wrapped(unit.missing, "  ? ", "    ")
    yield from _sources(view)


def review_lines(view: ReviewView, *, summary_only: bool = False) -> Iterator[str]:
    """Write a review; `summary_only` stops after the page for the management."""
    yield from _head(view)
    summary = view.section("summary")
    yield from _said(summary.sentences)
    yield from ("", "Plan and actual")
    yield from measure_lines(view.team_bullets)
    if summary_only:
        yield from _shortest(view)
        return
    yield from _wrapped(f"{view.plays}. {view.groups_told}", "  ", "  ")
    yield ""
    yield from _territories(view.territories)
    for section in view.sections:
        if section.key == "summary":
            continue
        if section.key != "figures":
            yield from ("", section.title)
            yield from _said(section.sentences)
        if section.key == "adjustments":
            for item in view.adjustments:
                yield from _adjustment(item)
        if section.key not in ("figures", "adjustments"):
            for table in section.tables:
                yield from table_lines(table)
        for table in section.tables:
            if table.kind == "not_proposed":
                for row in table.rows:
                    yield from _wrapped(
                        f"Not proposed: {row[0].text}. {row[1].text}", "  x ", "    "
                    )
        yield from _remarks(section)
    yield from _sources(view)


def month_lines(view: MonthOf) -> Iterator[str]:
    """Write a manager's month."""
    yield from _title(f"{view.title}, {view.quarter}")
    yield from measure_lines(view.team_bullets)
    if view.plays:
        yield from _wrapped(f"{view.plays}.", "  ", "  ")
    yield ""
    yield from _territories(view.territories)
    yield from table_lines(view.weeks)
    yield from _notes(view.notes)


def week_lines(view: WeekOf) -> Iterator[str]:
    """Write a rep's week: what comes, what slips, what was done, the quarter so far."""
    yield from _title(f"{view.title}, {view.quarter}")
    yield from _wrapped(view.told)
    for table in (view.this, view.slips, view.last):
        if table.rows:
            yield from table_lines(table)
    if view.bullets:
        yield from ("", "The quarter so far")
        yield from measure_lines(view.bullets)
    if view.plays:
        yield from _wrapped(f"{view.plays}.", "  ", "  ")
    yield from _notes(view.notes)


def table_lines(table: CycleTable) -> Iterator[str]:
    """Write a table that fits, or its rows as paragraphs where it would lose its words."""
    if not table.rows:
        return
    yield from ("", table.caption)
    shown = table.rows[:MOST_ROWS] if table.kind == "changes" else table.rows
    headings = [
        (">" if cell.numeric else "") + column + ("*" if column in _GIVES else "")
        for column, cell in zip(table.columns, table.rows[0], strict=True)
    ]
    rows = [[_plain(cell) for cell in row] for row in shown]
    if natural_width(headings, rows) <= width() and not any(c.small for r in shown for c in r):
        yield from laid_out(headings, rows, width())
    else:
        for row in shown:
            yield from _paragraph(table.columns, row)
    if table.total is not None:
        yield "  ".join(_plain(cell) for cell in table.total)
    if len(table.rows) > len(shown):
        yield f"  and {len(table.rows) - len(shown)} more; --json has them all"
    yield from _notes(table.notes)


def measure_lines(bullets: Iterable[Bullet]) -> list[str]:
    """Write measures as one table: plan, due, actual, gap, reading."""
    rows = [
        (
            item.label, item.plan_cell.text, item.due_cell.text, item.actual_cell.text,
            item.gap_cell.text, item.reading,
        )
        for item in bullets
    ]  # fmt: skip
    if not rows:
        return []
    return laid_out(("Measure*", ">Plan", ">Due", ">Actual", ">Gap", "Reading"), rows, width())


def _territories(items: Sequence[TerritoryOf]) -> Iterator[str]:
    from agent.cycle.markdown import gap_told

    label = next((item.main.label for item in items if item.main.label), "main measure")
    yield f"Territories by {label.lower()}, the largest gap first"
    rows = [
        (
            item.name + (" (not followed)" if item.drift else ""),
            item.main.plan_cell.text,
            item.main.actual_cell.text,
            gap_told(item),
            ", ".join(f"no. {number}" for number in item.answered_by) or "–",
        )
        for item in items
    ]
    yield from laid_out(("Territory*", ">Plan", ">Actual", ">Gap", "Answer"), rows, width())
    for item in items:
        for cause in item.causes:
            word = "guess" if cause.guess else "cause"
            yield from _wrapped(f"{item.name}, {word}: {_marked(cause.sentence)}", "  - ", "    ")


def _shortest(view: ReviewView) -> Iterator[str]:
    """Write what a management has to know beside the figures of the team."""
    yield ""
    yield from _territories(view.territories[:3])
    if view.adjustments:
        yield from ("", "To decide")
    for item in view.adjustments:
        said = item.sentence.text if item.sentence else "No sentence stood the check."
        yield from _wrapped(f"{said} {_price(item)}", f"  {item.number}. ", "     ")
    for blocker in view.blockers:
        yield from _wrapped(f"Blocks approval: {blocker.message}", "  ! ", "    ")


def _adjustment(item: AdjustmentOf) -> Iterator[str]:
    said = _marked(item.sentence) if item.sentence else "No sentence stood the check."
    yield from _wrapped(said, f"  {item.number}. ", "     ")
    against = _marked(item.against) if item.against else "no counter-case was found"
    for line in (
        f"Answers: {'; '.join(item.answers)}" if item.answers else "",
        _price(item),
        f"Against: {against}",
        f"Opens {item.opens}.",
        item.decided or "Waits for a decision.",
    ):
        if line:
            yield from _wrapped(line, "     ", "     ")


def _price(item: AdjustmentOf) -> str:
    def told(pairs: Sequence[tuple[str, CycleCell]]) -> str:
        return ", ".join(f"{label[:1].lower()}{label[1:]} {cell.text}" for label, cell in pairs)

    return f"Cost: {told(item.cost) or 'none found'}. Gain: {told(item.gain) or 'none found'}."


def _head(view: CycleView) -> Iterator[str]:
    yield from _title(f"{view.title} · version {view.version} · {view.status.replace('_', ' ')}")
    facts = " · ".join((view.period, *view.facts, f"book of {view.as_of.isoformat()}",
                        view.writer_note))  # fmt: skip
    yield from _wrapped(facts)
    if view.decision:
        yield from _wrapped(view.decision)
    for line in view.stale:
        yield from _wrapped(f"Needs a new look: {line}", "! ", "  ")
    if view.headline is not None:
        yield ""
        yield from _wrapped(_marked(view.headline))


def _title(text: str) -> Iterator[str]:
    lines = _wrapped(text)
    yield from lines
    yield "=" * max(map(len, lines))


def _week(week: WeekView) -> Iterator[str]:
    from agent.cycle.writing import hours

    yield ""
    yield (
        f"Week of {week.label}: {hours(week.planned)} of {hours(week.selling)}"
        + (f", {hours(week.travel)} travel" if week.travel > 0 else "")
    )
    for line in week.lines:
        yield from _wrapped(f"{line.label}  {line.what} ({line.hours})", "  ", "              ")


def _said(sentences: Iterable[Sentence]) -> Iterator[str]:
    for sentence in sentences:
        yield from _wrapped(_marked(sentence), "  - ", "    ")


def _remarks(section: SectionOf) -> Iterator[str]:
    yield from _notes(section.notes)
    yield from _notes(item.message for item in section.notices)
    for item in section.omissions:
        yield from _wrapped(f"Left out: {item.what}. {item.reason}", "  ? ", "    ")
    for blocker in section.blockers:
        yield from _wrapped(f"Blocks approval: {blocker.message}", "  ! ", "    ")


def _notes(notes: Iterable[str]) -> Iterator[str]:
    for note in notes:
        yield from _wrapped(note, "  ", "  ")


def _sources(view: CycleView) -> Iterator[str]:
    numbered = [item for item in view.sources if item.evidence_id in view.cited]
    if numbered:
        yield from ("", "Sources")
    for source in numbered:
        said = f"“{source.quote}”" if source.kind == "document" else source.quote
        text = f"{source.type_name}, {source.title}: {said} ({'; '.join(source.facts)})"
        yield from _wrapped(text, f"  [{source.label}] ", "      ")
    cited: list[SourceView] = [item for item in view.computed if item.evidence_id in view.cited]
    if cited:
        yield from ("", "Computed")
    for source in cited:
        yield from _wrapped(f"{source.title}: {source.formula or source.quote}", "  ƒ ", "    ")


def _marked(sentence: Sentence) -> str:
    marks = "".join(f" [{pill.label}]" for pill in sentence.pills)
    remarks = "".join(f" ({remark.rstrip('.')})" for remark in sentence.remarks)
    return sentence.text + marks + remarks


def _plain(cell: CycleCell) -> str:
    pills = cell.sentence.pills if cell.sentence is not None else cell.pills
    return cell.text + "".join(f" [{pill.label}]" for pill in pills)


def _paragraph(columns: Sequence[str], row: Sequence[CycleCell]) -> list[str]:
    told = []
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        text = _plain(cell).strip() + (f" ({cell.small})" if cell.small else "")
        if text and text != "–":
            told.append(text if place < 2 else f"{column[:1].lower()}{column[1:]}: {text}")
    return _wrapped(" | ".join(told), "  * ", "    ")


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    clean = " ".join("".join(c for c in text if c.isprintable() or c == " ").split())
    return textwrap.wrap(
        clean, width(), initial_indent=first, subsequent_indent=then, break_long_words=True
    ) or [first.rstrip()]
