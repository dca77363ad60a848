"""Two versions of a plan side by side, sentence by sentence and word by word.

A changed sentence appears twice, as it was and as it is, with the differing words
marked; unchanged sentences appear once. The page draws what this module finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, TypeVar

from agent.view import Cell, PlanView, SectionView, Sentence, TableView
from domain.plan import SECTION_TITLES, SectionKey

Change = Literal["same", "added", "removed"]
_ALIKE = 0.5
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Run:
    """A stretch of a sentence that is drawn one way."""

    text: str
    evidence_id: str | None = None
    changed: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the changes view: a sentence, and what became of it."""

    change: Change
    sentence: Sentence
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table in the changes view."""

    change: Change
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class TableLines:
    """A table of the changes view."""

    table: TableView
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SectionLines:
    """A section as the page draws it; without a base, every line is `same`."""

    section: SectionView
    lines: tuple[Line, ...]
    tables: tuple[TableLines, ...]

    @property
    def added(self) -> int:
        """Sentences and table rows that are new or reworded."""
        return sum(change == "added" for change in self._changes())

    @property
    def removed(self) -> int:
        """Sentences and table rows that went or were reworded."""
        return sum(change == "removed" for change in self._changes())

    def _changes(self) -> Iterator[Change]:
        for line in self.lines:
            yield line.change
        for table in self.tables:
            for row in table.rows:
                yield row.change


def section_lines(view: PlanView, base: PlanView | None) -> tuple[SectionLines, ...]:
    """Set every section of `view` against the same section of `base`, if there is one."""
    earlier = {section.key: section for section in base.sections} if base else {}
    return tuple(_section(section, earlier.get(section.key)) for section in view.sections)


def what_changed(
    view: PlanView, base: PlanView, sections: Sequence[SectionLines]
) -> list[tuple[str, SectionKey | None]]:
    """Tell in a few sentences what a reader of `base` has to read again.

    Returns
    -------
    list of (sentence, section)
        `section` is where to look, and the sentence begins with its title; None for the
        plan as a whole. Empty when both say the same.
    """
    told: list[tuple[str, SectionKey | None]] = []
    if base.objective.text != view.objective.text:
        told.append((f"The objective now reads: {view.objective.text}", None))
    said = [item.text for item in view.findings]
    earlier = [item.text for item in base.findings]
    told += [(f"Finding added: {text}", None) for text in said if text not in earlier]
    told += [(f"Finding removed: {text}", None) for text in earlier if text not in said]
    for lines in sections:
        if lines.added or lines.removed:
            told.append((_counts(lines), lines.section.key))
    for blocker in view.blockers:
        if blocker.message not in {other.message for other in base.blockers}:
            told.append((_about(blocker.section, "new blocker", blocker.message), blocker.section))
    for other in base.blockers:
        if other.message not in {blocker.message for blocker in view.blockers}:
            told.append((_about(other.section, "no longer blocked", other.message), other.section))
    return told


def plain_runs(sentence: Sentence) -> tuple[Run, ...]:
    """Return a sentence's runs with nothing marked as changed."""
    return tuple(Run(part.text, part.evidence_id) for part in sentence.parts)


def _section(section: SectionView, base: SectionView | None) -> SectionLines:
    if base is None:
        lines = [Line("same", sentence, plain_runs(sentence)) for sentence in section.sentences]
        tables = [
            TableLines(table, tuple(Row("same", row) for row in table.rows))
            for table in section.tables
        ]
        return SectionLines(section, tuple(lines), tuple(tables))
    earlier = {table.kind: table for table in base.tables}
    kept = {table.kind for table in section.tables}
    tables = [_table(table, earlier.get(table.kind)) for table in section.tables]
    tables += [
        TableLines(table, tuple(Row("removed", row) for row in table.rows))
        for table in base.tables
        if table.kind not in kept
    ]
    return SectionLines(
        section, tuple(_sentences(base.sentences, section.sentences)), tuple(tables)
    )


def _sentences(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[Line]:
    for before, after in _aligned(old, new, key=lambda sentence: sentence.text):
        if before is not None and after is not None and before.text == after.text:
            yield Line("same", after, plain_runs(after))
            continue
        gone: list[tuple[int, int]] = []
        come: list[tuple[int, int]] = []
        if before is not None and after is not None:
            gone, come = words_between(before.text, after.text)
        if before is not None:
            whole = gone if after is not None else [(0, len(before.text))]
            yield Line("removed", before, _runs(before, whole))
        if after is not None:
            whole = come if before is not None else [(0, len(after.text))]
            yield Line("added", after, _runs(after, whole))


def _table(table: TableView, base: TableView | None) -> TableLines:
    if base is None:
        return TableLines(table, tuple(Row("added", row) for row in table.rows))
    rows: list[Row] = []
    for before, after in _aligned(base.rows, table.rows, key=_row_text):
        if before is not None and after is not None and _row_text(before) == _row_text(after):
            rows.append(Row("same", after))
            continue
        if before is not None:
            rows.append(Row("removed", before))
        if after is not None:
            rows.append(Row("added", after))
    return TableLines(table, tuple(rows))


def _row_text(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(cell.sentence.text if cell.sentence else cell.text for cell in row)


def _aligned(
    old: Sequence[_Item], new: Sequence[_Item], *, key: Callable[[_Item], Hashable]
) -> Iterator[tuple[_Item | None, _Item | None]]:
    """Pair the items of two sequences; an item without a partner stands alone."""
    before, after = [key(item) for item in old], [key(item) for item in new]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(old[i1:i2], new[j1:j2], strict=True)
            continue
        free = list(range(j1, j2))
        for i in range(i1, i2):
            partner = next((j for j in free if _alike(before[i], after[j])), None)
            if partner is None:
                yield old[i], None
                continue
            for j in free[: free.index(partner)]:
                yield None, new[j]
            free = free[free.index(partner) + 1 :]
            yield old[i], new[partner]
        for j in free:
            yield None, new[j]


def _alike(before: Hashable, after: Hashable) -> bool:
    return SequenceMatcher(None, _words(str(before)), _words(str(after))).ratio() >= _ALIKE


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:[.,’'-]\w+)*|\s+|[^\w\s]", text)


def words_between(old: str, new: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the character ranges that left `old` and those that entered `new`."""
    before, after = _words(old), _words(new)
    starts_before, starts_after = _starts(before), _starts(after)
    gone: list[tuple[int, int]] = []
    come: list[tuple[int, int]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if i2 > i1:
            gone.append((starts_before[i1], starts_before[i2]))
        if j2 > j1:
            come.append((starts_after[j1], starts_after[j2]))
    return _bridged(gone, old), _bridged(come, new)


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _bridged(ranges: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Join ranges with nothing but blanks between them, and trim blanks at their ends."""
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        if start >= end:
            continue
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _runs(sentence: Sentence, changed: Sequence[tuple[int, int]]) -> tuple[Run, ...]:
    cuts = sorted({place for pair in changed for place in pair})
    runs: list[Run] = []
    offset = 0
    for part in sentence.parts:
        end = offset + len(part.text)
        edges = [offset, *(cut for cut in cuts if offset < cut < end), end]
        for left, right in pairwise(edges):
            if left == right:
                continue
            inside = any(start <= left and right <= stop for start, stop in changed)
            runs.append(Run(sentence.text[left:right], part.evidence_id, inside))
        offset = end
    return tuple(runs)


def _counts(lines: SectionLines) -> str:
    def many(count: int, verb: str) -> str:
        return f"{count} line{'s' if count != 1 else ''} {verb}"

    said = [
        many(count, verb)
        for count, verb in ((lines.added, "added"), (lines.removed, "removed"))
        if count
    ]
    return f"{lines.section.title}: {' and '.join(said)}."


def _about(section: SectionKey, what: str, message: str) -> str:
    return f"{SECTION_TITLES[section]}: {what}. {message}"
