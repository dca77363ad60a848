"""A turn as a reader sees it: sentences with their marks, tables, numbered sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.plan_sources import Sources, freshness_at, value_text
from agent.render import NotWritable, format_value, render
from agent.view import Part, Pill, SourceView
from api.chat_answers import readable
from domain.chat import Answer, AnswerTable, Said, TableCell, Thread, Turn
from domain.evidence import Ledger
from domain.plan import ClaimResult, Mark, Outcome
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace

_WORDS = frozenset({"text", "name", "date"})


class SaidView(Record):
    """A sentence of an answer. `remarks` are the verifier's messages in plain words."""

    text: str
    parts: tuple[Part, ...]
    pills: tuple[Pill, ...]
    mark: Mark
    outcome: Outcome
    remarks: tuple[str, ...] = ()


class CellView(Record):
    """A cell of a table, as it is written; `evidence_id` where it shows a fact."""

    text: str
    evidence_id: str | None = None
    numeric: bool = False


class AnswerTableView(Record):
    """A table of an answer."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[CellView, ...], ...]


class TurnView(Record):
    """A turn with its answer written out.

    `sources` are numbered in order of first citation, computed values behind them.
    `siblings` are the turns that follow the same turn, this one included, by time.
    """

    turn: Turn
    said: tuple[SaidView, ...] = ()
    tables: tuple[AnswerTableView, ...] = ()
    sources: tuple[SourceView, ...] = ()
    siblings: tuple[str, ...] = ()


class ThreadAnswer(Record):
    """A thread and all its turns, in order of time."""

    thread: Thread
    turns: tuple[TurnView, ...]


class RunAnswer(Record):
    """A chat run and the turn it answers."""

    run_id: str
    turn: TurnView


def thread_answer(workspace: Workspace, principal: Principal, thread_id: str) -> ThreadAnswer:
    """Return a thread with every turn written out; NotFound for another person's."""
    threads = workspace.store.threads
    thread, turns = threads.get(principal, thread_id), threads.turns(principal, thread_id)
    beside: dict[str | None, list[str]] = {}
    for turn in turns:
        beside.setdefault(turn.parent, []).append(turn.turn_id)
    return ThreadAnswer(
        thread=thread,
        turns=tuple(
            view_turn(workspace, principal, turn, tuple(beside[turn.parent])) for turn in turns
        ),
    )


def run_answer(workspace: Workspace, principal: Principal, run_id: str) -> RunAnswer:
    """Return a run with its turn written out; NotFound for another person's."""
    threads = workspace.store.threads
    turn = threads.of_run(principal, run_id)
    siblings = threads.siblings(principal, turn)
    return RunAnswer(run_id=run_id, turn=view_turn(workspace, principal, turn, siblings))


def view_turn(
    workspace: Workspace, principal: Principal, turn: Turn, siblings: tuple[str, ...]
) -> TurnView:
    """Write a turn's answer out, as far as the person may read it today."""
    answer, ledger = readable(workspace, principal, turn)
    if answer is None:
        return TurnView(turn=turn, siblings=siblings)
    fresh = None
    if answer.as_of is not None:
        fresh = freshness_at(workspace.readings.rules(principal), answer.as_of)
    sources = Sources(ledger, answer.currency, fresh)
    said = tuple(_said(item, answer, ledger, sources) for item in answer.said)
    tables = tuple(_table(item, answer, ledger, sources) for item in answer.tables)
    return TurnView(
        turn=turn.model_copy(update={"answer": answer}),
        said=said,
        tables=tables,
        sources=(*sources.numbered(), *sources.computed()),
        siblings=siblings,
    )


def _said(item: Said, answer: Answer, ledger: Ledger, sources: Sources) -> SaidView:
    claim = item.claim
    # The section is that of a plan; an answer has none, and its marks do not ask for it.
    result = ClaimResult(
        key=claim.key,
        section="where_we_stand",
        outcome=item.outcome,
        mark=item.mark,
        findings=item.findings,
    )
    remarks = [finding.message for finding in item.findings]
    if claim.kind == "assumption":
        remarks.append("Assumption.")
    elif item.mark == "weak" and not item.findings:
        remarks.append("Paraphrase: compare it with the source.")
    return SaidView(
        text=item.text,
        parts=render(claim, ledger, answer.currency),
        pills=sources.pills(claim, result),
        mark=item.mark,
        outcome=item.outcome,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _table(table: AnswerTable, answer: Answer, ledger: Ledger, sources: Sources) -> AnswerTableView:
    return AnswerTableView(
        title=table.title,
        columns=table.columns,
        rows=tuple(
            tuple(_cell(cell, answer, ledger, sources) for cell in row) for row in table.rows
        ),
    )


def _cell(cell: TableCell, answer: Answer, ledger: Ledger, sources: Sources) -> CellView:
    found = ledger.entries.get(cell.evidence_id or "")
    numeric = cell.format not in _WORDS
    if found is None:
        return CellView(text=cell.text, numeric=numeric)
    try:
        text = format_value(found, cell.format, answer.currency)
    except NotWritable:
        text = value_text(found, answer.currency)
    return CellView(text=cell.text or text, evidence_id=sources.cite(found), numeric=numeric)
