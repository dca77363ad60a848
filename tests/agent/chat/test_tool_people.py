"""Who is who at an account."""

from __future__ import annotations

from dataclasses import replace

from agent.chat.tools.people import TOOL
from domain.book import frame
from tests.agent.chat.context_by_hand import Ground, chat_context, sentences, use
from tests.agent.chat.noted_book import note, noted
from tests.agent.tiny_book import ANALYSES, COVERAGE, INES, VOCABULARY


def staffed(*contacts: dict[str, object]) -> Ground:
    """The tiny book with these people at Alder and nobody elsewhere."""
    book = noted().book
    rows = [{"account_id": "A-1", **contact} for contact in contacts]
    tables = {**book.tables, "contacts": frame("contacts", rows)}
    return Ground(replace(book, tables=tables), COVERAGE, ANALYSES, VOCABULARY)


def test_people_are_told_by_weight_with_what_the_crm_knows_of_each() -> None:
    ground = staffed(
        {"contact_id": "C-2", "name": "Lee Marsh", "role": "user", "influence": "low"},
        {"contact_id": "C-1", "name": "Dana Alderson", "title": "Owner", "role": "economic buyer",
         "influence": "high", "attitude": "supportive", "last_contact": "2026-10-20"},
        {"contact_id": "C-3", "name": "Sam Petrov"},
    )  # fmt: skip
    context = chat_context(INES, on=ground)

    told = use(TOOL, context, account_id="A-1")

    # The contacts cell is the tiny book's own; wanted are economic buyer, purchasing and user.
    assert sentences(context, told)[1:] == [
        "Dana Alderson, Owner (economic buyer, high influence), is supportive towards us and was "
        "last met on 20 Oct 2026.",
        "Lee Marsh (user, low influence), is on file, with no contact date.",
        "Sam Petrov, is on file, with no contact date.",
        "No contact on file has the role of purchasing.",
    ]
    (table,) = told.tables
    assert [len(row) for row in table.rows] == [7, 7, 7]
    assert [cell.text for cell in table.rows[2][1:]] == ["–"] * 6
    assert told.rows == 3


def test_an_account_without_contacts_says_that_who_decides_is_not_known() -> None:
    context = chat_context(INES, on=staffed())
    told = use(TOOL, context, account_id="A-1")
    assert "Who decides there is not known: nobody is on file." in told.notes
    assert told.tables == ()


def test_when_no_stance_is_on_record_it_says_so() -> None:
    ground = staffed({"contact_id": "C-1", "name": "Dana Alderson", "role": "user"})
    told = use(TOOL, chat_context(INES, on=ground), account_id="A-1")
    assert told.notes == ("Where the people there stand towards us is not on record.",)


def test_what_was_said_about_who_decides_is_quoted() -> None:
    ground = noted(
        note("D-1", "A-1", "Dana decides on the budget herself and signs every order above 5,000. "
             "The weather on the way there was fine enough for once.")
    )  # fmt: skip
    context = chat_context(INES, on=ground)
    said = sentences(context, use(TOOL, context, account_id="A-1"))
    assert said[-1] == (
        "Ines Ortega, 30 Oct 2026: “Dana decides on the budget herself and signs every order "
        "above 5,000.”"
    )


def test_a_contact_whose_name_is_markup_is_left_out_and_that_is_said() -> None:
    ground = staffed(
        {"contact_id": "C-1", "name": "<b>Dana</b>", "role": "user"},
        {"contact_id": "C-2", "name": "Lee Marsh", "role": "user", "attitude": "neutral"},
    )
    context = chat_context(INES, on=ground)
    told = use(TOOL, context, account_id="A-1")
    assert told.notes == ("A contact whose name is no plain text is left out.",)
    assert "Dana" not in " ".join(sentences(context, told))
    names = {item.value for item in told.evidence if item.metric == "name"}
    assert names == {"Alder Cycles", "Lee Marsh"}


def test_of_many_contacts_the_weightiest_twelve_are_listed() -> None:
    ground = staffed(
        *({"contact_id": f"C-{n:02}", "name": f"Person Number{chr(65 + n)}"} for n in range(20))
    )
    told = use(TOOL, chat_context(INES, on=ground), account_id="A-1")
    assert len(told.tables[0].rows) == 12
    assert told.rows == 20
