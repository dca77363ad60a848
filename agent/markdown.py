"""A plan view as Markdown, with numbered sources, and as plain text for the terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from agent.view import (
    FINDINGS_NOTE,
    Cell,
    FindingView,
    PlanView,
    SectionView,
    Sentence,
    SourceView,
    TableView,
)

WIDTH = 80
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_AUTOLINK = re.compile(r"(:(?=//)|(?<=www)\.|@)")
_LINE_START = re.compile(r"^(\s*)([-+=>]|\d+[.)](?=\s))", re.MULTILINE)
_LEFT_OUT = "A statement about a competitor has no source and is not exported."


def to_markdown(view: PlanView) -> str:
    """Write a plan as Markdown.

    Numbered sources stand at the end; computed values are marked ƒ. All text is escaped,
    words of notes stand in quotation marks. A person's unsourced competitor statement
    never leaves in an export: a line says that it is left out.
    """
    kept = _exportable(view)
    lines = [
        f"# {escape(view.title)}",
        "",
        f"**{escape(view.account_name)}** · {escape(view.tier_label)} · owner "
        f"{escape(view.owner_name)} · plan {view.period}, version {view.version}, "
        f"{view.status.replace('_', ' ')} · book of {view.as_of.isoformat()} · "
        f"*{escape(view.writer_note)}*",
        "",
    ]
    if view.facts_line:
        lines += [escape(view.facts_line), ""]
    if view.tier_note:
        lines += [escape(view.tier_note), ""]
    if view.decision:
        lines += [f"**{escape(view.decision)}**", ""]
    lines += [f"**The plan in one line:** {_marked(view.objective, kept)}", ""]
    for number, section in enumerate(view.sections, start=1):
        lines += _section(number, section, view, kept)
    lines += _notes(view)
    if view.sources:
        lines += ["## Sources", ""]
        lines += [f"{source.label}. {_source(source)}" for source in view.sources] + [""]
    if view.computed:
        lines += ["### Computed", ""]
        lines += [f"- ƒ {_computed(source)}" for source in view.computed] + [""]
    lines += [f"Plan hash {view.plan_hash}. The marks prove where a statement comes from, not "
              "that a paraphrase is fair."]  # fmt: skip
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Escape text so that Markdown shows it as it is, on one line."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    escaped = _AUTOLINK.sub(r"\\\1", escaped)
    return _LINE_START.sub(lambda m: f"{m.group(1)}\\{m.group(2)}", escaped)


def _exportable(view: PlanView) -> frozenset[str]:
    """Keys of the sentences that must not leave."""
    return frozenset(
        blocker.claim
        for blocker in view.blockers
        if blocker.code == "competitor_unsourced" and blocker.claim
    )


def _marked(sentence: Sentence, withheld: frozenset[str]) -> str:
    if sentence.key in withheld:
        return f"*{_LEFT_OUT}*"
    text = escape(sentence.text)
    marks = "".join(f" [{pill.label}]" for pill in sentence.pills)
    remarks = "".join(f" *({escape(remark.rstrip('.'))})*" for remark in sentence.remarks)
    author = f" *(written by {escape(sentence.author)})*" if sentence.author else ""
    return text + marks + remarks + author


def _section(
    number: int, section: SectionView, view: PlanView, withheld: frozenset[str]
) -> list[str]:
    lines = [f"## {number}. {escape(section.title)}", ""]
    if section.sentences:
        lines += [f"- {_marked(sentence, withheld)}" for sentence in section.sentences] + [""]
    labels = {item.evidence_id: item.label for item in (*view.sources, *view.computed)}
    for table in section.tables:
        lines += [*_table(table, labels, withheld), ""]
    if section.key == "plays":
        lines += [escape(view.capacity_line), ""]
    if section.gap:
        lines += [f"*{escape(section.gap)}*", ""]
    lines += [f"**Blocks approval:** {escape(item.message)}" for item in section.blockers]
    return lines + ([""] if section.blockers else [])


def _table(table: TableView, labels: dict[str, str], withheld: frozenset[str]) -> list[str]:
    first = table.rows[0] if table.rows else ()
    rule = [
        "---:" if position < len(first) and first[position].numeric else "---"
        for position in range(len(table.columns))
    ]
    lines = [_row(list(table.columns)), _row(rule)]
    for row in table.rows:
        shown: set[str] = set()  # one mark a row for each source
        lines.append(_row([_cell(cell, labels, withheld, shown) for cell in row]))
    return lines


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(cell: Cell, labels: dict[str, str], withheld: frozenset[str], shown: set[str]) -> str:
    if cell.sentence is not None:
        return _marked(cell.sentence, withheld)
    label = labels.get(cell.evidence_id or "")
    if label is None or label in shown:
        return escape(cell.text)
    shown.add(label)
    return f"{escape(cell.text)} [{label}]"


def _notes(view: PlanView) -> list[str]:
    lines = []
    if view.findings:
        lines += ["## Findings", "", f"*{FINDINGS_NOTE}*", ""]
        lines += [f"{item.number}. {escape(_finding(item))}" for item in view.findings] + [""]
    if view.omissions:
        lines += ["## Left out by the check", ""]
        lines += [
            f"- {escape(item.what)}: {escape(item.reason)}" for item in view.omissions
        ] + [""]  # fmt: skip
    if view.checks:
        lines += ["## Checks", ""]
        words = {"ok": "passed", "warn": "look at it", "bad": "blocks"}
        lines += [
            f"- {escape(item.label)}: {escape(item.detail)} ({words[item.state]})"
            for item in view.checks
        ]
        lines += [f"- {escape(notice.message)}" for notice in view.warnings] + [""]
    if view.recheck:
        lines += ["## Needs a re-check", ""]
        lines += [f"- {escape(line)}" for line in view.recheck] + [""]
    return lines


def _finding(item: FindingView) -> str:
    return f"{item.text} {item.note}".rstrip()


def _source(source: SourceView) -> str:
    facts = "; ".join(escape(fact) for fact in source.facts)
    said = f"“{escape(source.quote)}”" if source.kind == "document" else escape(source.quote)
    return f"{escape(source.type_name)}, {escape(source.title)}: {said} ({facts})"


def _computed(source: SourceView) -> str:
    formula = f": {escape(source.formula)}" if source.formula else f": {escape(source.quote)}"
    return f"{escape(source.title)}{formula} ({'; '.join(escape(fact) for fact in source.facts)})"


def to_terminal(view: PlanView) -> str:
    """Write a plan as plain text of at most 80 columns."""
    lines: list[str] = []
    status = view.status.replace("_", " ")
    lines += _wrap(f"{view.title} · version {view.version} · {status}")
    lines += ["=" * min(WIDTH, max(map(len, lines)))]
    lines += _wrap(
        f"{view.tier_label} · owner {view.owner_name} · {view.period} · book of "
        f"{view.as_of.isoformat()} · {view.writer_note}"
    )
    if view.facts_line:
        lines += _wrap(view.facts_line)
    if view.tier_note:
        lines += _wrap(view.tier_note)
    if view.decision:
        lines += _wrap(view.decision)
    lines += ["", *_wrap(f"Objective: {_plain(view.objective)}")]
    for number, section in enumerate(view.sections, start=1):
        lines += ["", *_wrap(f"{number}. {section.title}")]
        for sentence in section.sentences:
            lines += _wrap(_plain(sentence), "  - ", "    ")
        for table in section.tables:
            lines += _listed(table)
        if section.key == "plays":
            lines += _wrap(view.capacity_line, "  ", "  ")
        if section.gap:
            lines += _wrap(section.gap, "  (", "   ", end=")")
        for blocker in section.blockers:
            lines += _wrap(f"Blocks approval: {blocker.message}", "  ! ", "    ")
    if view.findings:
        lines += ["", "Findings", *_wrap(f"{FINDINGS_NOTE}", "  ", "  ")]
        for item in view.findings:
            lines += _wrap(_finding(item), f"  {item.number}. ", "     ")
    lines += _lines("Left out", [f"{item.what}: {item.reason}" for item in view.omissions])
    lines += _lines(
        "Checks",
        [
            *(f"[{item.state}] {item.label}: {item.detail}" for item in view.checks),
            *(f"[warn] {notice.message}" for notice in view.warnings),
        ],
    )
    lines += _lines("Needs a re-check", list(view.recheck))
    if view.sources:
        lines += ["", "Sources"]
        for source in view.sources:
            said = f"“{source.quote}”" if source.kind == "document" else source.quote
            text = f"{source.type_name}, {source.title}: {said} ({'; '.join(source.facts)})"
            lines += _wrap(text, f"  [{source.label}] ", "      ")
    if view.computed:
        lines += ["", "Computed"]
        for source in view.computed:
            text = f"{source.title}: {source.formula or source.quote}"
            lines += _wrap(text, "  ƒ ", "    ")
    return "\n".join(lines) + "\n"


def _plain(sentence: Sentence) -> str:
    marks = "".join(f" [{pill.label}]" for pill in sentence.pills)
    remarks = "".join(f" ({remark.rstrip('.')})" for remark in sentence.remarks)
    author = f" (written by {sentence.author})" if sentence.author else ""
    return sentence.text + marks + remarks + author


def _listed(table: TableView) -> Iterator[str]:
    """Write each row as a short paragraph; wide tables do not fit 80 columns."""
    for row in table.rows:
        shown = []
        for column, cell in zip(table.columns, row, strict=True):
            text = _plain(cell.sentence) if cell.sentence else cell.text
            if not text or text == "–":
                continue
            bare = column in ("#", "What", "Milestone", "Role", table.columns[0])
            shown.append(text if bare else f"{column[:1].lower()}{column[1:]}: {text}")
        yield from _wrap(" | ".join(shown), "  * ", "    ")


def _lines(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    return ["", title, *(line for item in items for line in _wrap(item, "  - ", "    "))]


def _wrap(text: str, first: str = "", then: str = "", *, end: str = "") -> list[str]:
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c == " ")
    clean = " ".join(text.split()) + end
    return textwrap.wrap(
        clean, WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=True
    ) or [first.rstrip()]
