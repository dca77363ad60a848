"""A plan of a quarter as Markdown: dense, in reading order, with numbered sources.

Figures of tables open on the page; the lists of sources at the end hold what sentences,
changes and carried claims rest on. The JSON export holds every one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from agent.cycle.view import (
    AdjustmentOf,
    CalendarOf,
    CycleCell,
    CycleTable,
    CycleView,
    ReviewView,
    SectionOf,
    TerritoryOf,
    TerritoryView,
)
from agent.cycle.writing import MOST_CHANGES
from agent.markdown import escape
from agent.view import Pill, Sentence, SourceView

COMPUTED_NOTE = (
    "Figures in tables are computed from the book; each opens to its formula on the page, and "
    "the JSON export holds them all."
)


def to_markdown(view: CycleView) -> str:
    """Write a territory plan or a review as Markdown; all text is escaped."""
    lines = [f"# {escape(view.title)}", "", _head(view), ""]
    if view.decision:
        lines += [f"**{escape(view.decision)}**", ""]
    lines += [f"**Needs a new look:** {escape(line)}" for line in view.stale]
    if view.headline is not None:
        word = "The quarter in one line" if view.kind == "territory" else "The review in one line"
        lines += [f"**{word}:** {_marked(view.headline)}", ""]
    if isinstance(view, TerritoryView):
        lines += _territory(view)
    elif isinstance(view, ReviewView):
        lines += _review(view)
    lines += _sources(view)
    lines.append(
        f"Plan hash {view.plan_hash}. The marks prove where a statement comes from, not that a "
        "paraphrase is fair."
    )
    return "\n".join(lines) + "\n"


def _head(view: CycleView) -> str:
    who = ""
    if isinstance(view, TerritoryView):
        who = f"**Territory of {escape(view.rep_name)}**"
    elif isinstance(view, ReviewView):
        who = f"**{escape(view.team)}**"
    parts = [
        f"{who}, {view.quarter} ({view.period})",
        *(escape(fact) for fact in view.facts),
        f"version {view.version}, {view.status.replace('_', ' ')}",
        f"book of {view.as_of.isoformat()}",
        f"*{escape(view.writer_note)}*",
    ]
    return " · ".join(parts)


def _territory(view: TerritoryView) -> list[str]:
    lines: list[str] = []
    for section in view.sections:
        if section.key == "summary":
            lines += _said(section)
            continue
        lines += [f"## {section.title}", ""]
        tables = [table for table in section.tables if table.kind != "weeks"]
        lines += _said(section) + [line for table in tables for line in _table(table)]
        if section.key == "activities":
            lines += [line for calendar in view.calendars for line in _calendar(calendar, view)]
        lines += _remarks(section)
    for unit in view.units:
        lines += [f"## {escape(unit.name)}", ""]
        facts = " · ".join(f"{escape(label)} {escape(cell.text)}" for label, cell in unit.facts)
        lines += [facts, "", *(f"- {escape(step)}" for step in unit.steps)]
        lines += [f"- *{escape(unit.missing)}*"] if unit.missing else []
        lines.append("")
    return lines


def _calendar(calendar: CalendarOf, view: TerritoryView) -> Iterator[str]:
    whose = "" if len(view.calendars) == 1 else f"{calendar.rep_name}: "
    yield f"**{escape(whose)}{escape(calendar.told)}**"
    yield ""
    rows = ["| week | planned | of selling hours | travel | what |", "|---|---:|---:|---:|---|"]
    for week in calendar.weeks:
        trips = "; ".join(
            f"{line.label.partition(' ')[0]} {line.what[:1].lower()}{line.what[1:]}"
            for line in week.lines
            if line.trip
        )
        on_a_trip = sum(line.trip for line in week.lines)
        other = week.touches and f"{week.touches} touches" + (
            f", {on_a_trip} {'trip' if on_a_trip == 1 else 'trips'}: {trips}" if trips else ""
        )
        rows.append(
            _row([week.label, f"{week.planned.normalize():f}", f"{week.selling.normalize():f}",
                  f"{week.travel.normalize():f}", escape(str(other or "–"))])
        )  # fmt: skip
    yield from rows
    yield ""


def _review(view: ReviewView) -> list[str]:
    lines: list[str] = []
    for section in view.sections:
        if section.key == "summary":
            lines += _said(section)
            continue
        lines += [f"## {section.title}", ""]
        lines += _said(section)
        if section.key == "figures":
            lines += [line for table in section.tables for line in _table(table)]
            lines += _territories(view)
        elif section.key == "adjustments":
            lines += [line for item in view.adjustments for line in _adjustment(item)]
            lines += _not_proposed(section)
        else:
            lines += [line for table in section.tables for line in _table(table)]
        lines += _remarks(section)
    return lines


def _territories(view: ReviewView) -> list[str]:
    label = next((item.main.label for item in view.territories if item.main.label), "Plan")
    rows = [
        _row(["territory", f"{label.lower()}: plan", "actual", "gap", "main cause", "answer"]),
        "|---|---:|---:|---:|---|---|",
    ]
    for item in view.territories:
        name = item.name + (" (plan no longer followed)" if item.drift else "")
        answer = ", ".join(f"no. {number}" for number in item.answered_by) or "–"
        rows.append(
            _row([
                escape(name), escape(item.main.plan_cell.text),
                escape(item.main.actual_cell.text), _inline(gap_told(item)), _cause(item), answer,
            ])
        )  # fmt: skip
    told = [f"*{escape(view.groups_told)}*" if view.groups_told else "", escape(view.plays) + "."]
    return [*rows, "", *(line for line in told if line), ""]


def gap_told(item: TerritoryOf) -> str:
    """Write a gap with its share of the plan: `−$110,000 (−28 %)`."""
    if item.main.relative is None:
        return item.main.gap_cell.text
    share = f"{item.main.relative * 100:+.0f} %".replace("-", "−")
    return f"{item.main.gap_cell.text} ({share})"


def _cause(item: TerritoryOf) -> str:
    if not item.causes:
        return "not known"
    cause = item.causes[0]
    return ("*guess:* " if cause.guess else "") + _marked(cause.sentence)


def _adjustment(item: AdjustmentOf) -> Iterator[str]:
    said = _marked(item.sentence) if item.sentence else "*No sentence stood the check.*"
    yield f"{item.number}. {said}"
    if item.answers:
        yield f"   - Answers: {escape('; '.join(item.answers))}"
    yield f"   - Cost: {_pairs(item.cost)}. Gain: {_pairs(item.gain)}."
    against = _marked(item.against) if item.against else "*no counter-case was found*"
    yield f"   - Against: {against}"
    yield f"   - **→ {escape(item.opens)}**" + (
        f" · {escape(item.decided)}" if item.decided else " · waits for a decision"
    )
    yield ""


def _not_proposed(section: SectionOf) -> list[str]:
    rows = [row for table in section.tables if table.kind == "not_proposed" for row in table.rows]
    lines = [f"Not proposed: {escape(row[0].text)}. {_cell(row[1])}" for row in rows]
    return [line for text in lines for line in (text, "")]


def _pairs(pairs: Sequence[tuple[str, CycleCell]]) -> str:
    if not pairs:
        return "none found"
    return ", ".join(f"{escape(label)} {escape(cell.text)}" for label, cell in pairs)


def _said(section: SectionOf) -> list[str]:
    if not section.sentences:
        return []
    return [*(f"- {_marked(sentence)}" for sentence in section.sentences), ""]


def _remarks(section: SectionOf) -> list[str]:
    lines = [f"*{escape(note)}*" for note in section.notes]
    lines += [f"*{escape(item.message)}*" for item in section.notices]
    lines += [
        f"*Left out: {escape(item.what)}. {escape(item.reason)}*" for item in section.omissions
    ]
    lines += [f"**Blocks approval:** {escape(item.message)}" for item in section.blockers]
    return [line for text in lines for line in (text, "")]


def _marked(sentence: Sentence) -> str:
    remarks = "".join(f" *({escape(remark.rstrip('.'))})*" for remark in sentence.remarks)
    return escape(sentence.text) + _pills(sentence.pills) + remarks


def _pills(pills: Iterable[Pill]) -> str:
    return "".join(f" [{pill.label}]" for pill in pills)


def _table(table: CycleTable) -> list[str]:
    first = table.rows[0]
    rule = ["---:" if cell.numeric else "---" for cell in first]
    most = MOST_CHANGES if table.kind == "changes" else len(table.rows)
    lines = [_row([escape(column) for column in table.columns]), _row(rule)]
    lines += [_row([_cell(cell) for cell in row]) for row in table.rows[:most]]
    if table.total is not None:
        lines.append(_row([f"**{_cell(cell)}**" for cell in table.total]))
    if len(table.rows) > most:
        lines += ["", f"*{len(table.rows) - most:,} more are in the JSON export.*"]
    return [*lines, "", *(f"*{escape(note)}*" for note in table.notes),
            *([""] if table.notes else [])]  # fmt: skip


def _inline(text: str) -> str:
    """Escape text that begins no line: a sign in front of a figure is no list."""
    return escape(f"x{text}")[1:]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(cell: CycleCell) -> str:
    pills = cell.sentence.pills if cell.sentence is not None else cell.pills
    text = _inline(cell.text) + _pills(pills)
    return f"{text} *({escape(cell.small)})*".strip() if cell.small else text


def _sources(view: CycleView) -> list[str]:
    lines: list[str] = []
    numbered = [source for source in view.sources if source.evidence_id in view.cited]
    if numbered:
        lines += ["## Sources", ""]
        lines += [f"{source.label}. {_source(source)}" for source in numbered] + [""]
    cited = [source for source in view.computed if source.evidence_id in view.cited]
    if cited:
        lines += ["### Computed", ""] + [f"- ƒ {_formula(source)}" for source in cited] + [""]
    return [*lines, f"*{COMPUTED_NOTE}*", ""]


def _source(source: SourceView) -> str:
    facts = "; ".join(escape(fact) for fact in source.facts)
    said = f"“{escape(source.quote)}”" if source.kind == "document" else escape(source.quote)
    return f"{escape(source.type_name)}, {escape(source.title)}: {said} ({facts})"


def _formula(source: SourceView) -> str:
    told = escape(source.formula or source.quote)
    return f"{escape(source.title)}: {told} ({'; '.join(escape(fact) for fact in source.facts)})"
