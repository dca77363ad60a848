"""Questions: two notes of one account that cannot both hold, and what a person answered.

Code finds a question and only a person settles it. Answers are added, never changed: a
later one supersedes, and both stay. The newest enters the account's plan as evidence of
kind `human`, beside both sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from domain.evidence import Evidence, HumanSource
from domain.record import Record, content_hash

LONGEST_ANSWER = 1_000
ANSWER_METRIC = "answer"

Holds = Literal["first", "second"]
QuestionState = Literal["open", "answered", "settled"]
"""`open` has no answer; `answered` has one and the book still holds both sentences;
`settled` has one, and the book holds them no longer, so nothing is left to ask."""


class Side(Record):
    """One of two sentences that disagree, with where it stands; `said_on` null: undated."""

    evidence_id: str
    document_id: str
    title: str
    author: str | None
    said_on: date | None
    text: str


class Question(Record):
    """Which of two sentences about an account holds. `first` is the older one."""

    question_id: str
    account_id: str
    account_name: str
    owner_id: str
    first: Side
    second: Side


class QuestionAnswer(Record):
    """What a person answered; `side` says which sentence holds, null: neither or both.

    `number` counts the question's answers from 1. `said_on` is the book's date when it was
    said, by which its age is judged; `answered_at` the moment it was stored.
    """

    question: Question
    number: int
    text: str
    side: Holds | None
    person: str
    person_name: str
    said_on: date
    answered_at: str

    @property
    def account_id(self) -> str:
        """The account asked about."""
        return self.question.account_id


def question_id(account_id: str, one: str, other: str) -> str:
    """Return the id of the question between two pieces of evidence, in either order."""
    return "Q-" + content_hash(["question", account_id, *sorted((one, other))])[:12]


def question_entity(account_id: str, question: str) -> str:
    """Return the path that the evidence of an answer bears."""
    return f"account:{account_id}/question:{question}"


def newest(answers: Iterable[QuestionAnswer]) -> list[QuestionAnswer]:
    """Return the answer in force of each question, in order of question id."""
    last: dict[str, QuestionAnswer] = {}
    for answer in sorted(answers, key=lambda item: item.number):
        last[answer.question.question_id] = answer
    return [last[key] for key in sorted(last)]


def answer_evidence(answer: QuestionAnswer, scope: str = "") -> Evidence:
    """Return an answer as evidence: the person's own words, on the day they were said.

    `scope` is the rep who owns the account today, and no part of the evidence's id.
    """
    held = f", the {answer.side} holds" if answer.side else ""
    return Evidence(
        entity=question_entity(answer.account_id, answer.question.question_id),
        metric=ANSWER_METRIC,
        value=answer.text,
        unit="text",
        period=answer.said_on.isoformat(),
        source=HumanSource(
            person=answer.person_name,
            said_on=answer.said_on,
            where=f"answer {answer.number} to question {answer.question.question_id}{held}",
        ),
        scope=scope,
    )


def held_side(evidence: Evidence) -> Holds | None:
    """Return which sentence an answer says holds; None where it names neither."""
    assert isinstance(evidence.source, HumanSource)
    for side in ("first", "second"):
        if evidence.source.where.endswith(f", the {side} holds"):
            return "first" if side == "first" else "second"
    return None


def answers_hash(evidence: Iterable[Evidence]) -> str:
    """Hash of the answers among some evidence; empty where there are none."""
    ids = sorted({item.id for item in evidence if is_answer(item)})
    return content_hash(ids) if ids else ""


def is_answer(evidence: Evidence) -> bool:
    """Say whether a fact is a person's answer to a question."""
    return evidence.kind == "human" and evidence.metric == ANSWER_METRIC
