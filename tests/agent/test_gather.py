"""What a plan may cite: all of it the owner's to read, every sentence where it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.context import PlanningContext
from agent.gather import QUESTIONS, gather, spans, trip_to
from agent.vocabulary import build_vocabulary
from domain.book import Book, frame
from domain.evidence import DocumentSource, Evidence, HumanSource
from domain.plan import Remark
from domain.record import text_hash
from tests.agent.drafting import period_of
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import BOOK, COVERAGE, INES, MO, OPS, planning_context
from tools.analyses import analyse

CONTEXT = planning_context(MemoryRecords())
PERIOD = period_of(CONTEXT)


def context_of(book: Book, texts: Sequence[str] = ()) -> PlanningContext:
    """The tiny book changed, with these notes about A-1 retrieved whole."""
    noted = with_notes(book, texts) if texts else book

    def retrieve(account_id: str, query: str, k: int) -> list[Evidence]:
        return [
            passage(text, 0, len(text), f"N-{number}")
            for number, text in enumerate(texts)
            if account_id == "A-1"
        ]

    return replace(
        CONTEXT,
        book=noted,
        # No analysis reads a note.
        analyses=CONTEXT.analyses if book is BOOK else analyse(noted, COVERAGE),
        vocabulary=CONTEXT.vocabulary if book is BOOK else build_vocabulary(noted, COVERAGE),
        retrieve=retrieve,
    )


def with_notes(book: Book, texts: Sequence[str]) -> Book:
    rows = [
        {
            "document_id": f"N-{number}",
            "account_id": "A-1",
            "kind": "note",
            "title": "Visit",
            "author": "Ines Ortega",
            "author_class": "internal",
            "published": date(2026, 10, 30),
            "text": text,
        }
        for number, text in enumerate(texts)
    ]
    return replace(book, tables={**book.tables, "documents": frame("documents", rows)})


def passage(text: str, start: int, end: int, document: str) -> Evidence:
    return Evidence(
        entity=f"account:A-1/document:{document}",
        metric="span",
        value=text[start:end],
        unit="text",
        period="2026-10-30",
        source=DocumentSource(
            document_hash=text_hash(text),
            start=start,
            end=end,
            document_id=document,
            document_kind="note",
            title="Visit",
            author_class="internal",
            published=date(2026, 10, 30),
        ),
        scope="R-1",
    )


def sentences_of(text: str) -> list[str]:
    """The sentences that a note of this text gives."""
    return [
        item.value for item in spans(context_of(BOOK, [text]), "A-1") if item.metric == "sentence"
    ]


def accounts_moved(**places: tuple[float | None, float | None]) -> Book:
    """The tiny book with some accounts elsewhere; underscores stand for hyphens."""
    accounts = BOOK["accounts"].copy()
    for key, (latitude, longitude) in places.items():
        row = accounts["account_id"] == key.replace("_", "-")
        accounts.loc[row, "latitude"] = latitude if latitude is not None else float("nan")
        accounts.loc[row, "longitude"] = longitude if longitude is not None else float("nan")
    return replace(BOOK, tables={**BOOK.tables, "accounts": accounts})


def test_a_ledger_is_the_owners_whoever_asks() -> None:
    roots = {
        gather(replace(CONTEXT, principal=person), "A-1", PERIOD).root for person in (INES, MO, OPS)
    }
    assert len(roots) == 1
    scopes = {item.scope for item in gather(CONTEXT, "A-1", PERIOD).entries.values()}
    assert scopes <= {"R-1", ""}


def test_ranks_are_among_the_owners_accounts() -> None:
    ledger = gather(CONTEXT, "A-1", PERIOD)
    # Ines owns four of the eight shops.
    found = ledger.find("account:A-1", "rank_of")
    assert found is not None
    assert found.value == "4"


def test_no_account_of_another_rep_is_named() -> None:
    ledger = gather(replace(CONTEXT, principal=OPS), "A-1", PERIOD)
    named = {
        item.value
        for item in ledger.entries.values()
        if item.unit == "name" and item.metric == "name" and "contact" not in item.entity
    }
    assert named <= {
        "Alder Cycles", "Birch Cycles", "Cedar Cycles", "Doyle Cycles", "Ines Ortega",
    }  # fmt: skip


def test_a_calculation_comes_with_the_cells_it_was_worked_out_from() -> None:
    ledger = gather(CONTEXT, "A-1", PERIOD)
    change = ledger.find("account:A-1", "spend_change_12m")
    assert change is not None
    assert change.source.kind == "calculation"
    parents = [ledger[parent].metric for parent in change.source.parents]
    assert parents == ["net_spend_12m", "net_spend_prior_12m"]


def test_records_are_cited_as_they_stand_and_blank_fields_are_not() -> None:
    ledger = gather(CONTEXT, "A-1", PERIOD)
    contact = "account:A-1/contact:C-1"
    said = {
        field: found.value
        for field in ("name", "role", "last_contact", "level")
        if (found := ledger.find(contact, field))
    }
    assert said == {
        "name": "Dana Alderson",
        "role": "economic buyer",
        "last_contact": "2026-10-20",
        "level": "executive",
    }
    staff = ledger.find("account:A-1", "employees")
    assert staff is not None
    assert (staff.value, staff.unit) == ("11", "count")
    assert ledger.find("account:A-1", "founded") is None


def test_accounts_close_enough_to_share_a_trip_are_named_best_first_and_two_at_most() -> None:
    ledger = gather(CONTEXT, "A-1", PERIOD)
    near = [
        item.entity.rpartition(":")[2]
        for item in ledger.of_entity("account:A-1")
        if "/near:" in item.entity
    ]
    order = [key for key in CONTEXT.analyses.ranks.of_owner("R-1") if key != "A-1"]
    assert sorted(near) == sorted(order[:2])


def test_an_account_far_away_or_of_unknown_place_shares_no_trip() -> None:
    # Birch moves to New York; Cedar's place is blank; Doyle stays in Portland.
    moved = context_of(accounts_moved(A_2=(40.7, -74.0), A_3=(None, None)))
    near = {
        item.entity.rpartition(":")[2]
        for item in gather(moved, "A-1", PERIOD).of_entity("account:A-1")
        if "/near:" in item.entity
    }
    assert near == {"A-4"}


def test_travel_is_known_only_where_both_places_are() -> None:
    assert trip_to(CONTEXT, "A-1", "R-1") is not None
    nowhere = context_of(accounts_moved(A_1=(None, None)))
    assert trip_to(nowhere, "A-1", "R-1") is None
    assert gather(nowhere, "A-1", PERIOD).find("account:A-1", "travel_hours") is None


def test_the_alternatives_are_the_owners_two_others_with_the_most_open_potential() -> None:
    open_potential = CONTEXT.analyses.potential.table["open_potential"].dropna()
    for account in ("A-1", "A-2", "A-3", "A-4"):
        ledger = gather(CONTEXT, account, PERIOD)
        others = [
            other
            for other in ("A-1", "A-2", "A-3", "A-4")
            if other != account
            and open_potential.get(other, 0) > 0
            and COVERAGE.tier(CONTEXT.analyses.tiers.of(other)).plan != "none"
        ]
        best = sorted(others, key=lambda other: (-open_potential[other], other))[:2]
        total = ledger.find("rep:R-1", "alternative_open_potential")
        if len(best) < 2:
            assert total is None
            continue
        assert total is not None
        assert float(total.value) == pytest.approx(sum(open_potential[best]), abs=0.01)
        assert total.source.kind == "calculation"
        assert {ledger[parent].entity for parent in total.source.parents} == {
            f"account:{other}" for other in best
        }
        assert {ledger.find(f"rep:R-1/account:{other}", "name") is not None for other in best} == {
            True
        }


def test_a_sentence_too_short_to_be_found_again_is_joined_to_the_one_before() -> None:
    assert sentences_of("They want frames delivered before the season. In writing. So be it!") == [
        "They want frames delivered before the season. In writing. So be it!"
    ]


def test_a_signature_or_a_new_paragraph_is_not_joined() -> None:
    assert sentences_of(
        "They want frames delivered before the season. Noor Haddad\n\nIn writing."
    ) == ["They want frames delivered before the season.", "Noor Haddad", "In writing."]


def test_passages_that_overlap_give_each_sentence_once() -> None:
    text = (
        "They want frames delivered before the season. The owner signs every order herself. "
        "A second store opens in March next year."
    )
    first, second = text.index("The owner"), text.index("A second")

    def retrieve(account_id: str, query: str, k: int) -> list[Evidence]:
        return [
            passage(text, 0, second - 1, "N-0"),
            passage(text, first, len(text), "N-0"),
        ]

    context = replace(context_of(BOOK, [text]), retrieve=retrieve)
    found = [item.value for item in spans(context, "A-1") if item.metric == "sentence"]
    assert sorted(found) == sorted([text[: first - 1], text[first : second - 1], text[second:]])


def test_only_the_sentences_that_a_passage_touches_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agent.gather.NEWEST_READ", 0)
    text = "They want frames before the season. The owner signs every order herself."
    second = text.index("The owner")

    def retrieve(account_id: str, query: str, k: int) -> list[Evidence]:
        return [passage(text, second, len(text), "N-0")]

    context = replace(context_of(BOOK, [text]), retrieve=retrieve)
    assert [i.value for i in spans(context, "A-1") if i.metric == "sentence"] == [text[second:]]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "They want frames.",
                "So be it!",
                "The owner — Zoë — signs.",
                "\n",
                "No",
                "“Yes.”",
                "  ",
            ]
        ),
        max_size=10,
    )
)
def test_offsets_are_exact_code_points_into_the_stored_text(parts: list[str]) -> None:
    text = " ".join(parts) or "Nothing."
    context = context_of(BOOK, [text])
    for item in spans(context, "A-1"):
        if isinstance(item.source, DocumentSource):
            assert text[item.source.start : item.source.end] == item.value
            assert item.value == item.value.strip() != ""


def test_a_document_that_the_book_does_not_hold_is_not_cited() -> None:
    text = "They want frames delivered before the season."

    def retrieve(account_id: str, query: str, k: int) -> list[Evidence]:
        return [passage(text, 0, len(text), "N-9")]

    found = spans(replace(CONTEXT, retrieve=retrieve), "A-1")
    assert text not in {item.value for item in found}


def test_the_newest_documents_are_read_though_they_answer_no_question() -> None:
    text = "Zebras graze behind the old mill in silence."
    context = replace(context_of(BOOK, [text]), retrieve=lambda *_: [])
    assert text in {item.value for item in spans(context, "A-1")}


def test_every_question_is_asked_once_and_the_notes_add_none() -> None:
    asked: list[str] = []

    def retrieve(account_id: str, query: str, k: int) -> list[Evidence]:
        asked.append(query)
        return list(CONTEXT.retrieve(account_id, query, k))

    gather(replace(CONTEXT, retrieve=retrieve), "A-1", PERIOD)
    assert asked == list(QUESTIONS)


def test_a_documents_author_and_date_come_with_its_sentences() -> None:
    context = context_of(BOOK, ["They want frames delivered before the season."])
    found = {item.metric: item for item in spans(context, "A-1")}
    assert found["author"].value == "Ines Ortega"
    assert (found["published"].value, found["published"].unit) == ("2026-10-30", "date")
    assert found["author"].scope == "R-1"
    assert "publisher" not in found


def test_what_a_reviewer_asked_becomes_evidence_of_that_person_on_the_books_day() -> None:
    remarks = (
        Remark(person="mo", person_name="Mo", section="why_now", text="Name the season."),
        Remark(person="mo", person_name="Mo", section=None, text="   "),
    )
    ledger = gather(CONTEXT, "A-1", PERIOD, remarks=remarks)
    (said,) = [item for item in ledger.entries.values() if isinstance(item.source, HumanSource)]
    assert said.source == HumanSource(person="Mo", said_on=BOOK.as_of, where="why_now")
    assert said.value == "Name the season."


def test_the_ledger_carries_the_full_text_of_what_it_quotes_and_of_nothing_else() -> None:
    ledger = gather(CONTEXT, "A-2", PERIOD)
    quoted = {
        item.source.document_hash
        for item in ledger.entries.values()
        if isinstance(item.source, DocumentSource)
    }
    assert set(ledger.texts) == quoted == {text_hash(ledger.texts[key]) for key in quoted}


def test_two_books_of_one_id_are_never_mixed_up() -> None:
    # Both books bear the same id; what was read of one must not answer for the other.
    first = context_of(BOOK, ["They want frames delivered before the season."])
    second = context_of(BOOK, ["They want wheels delivered before the season."])
    assert first.book.book_id == second.book.book_id
    assert {i.value for i in spans(first, "A-1")} != {i.value for i in spans(second, "A-1")}


def test_a_rep_who_owns_nothing_else_has_no_alternative_and_no_trip_to_share() -> None:
    accounts = BOOK["accounts"].copy()
    alone = accounts["account_id"].isin(["A-2", "A-3", "A-4"])
    accounts.loc[alone, "owner_id"] = "R-2"
    book = replace(BOOK, tables={**BOOK.tables, "accounts": pd.DataFrame(accounts)})
    ledger = gather(context_of(book), "A-1", PERIOD)
    assert ledger.find("rep:R-1", "alternative_open_potential") is None
    assert not [item for item in ledger.entries.values() if "/near:" in item.entity]
