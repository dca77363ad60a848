"""Whether contradictions in the sources are told as such."""

from __future__ import annotations

from eval.answer import Answer, CellSource, PassageSource, Statement
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.wording import holds
from eval.task import Conflict

MOST_SOURCES = 8
"""A sentence that cites more than this sets nothing side by side."""


class Conflicts(Question):
    """A conflict counts whole where the reader learns of it, half where nothing is told of it.

    Whole: one sentence cites every side; or an `unknown` cites one and the others are cited
    elsewhere; or what was left out names every side's document. Half: no side is cited, or
    every side is but apart, as if they agreed. Nothing: one side is told, another nowhere.
    """

    name = "conflicts"
    question = "Where sources contradict each other, does the answer cite every side?"
    why = "Who hears one side of a contradiction decides without knowing that there is another."

    def spared(self, sample: Sample) -> str:
        """Arises where the key names conflicts."""
        return "" if sample.key.conflicts else "No contradiction was planted."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Average over the conflicts; `hits` are those that count whole."""
        conflicts = sample.key.conflicts
        values, faults = [], []
        for conflict in conflicts:
            value, fault = _told(conflict, answer)
            values.append(value)
            if fault:
                faults.append(f"{conflict.key}: {fault}")
        silent = values.count(0.5)
        return self.rate(
            conflicts,
            faults,
            f"{values.count(1.0)} of {len(conflicts)} contradictions are told as such, {silent} "
            "count half.",
            value=sum(values) / len(values),
        )


def _told(conflict: Conflict, answer: Answer) -> tuple[float, str]:
    sides: list[object] = [*conflict.documents, *conflict.cells]
    cited = [(item, _sides(item) & set(sides)) for item in answer.statements]
    everywhere = set[object]().union(*(found for _, found in cited))
    if any(all(holds(text, name) for name in conflict.documents) for text in answer.left_out):
        return 1.0, ""
    if not everywhere:
        return 0.5, "neither side is told"
    missing = [_name(side) for side in sides if side not in everywhere]
    if missing:
        return 0.0, f"{', '.join(missing)} is not cited, the other side is"
    for item, found in cited:
        together = len(found) == len(sides) or (item.kind == "unknown" and found)
        if together and len(item.sources) <= MOST_SOURCES:
            return 1.0, ""
    return 0.5, "both sides are told apart, as if they agreed"


def _sides(statement: Statement) -> set[object]:
    found: set[object] = set()
    for source in statement.sources:
        if isinstance(source, PassageSource):
            found.add(source.document_id)
        elif isinstance(source, CellSource):
            found.add((source.table, source.row, source.field))
    return found


def _name(side: object) -> str:
    return "/".join(side) if isinstance(side, tuple) else str(side)
