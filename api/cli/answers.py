"""An answer of chat on the terminal: sentences with their marks, tables, numbered sources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.tables import laid_out
from api.cli.terminal import COLUMNS, Terminal

COMPUTED = "ƒ"


def print_turn(terminal: Terminal, view: Mapping[str, Any], address: str) -> None:
    """Print a turn's answer; nothing where it has none. `address` is that of the web app."""
    if view["turn"]["answer"] is not None:
        terminal.text("\n".join(written(view, address)))


def written(view: Mapping[str, Any], address: str) -> Iterator[str]:
    """Write the answer of a TurnView as lines of at most 80 columns."""
    answer = view["turn"]["answer"]
    if answer["label"]:
        yield from _wrap(f"{answer['label']}.")
    for sentence in view["said"]:
        yield from _wrap(marked(sentence))
    labels = {source["evidence_id"]: source["label"] for source in view["sources"]}
    for table in view["tables"]:
        yield ""
        yield from _table(table, labels)
    for note in answer["notes"]:
        yield from _wrap(note)
    for omission in answer["omissions"]:
        yield from _wrap(f"Left out: {omission}")
    for artifact in answer["artifacts"]:
        link = artifact["link"]
        yield f"{artifact['type'].capitalize()} {artifact['id']} version {artifact['version']}:"
        yield f"  {address}{link}" if link.startswith("/") else f"  {link}"
    yield from _sources(view["sources"])
    if answer["offers"]:
        yield ""
    for offer in answer["offers"]:
        yield from _wrap(f"Ask next: {offer['text']}", then="  ")


def marked(sentence: Mapping[str, Any]) -> str:
    """Write a sentence with the marks of its sources and the verifier's remarks."""
    marks = "".join(f" [{pill['label']}]" for pill in sentence["pills"])
    remarks = "".join(f" ({remark.rstrip('.')})" for remark in sentence["remarks"])
    return f"{sentence['text']}{marks}{remarks}"


def source_line(source: Mapping[str, Any]) -> str:
    """Write a source on one line; only words of a document stand in quotation marks."""
    if source["label"] == COMPUTED:
        return f"{source['title']}: {source['formula'] or source['quote']}"
    said = f"“{source['quote']}”" if source["kind"] == "document" else source["quote"]
    facts = f" ({'; '.join(source['facts'])})" if source["facts"] else ""
    return f"{source['type_name']}, {source['title']}: {said}{facts}"


def _table(table: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    yield from _wrap(table["title"])
    numeric = [
        any(row[place]["numeric"] for row in table["rows"])
        for place in range(len(table["columns"]))
    ]
    headings = [
        f">{name}" if is_number else f"{name}*"
        for name, is_number in zip(table["columns"], numeric, strict=True)
    ]
    rows = []
    for row in table["rows"]:
        shown: set[str] = set()  # one mark a row for each source
        rows.append([_cell(cell, labels, shown) for cell in row])
    yield from (f"  {line}" for line in laid_out(headings, rows, COLUMNS - 2))
    yield ""


def _cell(cell: Mapping[str, Any], labels: Mapping[str, str], shown: set[str]) -> str:
    label = labels.get(cell["evidence_id"] or "", COMPUTED)
    if label == COMPUTED or label in shown:
        return str(cell["text"])
    shown.add(label)
    return f"{cell['text']} [{label}]"


def _sources(sources: list[Mapping[str, Any]]) -> Iterator[str]:
    quoted = [source for source in sources if source["label"] != COMPUTED]
    computed = [source for source in sources if source["label"] == COMPUTED]
    if quoted:
        yield from ("", "Sources")
    for source in quoted:
        mark = f"  [{source['label']}] "
        yield from _wrap(source_line(source), mark, " " * len(mark))
    if computed:
        yield from ("", "Computed")
    for source in computed:
        yield from _wrap(source_line(source), f"  {COMPUTED} ", "    ")


def _wrap(text: str, first: str = "", then: str = "") -> list[str]:
    clean = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    return textwrap.wrap(
        clean, COLUMNS, initial_indent=first, subsequent_indent=then, break_long_words=True
    ) or [first.rstrip()]
