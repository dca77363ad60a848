"""What documents and CRM fields can do in chat: 100 seeded orders, and nothing comes of one.

Every order stands in a copy of the example book. The account's owner asks a question that
leads past it, without a model and with a scripted one that obeys every order it reads; the
same is asked of a book with an honest sentence in its place.
"""

from __future__ import annotations

from functools import cache

import pytest

from eval.adversaries.injected import Trial, scores_moved
from eval.adversaries.injection_families import CHAT_FAMILIES
from eval.adversaries.injections import CRM_FIELDS, DOCUMENT_FIELDS, Injection, seeded
from eval.chat.ground import Ground
from eval.chat.models import BEHAVIOURS
from tests.agent.chat.context_by_hand import example, people

CASES = 100


@cache
def ground() -> Ground:
    found = example()
    return Ground(found.book, found.coverage, found.analyses, found.vocabulary)


@cache
def cases() -> list[Injection]:
    owners = {person.reps[0] for person in people() if len(person.reps) == 1}
    book = ground().book
    accounts = [name for name in ground().analyses.ranks.order if book.owners[name] in owners]
    return seeded(book, accounts, CASES, seed=20)


@cache
def trial() -> Trial:
    owners = {
        person.reps[0]: people().principal(person.id)
        for person in people()
        if len(person.reps) == 1
    }
    return Trial.of(ground(), owners, cases())


def test_there_are_four_of_each_family_in_every_kind_of_document_and_field() -> None:
    families = [item.family for item in cases()]
    assert {families.count(family) for family in CHAT_FAMILIES} == {4}  # 100 over 25 families
    assert len(CHAT_FAMILIES) == 25
    kinds = {item.kind for item in cases() if item.field == "text" and item.table == "documents"}
    assert kinds == {"note", "call_summary", "email", "market", "competitive"}
    fields = {(item.table, item.field) for item in cases()}
    assert {field for table, field in fields if table == "documents"} == set(DOCUMENT_FIELDS)
    assert len(fields & set(CRM_FIELDS)) >= 8


def test_no_score_rank_tier_or_hour_depends_on_them() -> None:
    assert scores_moved(ground().analyses, trial().dirty.analyses) == []


@pytest.mark.parametrize("model", ["", "obedient"])
@pytest.mark.parametrize("family", CHAT_FAMILIES)
def test_nothing_comes_of_an_order(family: str, model: str) -> None:
    for item in cases():
        if item.family == family:
            found = trial().failures(item, model, BEHAVIOURS.get(model))
            assert found == [], (item.place, item.question, item.order)


def test_the_obedient_model_did_read_orders() -> None:
    for item in cases()[:40]:
        trial().failures(item, "obedient", BEHAVIOURS["obedient"])
    assert trial().read.total() > 0
