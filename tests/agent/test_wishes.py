"""Two wishes of people that a plain rule grants: hours, and a document to use."""

from __future__ import annotations

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
