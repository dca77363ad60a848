from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.chat.dates import since

FRIDAY = date(2026, 11, 13)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        # A month without a year is the latest that has begun by the book's date.
        ("what changed since June", date(2026, 6, 1)),
        ("since December", date(2025, 12, 1)),
        ("since 1 June", date(2026, 6, 1)),
        ("since June 1st, 2025", date(2025, 6, 1)),
        ("since the 24th of december", date(2025, 12, 24)),
        ("since 2026-06-01", date(2026, 6, 1)),
        ("since 09/2026", date(2026, 9, 1)),
        ("since 31/10/2026", date(2026, 10, 31)),
        ("since mid June", date(2026, 6, 15)),
        ("in the last 30 days", date(2026, 10, 14)),
        ("over the past two weeks", date(2026, 10, 30)),
        ("three months ago", date(2026, 8, 13)),
        ("Q3", date(2026, 7, 1)),
        ("since Q4 2025", date(2025, 10, 1)),
        # The quarter of 13 November begins on 1 October; the week on Monday the 9th.
        ("this quarter", date(2026, 10, 1)),
        ("last quarter", date(2026, 7, 1)),
        ("this week", date(2026, 11, 9)),
        ("since last week", date(2026, 11, 2)),
        ("last month", date(2026, 10, 1)),
        ("since Monday", date(2026, 11, 9)),
        ("since last Friday", date(2026, 11, 6)),
        ("year to date", date(2026, 1, 1)),
        ("since 2025", date(2025, 1, 1)),
        ("since yesterday", date(2026, 11, 12)),
    ],
)
def test_periods_are_read_from_the_books_date(typed: str, first: date) -> None:
    found = since(typed, FRIDAY)
    assert found is not None
    assert (found.first, found.problem) == (first, "")


@pytest.mark.parametrize(
    "typed", ["what may change", "the March visit", "since we last spoke", "draft the plan", ""]
)
def test_words_that_are_no_period_are_none(typed: str) -> None:
    assert since(typed, FRIDAY) is None


@pytest.mark.parametrize("typed", ["since the last book", "since last time", "since before"])
def test_the_book_before_needs_no_day(typed: str) -> None:
    found = since(typed, FRIDAY)
    assert found is not None
    assert (found.first, found.problem) == (None, "")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("since 31 June", "June has no day 31"),
        ("since 2026-13-01", "There is no month 13"),
        ("since 1 January 2027", "2027-01-01 is after the book's date, 2026-11-13"),
        ("since the flood", "'the flood' is no date that the book knows"),
        ("what changed since?", "A day is missing behind “since”"),
        ("since 05/06/2026", "'since 05/06/2026' can be 2026-05-06 or 2026-06-05"),
        ("since 1 June 1066", "1066-06-01 is before anything the book could hold"),
    ],
)
def test_a_period_that_makes_no_sense_is_said_to_and_others_are_offered(
    typed: str, problem: str
) -> None:
    found = since(typed, FRIDAY)
    assert found is not None
    assert found.first is None
    assert found.problem == problem
    assert found.choices
    assert all(day <= FRIDAY for day in found.choices)


@given(day=st.dates(date(1995, 1, 1), date(2026, 11, 13)))
@settings(max_examples=100)
def test_a_day_written_out_is_read_as_itself(day: date) -> None:
    for typed in (f"since {day.isoformat()}", f"since {day.day} {day:%B} {day.year}"):
        found = since(typed, FRIDAY)
        assert found is not None
        assert found.first == day


@given(text=st.text(max_size=60), as_of=st.dates(date(1991, 1, 1), date(2090, 1, 1)))
@settings(max_examples=200)
def test_a_period_never_begins_after_the_book(text: str, as_of: date) -> None:
    found = since(f"since {text}", as_of)
    assert found is None or found.first is None or found.first <= as_of
