"""Who is who at an account: contacts by weight, who is for and against us, who is missing."""

from __future__ import annotations

import re

from pydantic import Field

from agent.case import Case, Person
from agent.chat.context import ChatContext
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.account_case import case_of, contacts_of
from agent.chat.tools.account_notes import placed, quote_of, read_about
from agent.chat.tools.looked_up import Given, LookedUp
from agent.chat.tools.pieces import cell_of, listed
from agent.playbooks import missing_roles
from domain.chat import AnswerTable, Focus, Offer
from domain.evidence import Evidence
from domain.plan import SlotFormat

QUESTION = "decision approval owner purchasing who decides"
PASSAGES = 12
MOST_TOLD = 4
MOST_LISTED = 12
MOST_QUOTED = 2
COLUMNS: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Name", "name", "name"), ("Title", "title", "text"), ("Role", "role", "text"),
    ("Level", "level", "text"), ("Influence", "influence", "text"),
    ("Attitude", "attitude", "text"), ("Last contact", "last_contact", "date"),
)  # fmt: skip
_PART = {"role": "{{role}}", "influence": "{{influence}} influence"}
_ENDS = {
    "attitude": "is {{attitude}} towards us", "last_contact": "was last met on {{last_contact}}",
}  # fmt: skip
_FORMS: dict[str, SlotFormat] = {field: form for _, field, form in COLUMNS}
_PLAIN_ROLE = re.compile(r"[a-z]+(?: [a-z]+)*")


class AccountPeople(Arguments):
    """What `account_people` is given."""

    account_id: str = Field(description="The account's id, as `find_accounts` gives it.")


def account_people(context: ChatContext, arguments: AccountPeople) -> Told:
    """Say who is known at an account, who decides, and which roles nobody fills.

    NotFound where it is missing or outside the scope.
    """
    account_id = demand_account(context, arguments.account_id)
    entity, look = f"account:{account_id}", LookedUp(context)
    rows = contacts_of(look, account_id)
    case = case_of(context, account_id, rows)
    on_file = len(context.book.of_account("contacts", account_id))
    look.say(
        "count", "metric", entity, "Contacts on file at {{name}}: {{n}}.",
        name=(look.account(account_id), "name"), n=(look.cell(entity, "contacts"), "number"),
    )  # fmt: skip
    notes = []
    for number, person in enumerate(case.people[:MOST_LISTED]):
        look.keep(*(item for item in rows if item.entity == person.entity))
        if number < MOST_TOLD:
            tell_person(look, case, person, number)
    _tell_missing(look, case, rows)
    if not case.people:
        notes.append("Who decides there is not known: nobody is on file.")
    elif not any(person.attitude for person in case.people):
        notes.append("Where the people there stand towards us is not on record.")
    if len(case.people) < on_file:
        notes.append("A contact whose name is no plain text is left out.")
    _tell_notes(look, case)
    table = _table(case)
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        tables=(table,) if table.rows else (),
        notes=tuple(notes),
        rows=len(case.people),
        note=f"{len(case.people)} contacts",
        offers=(
            Offer(label="The account in short", text=f"/brief {account_id}"),
            Offer(label="Why it stands where it stands", text=f"/why {account_id}"),
            Offer(label="Its plan", text=f"/plan {account_id}"),
        ),
        focus=Focus(accounts=(account_id,), command="people"),
    )


def tell_person(look: LookedUp, case: Case, person: Person, number: int) -> None:
    """Say of one person: title, part in a purchase, weight, stance, when last met."""
    cells = {field: case.cell(field, person.entity) for field in ("title", *_PART, *_ENDS)}
    slots: dict[str, Given] = {"name": (person.name, "name")}
    slots |= {field: (cell, _FORMS[field]) for field, cell in cells.items() if cell is not None}
    part = ", ".join(words for field, words in _PART.items() if field in slots)
    text = "{{name}}" + (", {{title}}" if "title" in slots else "")
    text += f" ({part})" if part else ""
    ends = [words for field, words in _ENDS.items() if field in slots]
    text += ", " + (listed(ends) if ends else "is on file, with no contact date") + "."
    look.say(f"person.{number}", "fact", case.subject, text, slots=slots)


def _tell_missing(look: LookedUp, case: Case, rows: list[Evidence]) -> None:
    """Say which wanted roles no contact on file fills; it rests on the roles they have."""
    roles = [role for role in missing_roles(case) if _PLAIN_ROLE.fullmatch(role)]
    filled = tuple(item for item in rows if item.metric == "role")
    if not roles or not filled:
        return
    look.keep(*filled)
    told = f"No contact on file has the role of {listed(roles).replace(' and ', ' or ')}."
    look.say("missing", "fact", case.subject, told, cites=filled)


def _tell_notes(look: LookedUp, case: Case) -> None:
    """Quote what was said about who decides."""
    passages = look.context.retrieve(case.brief.account_id, QUESTION, PASSAGES)
    own = [item for item in passages if item.is_about(case.subject)]
    found = placed(case, read_about(look.context, case.subject, own))
    told = [*found.of("buying_group"), *found.by_person.values()]
    for number, sentence in enumerate(dict.fromkeys(told)):
        if number < MOST_QUOTED:
            look.claims.append(quote_of(look, f"said.{number}", sentence))


def _table(case: Case) -> AnswerTable:
    return AnswerTable(
        title="People on file",
        columns=tuple(label for label, _, _ in COLUMNS),
        rows=tuple(
            tuple(cell_of(case.cell(field, person.entity), form) for _, field, form in COLUMNS)
            for person in case.people[:MOST_LISTED]
        ),
    )


TOOL = Tool(
    name="account_people",
    command="people",
    description=(
        "The people known at one account: title, role in a purchase, influence, stance towards "
        "us, when last met; which roles nobody fills; words of notes about who decides."
    ),
    arguments=AccountPeople,
    run=account_people,
)
