"""Wishes of people that a plain rule grants: limits, what to do without, a document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agent.wishes import wishes_of
from domain.evidence import DocumentSource, Evidence, RecordSource
from domain.plan import Remark


def said(*texts: str) -> list[Remark]:
    return [Remark(person="p", person_name="P", section=None, text=text) for text in texts]


def sentence(title: str, kind: str = "note") -> Evidence:
    return Evidence(
        entity="account:A/document:D",
        metric="sentence",
        value="We walked the floor.",
        unit="text",
        source=DocumentSource(
            document_hash="h", start=0, end=20, document_id="D", document_kind=kind,
            title=title, author_class="internal",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("make it fit 30 hours", 30),
        ("It must fit into 12.5 h please", Decimal("12.5")),
        ("no more than 8 hours", 8),
        ("keep it under 20 hrs", 20),
        ("cut the plan down to 15 hours", 15),
        ("we only have 12 hours", 12),
        ("call her back in 2 hours", None),
        ("she has only 2 hours on Monday", None),
        ("the drive went from 5 to 3 hours", None),
        ("the last call took 3 hours", None),
        ("order 30 helmets", None),
        ("fit 0 hours", None),
        ("use the site visit", None),
    ],
)
def test_hours_are_a_limit_only_where_they_are_asked_for(text: str, hours: Decimal | None) -> None:
    assert wishes_of(said(text)).most_hours == hours


def test_the_latest_wish_for_hours_wins() -> None:
    assert wishes_of(said("fit 30 hours", "better within 20 hours")).most_hours == 20
    assert wishes_of(said("fit 30 hours", "and use the visit")).most_hours == 30


def test_a_document_is_asked_for_by_a_word_of_its_title_or_kind() -> None:
    wishes = wishes_of(said("Draft it, use the site visit."))
    assert wishes.names(sentence("Tooele visit, store walk"))
    assert not wishes.names(sentence("Delivery for the January order"))
    assert wishes_of(said("use her email")).names(sentence("Terms", kind="email"))
    assert wishes_of(said("based on the call summary")).names(sentence("X", kind="call_summary"))


def test_without_a_wish_no_document_is_asked_for_and_records_never_are() -> None:
    assert not wishes_of(said("shorter please")).names(sentence("shorter"))
    cell = Evidence(
        entity="account:A", metric="name", value="visit", unit="name",
        source=RecordSource(table="accounts", row="A", field="name"),
    )  # fmt: skip
    assert not wishes_of(said("use the visit")).names(cell)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("At most 3 steps.", 3),
        ("no more than three plays please", 3),
        ("Keep it to 4 actions", 4),
        ("Boil it down to the 2 most important steps.", 2),
        ("Two things to do are enough", 2),
        ("fewer than 5 steps", 4),
        ("a single action will do", 1),
        ("at least 3 steps", None),
        ("the 3 steps look fine", None),
        ("cut it, Jo ordered 3 helmets", None),
        ("only 0 steps", None),
    ],
)
def test_plays_are_limited_only_where_it_is_asked_for(text: str, most: int | None) -> None:
    assert wishes_of(said(text)).most_plays == most


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Everything done by the end of January at the latest", date(2027, 1, 31)),
        ("all steps must be finished by 5 Feb", date(2027, 2, 5)),
        ("complete the plan before December 3, 2026", date(2026, 12, 2)),
        ("nothing after 2027-01-15", date(2027, 1, 15)),
        ("wrap it up by end of the month", date(2026, 11, 30)),
        ("ask about the order they expect by 5 February", None),
        ("it was all finished on 5 February", None),
        ("done by 31 February", None),
    ],
)
def test_a_last_day_is_one_by_which_the_plan_is_to_be_done(text: str, day: date | None) -> None:
    assert wishes_of(said(text), date(2026, 11, 13)).last_day == day


def test_without_a_date_of_the_book_a_last_day_needs_its_year() -> None:
    assert wishes_of(said("everything done by 5 May")).last_day is None
    assert wishes_of(said("everything done by 5 May 2027")).last_day == date(2027, 5, 5)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("No visits please.", {"visit"}),
        ("leave out the site visit", {"visit"}),
        ("Nobody can travel, and skip the demos", {"demo", "visit"}),
        ("without any phone calls", {"call"}),
        ("no visit before March", set()),
        ("no more than 2 visits", set()),
        ("use the visit", set()),
    ],
)
def test_kinds_of_play_to_do_without(text: str, kinds: set[str]) -> None:
    assert wishes_of(said(text)).without == kinds


@pytest.mark.parametrize(
    ("text", "shunned"),
    [
        ("Not via Ada Frame.", True),
        ("she doesn't want us to talk to Ada", True),
        ("leave Ada out of this", True),
        ("Frame is off limits for now", True),
        ("talk to Ada about the order", False),
        ("don't forget Ada", False),
        ("Ada has not been called yet", False),
        ("We know Ada well", False),
    ],
)
def test_a_person_to_do_without(text: str, shunned: bool) -> None:
    assert wishes_of(said(text)).shuns("Ada Frame") is shunned
