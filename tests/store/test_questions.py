"""Answers to questions: added, superseded, and the account's whoever owns it."""

from __future__ import annotations

import sqlite3

import pytest

from domain.errors import NotFound
from domain.question import Question, Side, answer_evidence, answers_hash, newest, question_id
from store.store import Store
from tests.store.tiny_store import ANA, BO, DANA, NOTES, REVOPS, make_book, raw

BOOK = make_book(*NOTES)


def a_question(account: str = "1") -> Question:
    def side(number: int, text: str) -> Side:
        return Side(
            evidence_id=f"ev_{account}{number}", document_id=f"D-{number}", title="Call",
            author=None, said_on=None, text=text,
        )  # fmt: skip

    return Question(
        question_id=question_id(account, f"ev_{account}1", f"ev_{account}2"),
        account_id=account, account_name="Alder", owner_id="ana",
        first=side(1, "The store opens in May."), second=side(2, "The store opens in June."),
    )  # fmt: skip


def test_a_question_has_one_id_whichever_side_is_named_first() -> None:
    assert question_id("1", "ev_a", "ev_b") == question_id("1", "ev_b", "ev_a")
    assert question_id("1", "ev_a", "ev_b") != question_id("2", "ev_a", "ev_b")


def test_a_second_answer_supersedes_the_first_and_both_stay(store: Store) -> None:
    store.questions.add(ANA, BOOK, a_question(), "May, says Kim.", "first")
    second = store.questions.add(DANA, BOOK, a_question(), "June: I saw the lease.", "second")

    kept = store.questions.of_account(ANA, BOOK, "1")

    assert [(item.number, item.text, item.side, item.person) for item in kept] == [
        (1, "May, says Kim.", "first", "ana"),
        (2, "June: I saw the lease.", "second", "dana"),
    ]
    assert newest(kept) == [second]
    assert {item.said_on for item in kept} == {BOOK.as_of}


def test_the_database_itself_refuses_to_change_or_delete_an_answer(store: Store) -> None:
    store.questions.add(ANA, BOOK, a_question(), "May, says Kim.", "first")

    for statement in ("UPDATE question_answers SET text = 'June'", "DELETE FROM question_answers"):
        with (
            pytest.raises(sqlite3.IntegrityError, match="an answer is never"),
            raw(store) as connection,
        ):
            connection.execute(statement)


def test_answers_stay_with_the_account_when_it_changes_hands(store: Store) -> None:
    store.questions.add(ANA, BOOK, a_question(), "May.", "first")
    moved = make_book(*NOTES, owner="bo")

    assert [item.text for item in store.questions.list(BO, moved)] == ["May."]
    assert store.questions.list(ANA, moved) == []
    with pytest.raises(NotFound, match="There is no account '1'"):
        store.questions.of_account(ANA, moved, "1")


def test_what_names_the_answers_of_an_account_changes_with_each_of_them(store: Store) -> None:
    assert store.questions.hashes(REVOPS) == {}
    store.questions.add(ANA, BOOK, a_question(), "May.", "first")
    one = store.questions.hashes(REVOPS)
    store.questions.add(BO, BOOK, a_question("2"), "May.", "first")
    store.questions.add(ANA, BOOK, a_question(), "June.", "second")
    two = store.questions.hashes(REVOPS)

    assert set(one) == {"1"}
    assert set(two) == {"1", "2"}
    assert one["1"] != two["1"]
    last = newest(store.questions.of_account(ANA, BOOK, "1"))
    # The scope of a reader is no part of what names an answer.
    assert two["1"] == answers_hash([answer_evidence(item, "ana") for item in last])
