"""A handover pack as Markdown and as plain text for the terminal."""

from __future__ import annotations

import textwrap

from agent.handover.pack import HandoverPack, HandoverSection
from agent.markdown import escape
from agent.view import Sentence, SourceView

WIDTH = 80


def to_markdown(pack: HandoverPack) -> str:
    """Write a pack as Markdown, its sources numbered at the end; all text is escaped."""
    lines = [f"# {escape(pack.account_name)}: handover", "", escape(headline(pack)), ""]
    for section in pack.sections:
        lines += [f"## {section.title}", ""]
        if section.note:
            lines += [escape(section.note), ""]
        lines += [f"- {escape(_marked(sentence))}" for sentence in section.sentences]
        lines += [""] if section.sentences else []
    lines += ["## Sources", ""]
    lines += [f"{source.label}. {escape(_source(source))}" for source in pack.sources]
    lines += [f"- ƒ {escape(_computed(source))}" for source in pack.computed]
    return "\n".join([*lines, "", escape(left_out(pack)), ""])


def to_terminal(pack: HandoverPack) -> str:
    """Write a pack as plain text of at most 80 columns."""
    lines = [*_wrap(f"{pack.account_name}: handover"), *_wrap(headline(pack))]
    for section in pack.sections:
        lines += ["", section.title, *_section(section)]
    lines += ["", "Sources"]
    for source in pack.sources:
        lines += _wrap(_source(source), f"  [{source.label}] ", "      ")
    for source in pack.computed:
        lines += _wrap(_computed(source), "  ƒ ", "    ")
    return "\n".join([*lines, "", *_wrap(left_out(pack))]) + "\n"


def headline(pack: HandoverPack) -> str:
    """Say whose account it is, and at which date."""
    owner = f"Owner {pack.owner_name or pack.owner_id}" if pack.owner_id else "No owner"
    return (
        f"Account {pack.account_id}. {owner}. Book of {pack.as_of.isoformat()}. Amounts in "
        f"{pack.currency}."
    )


def left_out(pack: HandoverPack) -> str:
    """Say how many sentences the check did not let pass."""
    if not pack.left_out:
        return "Every sentence was checked against its source; none was left out."
    many = "sentence was" if pack.left_out == 1 else "sentences were"
    return f"{pack.left_out} {many} left out: the check found no support for it in the sources."


def _section(section: HandoverSection) -> list[str]:
    lines = _wrap(section.note, "  ", "  ") if section.note else []
    for sentence in section.sentences:
        lines += _wrap(_marked(sentence), "  - ", "    ")
    return lines


def _marked(sentence: Sentence) -> str:
    marks = "".join(f" [{pill.label}]" for pill in sentence.pills)
    remarks = "".join(f" ({remark.rstrip('.')})" for remark in sentence.remarks)
    return sentence.text + marks + remarks


def _source(source: SourceView) -> str:
    said = f"“{source.quote}”" if source.kind == "document" else source.quote
    return f"{source.type_name}, {source.title}: {said} ({'; '.join(source.facts)})"


def _computed(source: SourceView) -> str:
    return f"{source.title}: {source.formula or source.quote} ({'; '.join(source.facts)})"


def _wrap(text: str, first: str = "", then: str = "") -> list[str]:
    clean = " ".join("".join(c for c in text if c.isprintable() or c == " ").split())
    return textwrap.wrap(
        clean, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )
