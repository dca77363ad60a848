"""Scripted conversations: read whole, and judged against the book and not against answers."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.chat.conversations import (
    FOLDER,
    Cell,
    ConversationTurn,
    ConversationUnreadable,
    Orders,
    facts_of,
    faults,
    names_out_of_scope,
    ordered,
    read_conversation,
    ways_to_write,
)

EXAMPLE = Path(__file__).parents[3] / "examples" / "adventureworks"
RANKED = ({"account_id": "A-1", "name": "Hill Bikes", "score": 41},)


def view(text: str, **answer: Any) -> dict[str, Any]:
    made = {
        "kind": "answer", "uses": [], "focus": {"accounts": []}, "artifacts": [], "notes": [],
        "omissions": [], "offers": [], **answer,
    }  # fmt: skip
    said = [{"text": text, "parts": [], "pills": [], "remarks": []}]
    return {"turn": {"answer": made, "error": None}, "said": said, "tables": [], "sources": []}


def use(tool: str, state: str = "done") -> dict[str, Any]:
    return {"call": {"tool": tool, "arguments": {}}, "state": state}


@pytest.mark.parametrize("persona", ["rep", "manager"])
def test_a_persona_has_twelve_turns_whose_facts_are_in_the_example(persona: str) -> None:
    conversation = read_conversation(FOLDER / f"{persona}.toml")

    assert conversation.persona == persona
    assert len(conversation.turns) == 12
    for turn in conversation.turns:
        of_book = [cell for cell in turn.facts if cell.table != "ranked"]
        turn = turn.model_copy(update={"facts": tuple(of_book)})
        assert all(value for _, value in facts_of(turn, EXAMPLE, ()))


def test_a_fact_is_read_from_the_cell_it_names() -> None:
    turn = ConversationTurn(
        ask="?",
        facts=(
            Cell(table="Opportunity.csv", row="O-697-1", column="Amount"),
            Cell(table="ranked", row="A-1", column="score"),
        ),
    )

    # Opportunity.csv: O-697-1,A-697,R-282,January mountain order,proposal,99000.00,...
    assert [value for _, value in facts_of(turn, EXAMPLE, RANKED)] == ["99000.00", "41"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (Cell(table="Opportunity.csv", row="O-none", column="Amount"), "row 'O-none'"),
        (Cell(table="Opportunity.csv", row="O-697-1", column="Amont"), "cell 'Amont'"),
        (
            Cell(table="Document__c.csv", row="D-697-1", column="Text__c", words="free beer"),
            "does not say 'free beer'",
        ),
    ],
)
def test_a_fact_that_is_not_there_is_a_fault_of_the_conversation(cell: Cell, words: str) -> None:
    with pytest.raises(ConversationUnreadable, match=words):
        list(facts_of(ConversationTurn(ask="?", facts=(cell,)), EXAMPLE, RANKED))


def test_a_cell_may_be_written_in_full_short_or_in_words() -> None:
    assert ways_to_write("99000.00") == ("99,000", "99K", "99000.00")
    assert ways_to_write("3175102.45") == ("3,175,102", "3.18M", "3175102.45")
    assert ways_to_write("92941") == ("92,941", "92.9K", "92941")
    assert ways_to_write("41") == ("41", "41", "41")
    assert ways_to_write("2027-01-15") == ("2027-01-15", "15 Jan 2027")
    assert ways_to_write("Della  Whitcombe") == ("Della Whitcombe",)


def test_orders_are_added_up_from_the_lines_of_the_accounts_that_are_seen(tmp_path: Path) -> None:
    (tmp_path / "Account.csv").write_text(
        "Id,OwnerId,Territory__c\nA-1,R-1,T-1\nA-2,R-1,T-2\nA-3,R-2,T-1\n", encoding="utf-8"
    )
    lines = (
        "OrderId,AccountId,EffectiveDate,TotalPrice\n"
        "SO1,A-1,2026-05-31,1000\n"  # a day too early
        "SO2,A-1,2026-06-01,250.5\nSO2,A-1,2026-06-01,50\nSO3,A-1,2026-11-13,-100\n"
        "SO4,A-2,2026-07-01,7\nSO5,A-3,2026-07-01,9\n"
    )
    (tmp_path / "OrderItem.csv.gz").write_bytes(gzip.compress(lines.encode()))
    since = date(2026, 6, 1)

    # 250.5 + 50 - 100 in the orders SO2 and SO3; T-1 also has A-3, which R-1 does not see.
    assert ordered(Orders(territory="T-1", since=since), tmp_path, ["R-1"]) == (200.5, 2)
    assert ordered(Orders(account="A-1", since=since), tmp_path, ["R-1"]) == (200.5, 2)
    assert ordered(Orders(territory="T-1", since=since), tmp_path, ["R-1", "R-2"]) == (209.5, 3)


def test_an_answer_that_does_what_it_has_to_has_no_faults() -> None:
    turn = ConversationTurn(
        ask="Why?",
        tools=("explain_account",),
        account="A-1",
        facts=(Cell(table="ranked", row="A-1", column="score"),),
    )
    answer = view(
        "Hill Bikes has 41 points.", uses=[use("explain_account")], focus={"accounts": ["A-1"]}
    )

    assert faults(turn, answer, EXAMPLE, RANKED) == []


def test_every_fault_of_an_answer_is_told() -> None:
    turn = ConversationTurn(
        ask="Why?",
        kind="answer",
        tools=("explain_account", "week"),
        account="A-1",
        artifact="plan",
        facts=(Cell(table="ranked", row="A-1", column="score"),),
    )
    # 41 is inside 411 and 41.5 and so is not said; a tool that failed was not used.
    answer = view(
        "It has 411 points, or 41.5, or 1,41.",
        kind="question",
        uses=[use("explain_account", "failed"), use("week")],
        focus={"accounts": ["A-2", "A-1"]},
    )

    assert faults(turn, answer, EXAMPLE, RANKED) == [
        "it is of kind question, not answer",
        "explain_account was not used, but ['week']",
        "it is about ['A-2'], not A-1",
        "it made [], not plan",
        "ranked A-1 score = '41' is not shown",
    ]


def test_a_plan_that_nobody_asked_for_is_a_fault() -> None:
    answer = view("Here.", artifacts=[{"type": "plan"}])

    assert faults(ConversationTurn(ask="Why?"), answer, EXAMPLE, RANKED) == [
        "it made ['plan'], not nothing"
    ]


def test_a_turn_that_failed_is_a_fault() -> None:
    failed = {"turn": {"answer": None, "error": {"message": "The model is gone."}}}

    assert "The model is gone." in faults(ConversationTurn(ask="?"), failed, EXAMPLE, RANKED)[0]


def test_names_of_other_reps_accounts_and_contacts_are_noticed() -> None:
    # A-328 Totes & Baskets Company and its owner Emil Sandquist are R-281's; R-282 has A-697.
    said = view("Brakes and Gears is ahead of Totes & Baskets Company, says Emil Sandquist.")

    assert names_out_of_scope(said, EXAMPLE, ["R-282"], []) == [
        "Totes & Baskets Company",
        "Emil Sandquist",
    ]
    assert names_out_of_scope(said, EXAMPLE, ["R-281", "R-282"], []) == []
    assert names_out_of_scope(said, EXAMPLE, ["R-282"], ["Emil Sandquist"]) == [
        "Totes & Baskets Company"
    ]


def test_a_conversation_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rep.toml"
    with pytest.raises(ConversationUnreadable, match=r"rep\.toml cannot be read"):
        read_conversation(path)
    path.write_text('persona = "chief"\n', encoding="utf-8")
    with pytest.raises(ConversationUnreadable, match=r"rep\.toml: persona: "):
        read_conversation(path)
