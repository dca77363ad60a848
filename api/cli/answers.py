"""An answer of chat on the terminal: sentences with their marks, tables, numbered sources.

Records and documents keep the numbers that the chat page gives them. Computed values,
which the page opens where they stand, are numbered here as `ƒ1`, `ƒ2` and so on.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.cli.tables import laid_out, natural_width
from api.cli.terminal import COLUMNS, Terminal

COMPUTED = "ƒ"
# A table this much too wide still reads when its longest names are cut; beyond, rows are lines.
CUT_COLUMNS = 12

View = Mapping[str, Any]


def print_turn(terminal: Terminal, view: View, address: str) -> None:
    """Print a turn's answer; nothing where it has none. `address` is that of the web app."""
    if view["turn"]["answer"] is not None:
        terminal.text("\n".join(written(view, address)))


def written(view: View, address: str) -> Iterator[str]:
    """Write the answer of a TurnView as lines of at most 80 columns, parts a blank line apart."""
    for number, block in enumerate(block for block in _blocks(view, address) if block):
        if number:
            yield ""
        yield from block


def _blocks(view: View, address: str) -> Iterator[list[str]]:
    answer = view["turn"]["answer"]
    marks = marks_of(view)
    if answer["label"]:
        yield _wrap(f"{answer['label']}.")
    yield [line for sentence in view["said"] for line in _wrap(marked(sentence, marks))]
    for table in view["tables"]:
        yield [*_wrap(table["title"]), *_table(table, marks)]
    notes = [*answer["notes"], *(f"Left out: {omission}" for omission in answer["omissions"])]
    yield [line for note in notes for line in _wrap(note)]
    for artifact in answer["artifacts"]:
        link = artifact["link"]
        name = f"{artifact['type'].capitalize()} {artifact['id']} version {artifact['version']}:"
        yield [name, f"  {address}{link}" if link.startswith("/") else f"  {link}"]
    yield from _sources(view["sources"], marks)
    yield [line for offer in answer["offers"] for line in _wrap(f"Ask next: {offer['text']}")]


def marks_of(view: View) -> dict[str, str]:
    """Return the mark of each source that a sentence shows or cites, in reading order."""
    labels = {source["evidence_id"]: source["label"] for source in view["sources"]}
    marks: dict[str, str] = {}
    computed = 0
    for sentence in view["said"]:
        for evidence_id in _cited(sentence, labels):
            if evidence_id in marks:
                continue
            if labels[evidence_id] == COMPUTED:
                computed += 1
                marks[evidence_id] = f"{COMPUTED}{computed}"
            else:
                marks[evidence_id] = labels[evidence_id]
    return marks


def marked(sentence: View, marks: Mapping[str, str]) -> str:
    """Write a sentence with the marks of its sources and the verifier's remarks."""
    own = [marks[evidence_id] for evidence_id in _cited(sentence, marks)]
    # A pill without evidence says so in its label, as `no source` does.
    own += [pill["label"] for pill in sentence["pills"] if pill["evidence_id"] is None]
    said = f" [{' '.join(own)}]" if own else ""
    remarks = "".join(f" ({remark.rstrip('.')})" for remark in sentence["remarks"])
    return f"{sentence['text']}{said}{remarks}"


def cells_of(row: Sequence[View], marks: Mapping[str, str]) -> list[str]:
    """Write the cells of a row, with the mark of what a sentence cites as well."""
    cells, shown = [], set[str]()  # one mark a row for each source
    for cell in row:
        mark = marks.get(cell["evidence_id"] or "", COMPUTED)
        plain = mark.startswith(COMPUTED) or mark in shown
        shown.add(mark)
        cells.append(str(cell["text"]) if plain else f"{cell['text']} [{mark}]")
    return cells


def source_line(source: View) -> str:
    """Write a source on one line; only words of a document stand in quotation marks."""
    if source["label"] == COMPUTED:
        formula = source["formula"] or ""
        value = "" if formula.endswith(f"= {source['quote']}") else source["quote"]
        return f"{source['title']}: {'. '.join(filter(None, [value, formula]))}"
    said = f"“{source['quote']}”" if source["kind"] == "document" else source["quote"]
    facts = f" ({'; '.join(source['facts'])})" if source["facts"] else ""
    return f"{source['type_name']}, {source['title']}: {said}{facts}"


def unlisted(sources: Sequence[View], marks: Mapping[str, str]) -> str:
    """Say how many sources stand behind cells alone; empty where there are none."""
    more = sum(source["evidence_id"] not in marks for source in sources)
    behind = "1 more source stands" if more == 1 else f"{more} more sources stand"
    return f"{behind} behind the table." if more else ""


def _cited(sentence: View, known: Mapping[str, str]) -> list[str]:
    """Return what a sentence rests on, once each: its computed values, then what it cites."""
    shown = [part["evidence_id"] for part in sentence["parts"]]
    computed = [item for item in shown if known.get(item or "", "").startswith(COMPUTED)]
    pills = [pill["evidence_id"] for pill in sentence["pills"]]
    return [item for item in dict.fromkeys([*computed, *pills]) if item in known]


def _table(table: View, marks: Mapping[str, str]) -> list[str]:
    numeric = [
        any(row[place]["numeric"] for row in table["rows"])
        for place in range(len(table["columns"]))
    ]
    headings = [
        f">{name}" if is_number else f"{name}*"
        for name, is_number in zip(table["columns"], numeric, strict=True)
    ]
    rows = [cells_of(row, marks) for row in table["rows"]]
    room = COLUMNS - 2
    if natural_width(headings, rows) > room + CUT_COLUMNS:
        return [line for row in rows for line in _listed(table["columns"], row)]
    return [f"  {line}" for line in laid_out(headings, rows, room)]


def _listed(columns: Sequence[str], row: Sequence[str]) -> list[str]:
    """Write a row of a wide table as a short paragraph."""
    told = [
        text if place == 0 else f"{column[:1].lower()}{column[1:]} {text}"
        for place, (column, text) in enumerate(zip(columns, row, strict=True))
        if text and text != "–"
    ]
    return _wrap(" | ".join(told), "  * ", "    ")


def _sources(sources: Sequence[View], marks: Mapping[str, str]) -> Iterator[list[str]]:
    listed = {source["evidence_id"]: source for source in sources}
    for title, of_kind in (("Sources", False), ("Computed", True)):
        lines = []
        for evidence_id, mark in marks.items():
            if mark.startswith(COMPUTED) == of_kind:
                head = f"  [{mark}] "
                lines += _wrap(source_line(listed[evidence_id]), head, " " * len(head))
        yield [title, *lines] if lines else []
    rest = unlisted(sources, marks)
    yield _wrap(f"{rest} --json has each of them.") if rest else []


def _wrap(text: str, first: str = "", then: str = "") -> list[str]:
    clean = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    return textwrap.wrap(
        clean, COLUMNS, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    ) or [first.rstrip()]
