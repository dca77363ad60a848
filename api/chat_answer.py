"""A turn of a thread as the chat page draws it: pills, tables, sources, chips, branches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.view import Part, Pill, Sentence, SourceView
from api.chat_branches import Branch
from api.chat_chips import Chip, chip_of, counted, seconds
from api.chat_view import AnswerTableView, CellView, SaidView, TurnView
from domain.chat import Artifact, Turn

_OWN = re.compile(r"/(plans|scenarios)(/\w[\w.-]*)+(\?[\w=&.-]*)?(#[\w.-]*)?")
_LONG = 1_200


@dataclass(frozen=True)
class ShownTurn:
    """Everything `turn.html` needs of one turn. Ids of evidence are unique in the page.

    `number` counts the questions of the branch from 1; 0 for one that is not in it yet.
    `numeric` tells of each table which columns hold figures for the most part.
    """

    turn: Turn
    branch: Branch
    number: int
    sentences: tuple[Sentence, ...]
    tables: tuple[AnswerTableView, ...]
    sources: tuple[SourceView, ...]
    chips: tuple[Chip, ...]
    artifacts: tuple[tuple[Artifact, str], ...]
    worked: str
    used: str
    numeric: tuple[tuple[bool, ...], ...] = ()
    labels: Mapping[str, Pill] = field(default_factory=dict)
    weak: frozenset[str] = frozenset()

    @property
    def long(self) -> bool:
        """Say whether the question is too long to stand in full."""
        return len(self.turn.asked) > _LONG

    @property
    def counts(self) -> str:
        """What a screen reader hears when the answer is there."""
        if self.turn.status == "failed":
            return "The answer failed"
        answer = self.turn.answer
        if answer is None:
            return "Stopped" if self.turn.status == "stopped" else ""
        if answer.artifacts and not self.sentences:
            made = answer.artifacts[-1]
            name = "Plan draft" if made.type == "plan" else "Scenario"
            return f"{name} ready, version {made.version}"
        if answer.kind == "question":
            return f"A question for you, {counted(len(answer.offers), 'choice')}"
        head = "Stopped" if self.turn.status == "stopped" else "Answer ready"
        said = counted(len(self.sentences), "sentence")
        return f"{head}, {said}, {counted(len(self.sources), 'source')}"


def own_link(link: str) -> str:
    """Return a link to a plan or a scenario of ours; anything else becomes empty."""
    return link if _OWN.fullmatch(link) else ""


def shown_turn(
    view: TurnView, branch: Branch, number: int = 0, *, alone: bool = False
) -> ShownTurn:
    """Prepare one turn for its template.

    Evidence ids get the turn's id in front, since two answers may cite the same fact under
    different numbers; an answer that stands `alone` keeps them as they are.
    """
    turn: Turn = view.turn
    prefix = "" if alone else f"{turn.turn_id}-"
    sources = tuple(_source(prefix, item) for item in view.sources)
    held = {source.evidence_id for source in sources}
    sentences = tuple(_sentence(prefix, place, said, held) for place, said in enumerate(view.said))
    pills = {pill.evidence_id: pill for said in sentences for pill in said.pills}
    labels = {
        source.evidence_id: pills.get(source.evidence_id)
        or Pill(
            label=source.label,
            kind="computed" if source.kind == "calculation" else "verified",
            evidence_id=source.evidence_id,
        )
        for source in sources
    }
    answer = turn.answer
    return ShownTurn(
        turn=turn,
        branch=branch,
        number=number,
        sentences=sentences,
        tables=tuple(_table(prefix, table, held) for table in view.tables),
        sources=sources,
        chips=tuple(chip_of(prefix, use, labels) for use in (answer.uses if answer else ())),
        artifacts=tuple(
            (item, own_link(item.link)) for item in (answer.artifacts if answer else ())
        ),
        worked=_worked(turn),
        used=_used(turn),
        numeric=tuple(_numeric(table) for table in view.tables),
        labels=labels,
        weak=frozenset(
            pill.evidence_id for pill in pills.values() if pill.kind == "weak" and pill.evidence_id
        ),
    )


def page_marks(turns: Iterable[ShownTurn]) -> dict[str, Any]:
    """Return what the macros of sentences and sources look up by evidence id."""
    shown = list(turns)
    return {
        "labels": {key: pill for turn in shown for key, pill in turn.labels.items()},
        "weak": {key for turn in shown for key in turn.weak},
        "titles": {item.evidence_id: item.title for turn in shown for item in turn.sources},
        "people": {},
    }


def _source(prefix: str, source: SourceView) -> SourceView:
    inputs = tuple(prefix + item for item in source.inputs)
    return source.model_copy(update={"evidence_id": prefix + source.evidence_id, "inputs": inputs})


def _sentence(prefix: str, place: int, said: SaidView, held: set[str]) -> Sentence:
    def mark(evidence_id: str | None) -> str | None:
        marked = prefix + evidence_id if evidence_id else None
        return marked if marked in held else None

    pills = [
        Pill(label=pill.label, kind=pill.kind, evidence_id=mark(pill.evidence_id))
        for pill in said.pills
        if pill.evidence_id is None or mark(pill.evidence_id)
    ]
    return Sentence(
        key=f"{prefix}{place}",
        parts=tuple(
            Part(text=part.text, evidence_id=mark(part.evidence_id)) for part in said.parts
        ),
        pills=tuple(pills),
        mark=said.mark,
        outcome=said.outcome,
        remarks=tuple(said.remarks),
    )


def _table(prefix: str, table: AnswerTableView, held: set[str]) -> AnswerTableView:
    def cell(given: CellView) -> CellView:
        marked = prefix + given.evidence_id if given.evidence_id else None
        return given.model_copy(update={"evidence_id": marked if marked in held else None})

    rows = tuple(tuple(cell(item) for item in row) for row in table.rows)
    return table.model_copy(update={"rows": rows})


def _numeric(table: AnswerTableView) -> tuple[bool, ...]:
    """Say of each column whether more of its cells are figures than not."""
    return tuple(
        sum(1 if cell.numeric else -1 for cell in column) > 0
        for column in zip(*table.rows, strict=False)
    )


def _worked(turn: Turn) -> str:
    if turn.finished_at is None:
        return ""
    took = datetime.fromisoformat(turn.finished_at) - datetime.fromisoformat(turn.created_at)
    return seconds(max(took.total_seconds(), 0) * 1000)


def _used(turn: Turn) -> str:
    use = turn.answer.model if turn.answer else None
    if use is None:
        return ""
    tokens = use.input_tokens + use.output_tokens
    said = [use.model, counted(use.calls, "call"), f"{tokens:,} tokens"]
    return ", ".join([*said, f"cost {use.cost}"] if use.cost else said)
