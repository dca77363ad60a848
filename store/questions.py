"""Answers to questions about accounts. They are added and never changed.

What was answered belongs to the account and not to who owned it then: an answer falls
under the scope of the account's owner in the book that is read.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import date

import sqlalchemy as sa

from domain.book import Book
from domain.errors import NotFound
from domain.principal import Principal
from domain.question import (
    Holds,
    Question,
    QuestionAnswer,
    answer_evidence,
    answers_hash,
    newest,
)
from domain.record import canonical_json
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.documents import segment_of
from store.schema import question_answers as rows


class Questions:
    """The answers of every workspace."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[int, dict[str, str]]] = {}
        self._guard = threading.Lock()

    def add(
        self,
        principal: Principal,
        book: Book,
        question: Question,
        text: str,
        side: Holds | None = None,
    ) -> QuestionAnswer:
        """Store one more answer to a question; NotFound when its account is out of scope."""
        if not principal.scope.covers(book.owners.get(question.account_id)):
            raise no_such_question(question.question_id)
        workspace = principal.workspace
        with self._database.writing(durable=True) as connection:
            last = connection.scalar(
                sa.select(sa.func.max(rows.c.number)).where(
                    rows.c.workspace_id == workspace, rows.c.question_id == question.question_id
                )
            )
            made = QuestionAnswer(
                question=question,
                number=(last or 0) + 1,
                text=text,
                side=side,
                person=principal.person,
                person_name=principal.name,
                said_on=book.as_of,
                answered_at=stamp(self._clock()),
            )
            connection.execute(
                rows.insert().values(
                    workspace_id=workspace,
                    question_id=question.question_id,
                    number=made.number,
                    account_id=question.account_id,
                    question=canonical_json(question),
                    text=text,
                    side=side,
                    person=made.person,
                    person_name=made.person_name,
                    said_on=made.said_on.isoformat(),
                    answered_at=made.answered_at,
                )
            )
        return made

    def of_account(self, principal: Principal, book: Book, account_id: str) -> list[QuestionAnswer]:
        """Return every answer about an account, by question and number.

        NotFound when the account is missing or outside the scope.
        """
        segment_of(principal, book, account_id)
        return self._read(principal, rows.c.account_id == account_id)

    def hashes(self, principal: Principal) -> dict[str, str]:
        """Return what names the newest answers of each account that has any.

        It says that there are answers and nothing of what they say, so it is not cut to
        the scope: who may see a plan may know that it has to be drafted again.
        """
        workspace = principal.workspace
        count = self._count(workspace)
        with self._guard:
            known = self._known.get(workspace)
        # Answers are only added: as many as before are the same ones.
        if known is not None and known[0] == count:
            return known[1]
        by_account: defaultdict[str, list[QuestionAnswer]] = defaultdict(list)
        for item in self._read(principal) if count else ():
            by_account[item.account_id].append(item)
        made = {
            account: answers_hash(map(answer_evidence, newest(items)))
            for account, items in by_account.items()
        }
        with self._guard:
            self._known[workspace] = (count, made)
        return made

    def _count(self, workspace: str) -> int:
        query = sa.select(sa.func.count()).where(rows.c.workspace_id == workspace)
        with self._database.reading() as connection:
            return int(connection.scalar(query.select_from(rows)) or 0)

    def _read(self, principal: Principal, *where: sa.ColumnElement[bool]) -> list[QuestionAnswer]:
        query = (
            rows.select()
            .where(rows.c.workspace_id == principal.workspace, *where)
            .order_by(rows.c.question_id, rows.c.number)
        )
        with self._database.reading() as connection:
            return [
                QuestionAnswer(
                    question=Question.model_validate_json(row.question),
                    number=row.number,
                    text=row.text,
                    side=row.side,
                    person=row.person,
                    person_name=row.person_name,
                    said_on=date.fromisoformat(row.said_on),
                    answered_at=row.answered_at,
                )
                for row in connection.execute(query)
            ]

    def list(self, principal: Principal, book: Book) -> list[QuestionAnswer]:
        """Return the answers about accounts within the scope, by question and number."""
        found = self._read(principal)
        return [item for item in found if principal.scope.covers(book.owners.get(item.account_id))]


def no_such_question(question_id: str) -> NotFound:
    """Say that a question is missing: the same words whether it is absent or foreign."""
    return NotFound(
        f"There is no question {question_id!r}.",
        hint="List what is asked with `cadastre questions list`.",
    )
