"""The things of trade that a sentence names."""

from __future__ import annotations

from datetime import date

from agent.business import anchors
from agent.placing import weight
from agent.relevance import carried
from domain.vocabulary import Vocabulary
from tests.agent.notes_by_hand import AS_OF, said

SEALS = Vocabulary(lines=frozenset({"Seals"}), words=frozenset({"Seals"}))


def test_verbs_and_dates_that_gossip_borrows_name_nothing() -> None:
    assert anchors("They approved it on 3 May and must sign before June.") == {}
    assert set(anchors("The board cut the budget.")) == {"board", "budget"}


def test_a_product_line_of_the_book_is_a_thing_of_trade() -> None:
    assert anchors("We would try seals.") == {}
    assert anchors("We would try seals.", SEALS) == {"seals": 13}


def test_the_same_date_weighs_more_with_a_thing_of_trade() -> None:
    told, vague = (
        said(text, published=date(2026, 11, 10))
        for text in ("The audit is on 3 December.", "It is on 3 December.")
    )
    assert weight(told, AS_OF) > weight(vague, AS_OF)


def test_what_follows_a_product_line_is_still_about_it() -> None:
    first, second = (
        said(text, document="D-1").model_copy(update={"source": source.model_copy(update=moved)})
        for text, moved in (
            ("We would like to see the seals.", {"start": 0, "end": 31}),
            ("Ideally before 7 March.", {"start": 32, "end": 55}),
        )
        for source in (said(text, document="D-1").source,)
    )
    assert carried([first, second], SEALS) == {second.id}
    assert carried([first, second]) == frozenset()
