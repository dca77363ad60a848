"""A turn of a thread as the chat page draws it: pills, tables, sources, chips, branches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.view import Part, Pill, Sentence, SourceView
from api.chat_view import AnswerTableView, CellView, SaidView, TurnView
from domain.chat import Artifact, Call, ToolUse, Turn

TOOL_WORDS: Mapping[str, tuple[str, str]] = {
    "find_accounts": ("Account search", "searching accounts"),
    "search_notes": ("Notes", "searching notes"),
    "explain_account": ("Score", "reading the score"),
    "compare_accounts": ("Comparison", "comparing accounts"),
    "account_brief": ("Account brief", "reading the account"),
    "account_people": ("People", "reading contacts"),
    "account_plan": ("Account plan", "reading the plan"),
    "week": ("Week", "reading activities"),
    "changes": ("Changes", "comparing books"),
    "whitespace": ("Whitespace", "reading whitespace"),
    "workload": ("Workload", "adding up hours"),
    "scenarios": ("Scenarios", "reading scenarios"),
    "waiting": ("Inbox", "reading the inbox"),
    "draft_plan": ("Plan draft", "drafting the plan"),
    "revise_plan": ("Plan revision", "revising the plan"),
}
"""What a chip calls a tool, and what is being done while it runs."""

_AGAIN = {
    "find_accounts": "find",
    "explain_account": "why",
    "compare_accounts": "compare",
    "account_brief": "brief",
    "account_people": "people",
    "account_plan": "plan",
    "waiting": "inbox",
}
_OWN = re.compile(r"/(plans|scenarios)(/\w[\w.-]*)+(\?[\w=&.-]*)?(#[\w.-]*)?")
_LONG = 1_200


@dataclass(frozen=True)
class Chip:
    """One use of a tool. `again` is the command that repeats it, empty where none does."""

    name: str
    failed: bool
    time: str
    count: str
    arguments: tuple[tuple[str, str], ...]
    note: str
    sources: tuple[Pill, ...]
    more: int
    again: str


@dataclass(frozen=True)
class Branch:
    """Where a turn stands among those asked in the same place; `earlier`, `later` are ids."""

    place: int
    of: int
    earlier: str | None
    later: str | None


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


def counted(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def seconds(ms: float) -> str:
    """Write milliseconds as a chip does; what is shorter than a tenth of a second says so."""
    if ms < 50:
        return "<0.1 s"
    return f"{ms / 1000:.1f} s" if ms < 9_950 else f"{ms / 1000:,.0f} s"


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
        chips=tuple(_chip(prefix, use, labels) for use in (answer.uses if answer else ())),
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


def _chip(prefix: str, use: ToolUse, labels: Mapping[str, Pill]) -> Chip:
    marks = [prefix + item for item in use.evidence]
    shown = [labels[mark] for mark in marks if mark in labels]
    name = TOOL_WORDS.get(use.call.tool, ("", ""))[0]
    return Chip(
        name=name or use.call.tool.replace("_", " ").capitalize(),
        failed=use.state == "failed",
        time=seconds(use.ms),
        count=counted(use.rows, "row") if use.rows else "",
        arguments=tuple(
            (key.replace("_", " "), str(value))
            for key, value in use.call.arguments.items()
            if value is not None
        ),
        note=use.note,
        sources=tuple(shown),
        more=len(marks) - len(shown),
        again=_again(use.call),
    )


def _again(call: Call) -> str:
    """The command that makes a call again; only for those that read and say all they need."""
    command = _AGAIN.get(call.tool)
    values = [value for value in call.arguments.values() if value is not None]
    if command is None or not all(isinstance(value, str) for value in values):
        return ""
    said = (" and " if command == "compare" else " ").join(map(str, values))
    return f"/{command} {said}".strip() if len(said) <= 200 else ""


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


def path_to(turns: Sequence[Turn], at: str | None) -> list[tuple[Turn, Branch]]:
    """Return the turns from the first question through `at` to its latest follower.

    Without `at`, or with one that is not there, the branch of the latest turn. Turns come
    in the order they were asked.
    """
    by_id = {turn.turn_id: turn for turn in turns}
    children: dict[str | None, list[Turn]] = {}
    for turn in turns:
        parent = turn.parent if turn.parent in by_id else None
        children.setdefault(parent, []).append(turn)
    if not turns:
        return []
    leaf = by_id.get(at or "", turns[-1])
    order = {turn.turn_id: place for place, turn in enumerate(turns)}
    leaf = _latest(leaf, children, order)
    path: list[tuple[Turn, Branch]] = []
    step: Turn | None = leaf
    while step is not None:
        parent = step.parent if step.parent in by_id else None
        path.append((step, _branch(step, children[parent])))
        step = by_id.get(parent or "")
    return path[::-1]


def _latest(
    turn: Turn, children: Mapping[str | None, list[Turn]], order: Mapping[str, int]
) -> Turn:
    """The last asked of a turn and everything that follows it."""
    found, waiting = turn, [turn]
    while waiting:
        step = waiting.pop()
        if order[step.turn_id] > order[found.turn_id]:
            found = step
        waiting += children.get(step.turn_id, [])
    return found


def _branch(turn: Turn, siblings: Sequence[Turn]) -> Branch:
    ids = [item.turn_id for item in siblings]
    place = ids.index(turn.turn_id)
    return Branch(
        place=place + 1,
        of=len(ids),
        earlier=ids[place - 1] if place else None,
        later=ids[place + 1] if place + 1 < len(ids) else None,
    )
