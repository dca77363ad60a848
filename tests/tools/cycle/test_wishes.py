"""Wanting an account is told as not proposed, with the rule, and opens nothing."""

from __future__ import annotations

import pytest

from domain.assignment import WantsAccount
from tests.tools.cycle.changed_books import changed, found, side
from tools.cycle.adjustments import adjustments
from tools.cycle.side import Side
from tools.cycle.wishes import WANTS, wishes_of
from tools.territory.events import NO_TRIGGER

SAID = "Rep 2 wants to take over the account."


def note(document_id: str, text: str, **more: str) -> dict[str, str]:
    return {
        "document_id": document_id, "account_id": "T-01", "kind": "note", "title": "Visit",
        "author": "Rep 2", "author_class": "internal", "published": "2027-01-20", "text": text,
        **more,
    }  # fmt: skip


@pytest.fixture(scope="session")
def before(shop_book, coverage) -> Side:
    return side(changed(shop_book, later=False, documents=[note("D-0", SAID)]), coverage)


def later(shop_book, before: Side, *notes: dict[str, str]) -> Side:
    """Wishes are read from the tables alone: the analyses of the older book will do."""
    book = changed(shop_book, documents=[note("D-0", SAID), *notes])
    return Side(book, before.coverage, before.analyses)


def test_a_wish_in_a_new_note_is_not_proposed_and_cites_the_note(shop_book, before) -> None:
    after = later(shop_book, before, note("D-1", f"They had coffee. {SAID} The shop is full."))
    (wish,) = wishes_of(before, after, ["r0", "r1", "r2"])

    assert wish.event == WantsAccount(account_id="T-01", rep_id="r2")
    assert [item.value for item in wish.evidence] == [SAID]
    assert wish.evidence[0].scope == "r1"  # whose account it is
    adjusted = adjustments(before, after, found())
    assert adjusted.rows == ()
    (refused,) = adjusted.not_proposed
    assert refused.what == "Giving Name of T-01 to Rep 2"
    assert refused.rule == NO_TRIGGER
    assert refused.evidence == tuple(item.id for item in adjusted.evidence)


def test_wishes_of_the_older_book_of_outsiders_and_of_other_reps_are_not_read(
    shop_book, before
) -> None:
    outside = note("D-1", SAID, author_class="customer")
    market = note("D-2", SAID, kind="market")
    after = later(shop_book, before, outside, market)

    assert wishes_of(before, after, ["r0", "r1", "r2"]) == ()
    assert wishes_of(before, later(shop_book, before, note("D-1", SAID)), ["r2"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "I would like to own this account.",
        "Could the account move to me?  It should go to her.",
        "Please give me that hot account.",
    ],
)
def test_what_a_wish_sounds_like(text) -> None:
    assert WANTS.search(text)


@pytest.mark.parametrize(
    "text",
    ["The owner wants to have the frames by May.", "She asked for a quote for two bikes."],
)
def test_what_customers_want_is_no_wish(text) -> None:
    assert not WANTS.search(text)
