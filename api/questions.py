"""What notes that disagree make to ask, who may answer, and taking the answer."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from domain.errors import InvalidInput, NotFound, NotPermitted
from domain.principal import Principal
from domain.question import LONGEST_ANSWER, Holds, Question, QuestionAnswer, QuestionState
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class AnswerRequest(Record):
    """A person's answer; `side` says which sentence holds, null: neither, or both."""

    text: str
    side: Holds | None = None


class QuestionLine(Record):
    """A question with its answers, the newest last, and whether the reader may answer."""

    question: Question
    owner_name: str
    state: QuestionState
    answers: tuple[QuestionAnswer, ...]
    may_answer: bool


def questions(workspace: Workspace, principal: Principal) -> list[QuestionLine]:
    """Return the questions about accounts in scope, open ones first, then the newest.

    Empty before the first import.
    """
    try:
        reading = workspace.reading(principal)
    except NotFound:
        return []
    said: defaultdict[str, list[QuestionAnswer]] = defaultdict(list)
    for answer in workspace.store.questions.list(principal, reading.book):
        said[answer.question.question_id].append(answer)
    owners = reading.book.owners
    asked = {
        question.question_id: question
        for account_id, owner in owners.items()
        if owner is not None and principal.scope.covers(owner)
        for question in reading.questions(account_id)
    }
    lines = []
    for key in {**asked, **dict.fromkeys(said)}:
        answers = tuple(said.get(key, ()))
        question = asked.get(key) or answers[-1].question
        owner = owners.get(question.account_id)
        # Whom it is asked of is who owns the account now.
        question = question.model_copy(update={"owner_id": owner or question.owner_id})
        state: QuestionState = "open" if not answers else "answered"
        if key not in asked:
            state = "settled"
        lines.append(
            QuestionLine(
                question=question,
                owner_name=_rep_name(workspace, principal, question.owner_id),
                state=state,
                answers=answers,
                may_answer=state != "settled" and may_answer(principal, question.owner_id),
            )
        )
    lines.sort(key=lambda line: line.question.question_id)
    lines.sort(key=lambda line: str(line.question.second.said_on or ""), reverse=True)
    lines.sort(key=lambda line: ("open", "answered", "settled").index(line.state))
    return lines


def answer(
    workspace: Workspace, principal: Principal, question_id: str, request: AnswerRequest
) -> QuestionAnswer:
    """Store an answer; a second one supersedes the first, and both stay.

    Raises
    ------
    NotFound
        There is no such question within the scope.
    NotPermitted
        The person neither owns the account nor manages who does.
    InvalidInput
        The text is blank, too long or not plain, or nothing is left to ask.
    """
    found = {line.question.question_id: line for line in questions(workspace, principal)}
    line = found.get(question_id)
    if line is None:
        from store.questions import no_such_question

        raise no_such_question(question_id)
    question = line.question
    if not may_answer(principal, question.owner_id):
        people = workspace.people
        can = [
            person.name
            for person in people
            if may_answer(people.principal(person.id), question.owner_id)
        ]
        raise NotPermitted(
            f"{principal.name} may not answer question {question_id}: the account's owner may, "
            "and managers who see the account.",
            hint=f"Ask {' or '.join(can)}." if can else "Name them in the people file.",
            who_can=can,
        )
    if line.state == "settled":
        raise InvalidInput(
            f"Question {question_id} is settled: the book no longer holds both sentences.",
            hint="Nothing has to be done.",
        )
    text = _plain(request.text)
    reading = workspace.reading(principal)
    return workspace.store.questions.add(principal, reading.book, question, text, request.side)


def may_answer(principal: Principal, owner_id: str) -> bool:
    """Say whether a person owns the account, or is a manager who sees it."""
    if not principal.scope.covers(owner_id):
        return False
    owns = "rep" in principal.roles and principal.scope.reps == {owner_id}
    return owns or "manager" in principal.roles


def _plain(text: str) -> str:
    from agent.verifier.markup import is_plain

    said = " ".join(text.split())
    if not said:
        raise InvalidInput(
            "The answer is blank.", hint="Say in a sentence which of the two holds, and why."
        )
    if len(said) > LONGEST_ANSWER:
        raise InvalidInput(
            f"The answer has {len(said):,} characters; at most {LONGEST_ANSWER:,} are kept.",
            hint="Say it shorter; a plan quotes it whole.",
        )
    if not is_plain(said) or "{{" in said:
        raise InvalidInput(
            "The answer holds a link, markup or characters that cannot be seen.",
            hint="Say it in plain words.",
        )
    return said


def _rep_name(workspace: Workspace, principal: Principal, rep_id: str) -> str:
    row = workspace.reading(principal).book.rows("reps").get(rep_id)
    return str(row["name"]) if row is not None else rep_id
