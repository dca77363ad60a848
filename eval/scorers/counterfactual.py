"""Whether a changed cell changes what rests on it, and nothing else."""

from __future__ import annotations

from eval.answer import Answer, CellSource, Figure, Statement, WorkedOutSource
from eval.measures import MEASURES
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.support import CLAIMING
from eval.scorers.reading.wording import plain

COUNTED = frozenset(
    {
        ("accounts", "employees"),
        ("contacts", "last_contact"),
        ("opportunities", "amount"),
        ("opportunities", "closes"),
    }
)
"""Cells that the published measures are; orders and quotas are counted whole."""

Of = tuple[str, str]


class Counterfactual(Question):
    """Two books differ in one cell; so do two answers, in what rests on it alone.

    Units are the moved measures that either answer states (their values have to differ), and
    the sentences that are bound to stay (they have to be in both, word for word). A sentence is
    bound to stay when it claims something, or rests on sentences, none of which is free; it is
    free when it, or what it rests on, states or is worked out from a moved measure, a measure
    of the system's own, or a cell that measures are worked out from. So ranks, scores and
    thresholds may move along, while quotes, names and unmoved measures may not.
    """

    name = "counterfactual"
    question = "When one cell changes, does exactly what depends on it change?"
    why = "What stays when its cause changes does not rest on what it cites, and neither does "
    why += "what changes without a cause."

    def spared(self, sample: Sample) -> str:
        """Arises for a task that is the twin of another which was answered."""
        if sample.task.twin_of is None:
            return "The task is no twin."
        return "" if sample.twin is not None else "Its twin has no answer to compare with."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Compare the answer with its twin's."""
        assert sample.twin is not None
        twin = sample.twin
        moved = {(_last(entity), measure) for entity, measure in sample.key.moved}
        faults, units = [], 0
        here, there = _stated(answer), _stated(twin)
        for of in sorted(moved):
            if of in here or of in there:
                units += 1
                if here.get(of) == there.get(of):
                    faults.append(f"{of[1]} of {of[0]}: {here[of]} in both, though it moved")
        silent = len(moved) - units
        bound = _bound(twin, moved) | _bound(answer, moved)
        told = [{plain(item.text) for item in each.statements} for each in (answer, twin)]
        for text in sorted(bound):
            units += 1
            if not all(text in texts for texts in told):
                where = "here" if text in told[0] else "in the twin"
                faults.append(f"{bound[text]}: is {where} alone, though nothing it rests on moved")
        if not units:
            return self.silent("Neither answer states anything to compare.")
        unstated = f" {silent} moved measures are stated in neither." if silent else ""
        return self.rate(
            range(units),
            faults,
            f"{units - len(faults)} of {units} sentences and moved measures are as they have to "
            f"be.{unstated}",
        )


def _stated(answer: Answer) -> dict[Of, str]:
    found: dict[Of, str] = {}
    for statement in answer.statements:
        for figure in statement.figures:
            found.setdefault((_last(figure.entity), figure.measure), figure.value)
    return found


def _bound(answer: Answer, moved: set[Of]) -> dict[str, str]:
    """Return the sentences that are bound to stay, in plain form, with their keys."""
    by_key = {item.key: item for item in reversed(answer.statements)}
    free: dict[str, bool] = {}

    def is_free(item: Statement) -> bool:
        if item.key not in free:
            free[item.key] = False  # a circle of sentences rests on nothing more than they do
            free[item.key] = _is_free(item, moved) or any(
                is_free(by_key[key]) for key in item.rests_on if key in by_key
            )
        return free[item.key]

    return {
        plain(item.text): item.key
        for item in answer.statements
        if (item.kind in CLAIMING or (item.rests_on and item.kind != "unknown"))
        and not is_free(item)
    }


def _is_free(item: Statement, moved: set[Of]) -> bool:
    for source in item.sources:
        if isinstance(source, WorkedOutSource):
            if source.measure not in MEASURES or (_last(source.entity), source.measure) in moved:
                return True
        elif isinstance(source, CellSource) and source.table in ("orders", "quotas"):
            return True
    return any(_moves(item, figure, moved) for figure in item.figures)


def _moves(item: Statement, figure: Figure, moved: set[Of]) -> bool:
    if (_last(figure.entity), figure.measure) in moved:
        return True
    if figure.measure in MEASURES or not 0 <= figure.source < len(item.sources):
        return False
    source = item.sources[figure.source]
    return isinstance(source, CellSource) and (source.table, source.field) in COUNTED


def _last(entity: str) -> str:
    return entity.rpartition("/")[2]
