"""One returned plan as a case: what is asked anew, and what its answer may not say again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from agent.render import render
from api.people import People
from domain.book import Book
from domain.decision import DecisionRequest
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import SECTION_TITLES, PlanVersion, SectionKey
from eval.task import SECTIONS, Ask, Key, Task, Week
from tools.selling_time import working_days


def task_of(version: PlanVersion, request: DecisionRequest, *, book: str, person: str) -> Task:
    """Return the revision that a decision asks for, in the words of whoever decided.

    `book` is the name of the book's folder, `person` who asks.
    """
    content = version.content
    return Task(
        task_id=f"{version.plan_id}-v{version.version}",
        family="revise",
        ask=Ask(kind="revision", person=person, account_id=content.account_id, text=_wish(request)),
        book=book,
        cluster=content.account_id,
    )


def key_of(
    task: Task, version: PlanVersion, request: DecisionRequest, *, book: Book, ledger: Ledger
) -> Key:
    """Return what an answer has to hold: the rep's calendar, and no sentence objected to.

    Steps may be owned by the account's owner and by those of the book who are no reps with
    accounts of their own. Where no section was objected to, no sentence was.
    """
    content = version.content
    period = Period(content.period_start, content.period_end)
    at_work = set(working_days(book, content.owner_id, period))
    days = (period.start + timedelta(days=n) for n in range(period.days))
    supporting = sorted(
        rep
        for rep, row in book.rows("reps").items()
        if row["function"] != "rep" and rep != content.owner_id
    )
    objected = _objected_to(request)
    sentences = [
        "".join(part.text for part in render(claim, ledger, content.currency))
        for section, claim in content.draft.claims()
        if section in objected
    ]
    return Key(
        task_id=task.task_id,
        sections=SECTIONS["revision"],
        week=Week(
            starts=period.start,
            ends=period.end,
            days_off=tuple(day for day in days if day.weekday() < 5 and day not in at_work),
            hours_at_most=Decimal(content.schedule.selling_hours),
        ),
        owners=(content.owner_id, *supporting),
        # A milestone repeats what ends its play.
        not_again=tuple(dict.fromkeys(sentences)),
    )


def asked_as(people: People, owner_id: str) -> str | None:
    """Return the rep whose accounts these are; else a manager who sees them; else nobody."""
    seeing = [person for person in people if person.scope.covers(owner_id)]
    for role in ("rep", "manager"):
        found = [person for person in seeing if role in person.roles]
        if found:
            return min(found, key=lambda person: len(person.reps)).id
    return None


def _objected_to(request: DecisionRequest) -> set[SectionKey]:
    return {item.section for item in request.sections if item.verdict == "change_requested"}


def _wish(request: DecisionRequest) -> str:
    """Put what was said into words for whoever revises: the reason, then section by section."""
    comments = [
        f"{SECTION_TITLES[item.section]}: {item.comment.strip()}"
        for item in request.sections
        if item.verdict == "change_requested" and item.comment.strip()
    ]
    return "\n".join([request.reason.strip(), *comments]).strip()
