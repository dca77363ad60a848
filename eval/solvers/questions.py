"""A question in chat as an answer: sentences, the rows of tables, or that nothing answers."""

from __future__ import annotations

import time
from collections.abc import Iterator

from agent.chat.answering import WITHOUT_MODEL
from api.chat_answers import readable
from api.chat_view import AnswerTableView, view_turn
from api.workspace import Workspace
from domain.chat import Answer as Said
from domain.chat import AnswerTable, Turn
from domain.errors import PlannerError
from domain.evidence import Ledger
from domain.principal import Principal
from eval.answer import Answer, Statement
from eval.solvers.telling import Shown, Teller
from eval.task import Task

SURPRISE = "failed"
"""The code of a turn that met an error of the product's own."""
_POLL_SECONDS = 0.002


class ChatFailed(PlannerError):
    """A turn of chat ended in an error of the product's own."""


def question(workspace: Workspace, principal: Principal, task: Task) -> Answer:
    """Ask the earlier questions and then this one, in a thread of its own.

    It abstains where the product looked nothing up that it could say: it asks back, explains
    what can be asked, says that it could not, or notes that there is none.

    Raises
    ------
    ChatFailed
        When the product met an error of its own.
    """
    thread = workspace.create_thread(principal)
    turn: Turn | None = None
    for text in (*task.ask.before, task.ask.text):
        turn = _asked(workspace, principal, thread.thread_id, text)
    assert turn is not None  # a question has a text
    if turn.error is not None:
        if turn.error.code == SURPRISE:
            raise ChatFailed(f"{task.task_id}: {turn.error.message}", hint=turn.error.hint)
        return _abstained(task, (turn.error.message,))
    said, ledger = readable(workspace, principal, turn)
    assert said is not None  # a turn that is done has an answer
    notes = tuple(note for note in said.notes if note != WITHOUT_MODEL)
    if not (said.said or said.tables or said.artifacts):
        offered = "; ".join(offer.label for offer in said.offers)
        return _abstained(task, (*notes, *([f"Offered: {offered}"] if offered else [])))
    rows = list(_rows(workspace, principal, turn, said, ledger))
    teller = Teller(ledger, said.currency)
    return Answer(
        task_id=task.task_id,
        statements=(
            *(teller.claim(item.claim) for item in said.said),
            *(statement for table in rows for statement in table),
            *_noted(notes),
        ),
        ranking=next(filter(None, map(_ranked, rows)), ()),
        left_out=said.omissions,
    )


def _asked(workspace: Workspace, principal: Principal, thread_id: str, text: str) -> Turn:
    """Ask and wait for the end; the product bounds how long a turn may take."""
    run_id = workspace.ask(principal, thread_id, text).run_id
    while (turn := workspace.store.threads.of_run(principal, run_id)).status == "running":
        time.sleep(_POLL_SECONDS)
    return turn


def _abstained(task: Task, notes: tuple[str, ...]) -> Answer:
    return Answer(task_id=task.task_id, statements=tuple(_noted(notes)), abstained=True)


def _noted(notes: tuple[str, ...]) -> Iterator[Statement]:
    """Yield the answer's own words, which hold no fact: what is not known, what to ask."""
    for number, note in enumerate(notes, start=1):
        yield Statement(key=f"note.{number}", kind="unknown", about="", text=note)


def _rows(
    workspace: Workspace, principal: Principal, turn: Turn, said: Said, ledger: Ledger
) -> Iterator[list[Statement]]:
    """Yield the rows of each table, written as the page writes them."""
    teller = Teller(ledger, said.currency)
    views = view_turn(workspace, principal, turn, ()).tables
    for number, (table, view) in enumerate(zip(said.tables, views, strict=True), start=1):
        yield [
            _row(f"table.{number}.{place}", table, view, place - 1, teller)
            for place in range(1, len(table.rows) + 1)
        ]


def _row(
    key: str, table: AnswerTable, view: AnswerTableView, place: int, teller: Teller
) -> Statement:
    # The view names one fact of a record for all its cells; the table itself names each.
    cells = [
        Shown(column, shown.text, cell.evidence_id if cell.evidence_id in teller.ledger else None)
        for column, cell, shown in zip(
            table.columns, table.rows[place], view.rows[place], strict=True
        )
    ]
    facts = [teller.ledger[cell.evidence_id] for cell in cells if cell.evidence_id]
    return teller.row(key, "", facts[0].entity if facts else "", cells)


def _ranked(rows: list[Statement]) -> tuple[str, ...]:
    """Return the accounts of a table that has one account a row, in its order."""
    accounts = [
        row.about.removeprefix("account:").split("/")[0]
        for row in rows
        if row.about.startswith("account:")
    ]
    whole = len(accounts) == len(rows) == len(set(accounts)) and len(rows) > 1
    return tuple(accounts) if whole else ()
